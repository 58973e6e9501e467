import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { Ahead } from '$lib/core/providers';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboundRequest, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { aheadId, type AheadLimits, type Sending } from '$lib/engine/ahead';
import { refusal } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import { givenUp } from './giving-up';
import { isQueued, onTheirWay } from './on-their-way';
import type { Parts } from './parts';

/** Taking back is asked for a little before the last moment. */
const SLACK = MINUTE;

/** How far ahead an account takes a message; null where it takes none for later. */
export function limitsIn(view: WorkspaceView, providers: Parts['providers']): (sending: Sending) => AheadLimits | null {
  return ({ send, accountId }) => {
    const provider = providers.get(view.accounts.get(accountId ?? '')?.provider ?? '');
    return provider?.channel === send.channel && takes(provider.ahead, send) ? provider.ahead : null;
  };
}

function takes(ahead: Ahead | undefined, request: OutboundRequest): ahead is Ahead {
  return ahead !== undefined && takesFrom(ahead, senderOf(request));
}

/** Whether messages of this sender can be handed over ahead. */
export function takesFrom(ahead: Ahead, from: string): boolean {
  return ahead.takesFrom?.(from) ?? true;
}

function senderOf(request: OutboundRequest): string {
  if (request.channel === 'email') return request.from.email;
  return request.channel === 'sms' ? request.from : '';
}

/** Whether there is time yet to hand a row over, to a provider that takes it. */
export function canBeHandedOver({ leavesAt, request }: OutboxRow, ahead: Ahead | undefined, now: Instant): boolean {
  if (leavesAt === undefined || !takes(ahead, request)) return false;
  return leavesAt - now >= ahead.least && leavesAt - now <= ahead.horizon;
}

/** When it is looked at for the last time whether a message that was handed over is still meant; then, when it has left. */
export function nextLook(leavesAt: Instant, ahead: Ahead | undefined, now: Instant): Instant {
  const last = leavesAt - (ahead?.cancelBefore ?? 0) - SLACK;
  return last > now ? last : leavesAt;
}

/** Whether a row is the message that a journey has handed over ahead. */
export function isAheadOf(enrolment: Enrolment | undefined, { id }: Pick<OutboxRow, 'id'>): boolean {
  return enrolment !== undefined && aheadId(enrolment) === id;
}

/** Whether a message that was handed over may leave, as things are now. */
export function isStillMeant(
  row: OutboxRow,
  enrolment: Enrolment | undefined,
  contact: Contact | undefined,
  view: WorkspaceView
): boolean {
  if (!isAheadOf(enrolment, row) || view.automations.get(row.automationId)?.status !== 'active') return false;
  return contact !== undefined && contact.hiddenAt === undefined && refusal(row.request, contact) === null;
}

/** The row is to be taken back at its provider. */
export function recalled({ id }: Pick<OutboxRow, 'id'>, now: Instant): Change {
  return update('outbox', id, { status: 'recalling', dueAt: now, reason: words('words.outbox.recalling') });
}

/** What a change may have made unwanted that is handed over already. */
export interface Concerned {
  readonly contacts: Set<Id>;
  readonly automations: Set<Id>;
  readonly enrolments: Set<Id>;
  /** Rows whose journey has let go of them. */
  readonly rows: Set<Id>;
}

export function noneConcerned(): Concerned {
  return { contacts: new Set(), automations: new Set(), enrolments: new Set(), rows: new Set() };
}

/** Adds what changes concern: consent and presence of contacts, automations that stand still, journeys that were ended. */
export function addConcerned({ contacts, automations, enrolments }: Concerned, changes: readonly Change[]): void {
  for (const { table, id, set = {}, delete: gone = false } of changes) {
    if (table === 'contacts' && (gone || Object.keys(set).some((path) => CONSENT.test(path)))) contacts.add(String(id));
    if (table === 'automations' && (gone || (set.status !== undefined && set.status !== 'active')))
      automations.add(String(id));
    if (table === 'enrolments' && set.endedAt !== undefined) enrolments.add(String(id));
  }
}

const CONSENT = /^(blocklist|hiddenAt|mergedInto)/;

/**
 * Takes back what is handed over and not meant any more, in the transaction of whatever made it so: after its changes are written.
 * What waits to be handed over is given up.
 */
export async function recallUnmeant(
  transaction: Transaction,
  { contacts, automations, enrolments, rows }: Concerned,
  parts: Pick<Parts, 'providers'>,
  now: Instant
): Promise<void> {
  if (contacts.size + automations.size + enrolments.size + rows.size === 0) return;
  const prefixes = [...automations, ...enrolments].map((id) => `${id}/`);
  const found = (
    await Promise.all([
      contacts.size === 0 ? [] : transaction.query('outbox', { index: 'contactId', anyOf: [...contacts] }),
      ...prefixes.map((prefix) => transaction.query('outbox', { from: prefix, to: `${prefix}\uffff` })),
      transaction.getMany('outbox', [...rows])
    ])
  ).flat();
  const ahead = [...new Map(found.map((row) => [row?.id, row])).values()].filter(
    (row): row is OutboxRow => row?.leavesAt !== undefined && (row.status === 'scheduled' || row.status === 'queued')
  );
  if (ahead.length === 0) return;
  const journeys = await transaction.getMany('enrolments', ahead.map(({ enrolmentId }) => enrolmentId)); // prettier-ignore
  const people = await transaction.getMany('contacts', ahead.map(({ contactId }) => contactId)); // prettier-ignore
  const view = await transaction.view();
  const away = await onTheirWay(transaction);
  const changes = ahead.flatMap((row, at): Change[] => {
    if (isStillMeant(row, journeys[at], people[at], view)) return [];
    if (row.status === 'scheduled') return [recalled(row, now)];
    return isQueued(row, away) ? [givenUp(row, view, parts, now)] : [];
  });
  await transaction.apply(changes);
}
