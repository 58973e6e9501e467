import type { Fetch } from '$lib/core/fetch';
import { DAY, MINUTE, type Instant } from '$lib/core/instants';
import type { LookUp, SendResult } from '$lib/core/providers';
import type { EmailRequest } from '$lib/core/rows/messages';
import { brevoMessage } from './brevo-account';
import { baseOf, exchange, saidBy } from './exchange';

const BREVO = 'Brevo';

/** What the event report has of a message that was taken. */
interface Requested {
  readonly email?: string;
  readonly subject?: string;
  readonly messageId: string;
}

/** Lines of the report that are asked for at once, and how often at most: the messages of a day are more than any creator sends. */
const PAGE = 2_500;
const PAGES = 20;

/** Of each the newest message to that reader under that subject, from the event report; without an id where it is not in there yet. */
export async function alreadyTaken(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  requests: readonly EmailRequest[],
  fetch: Fetch
): Promise<SendResult[]> {
  const results: SendResult[] = requests.map(() => ({ status: 'accepted' }));
  const missing = new Set(requests.keys());
  const [only] = requests.length === 1 ? requests : [];
  for (let page = 0; page < PAGES && missing.size > 0; page++) {
    const query = new URLSearchParams({ event: 'requests', days: '1', sort: 'desc', limit: String(PAGE) });
    query.set('offset', String(page * PAGE));
    if (only) query.set('email', only.to.email);
    const answer = await exchange(fetch, `${baseOf(baseUrl)}/v3/smtp/statistics/events?${query.toString()}`, {
      headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
    });
    const json = answer.ok ? answer.value.json : undefined;
    const { events = [] } = (json as { events?: Requested[] } | null | undefined) ?? {};
    for (const { email, subject, messageId } of events) {
      const isIt = (at: number): boolean =>
        requests[at]?.subject === subject && isSameAddress(email, requests[at]?.to.email);
      const at = [...missing].find(isIt);
      if (at === undefined) continue;
      missing.delete(at);
      results[at] = { status: 'accepted', messageId };
    }
    if (events.length < PAGE) break;
  }
  return results;
}

function isSameAddress(reported: string | undefined, asked: string | undefined): boolean {
  return reported === undefined || reported.toLowerCase() === asked?.toLowerCase();
}

/** Its clock and ours differ by less. */
const CLOCK_DIFFERENCE = 10 * MINUTE;

/**
 * 'Get the list of transactional emails on the basis of allowed filters', `GET /v3/smtp/emails`: by reader, in whole days of UTC,
 * newest first. A message is there some moments after it was taken.
 */
export async function lookUp(
  { apiKey, baseUrl }: { apiKey: string | null; baseUrl: string },
  { to, subject }: EmailRequest,
  since: Instant,
  now: Instant,
  fetch: Fetch
): Promise<LookUp> {
  const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);
  const from = Math.max(since - CLOCK_DIFFERENCE, now - 29 * DAY);
  const query = new URLSearchParams({ email: to.email, startDate: dayOf(from), endDate: dayOf(now), sort: 'desc', limit: '100' }); // prettier-ignore
  const answer = await exchange(fetch, `${baseOf(baseUrl)}/v3/smtp/emails?${query.toString()}`, {
    headers: { 'api-key': apiKey ?? '', accept: 'application/json' }
  });
  if (!answer.ok) return { reason: answer.reason };
  const { status, json } = answer.value;
  if (status !== 200) return { reason: saidBy(BREVO, status, brevoMessage(json)) };
  const { transactionalEmails = [] } = (json ?? {}) as {
    transactionalEmails?: { subject?: string; messageId?: string; date?: string }[];
  };
  const isIt = (email: { subject?: string; date?: string }): boolean =>
    email.subject === subject && Date.parse(email.date ?? '') >= since - CLOCK_DIFFERENCE;
  return { messageIds: transactionalEmails.filter(isIt).flatMap(({ messageId }) => messageId ?? []) };
}
