import { nextInWindow } from '$lib/core/calendar';
import type { Outgoing, Settled } from '$lib/core/definitions';
import type { Instant, Milliseconds } from '$lib/core/instants';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { waitsForHours } from './sending';
import { outboxId } from './steps';

/** What goes out: a message, and through which account. */
export type Sending = Extract<Outgoing, { send: unknown }>;

/** How long before it leaves a message can be handed over, in ms. */
export interface AheadLimits {
  readonly least: Milliseconds;
  readonly horizon: Milliseconds;
}

/** The row of the message that a journey has handed over ahead; null where it has none. */
export function aheadId({ id, ahead }: Pick<Enrolment, 'id' | 'ahead'>): string | null {
  return ahead ? outboxId(id, ahead.stepId, ahead.visit) : null;
}

/** The journey without its message that was handed over. Its visit is used up: the step's next one has a key of its own. */
export function withoutAhead(enrolment: Enrolment): Enrolment {
  const { ahead, ...rest } = enrolment;
  if (!ahead) return enrolment;
  const visit = Math.max(enrolment.visits[ahead.stepId] ?? 0, ahead.visit);
  return { ...rest, visits: { ...enrolment.visits, [ahead.stepId]: visit } };
}

/** When a message that follows a wait leaves: at the end of the wait, or when the send window opens after it. */
export function leavingTime(
  { send, at = 0 }: Sending,
  waitsUntil: Instant,
  contact: Contact,
  version: Version,
  view: WorkspaceView
): Instant {
  const settings = view.settings.get('workspace');
  const earliest = Math.max(waitsUntil, at);
  const window = version.settings.sendWindow ?? settings?.sendWindow ?? null;
  if (window === null || !waitsForHours(send)) return earliest;
  return nextInWindow(earliest, window, contact.timeZone ?? settings?.timeZone ?? 'UTC');
}

/**
 * What a journey that comes to the step of its message does about it. `waits`: the provider has it, or may have it; `left`: it has left;
 * `called_off`: the user took it back; `again`: it is with nobody and never leaves, so that it is sent now.
 */
export function aheadNow(row: OutboxRow | null | undefined): 'waits' | 'left' | 'called_off' | 'again' {
  switch (row?.status) {
    case 'sent':
      return 'left';
    case 'scheduled':
    case 'sending':
    case 'uncertain':
      return 'waits';
    case 'queued':
      return row.doubtSince === undefined && row.byHand !== true ? 'again' : 'waits';
    case 'recalling':
    case 'recalled':
      if (row.calledOff === true) return 'called_off';
      return row.status === 'recalled' ? 'again' : 'waits';
    case 'cancelled':
      return row.calledOff === true ? 'called_off' : 'again';
    default:
      return 'again';
  }
}

/**
 * What a journey does that comes to a step of which there is a message: as `aheadNow` says, or what has become of it. One that was not
 * handed over ahead was made on another device, which had brought the journey further: it counts as if it had been made here.
 */
export function messageMet(
  row: OutboxRow | null | undefined,
  isAhead: boolean
): 'waits' | 'called_off' | 'again' | Settled {
  if (row && !isAhead) {
    const { status, reason } = row;
    if (status === 'queued') return 'waits';
    if (reason && (status === 'failed' || status === 'skipped')) return { status, reason };
  }
  const met = aheadNow(row);
  if (met !== 'left') return met;
  const { messageId, sentAt: at } = row ?? {};
  return {
    status: 'sent',
    ...(messageId === undefined ? {} : { messageId }),
    ...(at === undefined ? {} : { at })
  };
}
