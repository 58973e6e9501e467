import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import { DAY, HOUR, MINUTE, type Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { EMAIL_FATES } from './mappers/email-events';
import { factsOfSparkpostEvent, sparkpostEvent } from './mappers/sparkpost';
import { answered, askReport, readPage } from './report';

const SPARKPOST = 'SparkPost';
const PAGE = 1_000;
const EVENTS = [
  'delivery', 'initial_open', 'open', 'click', 'bounce', 'out_of_band', 'spam_complaint', 'list_unsubscribe', 'link_unsubscribe'
].join(','); // prettier-ignore

const link = v.object({ href: v.string(), rel: v.string() });
const answer = v.object({
  results: v.array(v.unknown()),
  links: v.optional(v.union([v.object({ next: v.nullish(v.string()) }), v.array(link)]), {})
});

/** SparkPost's 'Search for message events', `GET /api/v1/events/message`, page by page by its cursor. It keeps them for ten days. */
export default defineSource({
  id: 'sparkpost.events',
  provider: 'email.sparkpost',
  delivers: EMAIL_FATES,
  every: 2 * MINUTE,
  documentation: 'https://developers.sparkpost.com/api/events/',
  read: ({ fields, fetch, ...period }) =>
    readPage(period, { lag: 2 * MINUTE, overlap: HOUR, kept: 10 * DAY }, async ({ from, to }, place) => {
      const { apiKey, baseUrl } = fields as { apiKey: string; baseUrl: string };
      const query = new URLSearchParams({
        cursor: place ?? 'initial',
        per_page: String(PAGE),
        from: minuteOf(from),
        to: minuteOf(to + MINUTE),
        events: EVENTS
      });
      const asked = await askReport(
        SPARKPOST,
        fetch,
        `${baseUrl.replace(/\/+$/, '')}/api/v1/events/message?${query.toString()}`,
        { authorization: apiKey }
      );
      if (!asked.ok) return asked;
      const page = answered(SPARKPOST, asked.value, (json) => {
        const checked = v.safeParse(answer, json);
        return checked.success ? checked.output : null;
      });
      if (!page.ok) return page;
      const { results, links } = page.value;
      const facts = results.flatMap((result) => {
        const checked = v.safeParse(sparkpostEvent, result);
        return checked.success ? factsOfSparkpostEvent(checked.output) : [];
      });
      const next = Array.isArray(links) ? links.find(({ rel }) => rel === 'next')?.href : links.next;
      return ok({ facts, next: results.length === 0 ? null : cursorIn(next ?? '') });
    })
});

/** Of the next page's address only the cursor: the key goes to no other host than the account's. */
function cursorIn(next: string): string | null {
  const cursor = new URL(next, 'https://api.sparkpost.com').searchParams.get('cursor');
  return cursor === '' ? null : cursor;
}

/** To the minute, in UTC, as its parameters are written. */
function minuteOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 16);
}
