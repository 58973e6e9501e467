import * as v from 'valibot';
import { genericMapping } from '../generic-mapping';
import { INBOX_KINDS, sourceId } from '../inbox';
import { wordsSchema } from '../words-schema';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/**
 * Who may post to the inbox. `id` is part of the address that is posted to. A secret that the vendor signs with lies in `secrets`,
 * under `secretId`.
 */
export const inboxSourceSchema = v.object({
  id: sourceId,
  kind: v.picklist(INBOX_KINDS),
  name: v.string(),
  secretId: v.optional(id),
  /** of the kind `generic`: what its posts mean */
  mapping: v.optional(genericMapping),
  /** Of the site that the tracker is on, in lower case: links in emails to it say whose email it was. */
  domains: v.optional(v.array(v.string())),
  /** When it last posted, by the relay's clock, to the minute. */
  heardAt: v.optional(instant),
  /** Of an inbox of its own (CouchDB, Supabase): what is posted there, under the account's id. The relay knows nothing of it. */
  accountId: v.optional(id),
  createdAt: instant
});
export type InboxSourceRow = v.InferOutput<typeof inboxSourceSchema>;

/** What was posted and could not be understood: kept as it came until somebody has looked at it. */
export const quarantineSchema = v.object({
  id,
  /** the reading that brought it: `${source}:${account}` */
  sourceId: id,
  kind: v.picklist(INBOX_KINDS),
  receivedAt: instant,
  contentType: v.string(),
  body: v.string(),
  reason: wordsSchema
});
export type QuarantineRow = v.InferOutput<typeof quarantineSchema>;
