import { choice, instant, money, reference, text, yesNo, type Fields } from '$lib/core/fields';
import type { Counted } from '$lib/core/filter-tree';
import { VOUCHER_STATES } from './subjects';

/** What conditions may look at in rows that belong to a contact: the properties that `subjects.ts` gives of each. */
export const RECORD_PROPERTIES: { readonly [What in Exclude<Counted, 'events'>]: Fields } = {
  deals: {
    name: text(),
    amount: money(),
    pipelineId: reference('pipelines'),
    stageId: reference('stages'),
    ownerId: reference('users'),
    createdAt: instant(),
    stagedAt: instant(),
    expectedCloseOn: instant()
  },
  tasks: {
    title: text(),
    typeId: reference('taskTypes'),
    completed: yesNo(),
    dueAt: instant(),
    completedAt: instant(),
    ownerId: reference('users'),
    createdAt: instant()
  },
  vouchers: {
    state: choice(VOUCHER_STATES, 'open'),
    code: text(),
    programId: reference('programs'),
    createdAt: instant(),
    expiresAt: instant()
  }
};
