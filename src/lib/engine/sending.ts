import { addDuration, nextInWindow } from '$lib/core/calendar';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboundRequest, OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';

/** Whether a row may leave now: yes, for good not, or not before an instant. */
export type Permission =
  | { readonly may: 'leave' }
  | { readonly may: 'skip'; readonly reason: Words }
  | { readonly may: 'wait'; readonly until: Instant };

/**
 * Looks at consent, the send window and the frequency cap at the moment of sending, not of entry. `earlier`: the contact's other
 * rows that have been sent.
 */
export function permission(
  row: OutboxRow,
  contact: Contact | undefined,
  version: Version | undefined,
  earlier: readonly OutboxRow[],
  view: WorkspaceView,
  now: Instant
): Permission {
  // Nobody is a contact before the address is confirmed.
  if (row.optInId !== undefined && row.optInId === row.contactId) return { may: 'leave' };
  if (!contact) return { may: 'skip', reason: words('words.outbox.contact_gone') };
  if (contact.hiddenAt !== undefined) return { may: 'wait', until: now + 30 * SECOND };
  const { request } = row;
  const refused = refusal(request, contact);
  if (refused) return { may: 'skip', reason: refused };
  if (!waitsForHours(request)) return { may: 'leave' };
  const settings = view.settings.get('workspace');
  const timeZone = contact.timeZone ?? settings?.timeZone ?? 'UTC';
  const window = version?.settings.sendWindow ?? settings?.sendWindow ?? null;
  const opens = window === null ? now : nextInWindow(now, window, timeZone);
  if (opens > now) return { may: 'wait', until: opens };
  if (!isPromotional(request)) return { may: 'leave' };
  const cap = version?.settings.frequencyCap ?? settings?.frequencyCap ?? null;
  const free = cap === null ? now : capFreeAt(cap, earlier, timeZone);
  return free > now ? { may: 'wait', until: free } : { may: 'leave' };
}

/** What the contact does not want; null: nothing against it. */
export function refusal(request: OutboundRequest, { blocklist }: Contact): Words | null {
  if (blocklist === undefined) return null;
  if (request.channel === 'sms')
    return request.kind === 'promotional' && blocklist.sms === true ? words('words.outbox.sms_unsubscribed') : null;
  if (request.channel !== 'email') return null;
  if (request.kind === 'marketing') return blocklist.campaigns ? words('words.outbox.unsubscribed') : null;
  return blocklist.transactionalSenderIds.includes(request.senderId) ? words('words.outbox.sender_blocked') : null;
}

/** What may wake or disturb somebody leaves within the send window: all but answers to what the contact has just done. */
export function waitsForHours(request: OutboundRequest): boolean {
  return isPromotional(request) || request.channel === 'push' || request.channel === 'wallet';
}

/** Counted by the frequency cap. */
function isPromotional(request: OutboundRequest): boolean {
  return (
    (request.channel === 'email' && request.kind === 'marketing') ||
    (request.channel === 'sms' && request.kind === 'promotional')
  );
}

const ARRIVING: ReadonlySet<string> = new Set(['sent', 'sending', 'uncertain', 'scheduled', 'recalling']);

/** What may be in somebody's mailbox, or will be, counts as if it were. */
function mayHaveArrived({ status, doubtSince }: OutboxRow): boolean {
  return ARRIVING.has(status) || doubtSince !== undefined;
}

/** When the cap next lets a message through: once the oldest of the last `count` messages is `days` days old. */
function capFreeAt(cap: { count: number; days: number }, earlier: readonly OutboxRow[], timeZone: string): Instant {
  const sent = earlier
    .filter((row) => isPromotional(row.request) && mayHaveArrived(row))
    .map(({ sentAt, leavesAt, lastAttemptAt }) => sentAt ?? leavesAt ?? lastAttemptAt ?? 0)
    .sort((a, b) => b - a);
  const decisive = sent[cap.count - 1];
  return decisive === undefined ? 0 : addDuration(decisive, { amount: cap.days, unit: 'days' }, timeZone);
}

/** Tries are given up after this many. */
export const MOST_ATTEMPTS = 8;

/** How long to wait before the next try: 30 s, doubled each time up to a day, and up to a fifth more by the row's own jitter. */
export function backOff(attempts: number, seed: number): Milliseconds {
  const base = Math.min(30 * SECOND * 2 ** Math.max(0, attempts - 1), DAY);
  return base + ((seed % 1_000) / 1_000) * (base / 5);
}

/**
 * Whether a call that may have been accepted can be repeated under the same key. An hour's slack would be lost on short windows: a
 * minute is left for the call itself.
 */
export function mayRepeat(window: Milliseconds | null, firstAttemptAt: Instant, now: Instant): boolean {
  return window !== null && now - firstAttemptAt < window - Math.min(window / 10, HOUR);
}

/** Further than any clock: a row that waits for somebody's word. */
export const NEVER: Instant = 8_640_000_000_000_000;

/** When a provider is asked again whether it has a call whose answer was lost: reports lag behind. After the last, it is the user's. */
const LOOK_UPS: readonly Milliseconds[] = [2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, DAY];

/** The instant of the next look-up after so many; `NEVER` after the last. */
export function nextLookUp(times: number, now: Instant): Instant {
  const wait = LOOK_UPS[times];
  return wait === undefined ? NEVER : now + wait;
}
