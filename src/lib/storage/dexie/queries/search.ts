import type { Id } from '$lib/core/ids';
import type { WorkspaceDatabase } from '../database';

/** What a search needs of a row that has a name. */
export interface NamedRow {
  readonly table: SearchedTable;
  readonly id: Id;
  readonly name: string;
}

const NAMED = [
  'automations',
  'lists',
  'segments',
  'templates',
  'smsTemplates',
  'pushTemplates',
  'forms',
  'companies',
  'deals',
  'programs'
] as const;
export type SearchedTable = (typeof NAMED)[number] | 'tasks';

/** All rows that a person has given a name, but for contacts: those are many. */
export async function namedRows(database: WorkspaceDatabase): Promise<NamedRow[]> {
  const [tasks, ...named] = await Promise.all([
    database.tasks.toArray(),
    ...NAMED.map((table) => namesIn(database, table))
  ]);
  return [...named.flat(), ...tasks.map(({ id, title }) => ({ table: 'tasks' as const, id, name: title }))];
}

async function namesIn(database: WorkspaceDatabase, table: (typeof NAMED)[number]): Promise<NamedRow[]> {
  return (await database.rowsOf(table).toArray()).map(({ id, name }) => ({ table, id, name }));
}
