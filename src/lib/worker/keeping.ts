import { create, type Change } from '$lib/core/changes';
import { addToRollups, isRolledUp, rollupKey } from '$lib/core/rollups';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import type { Transaction } from '$lib/storage/port';

/** New events and the roll-ups that count them, as changes for one transaction. */
export async function keptEvents(transaction: Transaction, events: readonly EventRow[]): Promise<Change[]> {
  const changes: Change[] = events.map((event) => create('events', event.id, event));
  const counted = new Map<string, readonly [string, string]>();
  for (const { contactId, type } of events)
    if (contactId !== null && isRolledUp(type)) counted.set(rollupKey(contactId, type), [contactId, type]);
  if (counted.size === 0) return changes;
  const keys = [...counted.values()];
  const stored = await transaction.getMany('rollups', keys);
  const rollups = new Map<string, Rollup>();
  for (const [index, [contactId, type]] of keys.entries()) {
    const rollup = stored[index];
    if (rollup) rollups.set(rollupKey(contactId, type), rollup);
  }
  const before = new Set(rollups.keys());
  for (const event of events) addToRollups(rollups, event);
  for (const [key, rollup] of rollups) {
    const id = [rollup.contactId, rollup.type];
    const { count, firstAt, lastAt, lastId } = rollup;
    changes.push(
      before.has(key)
        ? { table: 'rollups', id, set: { count, firstAt, lastAt, lastId } }
        : create('rollups', id, rollup)
    );
  }
  return changes;
}
