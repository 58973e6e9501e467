import { create, type Change } from '$lib/core/changes';
import type { Given } from '$lib/core/ids';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import { createPipeline } from '$lib/records/pipelines';
import type { Transaction } from '$lib/storage/port';

type Language = 'fr' | 'en';

/** A pipeline and types of tasks, where a workspace has none yet: deals and tasks then have somewhere to be. */
export async function crmDefaults(transaction: Transaction, language: Language, given: Given): Promise<Change[]> {
  const { pipelines, taskTypes } = await transaction.view();
  return [
    ...(pipelines.size > 0 ? [] : firstPipeline(language, given)),
    ...(taskTypes.size > 0 ? [] : firstTaskTypes(language, given))
  ];
}

function firstPipeline(language: Language, given: Given): readonly Change[] {
  const options = { locale: language };
  const stages = [
    { name: m['crm.defaults.new']({}, options), outcome: 'open' as const },
    { name: m['crm.defaults.qualified']({}, options), outcome: 'open' as const },
    { name: m['crm.defaults.proposal']({}, options), outcome: 'open' as const },
    { name: m['crm.defaults.won']({}, options), outcome: 'won' as const },
    { name: m['crm.defaults.lost']({}, options), outcome: 'lost' as const }
  ];
  return createPipeline({ name: m['crm.defaults.pipeline']({}, options), stages }, given).changes;
}

function firstTaskTypes(language: Language, { now, newId }: Given): Change[] {
  const options = { locale: language };
  const names = [
    m['crm.defaults.call']({}, options),
    m['crm.defaults.email']({}, options),
    m['crm.defaults.meeting']({}, options),
    m['crm.defaults.todo']({}, options)
  ];
  return names.map((name) => {
    const id = newId();
    return create('taskTypes', id, { id, name, createdAt: now });
  });
}
