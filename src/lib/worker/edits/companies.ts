import type { Id } from '$lib/core/ids';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { readAttributes } from '$lib/records/attribute-values';
import { createCompany, deleteCompany, unlinkCompany, updateCompany } from '$lib/records/companies';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals, Step } from '../removals';
import { nameRefusal } from './names';

const BATCH = 1_000;

export function companyEdits(desk: Desk, removals: Removals): WorkerApi['companies'] {
  return {
    save: (draft) =>
      desk.tryEdit(async (transaction, given) => {
        const refused = nameRefusal(draft.name);
        if (refused) return failed(refused);
        const attributes = readAttributes(draft.attributes, (await transaction.view()).companyAttributes);
        if (!attributes.ok) return attributes;
        const fields = { name: draft.name.trim(), ownerId: draft.ownerId, attributes: attributes.value };
        if (draft.id === undefined) {
          const { company, ...effect } = createCompany(fields, given);
          return ok({ effect, value: company.id });
        }
        const company = await transaction.get('companies', draft.id);
        if (!company) return failed(words('words.company.gone'));
        return ok({ effect: updateCompany(company, fields, given), value: company.id });
      }),
    remove: (id) =>
      removals.remove(async (step) => {
        await unlinkAll(step, 'contacts', id);
        await unlinkAll(step, 'deals', id);
        return step(async (transaction) => {
          if (!(await transaction.get('companies', id))) return failed(words('words.company.gone'));
          return ok({ effect: deleteCompany({ id }), value: undefined });
        });
      })
  };
}

/** Takes its contacts or deals away from a company, some in each transaction. */
async function unlinkAll(step: Step, table: 'contacts' | 'deals', companyId: Id): Promise<void> {
  for (;;) {
    const unlinked = await step(async (transaction) => {
      const rows = await transaction.query(table, { index: 'companyId', equals: companyId, limit: BATCH });
      const ids = rows.map(({ id }) => id);
      return ok({ effect: unlinkCompany(table, ids), value: ids.length });
    });
    if (!unlinked.ok || unlinked.value === 0) return;
  }
}
