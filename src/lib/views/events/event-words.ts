import { EVENT_TYPES } from '$lib/core/events';
import type { Control, Fields } from '$lib/core/fields';
import type { Money } from '$lib/core/money';
import { referredName } from '$lib/core/references';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import { date, dateTime, hasWords, list, m, money, number, words } from '$lib/i18n';
import type { IconName } from '$lib/ui/icons';

type Fact = Pick<EventRow, 'type' | 'properties'>;

/** What happened: 'Email opened', or the name that the person gave to an event of their own. */
export function eventTitle({ type, properties }: Fact): string {
  const own = properties['name'];
  if (type === 'custom.event' && typeof own === 'string' && own !== '') return own;
  for (const key of [`catalogue.${type}.name`, `words.event.${type}`]) if (hasWords(key)) return words({ key });
  return type;
}

export function typeName(type: string): string {
  return hasWords(`catalogue.${type}.name`) ? words({ key: `catalogue.${type}.name` }) : type;
}

/** Ids from outside say nothing to a person: they are shown when asked for, not in passing. */
const IN_PASSING = /Id$|^(checkedAt|nodeId|currency|referrer|moved|via|skipped|occurrence|expiresAt|image|listId)$/;
const SAID_BY_ID: ReadonlySet<string> = new Set([
  'listId',
  'automationId',
  'segmentId',
  'formId',
  'pipelineId',
  'stageId',
  'fromStageId',
  'toStageId',
  'programId',
  'balanceId',
  'fromTierId',
  'toTierId'
]);
const NAMES_OF_MESSAGES: ReadonlySet<string> = new Set(['emailName', 'smsName', 'pushName']);
const MOST_IN_PASSING = 3;

/** The rest of what the event says, in one line; '' where that is nothing. */
export function eventDetail(event: Fact, view: WorkspaceView): string {
  if (event.type === 'custom.event') return list(propertiesOf(event, view).map(({ label, value }) => `${label} : ${value}`)); // prettier-ignore
  const { via } = event.properties;
  const said = propertiesOf(event, view).filter(({ name }) => SAID_BY_ID.has(name) || !IN_PASSING.test(name));
  const parts = said.slice(0, MOST_IN_PASSING).map(({ value, name, isFlag, label }) => {
    if (isFlag) return label;
    return SAID_BY_ID.has(name) || NAMES_OF_MESSAGES.has(name) ? m['events.quoted']({ name: value }) : value;
  });
  if (typeof via === 'string' && hasWords(`events.via.${via}`)) parts.push(words({ key: `events.via.${via}` }));
  return parts.join(' · ');
}

export interface PropertyWords {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Yes or no, and it is yes. */
  readonly isFlag: boolean;
}

/** Each property that says something, in words: those of the type in its order, then those that it does not know. */
export function propertiesOf({ type, properties }: Fact, view: WorkspaceView): PropertyWords[] {
  const fields: Fields = EVENT_TYPES.get(type)?.properties ?? {};
  const names = [...Object.keys(fields), ...Object.keys(properties).filter((name) => !(name in fields))];
  return names.flatMap((name): PropertyWords[] => {
    const value = properties[name];
    const control = fields[name]?.control;
    if (type === 'custom.event' && name === 'name') return [];
    if (value === undefined || value === null || value === '' || value === false) return [];
    const text = control ? valueText(name, control, value, view) : plainText(value);
    const label = control ? words({ key: `catalogue.properties.${name}` }) : name;
    return text === '' ? [] : [{ name, label, value: text, isFlag: value === true }];
  });
}

function valueText(name: string, control: Control, value: unknown, view: WorkspaceView): string {
  switch (control.kind) {
    case 'money':
      return isMoney(value) ? money(value) : plainText(value);
    case 'number':
      return typeof value === 'number' ? number(value) : plainText(value);
    case 'instant':
      return typeof value === 'number' ? dateTime(value) : plainText(value);
    case 'yesNo':
      return value === true ? m['events.yes']() : m['events.no']();
    case 'choice': {
      const key = `catalogue.options.${name}.${String(value)}`;
      return hasWords(key) ? words({ key }) : plainText(value);
    }
    case 'reference':
      return typeof value === 'string' ? (referredName(view, control.table, value) ?? value) : plainText(value);
    case 'items':
      return Array.isArray(value) ? list(value.map(itemText)) : '';
    default:
      return name === 'date' && typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? date(Date.parse(value), { timeZone: 'UTC' })
        : plainText(value);
  }
}

/** '2 × Savon (12,50 €)' */
function itemText(item: unknown): string {
  const { name, quantity, price } = (item ?? {}) as Record<string, unknown>;
  const said = typeof name === 'string' ? name : plainText(item);
  const counted = typeof quantity === 'number' && quantity !== 1 ? `${number(quantity)} × ${said}` : said;
  return isMoney(price) ? `${counted} (${money(price)})` : counted;
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return '';
  return JSON.stringify(value);
}

const ICONS: Readonly<Record<string, IconName>> = {
  'contact.created': 'user-plus',
  'contact.added_to_list': 'list-plus',
  'contact.removed_from_list': 'list-minus',
  'contact.added_manually': 'workflow',
  'contact.in_segment': 'chart-pie',
  'contact.matches_filters': 'funnel',
  'contact.anniversary': 'cake',
  'automation.started': 'workflow',
  'form.submitted': 'sticky-note',
  'email.sent': 'send',
  'email.delivered': 'mail-check',
  'email.opened': 'mail-open',
  'email.link_clicked': 'mouse-pointer-click',
  'email.unsubscribed': 'user-minus',
  'email.resubscribed': 'user-plus',
  'email.bounced': 'mail-x',
  'email.complained': 'mail-warning',
  'cart.updated': 'shopping-cart',
  'cart.deleted': 'package',
  'order.created': 'shopping-bag',
  'task.completed': 'clipboard-check',
  'meeting.booked': 'calendar-check',
  'meeting.started': 'calendar-clock',
  'meeting.cancelled': 'calendar-x',
  'conversation.ended': 'message-square',
  'conversation.message_received': 'message-circle',
  'payment.completed': 'credit-card',
  'push.clicked': 'mouse-pointer-click',
  'push.unsubscribed': 'bell-off',
  'page.visited': 'globe'
};
const GROUP_ICONS: Readonly<Record<string, IconName>> = {
  conversation: 'messages-square',
  deal: 'handshake',
  loyalty: 'gift',
  call: 'phone',
  push: 'bell',
  sms: 'message-square',
  wallet: 'wallet'
};

export function eventIcon({ type }: Pick<Fact, 'type'>): IconName {
  return ICONS[type] ?? GROUP_ICONS[type.split('.')[0] ?? ''] ?? 'zap';
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
