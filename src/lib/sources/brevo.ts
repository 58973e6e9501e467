import { defineSource, type IncomingFact } from '$lib/core/sources';
import { DAY, MINUTE, type Instant } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import {
  bounced,
  clicked,
  complained,
  delivered,
  EMAIL_FATES,
  emailFacts,
  opened,
  unsubscribed,
  type Fate
} from './mappers/email-events';

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

const FATES: Readonly<Record<string, (event: ReportedEvent) => Fate>> = {
  delivered: () => delivered,
  opened: () => opened(),
  loadedByProxy: () => opened(true),
  clicks: ({ link }) => clicked(link ?? null),
  unsubscribed: () => unsubscribed,
  hardBounces: ({ reason }) => bounced(true, reason ?? null),
  softBounces: ({ reason }) => bounced(false, reason ?? null),
  invalid: ({ reason }) => bounced(true, reason ?? null),
  spam: () => complained
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
  delivers: EMAIL_FATES,
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
    if (status === 200 && reported === null) return failed(words('words.provider.not_the_api', { provider: 'Brevo' }));
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

/** By the key of Brevo's webhooks: what both tell counts once. */
function factOf(event: ReportedEvent): IncomingFact[] {
  const fate = FATES[event.event]?.(event);
  const at = Date.parse(event.date);
  const { messageId, email, tag } = event;
  return fate && !Number.isNaN(at)
    ? emailFacts('brevo', fate, { messageId, email, tags: tag?.split(',') ?? [], at })
    : [];
}

function dayOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}
