import type { FilterTree } from '$lib/core/filter-tree';
import type { ImportPlan } from '$lib/worker/drafts';
import type { Desk } from '$lib/worker/desk';
import { accountEdits } from '$lib/worker/edits/accounts';
import { automationEdits } from '$lib/worker/edits/automations';
import { companyEdits } from '$lib/worker/edits/companies';
import { contactEdits } from '$lib/worker/edits/contacts';
import { dealEdits } from '$lib/worker/edits/deals';
import { eventEdits } from '$lib/worker/edits/events';
import { formEdits } from '$lib/worker/edits/forms';
import { listEdits } from '$lib/worker/edits/lists';
import { loyaltyEdits } from '$lib/worker/edits/loyalty';
import { mailboxEdits } from '$lib/worker/edits/mailbox';
import { outboxEdits } from '$lib/worker/edits/outbox';
import { settingsEdits } from '$lib/worker/edits/settings';
import { taskEdits } from '$lib/worker/edits/tasks';
import { cancelImport, resumeImport, runImport, undoImport, type ImportPorts } from '$lib/worker/imports';
import { matchingContacts } from '$lib/worker/matching';
import { givenBy } from '$lib/worker/parts';
import { Removals } from '$lib/worker/removals';

export type Edits = ReturnType<typeof editsOf>;

/** What people do in the app, through the worker's own edits. */
export function editsOf(desk: Desk) {
  const { storage, now } = desk.parts;
  const matching = async (filters: FilterTree): Promise<string[]> => {
    const found: string[] = [];
    for await (const { ids } of matchingContacts(storage, filters, now())) found.push(...ids);
    return found;
  };
  const removals = new Removals(desk);
  const ports: ImportPorts = {
    storage,
    now,
    newId: desk.parts.newId,
    accept: (transaction, effect) => desk.accept(transaction, effect, givenBy(desk.parts)),
    batch: 3
  };
  const nudged = async <T>(work: Promise<T>): Promise<T> => {
    const value = await work;
    desk.nudge();
    return value;
  };
  return {
    undo: (removal: string) => removals.undo(removal),
    contacts: contactEdits(desk, (choice) => Promise.resolve('ids' in choice ? choice.ids : []), matching),
    lists: listEdits(desk, removals),
    companies: companyEdits(desk, removals),
    deals: dealEdits(desk, removals),
    tasks: taskEdits(desk, removals),
    accounts: accountEdits(desk, () => Promise.reject(new Error('no secret is typed in here'))),
    automations: automationEdits(desk, removals),
    events: eventEdits(desk),
    imports: {
      run: (file: File, plan: ImportPlan) => nudged(runImport(ports, file, plan)),
      resume: (importId: string, file: File) => nudged(resumeImport(ports, importId, file)),
      cancel: (importId: string) => cancelImport(ports, importId),
      undo: (importId: string) => undoImport(ports, importId)
    },
    forms: formEdits(desk, removals),
    loyalty: loyaltyEdits(desk),
    mailbox: mailboxEdits(desk),
    outbox: outboxEdits(desk),
    settings: settingsEdits(desk)
  };
}
