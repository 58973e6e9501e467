import { update, type Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';

/** No marketing message to this contact from now on; transactional ones stay as they were. */
export function blockCampaigns(contact: Contact, now: Instant): Change[] {
  if (contact.blocklist?.campaigns) return [];
  const blocklist = { transactionalSenderIds: [], ...contact.blocklist, campaigns: true };
  return [update('contacts', contact.id, { blocklist, updatedAt: now })];
}
