import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { Company, Deal, Pipeline, Task } from '$lib/core/rows/crm';
import type { WorkspaceDatabase } from '../database';
import { contactOrder, isShown, NEWEST_FIRST } from './contact-order';

/** Done tasks that are shown: those before are no longer news. */
const DONE_SHOWN = 100;

/** The deals of a pipeline, by the instant at which they came to their stage: last first. */
export async function dealsByPipeline(database: WorkspaceDatabase, pipeline: Pipeline): Promise<Deal[]> {
  const stageIds = pipeline.stages.map(({ id }) => id);
  const deals = await database.deals.where('stageId').anyOf(stageIds).toArray();
  return deals.sort((left, right) => right.stagedAt - left.stagedAt || (left.id < right.id ? 1 : -1));
}

export function dealById(database: WorkspaceDatabase, id: Id): Promise<Deal | undefined> {
  return database.deals.get(id);
}

/** Last created first. */
export async function dealsByContact(database: WorkspaceDatabase, contactId: Id): Promise<Deal[]> {
  return newestFirst(await database.deals.where('contactIds').equals(contactId).toArray());
}

export async function dealsByCompany(database: WorkspaceDatabase, companyId: Id): Promise<Deal[]> {
  return newestFirst(await database.deals.where('companyId').equals(companyId).toArray());
}

export async function contactsByCompany(database: WorkspaceDatabase, companyId: Id): Promise<Contact[]> {
  return (await database.contacts.where('companyId').equals(companyId).toArray()).filter(isShown);
}

/** How many contacts are with each company, by its id. */
export async function contactCountsByCompany(database: WorkspaceDatabase): Promise<Record<Id, number>> {
  const counts: Record<Id, number> = {};
  await database.contacts.orderBy('companyId').eachKey((key) => {
    const id = key as Id;
    counts[id] = (counts[id] ?? 0) + 1;
  });
  return counts;
}

/** Those that match the words, or the newest. */
export async function contactsFound(database: WorkspaceDatabase, search: string, limit: number): Promise<Contact[]> {
  const ids = await contactOrder(database, { listId: null, search, sort: NEWEST_FIRST });
  return (await database.contacts.bulkGet(ids.slice(0, limit))).filter((row) => row !== undefined);
}

export function taskById(database: WorkspaceDatabase, id: Id): Promise<Task | undefined> {
  return database.tasks.get(id);
}

/** Tasks to do, the soonest due first and those without a date last; then the last done. */
export async function tasksShown(database: WorkspaceDatabase): Promise<{ open: Task[]; done: Task[] }> {
  const tasks = await database.tasks.toArray();
  return { open: byDueDate(tasks), done: lastDone(tasks).slice(0, DONE_SHOWN) };
}

export async function tasksByContact(database: WorkspaceDatabase, contactId: Id): Promise<Task[]> {
  const tasks = await database.tasks.where('contactId').equals(contactId).toArray();
  return [...byDueDate(tasks), ...lastDone(tasks)];
}

export async function tasksByDeal(database: WorkspaceDatabase, dealId: Id): Promise<Task[]> {
  const tasks = await database.tasks.where('dealId').equals(dealId).toArray();
  return [...byDueDate(tasks), ...lastDone(tasks)];
}

/** Rows of the team and of deals that forms offer choices from. */
export async function crmChoices(database: WorkspaceDatabase) {
  const [users, companies, pipelines, taskTypes, companyAttributes, dealAttributes] = await Promise.all([
    database.users.toArray(),
    database.companies.toArray(),
    database.pipelines.toArray(),
    database.taskTypes.toArray(),
    database.companyAttributes.toArray(),
    database.dealAttributes.toArray()
  ]);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const byName = <T extends { name: string }>(rows: T[]): T[] =>
    rows.sort((left, right) => collator.compare(left.name, right.name));
  return {
    users: byName(users),
    companies: byName<Company>(companies),
    pipelines: byName(pipelines),
    // In the order in which they were made: a call comes before the rest.
    taskTypes: taskTypes.sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1)),
    companyAttributes: byName(companyAttributes),
    dealAttributes: byName(dealAttributes)
  };
}
export type CrmChoices = Awaited<ReturnType<typeof crmChoices>>;

function newestFirst(deals: Deal[]): Deal[] {
  return deals.sort((left, right) => right.createdAt - left.createdAt);
}

function byDueDate(tasks: readonly Task[]): Task[] {
  return tasks
    .filter(({ completedAt }) => completedAt === undefined)
    .sort(
      (left, right) => (left.dueAt ?? Infinity) - (right.dueAt ?? Infinity) || left.createdAt - right.createdAt || 0
    );
}

function lastDone(tasks: readonly Task[]): Task[] {
  return tasks
    .filter(({ completedAt }) => completedAt !== undefined)
    .sort((left, right) => (right.completedAt ?? 0) - (left.completedAt ?? 0));
}
