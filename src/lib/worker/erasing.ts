import { SECOND, type Instant } from '$lib/core/instants';
import { eraseContact, together } from '$lib/records/contacts';
import type { Reader, Transaction } from '$lib/storage/port';
import { personalRows } from './personal-rows';

/** How long a deleted contact can be brought back. */
const UNDO_TIME = 30 * SECOND;

const BATCH = 500;

/** Erases everywhere the contacts whose time for undo is over; returns how many. */
export async function eraseHidden(transaction: Transaction, now: Instant): Promise<number> {
  const hidden = await transaction.query('contacts', { index: 'hiddenAt', from: 0, to: now - UNDO_TIME, limit: BATCH });
  if (hidden.length === 0) return 0;
  const ids = hidden.map(({ id }) => id);
  const personal = await personalRows(transaction, ids);
  const erased = new Set(ids);
  const effects = hidden.map((contact) => {
    const { rows, reactionIds, deals } = personal(contact.id);
    return eraseContact(contact, rows, now, reactionIds, deals, erased);
  });
  await transaction.apply(together(...effects).changes);
  return hidden.length;
}

/** When the next contact is to be erased. */
export async function nextErasing(reader: Reader): Promise<Instant> {
  const [next] = await reader.query('contacts', { index: 'hiddenAt', from: 0, limit: 1 });
  return (next?.hiddenAt ?? Infinity) + UNDO_TIME;
}
