import type { OutboxRow } from '$lib/core/rows/messages';
import { address } from './address';

/** Where more is known of whom a message goes to: their page, or, while a confirmation is waited for, that of what they filled in. */
export function recipientPage({ contactId, optInId, automationId }: OutboxRow, tab?: 'messages'): string {
  if (contactId === optInId) return address(`/forms/${encodeURIComponent(automationId)}?tab=submissions`);
  return address(`/contacts/${encodeURIComponent(contactId)}${tab ? `?tab=${tab}` : ''}`);
}
