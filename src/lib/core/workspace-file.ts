import * as v from 'valibot';
import {
  automationSchema,
  enrolmentSchema,
  journalBlockSchema,
  settingsSchema,
  statisticSchema,
  versionSchema
} from './rows/automations';
import {
  attributeSchema,
  contactSchema,
  identitySchema,
  importBlockSchema,
  importRowSchema,
  listSchema,
  segmentSchema,
  tombstoneSchema
} from './rows/contacts';
import {
  companySchema,
  dealSchema,
  pipelineSchema,
  rotationSchema,
  taskSchema,
  taskTypeSchema,
  userSchema
} from './rows/crm';
import { inboxSourceSchema, quarantineSchema } from './rows/inbox';
import { checkMemberSchema, checkSchema, cursorSchema, eventSchema, rollupSchema } from './rows/events';
import { formSchema } from './rows/forms';
import { optInSchema } from './rows/opt-ins';
import { ledgerRowSchema, membershipSchema, programSchema, voucherSchema } from './rows/loyalty';
import {
  accountSchema,
  intentSchema,
  outboxRowSchema,
  pushTemplateSchema,
  reactionSchema,
  secretSchema,
  senderSchema,
  smsSenderSchema,
  smsTemplateSchema,
  templateSchema
} from './rows/messages';
import type { TableName, Tables } from './tables';

export const WORKSPACE_FORMAT = 'ricochet-workspace';
export const WORKSPACE_VERSION = 1;

/** The schema of a row of each table that a file holds. `runtime` and what sync keeps are of this device; `settings` is one object, not an array. */
export const ROW_SCHEMAS = {
  contacts: contactSchema,
  identities: identitySchema,
  lists: listSchema,
  segments: segmentSchema,
  attributes: attributeSchema,
  companyAttributes: attributeSchema,
  dealAttributes: attributeSchema,
  users: userSchema,
  companies: companySchema,
  pipelines: pipelineSchema,
  deals: dealSchema,
  taskTypes: taskTypeSchema,
  tasks: taskSchema,
  rotations: rotationSchema,
  forms: formSchema,
  optIns: optInSchema,
  programs: programSchema,
  memberships: membershipSchema,
  ledger: ledgerRowSchema,
  vouchers: voucherSchema,
  tombstones: tombstoneSchema,
  imports: importRowSchema,
  importBlocks: importBlockSchema,
  templates: templateSchema,
  smsTemplates: smsTemplateSchema,
  pushTemplates: pushTemplateSchema,
  senders: senderSchema,
  smsSenders: smsSenderSchema,
  accounts: accountSchema,
  automations: automationSchema,
  versions: versionSchema,
  enrolments: enrolmentSchema,
  journal: journalBlockSchema,
  statistics: statisticSchema,
  events: eventSchema,
  rollups: rollupSchema,
  checks: checkSchema,
  checkMembers: checkMemberSchema,
  intents: intentSchema,
  outbox: outboxRowSchema,
  reactions: reactionSchema,
  cursors: cursorSchema,
  inboxSources: inboxSourceSchema,
  quarantine: quarantineSchema
} as const satisfies {
  readonly [T in Exclude<TableName, 'settings' | 'secrets' | 'runtime' | 'syncLog' | 'syncRows'>]: v.GenericSchema<
    unknown,
    Tables[T]
  >;
};

export type FileTable = keyof typeof ROW_SCHEMAS;
export const FILE_TABLES = Object.keys(ROW_SCHEMAS) as FileTable[];

/** Provider keys, if the user asked for them: encrypted under a key derived from a passphrase (PBKDF2, SHA-256). */
export const fileSecretsSchema = v.object({ salt: v.string(), iterations: v.number(), rows: v.array(secretSchema) });
export type FileSecrets = v.InferOutput<typeof fileSecretsSchema>;

export const workspaceHeadSchema = v.object({
  format: v.literal(WORKSPACE_FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  exportedAt: v.pipe(v.string(), v.isoTimestamp()),
  settings: settingsSchema
});

/**
 * The whole workspace in one JSON document: backup, exchange and test input. `format`, `version` and `settings` come first, then an
 * array a table, so that a reader can stream it. It never holds secrets unless asked, and then encrypted.
 */
export const workspaceFileSchema = v.object({
  ...workspaceHeadSchema.entries,
  ...tableArrays(),
  secrets: v.optional(fileSecretsSchema)
});
export type WorkspaceFile = v.InferOutput<typeof workspaceFileSchema>;

type TableArrays = { [T in FileTable]: v.OptionalSchema<v.ArraySchema<(typeof ROW_SCHEMAS)[T], undefined>, []> };

function tableArrays(): TableArrays {
  const arrays = FILE_TABLES.map(
    (table) => [table, v.optional(v.array<v.GenericSchema>(ROW_SCHEMAS[table]), [])] as const
  );
  return Object.fromEntries(arrays) as unknown as TableArrays;
}
