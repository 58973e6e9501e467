import { create, type Change } from '$lib/core/changes';
import { addToRollups, isRolledUp, rollupKey } from '$lib/core/rollups';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import type { Reader } from './port';

/** What these new events make of the roll-ups, as changes for the transaction that keeps them. */
export async function rollupChanges(reader: Reader, events: readonly EventRow[]): Promise<Change[]> {
  const counted = new Map<string, readonly [string, string]>();
  for (const { contactId, type } of events)
    if (contactId !== null && isRolledUp(type)) counted.set(rollupKey(contactId, type), [contactId, type]);
  if (counted.size === 0) return [];
  const keys = [...counted.values()];
  const stored = await reader.getMany('rollups', keys);
  const rollups = new Map<string, Rollup>();
  for (const [index, [contactId, type]] of keys.entries()) {
    const rollup = stored[index];
    if (rollup) rollups.set(rollupKey(contactId, type), rollup);
  }
  const before = new Set(rollups.keys());
  for (const event of events) addToRollups(rollups, event);
  return [...rollups].map(([key, rollup]): Change => {
    const id = [rollup.contactId, rollup.type];
    const { count, firstAt, lastAt, lastId } = rollup;
    return before.has(key)
      ? { table: 'rollups', id, set: { count, firstAt, lastAt, lastId } }
      : create('rollups', id, rollup);
  });
}
