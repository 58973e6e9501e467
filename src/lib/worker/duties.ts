import { update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Instant } from '$lib/core/instants';
import type { LedgerRow, Membership, Voucher } from '$lib/core/rows/loyalty';
import type { WorkspaceView } from '$lib/core/tables';
import { anniversaries, expireLots, expireVoucher, type LoyaltyGiven } from '$lib/records/loyalty';
import type { Reader, Transaction } from '$lib/storage/port';
import { givenBy, type Parts, type Transact } from './parts';
import { turn } from './turn';

/** Rows in one transaction. */
const BATCH = 500;

const TABLES = ['ledger', 'vouchers', 'memberships'] as const;

/** One thing that a date asks for. */
type Duty =
  | { readonly table: 'ledger'; readonly row: LedgerRow }
  | { readonly table: 'vouchers'; readonly row: Voucher }
  | { readonly table: 'memberships'; readonly row: Membership };

/**
 * Does what is due by its date in the loyalty programmes: points expire, vouchers expire, memberships have their anniversaries. In the
 * order of the dates; each event occurs at its own date, also where the app was closed then.
 */
export async function doDuties(transact: Transact, parts: Parts): Promise<void> {
  // Each look asks: what finds nothing must not hold up those who write.
  if ((await parts.storage.read(nextDuty)) > parts.now()) return;
  for (let done = BATCH; done === BATCH;) {
    done = await transact(async (transaction) => {
      const given = givenBy(parts);
      const duties = await dueBy(transaction, given.now);
      if (duties.length > 0) {
        const view = await transaction.view();
        const timeZone = view.settings.get('workspace')?.timeZone ?? 'UTC';
        const effect = await effectOf(transaction, duties, view, { ...given, timeZone });
        await turn(transaction, effect, { ...parts, ...given });
      }
      return duties.length;
    });
  }
}

/** When the next of them is due. */
export async function nextDuty(reader: Reader): Promise<Instant> {
  const rows = await Promise.all(TABLES.map((table) => reader.query(table, { index: 'dueAt', from: 0, limit: 1 })));
  return Math.min(Infinity, ...rows.flat().flatMap(({ dueAt }) => dueAt ?? []));
}

/** The first of them all by their dates. */
async function dueBy(reader: Reader, now: Instant): Promise<Duty[]> {
  const query = { index: 'dueAt', from: 0, to: now, limit: BATCH };
  const [lots, vouchers, memberships] = await Promise.all([
    reader.query('ledger', query),
    reader.query('vouchers', query),
    reader.query('memberships', query)
  ]);
  return [
    ...lots.map((row): Duty => ({ table: 'ledger', row })),
    ...vouchers.map((row): Duty => ({ table: 'vouchers', row })),
    ...memberships.map((row): Duty => ({ table: 'memberships', row }))
  ]
    .sort((one, other) => (one.row.dueAt ?? 0) - (other.row.dueAt ?? 0))
    .slice(0, BATCH);
}

async function effectOf(
  transaction: Transaction,
  duties: readonly Duty[],
  view: WorkspaceView,
  given: LoyaltyGiven
): Promise<Effect> {
  const ids = duties.flatMap(({ table, row }) => (table === 'ledger' ? row.membershipId : []));
  const found = await transaction.getMany('memberships', ids);
  const memberships = new Map(found.map((membership) => [membership?.id, membership]));
  const effects = duties.map((duty): Effect => {
    if (duty.table === 'vouchers') return expireVoucher(duty.row, given);
    if (duty.table === 'memberships') return anniversaries(duty.row, given);
    const lot = duty.row;
    const program = view.programs.get(lot.programId);
    const membership = memberships.get(lot.membershipId);
    // What it belonged to is gone: it is not looked at again.
    if (!program || !membership) return { changes: [update('ledger', lot.id, { dueAt: undefined })], events: [] };
    const expired = expireLots({ program, membership, lots: [lot] }, given);
    memberships.set(membership.id, expired.account.membership);
    return expired;
  });
  const events = effects.flatMap((effect) => effect.events);
  return {
    changes: effects.flatMap(({ changes }) => changes),
    // Several anniversaries of one membership may lie between the others.
    events: events.sort((one, other) => one.occurredAt - other.occurredAt)
  };
}
