import { remove, type Change } from '$lib/core/changes';
import { DAY, type Instant } from '$lib/core/instants';
import type { OptIn } from '$lib/core/rows/opt-ins';
import type { Reader, Transaction } from '$lib/storage/port';
import { askingRows } from './opt-ins';
import type { Parts, Transact } from './parts';
import { relayIn } from './through-relay';

/** Rows in one transaction. */
const BATCH = 500;

/** So long the relay keeps what waits in its inbox: what is older can come from there no more. */
const KEPT_BY_RELAY = 30 * DAY;

/** Forgets what is kept for some days only: sign-ups that nobody has confirmed, with the emails that asked for it. */
export async function forgetDue(transact: Transact, { storage, now }: Pick<Parts, 'storage' | 'now'>): Promise<void> {
  // Each look asks: what finds nothing must not hold up those who write.
  if ((await storage.read((reader) => lapsed(reader, now()))).length === 0) return;
  for (let done = BATCH; done === BATCH;) {
    done = await transact(async (transaction) => {
      const optIns = await lapsed(transaction, now());
      await transaction.apply(await withoutOptIns(transaction, optIns));
      return optIns.length;
    });
  }
}

/** When the next of them is due; one that cannot go yet is looked at again by itself. */
export async function nextForgetting(reader: Reader, now: Instant): Promise<Instant> {
  const [next] = await reader.query('optIns', { index: 'dueAt', from: now + 1, limit: 1 });
  return next?.dueAt ?? Infinity;
}

/** A confirmation that was given in time may still wait in the inbox: only what was read until then can be said to have lapsed. */
async function lapsed(reader: Reader, now: Instant): Promise<OptIn[]> {
  const due = await reader.query('optIns', { index: 'dueAt', from: 0, to: now - 1, limit: BATCH });
  if (due.length === 0) return due;
  const relay = relayIn(await reader.view());
  const cursor = relay && (await reader.get('cursors', `relay.inbox:${relay.id}`));
  const readUpTo = relay === null ? Infinity : Math.max(cursor?.watermark ?? 0, now - KEPT_BY_RELAY);
  return due.filter(({ dueAt }) => dueAt < readUpTo);
}

async function withoutOptIns(transaction: Transaction, optIns: readonly OptIn[]): Promise<Change[]> {
  const rows = await askingRows(transaction, optIns);
  return [...optIns.map(({ id }) => remove('optIns', id)), ...rows.map(({ id }) => remove('outbox', id))];
}
