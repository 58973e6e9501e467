import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';

/** What is not to be sent any more: campaigns, promotional SMS, transactional emails of these senders. */
export interface Blocked {
  readonly campaigns?: boolean;
  readonly sms?: boolean;
  readonly senderIds?: readonly string[];
  /** The event by which the contact has left campaigns by itself: what it may take back. */
  readonly unsubscriptionId?: Id;
}

/**
 * Blocks these from now on; what was blocked stays so. No change where all of it was. A contact that is kept away by anything else than
 * its own last unsubscription cannot take it back.
 */
export function block(
  contact: Contact,
  { campaigns = false, sms = false, senderIds = [], unsubscriptionId }: Blocked,
  now: Instant
): Change[] {
  const before: NonNullable<Contact['blocklist']> = contact.blocklist ?? {
    campaigns: false,
    transactionalSenderIds: []
  };
  const isOwn = campaigns ? !before.campaigns || before.unsubscriptionId !== undefined : true;
  const own = isOwn ? (campaigns ? unsubscriptionId : before.unsubscriptionId) : undefined;
  const added = senderIds.filter((id) => !before.transactionalSenderIds.includes(id));
  const isNew =
    (campaigns && !before.campaigns) || (sms && !before.sms) || added.length > 0 || own !== before.unsubscriptionId;
  if (!isNew) return [];
  const blocklist = {
    campaigns: before.campaigns || campaigns,
    transactionalSenderIds: [...before.transactionalSenderIds, ...added],
    ...(before.sms || sms ? { sms: true } : {}),
    ...(own === undefined ? {} : { unsubscriptionId: own })
  };
  return [update('contacts', contact.id, { blocklist, updatedAt: now })];
}
