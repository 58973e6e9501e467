import type { EventRow } from '$lib/core/rows/events';
import { date, hasWords, list, m, words } from '$lib/i18n';
import type { IconName } from '$lib/ui/icons';

type Fact = Pick<EventRow, 'type' | 'properties'>;

/** Names of the records that events mention, by id. */
export interface EventNames {
  readonly lists: ReadonlyMap<string, string>;
  readonly automations: ReadonlyMap<string, string>;
}

/** What happened: 'Email opened', or the name that the person gave to an event of their own. */
export function eventTitle({ type, properties }: Fact): string {
  const own = properties['name'];
  if (type === 'custom.event' && typeof own === 'string' && own !== '') return own;
  for (const key of [`catalogue.${type}.name`, `words.event.${type}`]) if (hasWords(key)) return words({ key });
  return type;
}

/** The rest of what the event says, in one line; '' where that is nothing. */
export function eventDetail({ type, properties }: Fact, names: EventNames): string {
  if (type === 'custom.event') return propertiesText(properties);
  const parts: string[] = [];
  const text = (name: string) => (typeof properties[name] === 'string' ? properties[name] : '');
  const listName = names.lists.get(text('listId'));
  const automationName = names.automations.get(text('automationId'));
  if (listName !== undefined) parts.push(m['events.quoted']({ name: listName }));
  if (automationName !== undefined) parts.push(m['events.quoted']({ name: automationName }));
  if (text('emailName') !== '') parts.push(m['events.quoted']({ name: text('emailName') }));
  if (text('url') !== '') parts.push(text('url'));
  if (text('reason') !== '') parts.push(text('reason'));
  if (hasWords(`events.via.${text('via')}`)) parts.push(words({ key: `events.via.${text('via')}` }));
  if (properties['machineOpen'] === true) parts.push(m['events.machineOpen']());
  return parts.join(' · ');
}

function propertiesText(properties: Fact['properties']): string {
  const shown = Object.entries(properties).filter(([name]) => name !== 'name');
  return list(shown.map(([name, value]) => `${name} : ${typeof value === 'string' ? value : JSON.stringify(value)}`));
}

const ICONS: Readonly<Record<string, IconName>> = {
  'contact.created': 'user-plus',
  'contact.added_to_list': 'list-plus',
  'contact.removed_from_list': 'list-minus',
  'contact.added_manually': 'workflow',
  'email.sent': 'send',
  'email.delivered': 'mail-check',
  'email.opened': 'mail-open',
  'email.link_clicked': 'mouse-pointer-click',
  'email.unsubscribed': 'user-minus',
  'email.bounced': 'mail-x',
  'email.complained': 'mail-warning'
};

export function eventIcon({ type }: Pick<Fact, 'type'>): IconName {
  return ICONS[type] ?? 'zap';
}

/** Parted by the day on which they occurred, in their order. */
export function byDay<T extends Pick<EventRow, 'occurredAt'>>(events: readonly T[]): [string, T[]][] {
  const days = new Map<string, T[]>();
  for (const event of events) {
    const day = date(event.occurredAt, { style: 'long' });
    const others = days.get(day);
    if (others) others.push(event);
    else days.set(day, [event]);
  }
  return [...days];
}
