import { create, update, type Change } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboundRequest, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import type { Cause } from '$lib/engine/causes';
import { mayRepeat, NEVER, permission } from '$lib/engine/sending';
import type { Transaction } from '$lib/storage/port';
import { canBeHandedOver, isAheadOf } from './ahead';
import { Allowances } from './allowance';
import { batchesAmong, heldBack, intoBatches, withTheirBatches } from './batching';
import { withoutContent } from './content';
import { becomesUncertain, givenUp, isInDoubt } from './giving-up';
import type { Call, Calls } from './lanes';
import { attemptAt, onTheirWay, type OnTheirWay } from './on-their-way';
import type { Parts } from './parts';

export interface Move {
  readonly enrolment: Enrolment;
  readonly cause: Cause;
}

/** Rows that were due, and what became of them. */
export interface Marking {
  /** Whether more may be due. */
  readonly isCut: boolean;
  readonly calls: readonly Calls[];
  readonly changes: readonly Change[];
  readonly moves: readonly Move[];
}

/** The rows that are due, in the order in which they became it. */
export function dueUpTo(now: Instant) {
  return { index: '[status+dueAt]', from: ['queued', 0], to: ['queued', now] } as const;
}

/** Marks the next rows that may leave; the others are settled, cancelled, or wait for their time. */
export async function markDue(
  transaction: Transaction,
  { providers }: Pick<Parts, 'providers'>,
  { now, newId }: Given,
  limit: number
): Promise<Marking> {
  const view = await transaction.view();
  const away = await onTheirWay(transaction);
  const due = await transaction.query('outbox', { ...dueUpTo(now), limit: limit + away.size });
  const first = due.filter(({ id }) => !away.has(id)).slice(0, limit);
  const rows = await withTheirBatches(transaction, first, away);
  const intentId = newId();
  // Another device that takes over knows each row's own key, and no key of a batch.
  const mayJoin = (await transaction.get('runtime', 'connection')) === undefined;
  const contacts = await transaction.getMany(
    'contacts',
    rows.map(({ contactId }) => contactId)
  );
  const enrolments = await enrolmentsThatMatter(transaction, rows, view);
  const allowances = new Allowances(view, providers, now);
  const calls: Call[] = [];
  const changes: Change[] = [];
  const again: Move[] = [];
  const skipped: { row: OutboxRow; reason: NonNullable<OutboxRow['reason']> }[] = [];
  const waits = new Map<Id, Instant>();
  const wait = (row: OutboxRow, dueAt: Instant, reason?: Words): void => {
    waits.set(row.id, dueAt);
    changes.push(update('outbox', row.id, { dueAt, ...(reason === undefined ? {} : { reason }) }));
  };
  for (const [index, row] of rows.entries()) {
    const contact = contacts[index];
    const enrolment = enrolments.get(row.enrolmentId);
    if (row.dueAt > now) {
      waits.set(row.id, row.dueAt);
      continue;
    }
    if (enrolment && !isWanted(row, enrolment)) {
      changes.push(givenUp(row, view, { providers }, now));
      continue;
    }
    const version = enrolment && view.versions.get(enrolment.versionId);
    const isCapped = (version?.settings.frequencyCap ?? view.settings.get('workspace')?.frequencyCap ?? null) !== null;
    const earlier = isCapped ? await earlierRows(transaction, row, calls, away) : [];
    const allowed = permission(row, contact, version, earlier, view, row.leavesAt ?? now);
    const { route, rest } = allowances.routeOf(row);
    // When it could leave, its key may be forgotten: the provider is asked at once, not after the wait.
    const earliest = allowed.may === 'wait' ? allowed.until : now;
    const window = route?.provider.idempotencyWindow ?? null;
    const isPastItsKey = row.doubtSince !== undefined && !mayRepeat(window, row.doubtSince, earliest);
    const isRepeatable = row.batchKey === undefined || route?.provider.batches !== undefined;
    const cannotLeave = allowed.may === 'skip' ? isInDoubt(row) : route !== null && (isPastItsKey || !isRepeatable);
    const isObstructed =
      allowed.may !== 'leave' || !isRunning(row, view) || !canBeHandedOver(row, route?.provider.ahead, now);
    // Whatever stands in the way of a message that is handed over ahead: at its time it is judged anew.
    if (row.leavesAt !== undefined && !isInDoubt(row) && isObstructed) {
      changes.push(notHandedOver(row, allowed.may === 'skip' ? allowed.reason : words('words.outbox.not_handed_over')));
      if (enrolment && isWaitingFor(enrolment, row)) again.push({ enrolment, cause: { by: 'recall' } });
    } else if (cannotLeave) changes.push(becomesUncertain(row, view, { providers }, now));
    else if (allowed.may === 'wait') wait(row, allowed.until);
    else if (allowed.may === 'skip') skipped.push({ row, reason: allowed.reason });
    else if (!route) wait(row, NEVER, words('words.outbox.account_gone'));
    else if (row.optInId !== undefined && route.relay?.pages === undefined)
      wait(row, NEVER, words('words.outbox.no_pages'));
    else if (rest) wait(row, rest.until, rest.reason);
    else {
      const request = addressed(row, contact);
      const accountId = route.account?.id ?? null;
      if (request !== row.request) changes.push(update('outbox', row.id, { 'request.to': toOf(request) }));
      if (accountId !== row.accountId) changes.push(update('outbox', row.id, { accountId }));
      allowances.spend(route.account);
      calls.push({
        ...route,
        intentId,
        row: { ...row, accountId, request, ...attemptAt(row, now), status: 'sending' }
      });
    }
  }
  changes.push(...allowances.changes());
  for (const { row, reason } of skipped)
    changes.push(update('outbox', row.id, { status: 'skipped', reason, ...withoutContent(row) }));
  const moves = [...again, ...(await movesOf(transaction, skipped))];
  // Where a journey goes on it may block or delete its contact: what else is due to them is looked at again after that.
  const moving = new Set(moves.map(({ enrolment }) => enrolment.contactId));
  for (const { row } of calls) if (moving.has(row.contactId)) waits.set(row.id, now);
  const held = heldBack(rows, waits);
  for (const { row } of calls) if (held.has(row.id)) wait(row, held.get(row.id) ?? now);
  const leaving = intoBatches(
    calls.filter(({ row }) => !moving.has(row.contactId) && !held.has(row.id)),
    { mayJoin, key: intentId }
  );
  if (leaving.length > 0) {
    const outboxIds = leaving.flat().map(({ row }) => row.id);
    const batches = batchesAmong(leaving);
    changes.push(
      create('intents', intentId, {
        id: intentId,
        at: now,
        outboxIds,
        ...(batches === undefined ? {} : { batches })
      })
    );
  }
  return { isCut: first.length === limit || moving.size > 0, calls: leaving, changes, moves };
}

