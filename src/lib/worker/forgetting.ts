import { remove, type Change } from '$lib/core/changes';
import { DAY, type Instant } from '$lib/core/instants';
import type { EventRow } from '$lib/core/rows/events';
import type { OptIn } from '$lib/core/rows/opt-ins';
import type { Reader, Transaction } from '$lib/storage/port';
import { askingRows } from './opt-ins';
import type { Parts, Transact } from './parts';
import { relayIn } from './through-relay';
import { isOfVisitor, REMEMBERED, visitsAfter } from './visitors';

/** Rows in one transaction. */
const BATCH = 500;

/** Batches of visits that one look goes through: the others wait for the next looks. */
const AT_ONCE = 20;

/** So long the relay keeps what waits in its inbox: what is older can come from there no more. */
const KEPT_BY_RELAY = 30 * DAY;

/**
 * Forgets what is kept for some days only: sign-ups that nobody has confirmed, with the emails that asked for it, and what visitors did
 * whom nobody has recognised in time.
 */
export class Forgetting {
  /** Visits have no index by their age: they are looked through once a day. */
  private visitsSeenAt = -Infinity;
  /** How far this looking through has come, by the keys of the facts. */
  private visitsSeen: string | null = null;

  constructor(
    private readonly parts: Pick<Parts, 'storage' | 'now'>,
    private readonly transact: Transact
  ) {}

  async run(): Promise<void> {
    await this.forgetOptIns();
    const now = this.parts.now();
    if (now < this.visitsSeenAt + DAY) return;
    if (await this.forgetVisits(now)) this.visitsSeenAt = now;
  }

  /** When the next sign-up lapses; one that cannot go yet is looked at again by itself. */
  async nextDue(reader: Reader, now: Instant): Promise<Instant> {
    const [next] = await reader.query('optIns', { index: 'dueAt', from: now + 1, limit: 1 });
    return next?.dueAt ?? Infinity;
  }

  private async forgetOptIns(): Promise<void> {
    const { storage, now } = this.parts;
    // Each look asks: what finds nothing must not hold up those who write.
    if ((await storage.read((reader) => lapsed(reader, now()))).length === 0) return;
    for (let done = BATCH; done === BATCH;) {
      done = await this.transact(async (transaction) => {
        const optIns = await lapsed(transaction, now());
        await transaction.apply(await withoutOptIns(transaction, optIns));
        return optIns.length;
      });
    }
  }

  /** A part of all visits, or the last of them. Returns whether it was the last. */
  private async forgetVisits(now: Instant): Promise<boolean> {
    const isOld = (event: EventRow): boolean => isOfVisitor(event) && event.occurredAt < now - REMEMBERED;
    for (let batches = 0; batches < AT_ONCE; batches++) {
      const { visits, last } = await this.parts.storage.read((reader) => visitsAfter(reader, this.visitsSeen, BATCH));
      const ids = visits.filter(isOld).map(({ id }) => id);
      if (ids.length > 0)
        await this.transact(async (transaction) => {
          const found = await transaction.getMany('events', ids);
          // Whoever was recognised meanwhile has them.
          const still = found.flatMap((event) => (event && isOld(event) ? event : []));
          await transaction.apply(still.map(({ id }) => remove('events', id)));
        });
      this.visitsSeen = last;
      if (last === null) return true;
    }
    return false;
  }
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
