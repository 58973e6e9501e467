import * as v from 'valibot';
import { emailBounced, emailLinkClicked, emailOpened } from '$lib/core/events/emails';
import { defineSource } from '$lib/core/sources';
import { DAY, HOUR, MINUTE, SECOND, type Instant } from '$lib/core/instants';
import { ok } from '$lib/core/result';
import { bounced, clicked, emailFacts, opened, type Fate } from './mappers/email-events';
import { withTextIds } from './mappers/mailjet';
import { optionalText } from './mappers/payload';
import { answered, askReport, readPage } from './report';

const MAILJET = 'Mailjet';
/** The largest page. */
const PAGE = 1_000;

const row = v.looseObject({
  ID: optionalText,
  MessageID: optionalText,
  OpenedAt: optionalText,
  ClickedAt: optionalText,
  BouncedAt: optionalText,
  Url: optionalText,
  IsBlocked: v.nullish(v.boolean(), null),
  IsStatePermanent: v.nullish(v.boolean(), null)
});
type Row = v.InferOutput<typeof row>;

interface List {
  readonly name: string;
  readonly messageId: (row: Row) => string | null;
  readonly at: (row: Row) => string | null;
  readonly fate: (row: Row) => Fate | null;
}

const LISTS: readonly [List, ...List[]] = [
  { name: 'openinformation', messageId: (it) => it.MessageID, at: (it) => it.OpenedAt, fate: () => opened() },
  { name: 'clickstatistics', messageId: (it) => it.MessageID, at: (it) => it.ClickedAt, fate: (it) => clicked(it.Url) },
  {
    name: 'bouncestatistics',
    messageId: (it) => it.ID,
    at: (it) => it.BouncedAt,
    // What Mailjet itself held back has not bounced.
    fate: (it) => (it.IsBlocked === true ? null : bounced(it.IsStatePermanent === true, null))
  }
];

const answer = v.object({ Data: v.array(v.unknown()) });

/**
 * Mailjet's lists of openings, clicks and bounces ('Message Events': `/openinformation`, `/clickstatistics`, `/bouncestatistics`), by the
 * time of the event. They name no readers and no tags: a test's openings are left out by the message, which is no contact's. Unsubscribes
 * and complaints are in no list with their time: for these there is its Event API. A page is named by `<list>,<offset>`.
 */
export default defineSource({
  id: 'mailjet.lists',
  provider: 'email.mailjet',
  delivers: [emailBounced.type, emailLinkClicked.type, emailOpened.type],
  every: 5 * MINUTE,
  documentation: 'https://dev.mailjet.com/email/reference/message-events/',
  read: ({ fields, fetch, ...period }) =>
    readPage(period, { lag: 2 * MINUTE, overlap: HOUR, kept: 60 * DAY }, async ({ from, to }, place) => {
      const { apiKey, secretKey, baseUrl } = fields as { apiKey: string; secretKey: string; baseUrl: string };
      const [index = 0, offset = 0] = (place ?? '').split(',').filter(Boolean).map(Number);
      const list = LISTS[index] ?? LISTS[0];
      const query = new URLSearchParams({
        Limit: String(PAGE),
        Offset: String(offset),
        EventFromTs: secondOf(from),
        EventToTs: secondOf(to)
      });
      const asked = await askReport(
        MAILJET,
        fetch,
        `${baseUrl.replace(/\/+$/, '')}/v3/REST/${list.name}?${query.toString()}`,
        { authorization: `Basic ${btoa(`${apiKey.trim()}:${secretKey}`)}` }
      );
      if (!asked.ok) return asked;
      const page = answered(MAILJET, withTextIds(asked.value), (json) => {
        const checked = v.safeParse(answer, json);
        return checked.success ? checked.output.Data : null;
      });
      if (!page.ok) return page;
      const facts = page.value.flatMap((data) => {
        const checked = v.safeParse(row, data);
        return checked.success ? factsOfRow(list, checked.output) : [];
      });
      if (page.value.length === PAGE) return ok({ facts, next: `${index},${offset + PAGE}` });
      return ok({ facts, next: index + 1 < LISTS.length ? `${index + 1},0` : null });
    })
});

function factsOfRow({ messageId, at, fate }: List, it: Row) {
  const [id, became, occurredAt] = [messageId(it), fate(it), Date.parse(at(it) ?? '')];
  if (id === null || became === null || Number.isNaN(occurredAt)) return [];
  return emailFacts('mailjet', became, { messageId: id, email: null, isKeyedByMessage: true, at: occurredAt });
}

/** In seconds of Unix time, as its parameters are written. */
function secondOf(at: Instant): string {
  return String(Math.floor(at / SECOND));
}
