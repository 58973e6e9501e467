import type { IdentityKind } from '$lib/core/rows/contacts';
import type { Key, TableName } from '$lib/core/tables';

/**
 * How the rows of a table come to agree among devices. `leaves`: each part by itself, by `GRAINS`. `whole`: a row is one value, the last
 * writer's. `owned`: so is all of it but whose it is (`contactId`). `derived`: not sent, but made anew from what is. `own`: of this
 * device alone.
 */
export type Syncing = 'leaves' | 'whole' | 'owned' | 'derived' | 'own';

export const SYNCED: Readonly<Record<TableName, Syncing>> = {
  // What people edit: two of them may do so at once, to different parts of one thing.
  settings: 'leaves',
  contacts: 'leaves',
  lists: 'leaves',
  segments: 'leaves',
  attributes: 'leaves',
  companyAttributes: 'leaves',
  dealAttributes: 'leaves',
  users: 'leaves',
  companies: 'leaves',
  pipelines: 'leaves',
  deals: 'leaves',
  taskTypes: 'leaves',
  tasks: 'leaves',
  rotations: 'leaves',
  forms: 'leaves',
  programs: 'leaves',
  memberships: 'leaves',
  vouchers: 'leaves',
  templates: 'leaves',
  smsTemplates: 'leaves',
  pushTemplates: 'leaves',
  senders: 'leaves',
  smsSenders: 'leaves',
  accounts: 'leaves',
  automations: 'leaves',
  inboxSources: 'leaves',
  // Facts, but for a mark: that an event is matched, whom it is about, what is left of points.
  events: 'leaves',
  ledger: 'leaves',
  // Written once: whoever has two of one key has one twice.
  versions: 'whole',
  journal: 'whole',
  reactions: 'whole',
  tombstones: 'whole',
  importBlocks: 'whole',
  checkMembers: 'whole',
  // Parts of these say something together alone, and one device at a time writes them; any may find two contacts to be one meanwhile.
  enrolments: 'owned',
  outbox: 'owned',
  checks: 'whole',
  cursors: 'whole',
  imports: 'whole',
  optIns: 'whole',
  quarantine: 'whole',
  // Sent in plain within what is sealed: each device keeps them under its own key.
  secrets: 'whole',
  // What a device of a visitor stands for; who has an address follows from contacts (`isDerivedKey`).
  identities: 'whole',
  // Counted by whoever runs the engine: journeys of erased contacts are in them, so that they cannot be counted anew.
  statistics: 'whole',
  // What was done follows from events.
  rollups: 'derived',
  // What leaves from here just now, the runner's claim, and sync's own books.
  intents: 'own',
  runtime: 'own',
  syncLog: 'own',
  syncRows: 'own'
};

/** Whether the row of this key, of a table that is sent, follows from others all the same. What is read here alone is nobody else's. */
export function isDerivedKey(table: TableName, key: Key): boolean {
  if (table === 'cursors') return key === 'sandbox.mailbox';
  return table === 'identities' && OF_CONTACTS.has(String(key[0]));
}

/** Kinds of identities that stand in the contacts themselves. */
const OF_CONTACTS: ReadonlySet<string> = new Set<IdentityKind>(['email', 'phone', 'external']);

/** Whether rows of the table go to other devices. */
export function isSent(table: TableName): boolean {
  return SYNCED[table] !== 'derived' && SYNCED[table] !== 'own';
}

const SENT = new Map<string, TableName>(
  (Object.keys(SYNCED) as TableName[]).filter(isSent).map((table) => [table, table])
);

/** The table of this name; undefined where there is none that is sent, as a newer version of the app may know of. */
export function sentTable(name: string): TableName | undefined {
  return SENT.get(name);
}
