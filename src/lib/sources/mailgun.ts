import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import { DAY, MINUTE, SECOND } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { EMAIL_FATES } from './mappers/email-events';
import { factsOfMailgunEvent, mailgunEvent } from './mappers/mailgun';
import { answered, askReport, readPage } from './report';

const MAILGUN = 'Mailgun';
/** The largest page. */
const PAGE = 300;
const EVENTS = ['delivered', 'opened', 'clicked', 'failed', 'complained', 'unsubscribed'].join(' OR ');

const answer = v.object({ items: v.array(v.unknown()), paging: v.object({ next: v.optional(v.string(), '') }) });

/**
 * Mailgun's 'Events', `GET /v3/{domain}/events`, from the oldest on; the page after the last one is empty. 'Event polling' says that
 * nothing younger than half an hour is sure to be complete.
 */
export default defineSource({
  id: 'mailgun.events',
  provider: 'email.mailgun',
  delivers: EMAIL_FATES,
  every: 2 * MINUTE,
  documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-polling',
  read: ({ fields, fetch, ...period }) =>
    readPage(period, { lag: 30 * MINUTE, overlap: MINUTE, kept: 30 * DAY }, async ({ from, to }, place) => {
      const { domain, apiKey, baseUrl } = fields as { domain: string; apiKey: string; baseUrl: string };
      const events = `${baseUrl.replace(/\/+$/, '')}/v3/${encodeURIComponent(domain.trim())}/events`;
      const query = new URLSearchParams({
        begin: String(Math.floor(from / SECOND)),
        end: String(Math.ceil(to / SECOND)),
        ascending: 'yes',
        limit: String(PAGE),
        event: EVENTS
      });
      const asked = await askReport(
        MAILGUN,
        fetch,
        place === null ? `${events}?${query.toString()}` : `${events}/${place}`,
        {
          authorization: `Basic ${btoa(`api:${apiKey}`)}`
        }
      );
      if (!asked.ok) return asked;
      const page = answered(MAILGUN, asked.value, (json) => {
        const checked = v.safeParse(answer, json);
        return checked.success ? checked.output : null;
      });
      if (!page.ok) return page;
      const { items, paging } = page.value;
      const facts = items.flatMap((item) => {
        const checked = v.safeParse(mailgunEvent, item);
        return checked.success ? factsOfMailgunEvent(checked.output) : [];
      });
      return ok({ facts, next: items.length === 0 ? null : placeIn(paging.next) });
    })
});

/** Of the next page's address only what names the page: the key goes to no other host than the account's. */
function placeIn(next: string): string | null {
  return /\/events\/([\w=+.~%-]+)$/.exec(next)?.[1] ?? null;
}
