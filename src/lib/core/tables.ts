import type { Automation, Enrolment, JournalBlock, Statistic, Version, WorkspaceSettings } from './rows/automations';
import type { Attribute, Contact, Identity, ImportBlock, ImportRow, List, Tombstone } from './rows/contacts';
import type { Cursor, EventRow, RuntimeRow } from './rows/events';
import type { Account, OutboxRow, Reaction, Secret, Sender, Template } from './rows/messages';

/** Every table of the workspace and the shape of its rows. */
export interface Tables {
  settings: WorkspaceSettings;
  contacts: Contact;
  identities: Identity;
  lists: List;
  attributes: Attribute;
  tombstones: Tombstone;
  imports: ImportRow;
  importBlocks: ImportBlock;
  templates: Template;
  senders: Sender;
  accounts: Account;
  secrets: Secret;
  automations: Automation;
  versions: Version;
  enrolments: Enrolment;
  journal: JournalBlock;
  statistics: Statistic;
  events: EventRow;
  outbox: OutboxRow;
  reactions: Reaction;
  cursors: Cursor;
  runtime: RuntimeRow;
}

export type TableName = keyof Tables;

/** The primary key of a row: its id, or the parts of a compound key. */
export type Key = string | readonly (string | number)[];

/** Which property, or properties, are a table's primary key. */
export const PRIMARY_KEYS: { readonly [T in TableName]: string | readonly string[] } = {
  settings: 'id',
  contacts: 'id',
  identities: ['kind', 'value'],
  lists: 'id',
  attributes: 'id',
  tombstones: 'id',
  imports: 'id',
  importBlocks: ['importId', 'seq'],
  templates: 'id',
  senders: 'id',
  accounts: 'id',
  secrets: 'id',
  automations: 'id',
  versions: 'id',
  enrolments: 'id',
  journal: ['enrolmentId', 'seq'],
  statistics: 'id',
  events: 'id',
  outbox: 'id',
  reactions: 'id',
  cursors: 'sourceId',
  runtime: 'id'
};

export const TABLE_NAMES = Object.keys(PRIMARY_KEYS) as TableName[];

/** Small tables that are read whole, as the engine's view of the workspace; a change in one raises the revision. */
export const VIEW_TABLES = [
  'settings',
  'lists',
  'attributes',
  'templates',
  'senders',
  'accounts',
  'automations',
  'versions'
] as const;
export type ViewTable = (typeof VIEW_TABLES)[number];

/** Personal data by contact: what erasing a contact must empty, and the property that names the contact. */
export const CONTACT_TABLES = [
  'identities',
  'events',
  'enrolments',
  'journal',
  'outbox'
] as const satisfies readonly TableName[];

/** The engine's view of the workspace: every row of the small tables, by id. Read-only. */
export type WorkspaceView = { readonly [T in ViewTable]: ReadonlyMap<string, Tables[T]> };

export function keyOf<T extends TableName>(table: T, row: Tables[T]): Key {
  const path = PRIMARY_KEYS[table];
  const values = row as unknown as Record<string, string | number>;
  return typeof path === 'string' ? String(values[path]) : path.map((part) => values[part] as string | number);
}
