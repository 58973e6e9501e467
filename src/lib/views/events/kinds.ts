import { EVENT_TYPES } from '$lib/core/events';
import { compareWords, words } from '$lib/i18n';
import { typeName } from './event-words';

/** Types of events by what they are about: the first part of their id, and the group of units whose name it goes by. */
const GROUPS: readonly (readonly [prefix: string, group: string])[] = [
  ['custom', 'custom'],
  ['order', 'ecommerce'],
  ['cart', 'ecommerce'],
  ['payment', 'payments'],
  ['page', 'website'],
  ['conversation', 'conversations'],
  ['meeting', 'meetings'],
  ['call', 'phone'],
  ['email', 'emails'],
  ['sms', 'messages'],
  ['push', 'push'],
  ['form', 'forms'],
  ['deal', 'deals'],
  ['task', 'deals'],
  ['loyalty', 'loyalty'],
  ['contact', 'contacts'],
  ['automation', 'automations']
];

export interface TypeGroup {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Every type of event under its heading, for a choice. */
export function typeGroups(isOffered: (type: string) => boolean = () => true): TypeGroup[] {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const [prefix, group] of GROUPS) {
    const types = [...EVENT_TYPES.keys()].filter((type) => type.startsWith(`${prefix}.`) && isOffered(type));
    const options = types.map((value) => ({ value, label: typeName(value) }));
    groups.set(group, [...(groups.get(group) ?? []), ...options]);
  }
  return [...groups]
    .filter(([, options]) => options.length > 0)
    .map(([group, options]) => ({
      label: words({ key: `catalogue.groups.${group}` }),
      options: options.sort((left, right) => compareWords(left.label, right.label))
    }));
}

/** What the app writes itself, of which somebody typing it in would make no sense. */
const WRITTEN_BY_APP: ReadonlySet<string> = new Set([
  'contact.in_segment',
  'contact.matches_filters',
  'contact.anniversary',
  'contact.added_manually',
  'contact.added_to_list',
  'contact.removed_from_list',
  'contact.created',
  'automation.started'
]);

export function mayBeTyped(type: string): boolean {
  return !WRITTEN_BY_APP.has(type);
}

/** The kinds by which a contact's timeline is narrowed: prefixes of types. */
export const TIMELINE_KINDS = {
  messages: ['email.', 'sms.', 'push.'],
  purchases: ['order.', 'cart.', 'payment.'],
  exchanges: ['conversation.', 'meeting.', 'call.', 'form.'],
  website: ['page.', 'push.session_started', 'custom.'],
  lists: ['contact.', 'automation.'],
  business: ['deal.', 'task.', 'loyalty.']
} as const;
export type TimelineKind = keyof typeof TIMELINE_KINDS;
