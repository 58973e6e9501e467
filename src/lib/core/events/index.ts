import * as automations from './automations';
import * as contacts from './contacts';
import * as conversations from './conversations';
import * as custom from './custom';
import * as deals from './deals';
import * as ecommerce from './ecommerce';
import * as emails from './emails';
import * as forms from './forms';
import * as loyalty from './loyalty';
import * as meetings from './meetings';
import * as payments from './payments';
import * as phone from './phone';
import * as push from './push';
import * as sms from './sms';
import * as website from './website';
import type { EventType } from './define';

const isEventType = (value: unknown): value is EventType =>
  typeof value === 'object' && value !== null && 'type' in value && 'properties' in value;

/** Every event type by its id, sorted. */
export const EVENT_TYPES: ReadonlyMap<string, EventType> = new Map(
  [
    automations,
    contacts,
    conversations,
    custom,
    deals,
    ecommerce,
    emails,
    forms,
    loyalty,
    meetings,
    payments,
    phone,
    push,
    sms,
    website
  ]
    .flatMap((group): unknown[] => Object.values(group))
    .filter(isEventType)
    .map((event) => [event.type, event] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
);
