import * as contacts from './contacts';
import * as custom from './custom';
import type { EventType } from './define';
import * as emails from './emails';

const isEventType = (value: unknown): value is EventType =>
  typeof value === 'object' && value !== null && 'type' in value && 'properties' in value;

/** Every event type by its id, sorted. */
export const EVENT_TYPES: ReadonlyMap<string, EventType> = new Map(
  [contacts, custom, emails]
    .flatMap((group): unknown[] => Object.values(group))
    .filter(isEventType)
    .map((event) => [event.type, event] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
);
