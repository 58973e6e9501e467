import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';

/** What is not to be sent any more: campaigns, promotional SMS, transactional emails of these senders. */
export interface Blocked {
  readonly campaigns?: boolean;
  readonly sms?: boolean;
  readonly senderIds?: readonly string[];
}

/** Blocks these from now on; what was blocked stays so. No change where all of it was. */
export function block(
  contact: Contact,
  { campaigns = false, sms = false, senderIds = [] }: Blocked,
  now: Instant
): Change[] {
  const before = contact.blocklist ?? { campaigns: false, transactionalSenderIds: [] };
  const added = senderIds.filter((id) => !before.transactionalSenderIds.includes(id));
  const isNew = (campaigns && !before.campaigns) || (sms && !before.sms) || added.length > 0;
  if (!isNew) return [];
  const blocklist = {
    campaigns: before.campaigns || campaigns,
    transactionalSenderIds: [...before.transactionalSenderIds, ...added],
    ...(before.sms || sms ? { sms: true } : {})
  };
  return [update('contacts', contact.id, { blocklist, updatedAt: now })];
}
