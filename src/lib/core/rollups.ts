import type { EventRow, Rollup } from './rows/events';

/** Changes of contacts themselves are not counted: nobody filters by how often, and an import would pay for each. */
const LEFT_OUT = 'contact.';

/** Whether events of this type are counted for each contact. */
export function isRolledUp(type: string): boolean {
  return !type.startsWith(LEFT_OUT);
}

/** The key of a roll-up, as text. */
export function rollupKey(contactId: string, type: string): string {
  return `${contactId} ${type}`;
}

/** Counts an event in; `rollups` holds those that are known, by `rollupKey`. What nobody counts, or is of no contact, is passed over. */
export function addToRollups(rollups: Map<string, Rollup>, event: EventRow): void {
  const { contactId, type, occurredAt, id } = event;
  if (contactId === null || !isRolledUp(type)) return;
  const key = rollupKey(contactId, type);
  const known = rollups.get(key);
  if (known === undefined) {
    rollups.set(key, { contactId, type, count: 1, firstAt: occurredAt, lastAt: occurredAt, lastId: id });
    return;
  }
  // Of two at one instant the later id, so that every device counts alike.
  const isLast = occurredAt > known.lastAt || (occurredAt === known.lastAt && id > known.lastId);
  rollups.set(key, {
    contactId,
    type,
    count: known.count + 1,
    firstAt: Math.min(known.firstAt, occurredAt),
    lastAt: isLast ? occurredAt : known.lastAt,
    lastId: isLast ? id : known.lastId
  });
}
