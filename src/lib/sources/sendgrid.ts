import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import { DAY, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import { ok, type Result } from '$lib/core/result';
import type { Fetch } from '$lib/core/fetch';
import type { IncomingFact } from '$lib/core/sources';
import { EMAIL_FATES } from './mappers/email-events';
import { isoInstant, optionalText } from './mappers/payload';
import { factsOfSendgridEvent } from './mappers/sendgrid';
import { answered, askReport, readPage } from './report';

const SENDGRID = 'SendGrid';
/** The most that a list holds: the latest. */
const LIST = 1_000;
/** Six calls a minute are allowed: the list, and what became of these. */
const AT_ONCE = 4;

const listed = v.object({
  messages: v.array(
    v.object({
      msg_id: v.string(),
      status: optionalText,
      opens_count: v.nullish(v.number(), 0),
      clicks_count: v.nullish(v.number(), 0),
      last_event_time: isoInstant
    })
  )
});
type Listed = v.InferOutput<typeof listed>['messages'][number];

const told = v.object({
  to_email: optionalText,
  categories: v.nullish(v.array(v.string()), []),
  events: v.array(
    v.looseObject({
      event_name: v.string(),
      processed: isoInstant,
      reason: optionalText,
      url: optionalText,
      bounce_type: optionalText
    })
  )
});

/** What the webhook calls the same. */
const WEBHOOK_NAMES: Readonly<Record<string, string>> = {
  bounced: 'bounce',
  clicked: 'click',
  delivered: 'delivered',
  dropped: 'dropped',
  group_unsubscribe: 'group_unsubscribe',
  opened: 'open',
  spam_report: 'spamreport',
  unsubscribe: 'unsubscribe'
};

/**
 * SendGrid's Email Activity ('Filter all messages', `GET /v3/messages`, by the time of the last event; 'Filter messages by message ID',
 * `GET /v3/messages/{msg_id}`, for its events). It is an option that is paid for: only an account that says so is read. There is no
 * paging, and there are six calls a minute: each reading goes through the next few messages, from the latest back, and the next reading
 * goes on there. A place is `<time of the last event>~<msg_id>`. It does not tell the openings of machines from those of people.
 */
export default defineSource({
  id: 'sendgrid.activity',
  provider: 'email.sendgrid',
  delivers: EMAIL_FATES,
  every: MINUTE,
  documentation: 'https://www.twilio.com/docs/sendgrid/api-reference/email-activity',
  read: async ({ fields, fetch, ...period }) => {
    const { emailActivity, ...account } = fields as { emailActivity?: boolean; apiKey: string; baseUrl: string };
    if (emailActivity !== true) return ok({ facts: [], cursor: null, watermark: period.now, more: false });
    const reading = await readPage(
      period,
      { lag: 10 * MINUTE, overlap: 0, kept: 30 * DAY },
      async ({ from, to }, at) => {
        const place = at === null ? null : placeOf(at);
        const list = await messages(account, from, place?.time ?? to, fetch);
        if (!list.ok) return list;
        const rest = list.value
          .filter((message) => hasNews(message) && (place === null || isAfter(message, place)))
          .sort(latestFirst);
        const these = rest.slice(0, AT_ONCE);
        const facts: IncomingFact[] = [];
        for (const { msg_id: id } of these) {
          const found = await eventsOf(account, id, fetch);
          if (!found.ok) return found;
          facts.push(...found.value);
        }
        const last = these[these.length - 1];
        const isFull = list.value.length === LIST;
        if (last && (isFull || rest.length > AT_ONCE))
          return ok({ facts, next: `${last.last_event_time}~${last.msg_id}` });
        return ok({ facts, next: isFull ? `${before(list.value, place?.time ?? to)}~~` : null });
      }
    );
    return reading.ok ? ok({ ...reading.value, more: false }) : reading;
  }
});

interface Place {
  readonly time: Instant;
  readonly id: string;
}

function placeOf(place: string): Place {
  const [time = '', ...id] = place.split('~');
  return { time: Number(time), id: id.join('~') };
}

function isAfter({ last_event_time: time, msg_id: id }: Listed, place: Place): boolean {
  return time < place.time || (time === place.time && id < place.id);
}

/** What is only on its way has nothing to tell. */
function hasNews({ status, opens_count: opens, clicks_count: clicks }: Listed): boolean {
  return status !== 'processed' || opens + clicks > 0;
}

/** How far back a full list goes. Where it holds one second alone, those that did not fit are left out. */
function before(list: readonly Listed[], to: Instant): Instant {
  return Math.min(...list.map(({ last_event_time: time }) => time), to - SECOND);
}

function latestFirst(one: Listed, other: Listed): number {
  return other.last_event_time - one.last_event_time || (other.msg_id < one.msg_id ? -1 : 1);
}

interface Access {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** The latest ones whose last event occurred in a period. */
async function messages(access: Access, from: Instant, to: Instant, fetch: Fetch): Promise<Result<Listed[]>> {
  const query = `last_event_time BETWEEN TIMESTAMP "${secondOf(from)}" AND TIMESTAMP "${secondOf(to)}"`;
  const asked = await ask(access, `?${new URLSearchParams({ limit: String(LIST), query }).toString()}`, fetch);
  if (!asked.ok) return asked;
  return answered(SENDGRID, asked.value, (json) => {
    const checked = v.safeParse(listed, json);
    return checked.success ? checked.output.messages : null;
  });
}

async function eventsOf(access: Access, id: string, fetch: Fetch): Promise<Result<IncomingFact[]>> {
  const asked = await ask(access, `/${encodeURIComponent(id)}`, fetch, '{"events":[]}');
  if (!asked.ok) return asked;
  return answered(SENDGRID, asked.value, (json) => {
    const checked = v.safeParse(told, json);
    if (!checked.success) return null;
    const { to_email: email, categories, events } = checked.output;
    return events.flatMap(({ event_name, processed, reason, url, bounce_type }) =>
      factsOfSendgridEvent({
        event: WEBHOOK_NAMES[event_name] ?? event_name,
        email,
        timestamp: processed / SECOND,
        sg_message_id: id,
        category: categories,
        url,
        reason,
        type: bounce_type === 'soft' ? 'blocked' : null,
        sg_machine_open: null
      })
    );
  });
}

function ask({ apiKey, baseUrl }: Access, rest: string, fetch: Fetch, gone?: string): Promise<Result<string>> {
  const url = `${baseUrl.replace(/\/+$/, '')}/v3/messages${rest}`;
  return askReport(SENDGRID, fetch, url, { authorization: `Bearer ${apiKey}` }, gone);
}

/** To the second, in UTC, as its queries are written. */
function secondOf(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
