import type { Id } from './ids';

/** The key of the index `wakes` by which an event finds the journeys that it may wake, end or restart. */
export function wakeKey(contactId: Id, eventType: string): string {
  return `${contactId} ${eventType}`;
}

/** The contact, or what stands for one, and the type of the event, in which there is no space. */
export function wakeParts(key: string): [who: string, what: string] {
  const at = key.lastIndexOf(' ');
  return [key.slice(0, at), key.slice(at + 1)];
}

/** What stands for the contact in that index for those who wait for the user; the automation's id stands for the event. */
export const WAITS_FOR_PERSON = 'person';
