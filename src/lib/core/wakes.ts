import type { Id } from './ids';

/** The key of the index `wakes` by which an event finds the journeys that it may wake, end or restart. */
export function wakeKey(contactId: Id, eventType: string): string {
  return `${contactId} ${eventType}`;
}

/** What stands for the contact in that index for those who wait for the user; the automation's id stands for the event. */
export const WAITS_FOR_PERSON = 'person';
