import * as v from 'valibot';
import { emailBounced, emailComplained, emailLinkClicked, emailOpened } from '$lib/core/events/emails';
import { defineSource, type IncomingFact } from '$lib/core/sources';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { factsOfPostmarkRecord, postmarkRecord } from './mappers/postmark';
import { answered, askReport, readPage } from './report';

const POSTMARK = 'Postmark';
/** The largest page. */
const PAGE = 500;
/** It looks no further back in a list than this: what is older is asked for by its time. */
const DEEPEST = 10_000;

const LISTS = [
  { path: '/messages/outbound/opens', name: 'Opens', record: 'Open' },
  { path: '/messages/outbound/clicks', name: 'Clicks', record: 'Click' },
  { path: '/bounces', name: 'Bounces', record: 'Bounce' }
] as const;

const rows = v.array(v.record(v.string(), v.unknown()));

/**
 * Postmark's lists of opens, clicks and bounces, complaints among them ('Message opens API', 'Message clicks API', 'Bounce API'), of both
 * streams that the account sends by, newest first. Deliveries and unsubscribes are in no list that says of which message they are: for
 * these there is its webhook. A page is named by `<list>,<stream>,<offset>,<before>`.
 */
export default defineSource({
  id: 'postmark.lists',
  provider: 'email.postmark',
  delivers: [emailBounced.type, emailComplained.type, emailLinkClicked.type, emailOpened.type],
  every: 5 * MINUTE,
  documentation: 'https://postmarkapp.com/developer/user-guide/tracking-opens/message-opens-api',
  // Its times are those of Eastern time, the hour of the change among them.
  read: ({ fields, fetch, ...period }) =>
    readPage(period, { lag: 2 * MINUTE, overlap: 6 * HOUR, kept: 45 * DAY }, async ({ from, to }, place) => {
      const { serverToken, baseUrl } = fields as { serverToken: string; baseUrl: string };
      const streams = streamsOf(fields);
      const [list = 0, stream = 0, offset = 0, before = to + MINUTE] = (place ?? '')
        .split(',')
        .filter(Boolean)
        .map(Number);
      const { path, name, record } = LISTS[list] ?? LISTS[0];
      const query = new URLSearchParams({
        count: String(PAGE),
        offset: String(offset),
        fromdate: easternTime(from),
        todate: easternTime(before),
        messagestream: streams[stream] ?? ''
      });
      const asked = await askReport(POSTMARK, fetch, `${baseUrl.replace(/\/+$/, '')}${path}?${query.toString()}`, {
        'x-postmark-server-token': serverToken
      });
      if (!asked.ok) return asked;
      const page = answered(POSTMARK, asked.value, (json) => {
        const checked = v.safeParse(v.object({ [name]: rows }), json);
        return checked.success ? (checked.output[name] ?? null) : null;
      });
      if (!page.ok) return page;
      const facts = page.value.flatMap((row) => factsOfRow(row, record));
      const oldest = Math.min(...facts.map(({ occurredAt }) => occurredAt));
      return ok({ facts, next: nextOf({ list, stream, offset, before }, page.value.length, oldest, streams.length) });
    })
});

/** Marketing leaves by one stream, transactional email by another; both may be one. */
function streamsOf(fields: Readonly<Record<string, unknown>>): string[] {
  const { transactionalStream, broadcastStream } = fields as { transactionalStream: string; broadcastStream: string };
  return [...new Set([transactionalStream.trim(), broadcastStream.trim()])];
}

/** A bounce of type SpamComplaint is told by a webhook of its own. */
function factsOfRow(row: Readonly<Record<string, unknown>>, record: string): IncomingFact[] {
  const RecordType = row.Type === 'SpamComplaint' ? 'SpamComplaint' : record;
  const checked = v.safeParse(postmarkRecord, { ...row, RecordType });
  return checked.success ? factsOfPostmarkRecord(checked.output, NaN).filter(({ occurredAt }) => occurredAt > 0) : [];
}

interface Place {
  readonly list: number;
  readonly stream: number;
  readonly offset: number;
  readonly before: Instant;
}

/** The rest of the list, the same list of the next stream, the next list; null after the last. */
function nextOf(
  { list, stream, offset, before }: Place,
  found: number,
  oldest: Instant,
  streams: number
): string | null {
  if (found === PAGE) {
    if (offset + 2 * PAGE <= DEEPEST) return [list, stream, offset + PAGE, before].join(',');
    if (Number.isFinite(oldest) && oldest + SECOND < before) return [list, stream, 0, oldest + SECOND].join(',');
  }
  if (stream + 1 < streams) return [list, stream + 1].join(',');
  return list + 1 < LISTS.length ? [list + 1, 0].join(',') : null;
}

const eastern = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/New_York',
  dateStyle: 'short',
  timeStyle: 'medium'
});

/** As its parameters are written, `2027-01-05T03:00:00`. */
function easternTime(at: Instant): string {
  return eastern.format(at).replace(' ', 'T');
}
