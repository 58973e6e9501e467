import { create, type Change } from '$lib/core/changes';
import type { Given, NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import { createPipeline } from '$lib/records/pipelines';
import type { Transaction } from '$lib/storage/port';

type Language = 'fr' | 'en';

/**
 * A pipeline and types of tasks, where a workspace has none yet: deals and tasks then have somewhere to be. They have the same ids in
 * every workspace, so that two devices that come to share one have them once.
 */
export async function crmDefaults(transaction: Transaction, language: Language, now: Instant): Promise<Change[]> {
  const { pipelines, taskTypes } = await transaction.view();
  return [
    ...(pipelines.size > 0 ? [] : firstPipeline(language, { now, newId: numbered('default-pipeline') })),
    ...(taskTypes.size > 0 ? [] : firstTaskTypes(language, { now, newId: numbered('default-task-type') }))
  ];
}

function numbered(name: string): NewId {
  let number = 0;
  return () => `${name}-${++number}`;
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
