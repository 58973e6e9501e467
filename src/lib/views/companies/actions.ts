import { engine } from '$lib/app/engine';
import type { Company } from '$lib/core/rows/crm';
import { m } from '$lib/i18n';
import { removed } from '../shared/outcome';

/** The company goes, and comes back with its contacts and deals for as long as it is offered. */
export async function removeCompany({ id, name }: Company): Promise<void> {
  await removed(engine().companies.remove(id), m['crm.companies.removed']({ company: name }));
}