function isRunning({ automationId }: OutboxRow, { automations }: WorkspaceView): boolean {
  return automations.get(automationId)?.status === 'active';
}

/** A message that is not handed over ahead: it is made anew and sent when its journey comes to it. */
function notHandedOver(row: OutboxRow, reason: Words): Change {
  return update('outbox', row.id, { status: 'cancelled', reason, ...withoutContent(row) });
}

/** Whether a row may still be tried: its journey waits for it, or has it handed over, or the user wants it all the same. */
export function isWanted(row: OutboxRow, enrolment: Enrolment | undefined): boolean {
  if (row.byHand === true) return true;
  return enrolment !== undefined && (isWaitingFor(enrolment, row) || isAheadOf(enrolment, row));
}

export function isWaitingFor({ wait }: Enrolment, { id }: OutboxRow): boolean {
  return wait?.for === 'outbox' && wait.outboxId === id;
}

/** The contact's other rows, those that are on their way as such: marked before, or along with this one. */
async function earlierRows(
  transaction: Transaction,
  { id, contactId }: OutboxRow,
  calls: readonly Call[],
  away: OnTheirWay
): Promise<OutboxRow[]> {
  const rows = await transaction.query('outbox', { index: 'contactId', equals: contactId });
  return rows.flatMap((row) => {
    if (row.id === id) return [];
    const at = away.get(row.id);
    if (at !== undefined && row.status === 'queued') return { ...row, status: 'sending' as const, lastAttemptAt: at };
    return calls.find((call) => call.row.id === row.id)?.row ?? row;
  });
}

/** The first attempt goes to the address or number that the contact has now; a repeat must be the same message. */
function addressed(
  { request, attempts, doubtSince, optInId }: OutboxRow,
  contact: Contact | undefined
): OutboundRequest {
  // The address that was typed is what is to be confirmed.
  if (attempts > 0 || doubtSince !== undefined || contact === undefined || optInId !== undefined) return request;
  const { email, phone } = contact;
  if (request.channel === 'email' && email !== undefined && email !== request.to.email)
    return { ...request, to: { ...request.to, email } };
  return request.channel === 'sms' && phone !== undefined && phone !== request.to ? { ...request, to: phone } : request;
}

function toOf(request: OutboundRequest): unknown {
  return 'to' in request ? request.to : undefined;
}

/**
 * The journeys without which it cannot be said whether a row may leave: an automation has a send window or a cap of its own, events
 * end or restart its journeys, or it is to be handed over ahead. Reading them for all rows would cost a third of the marking.
 */
async function enrolmentsThatMatter(
  transaction: Transaction,
  rows: readonly OutboxRow[],
  view: WorkspaceView
): Promise<ReadonlyMap<Id, Enrolment>> {
  const automations = new Set<Id>();
  for (const { automationId, settings } of view.versions.values()) {
    const { sendWindow, frequencyCap, exit, restart } = settings;
    if (sendWindow !== null || frequencyCap !== null || exit.length + restart.length > 0) automations.add(automationId);
  }
  const ids = rows.flatMap(({ automationId, enrolmentId, leavesAt }) =>
    leavesAt !== undefined || automations.has(automationId) ? [enrolmentId] : []
  );
  const found = await transaction.getMany('enrolments', ids);
  return new Map(found.flatMap((enrolment) => (enrolment ? [[enrolment.id, enrolment]] : [])));
}

async function movesOf(
  transaction: Transaction,
  skipped: readonly { row: OutboxRow; reason: NonNullable<OutboxRow['reason']> }[]
): Promise<Move[]> {
  const enrolments = await transaction.getMany(
    'enrolments',
    skipped.map(({ row }) => row.enrolmentId)
  );
  return skipped.flatMap(({ row, reason }, index): Move[] => {
    const enrolment = enrolments[index];
    if (!enrolment || !isWaitingFor(enrolment, row)) return [];
    return [{ enrolment, cause: { by: 'outbox', result: { status: 'skipped', reason } } }];
  });
}
