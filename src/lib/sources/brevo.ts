import { defineSource, type IncomingFact } from '$lib/core/sources';
import {
  emailBounced,
  emailComplained,
  emailDelivered,
  emailLinkClicked,
  emailOpened,
  emailUnsubscribed
} from '$lib/core/events/emails';
import { DAY, MINUTE, type Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { TEST_TAG } from '$lib/core/test-messages';
import { words } from '$lib/core/words';

/** One line of Brevo's event report, `GET /v3/smtp/statistics/events`. */
interface ReportedEvent {
  readonly event: string;
  readonly date: string;
  readonly email: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly tag?: string;
  readonly link?: string;
  readonly reason?: string;
}

const EVENTS: Readonly<Record<string, { type: string; more?: (event: ReportedEvent) => Record<string, unknown> }>> = {
  delivered: { type: emailDelivered.type },
  opened: { type: emailOpened.type, more: () => ({ machineOpen: false }) },
  loadedByProxy: { type: emailOpened.type, more: () => ({ machineOpen: true }) },
  clicks: { type: emailLinkClicked.type, more: ({ link }) => ({ url: link ?? '' }) },
  unsubscribed: { type: emailUnsubscribed.type, more: () => ({ listId: '' }) },
  hardBounces: { type: emailBounced.type, more: ({ reason }) => ({ hard: true, reason: reason ?? '' }) },
  softBounces: { type: emailBounced.type, more: ({ reason }) => ({ hard: false, reason: reason ?? '' }) },
  invalid: { type: emailBounced.type, more: ({ reason }) => ({ hard: true, reason: reason ?? '' }) },
  spam: { type: emailComplained.type }
};

/** The report's largest page. */
const PAGE = 2_500;
/** An event may show up in the report this much later than it occurred. */
const LAG = MINUTE;
/** The report is asked for by days of an unnamed time zone: a day before is read again, and what is known is left out by its key. */
const OVERLAP = DAY;

/** Brevo's event report. The cursor is `<first instant of this reading>|<offset>`: pages of one reading, then the next one. */
export default defineSource({
  id: 'brevo.events',
  provider: 'email.brevo',
  delivers: [...new Set(Object.values(EVENTS).map(({ type }) => type))],
  every: 2 * MINUTE,
  documentation: 'https://developers.brevo.com/reference/getemaileventreport-1',
  read: async ({ fields, cursor, since, now, fetch }) => {
    const { apiKey, baseUrl } = fields as { apiKey: string; baseUrl: string };
    const [startedText, offsetText] = (cursor ?? '').split('|');
    const offset = Number(offsetText ?? 0);
    const begun = offset > 0 ? Number(startedText) : now;
    const from = Math.max(since - OVERLAP, now - 29 * DAY);
    const query = new URLSearchParams({
      limit: String(PAGE),
      offset: String(offset),
      startDate: dayOf(from),
      endDate: dayOf(now),
      sort: 'asc'
    });
    let status: number;
    let text: string;
    try {
      const answer = await fetch(`${baseUrl.replace(/\/+$/, '')}/v3/smtp/statistics/events?${query.toString()}`, {
        headers: { 'api-key': apiKey, accept: 'application/json' }
      });
      status = answer.status;
      text = await answer.text();
    } catch {
      return failed(words('words.source.no_answer', { source: 'Brevo' }));
    }
    if (status === 401 || status === 403) return failed(words('words.provider.brevo_key_refused'));
    const reported = status === 200 ? eventsIn(text) : null;
    if (reported === null) return failed(words('words.source.status', { source: 'Brevo', status }));
    const more = reported.length === PAGE;
    return ok({
      facts: reported.flatMap(factOf),
      cursor: more ? `${begun}|${offset + PAGE}` : `${begun}|0`,
      // Until the last page is read, nothing new is sure.
      watermark: more ? since : begun - LAG,
      more
    });
  }
});

function eventsIn(text: string): ReportedEvent[] | null {
  try {
    const { events } = JSON.parse(text) as { events?: ReportedEvent[] };
    // Without any event in the period, Brevo leaves the array out.
    return events ?? [];
  } catch {
    return null;
  }
}

function factOf(event: ReportedEvent): IncomingFact[] {
  const known = EVENTS[event.event];
  const occurredAt = Date.parse(event.date);
  const { messageId, email, tag, link, date } = event;
  // What a writer does with a test is no fact about a contact, though the address may be one's.
  if (!known || Number.isNaN(occurredAt) || tag?.split(',').includes(TEST_TAG)) return [];
  return [
    {
      type: known.type,
      occurredAt,
      properties: { messageId, tag: tag ?? '', ...known.more?.(event) },
      dedupeKey: `brevo:${messageId}:${event.event}:${date}:${link ?? ''}:${email}`,
      person: { messageId, email }
    }
  ];
}

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
