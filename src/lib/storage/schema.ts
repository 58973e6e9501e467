import type { TableName } from '$lib/core/tables';

/**
 * Indexes in Dexie's notation, from the first version on: the primary key, then `&` unique, `*` one entry for each member,
 * `[a+b]` compound. An index entry costs on every write, most of all on contacts: there are few. Rows without the property
 * (`unmatched`, `dueAt`, `wakes`, `messageId`, `hiddenAt`) are not in the index, which keeps these small.
 */
export const SCHEMA: Readonly<Record<TableName, string>> = {
  settings: 'id',
  contacts: 'id, email, *listIds, hiddenAt, mergedInto',
  identities: '[kind+value], contactId',
  lists: 'id',
  attributes: 'id',
  tombstones: 'id',
  imports: 'id',
  importBlocks: '[importId+seq]',
  templates: 'id',
  senders: 'id',
  accounts: 'id',
  secrets: 'id',
  automations: 'id',
  versions: 'id, automationId',
  enrolments: 'id, dueAt, *wakes, contactId, [automationId+status], [versionId+stepId]',
  journal: '[enrolmentId+seq], contactId',
  statistics: 'id, automationId',
  events: 'id, &dedupeKey, [contactId+occurredAt], type, unmatched',
  outbox: 'id, [status+dueAt], contactId, messageId',
  reactions: 'id, outboxId',
  cursors: 'sourceId',
  runtime: 'id'
};
