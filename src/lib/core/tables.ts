import type { Automation, Enrolment, JournalBlock, Statistic, Version, WorkspaceSettings } from './rows/automations';
import type { Attribute, Contact, Identity, ImportBlock, ImportRow, List, Segment, Tombstone } from './rows/contacts';
import type { Company, Deal, Pipeline, Rotation, Task, TaskType, User } from './rows/crm';
import type { InboxSourceRow, QuarantineRow } from './rows/inbox';
import type { Check, CheckMember, Cursor, EventRow, Rollup, RuntimeRow } from './rows/events';
import type { Form } from './rows/forms';
import type { OptIn } from './rows/opt-ins';
import type { LedgerRow, Membership, Program, Voucher } from './rows/loyalty';
import type {
  Account,
  Intent,
  OutboxRow,
  PushTemplate,
  Reaction,
  Secret,
  Sender,
  SmsSender,
  SmsTemplate,
  Template
} from './rows/messages';
import type { SyncLogRow, SyncRow } from './rows/sync';

/** Every table of the workspace and the shape of its rows. */
export interface Tables {
  settings: WorkspaceSettings;
  contacts: Contact;
  identities: Identity;
  lists: List;
  segments: Segment;
  attributes: Attribute;
  companyAttributes: Attribute;
  dealAttributes: Attribute;
  users: User;
  companies: Company;
  pipelines: Pipeline;
  deals: Deal;
  taskTypes: TaskType;
  tasks: Task;
  rotations: Rotation;
  forms: Form;
  optIns: OptIn;
  programs: Program;
  memberships: Membership;
  ledger: LedgerRow;
  vouchers: Voucher;
  tombstones: Tombstone;
  imports: ImportRow;
  importBlocks: ImportBlock;
  templates: Template;
  smsTemplates: SmsTemplate;
  pushTemplates: PushTemplate;
  senders: Sender;
  smsSenders: SmsSender;
  accounts: Account;
  secrets: Secret;
  automations: Automation;
  versions: Version;
  enrolments: Enrolment;
  journal: JournalBlock;
  statistics: Statistic;
  events: EventRow;
  rollups: Rollup;
  checks: Check;
  checkMembers: CheckMember;
  intents: Intent;
  outbox: OutboxRow;
  reactions: Reaction;
  cursors: Cursor;
  inboxSources: InboxSourceRow;
  quarantine: QuarantineRow;
  runtime: RuntimeRow;
  syncLog: SyncLogRow;
  syncRows: SyncRow;
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
  segments: 'id',
  attributes: 'id',
  companyAttributes: 'id',
  dealAttributes: 'id',
  users: 'id',
  companies: 'id',
  pipelines: 'id',
  deals: 'id',
  taskTypes: 'id',
  tasks: 'id',
  rotations: 'id',
  forms: 'id',
  optIns: 'id',
  programs: 'id',
  memberships: 'id',
  ledger: 'id',
  vouchers: 'id',
  tombstones: 'id',
  imports: 'id',
  importBlocks: ['importId', 'seq'],
  templates: 'id',
  smsTemplates: 'id',
  pushTemplates: 'id',
  senders: 'id',
  smsSenders: 'id',
  accounts: 'id',
  secrets: 'id',
  automations: 'id',
  versions: 'id',
  enrolments: 'id',
  journal: ['enrolmentId', 'seq'],
  statistics: 'id',
  events: 'id',
  rollups: ['contactId', 'type'],
  checks: 'id',
  checkMembers: ['checkId', 'contactId'],
  intents: 'id',
  outbox: 'id',
  reactions: 'id',
  cursors: 'sourceId',
  inboxSources: 'id',
  quarantine: 'id',
  runtime: 'id',
  syncLog: 'id',
  syncRows: ['table', 'key']
};

export const TABLE_NAMES = Object.keys(PRIMARY_KEYS) as TableName[];

/** Small tables that are read whole, as the engine's view of the workspace; a change in one raises the revision. */
export const VIEW_TABLES = [
  'settings',
  'lists',
  'segments',
  'attributes',
  'companyAttributes',
  'dealAttributes',
  'users',
  'pipelines',
  'taskTypes',
  'forms',
  'programs',
  'templates',
  'smsTemplates',
  'pushTemplates',
  'senders',
  'smsSenders',
  'accounts',
  'inboxSources',
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
  'outbox',
  'tasks',
  'memberships',
  'ledger',
  'vouchers',
  'rollups',
  'checkMembers'
] as const satisfies readonly TableName[];

/**
 * Tables that hold something of a contact otherwise than under a property `contactId`: the contact itself and those merged into it,
 * its deals, what readers did with its messages, what imports and the dispatcher have written down of it, what was posted about it, what
 * its address was given for and not confirmed.
 * Erasing empties these too.
 */
export const TRACE_TABLES = [
  'contacts',
  'deals',
  'reactions',
  'imports',
  'importBlocks',
  'intents',
  'quarantine',
  'optIns'
] as const satisfies readonly TableName[];

/** Where anything of a contact may be: what erasing walks, and what a person gets who asks for their data. */
export const PERSONAL_TABLES = [...CONTACT_TABLES, ...TRACE_TABLES] as const;

/** The engine's view of the workspace: every row of the small tables, by id. Read-only. */
export type WorkspaceView = { readonly [T in ViewTable]: ReadonlyMap<string, Tables[T]> };

export function keyOf<T extends TableName>(table: T, row: Tables[T]): Key {
  const path = PRIMARY_KEYS[table];
  const values = row as unknown as Record<string, string | number>;
  return typeof path === 'string' ? String(values[path]) : path.map((part) => values[part] as string | number);
}
