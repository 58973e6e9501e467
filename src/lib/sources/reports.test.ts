import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import type { InboxKind } from '$lib/core/inbox';
import type { IncomingFact, SourceDefinition } from '$lib/core/sources';
import { TEST_TAG } from '$lib/core/test-messages';
import { mappers } from './mappers/registry';
import { sources } from './registry';
import { answering, answeringBy, factsOf, NOW, read } from './testing/outside';

const samples = import.meta.glob<string>('./mappers/samples/*/*.json', {
  eager: true,
  query: '?raw',
  import: 'default'
});
const sampleOf = (kind: InboxKind, name: string) => samples[`./mappers/samples/${kind}/${name}.json`] ?? '';
const jsonOf = (kind: InboxKind, name: string) => JSON.parse(sampleOf(kind, name)) as Record<string, unknown>;
const source = (id: string): SourceDefinition => sources.get(id)!;

function posted(kind: InboxKind, ...names: string[]): IncomingFact[] {
  return names.flatMap((name) => {
    const told = mappers.get(kind)!.facts({ body: sampleOf(kind, name), contentType: 'application/json', receivedAt: NOW }); // prettier-ignore
    if (!told.ok) throw new Error(told.reason.key);
    return [...told.value];
  });
}

/** What makes two facts one, and what becomes of it. */
const told = (facts: readonly IncomingFact[]) =>
  facts.map(({ dedupeKey, type, occurredAt }) => ({ dedupeKey, type, second: Math.floor(occurredAt / SECOND) }));

describe('what a vendor both posts and reports is one fact', () => {
  const AFTER = Date.UTC(2027, 0, 5, 12);

  test('Brevo', async () => {
    const names = { delivered: 'delivered', opened: 'opened', proxy_open: 'loadedByProxy', click: 'clicks', hard_bounce: 'hardBounces', soft_bounce: 'softBounces', spam: 'spam', unsubscribed: 'unsubscribed' }; // prettier-ignore
    const events = Object.entries(names).map(([name, event]) => {
      const { email, ts_event, link, reason, tags, 'message-id': messageId } = jsonOf('brevo', name);
      // In the time zone of the account.
      const date = new Date((ts_event as number) * SECOND + HOUR).toISOString().replace('Z', '+01:00');
      return { event, email, date, messageId, link, reason, tag: (tags as string[] | undefined)?.join(',') };
    });
    const found = await factsOf(source('brevo.events'), { now: AFTER, fetch: answering(200, { events }) });
    expect(told(found)).toEqual(told(posted('brevo', ...Object.keys(names))));
  });

  test('Mailgun', async () => {
    const names = ['delivered', 'opened', 'opened.bot', 'clicked', 'permanent_fail', 'temporary_fail', 'complained', 'unsubscribed']; // prettier-ignore
    const items = names.map((name) => jsonOf('mailgun', name)['event-data']);
    const fetch = answering(200, { items, paging: {} });
    const found = await factsOf(source('mailgun.events'), { now: AFTER, fetch });
    expect(found).toEqual(posted('mailgun', ...names));
  });

  test('SparkPost', async () => {
    const posts = JSON.parse(sampleOf('sparkpost', 'events')) as { msys: Record<string, Record<string, unknown>> }[];
    const results = posts.flatMap(
      ({ msys }) =>
      Object.values(msys).map((event) => ({ ...event, timestamp: new Date(Number(event.timestamp) * SECOND).toISOString() })) // prettier-ignore
    );
    const found = await factsOf(source('sparkpost.events'), {
      now: AFTER,
      fetch: answering(200, { results, links: {} })
    });
    expect(found).toEqual(posted('sparkpost', 'events'));
  });

  test('Postmark', async () => {
    const fields = {
      serverToken: 'k',
      transactionalStream: 'outbound',
      broadcastStream: 'outbound',
      baseUrl: 'https://x'
    };
    const row = (name: string, RecordType?: string) => ({ ...jsonOf('postmark', name), RecordType });
    const fetch = answeringBy(
      {
        '/opens': { Opens: [row('Open', 'Open')] },
        '/clicks': { Clicks: [row('Click', 'Click')] },
        // Its list of bounces does not say what kind of record a row is.
        '/bounces': { Bounces: [row('Bounce'), row('Bounce.Transient'), row('SpamComplaint')] }
      },
      {}
    );
    const found = await factsOf(source('postmark.lists'), { fields, now: AFTER, fetch });
    expect(found).toEqual(posted('postmark', 'Open', 'Click', 'Bounce', 'Bounce.Transient', 'SpamComplaint'));
  });

  test('Mailjet, whose lists name no readers', async () => {
    // As text, since its numbers are too large for those of JavaScript.
    const list = (...rows: string[]) => `{"Count":${rows.length},"Data":[${rows.join()}],"Total":${rows.length}}`;
    const at = new Date((jsonOf('mailjet', 'open').time as number) * SECOND).toISOString().replace('.000Z', 'Z');
    const id = /"MessageID":\s*(\d+)/.exec(sampleOf('mailjet', 'open'))?.[1] ?? '';
    const fetch = answeringBy(
      {
        openinformation: list(`{"MessageID":${id},"OpenedAt":"${at}"}`),
        clickstatistics: list(`{"ID":7,"MessageID":${id},"ClickedAt":"${at}","Url":"https://atelier.fr/stages"}`),
        bouncestatistics: list(
          `{"ID":${id},"BouncedAt":"${at}","IsBlocked":false,"IsStatePermanent":true}`,
          `{"ID":${id},"BouncedAt":"${at}","IsBlocked":true,"IsStatePermanent":true}`
        )
      },
      {}
    );
    const found = await factsOf(source('mailjet.lists'), { now: AFTER, fetch });
    expect(told(found)).toEqual(told(posted('mailjet', 'open', 'click', 'bounce')));
  });
});

describe("Brevo's report", () => {
  const brevo = source('brevo.events');
  const reported = {
    event: 'opened',
    email: 'a@b.fr',
    date: new Date(NOW - MINUTE).toISOString(),
    messageId: '<m1>',
    subject: 'Bienvenue'
  };

  test('an account without events answers without a list', async () => {
    expect(await factsOf(brevo, { fetch: answering(200, {}) })).toEqual([]);
  });

  test('what is reported of a test that a writer has sent is no fact about a contact', async () => {
    const tagged = (tag: string) => ({ ...reported, tag });
    const report = { events: [tagged(TEST_TAG), tagged(`vip,${TEST_TAG}`), tagged('vip')] };
    const found = await factsOf(brevo, { fetch: answering(200, report) });
    expect(found.map(({ properties }) => properties)).toMatchObject([{ tag: 'vip' }]);
  });

  test('a full page is followed by the next one, and only the last one moves the watermark', async () => {
    const page = Array.from({ length: 2_500 }, (_, index) => ({ ...reported, messageId: `<m${index}>` }));
    const first = await read(brevo, { fetch: answering(200, { events: page }) });
    expect(first).toMatchObject({ ok: true, value: { more: true, cursor: `${NOW}|2500`, watermark: NOW - DAY } });
    const asked: string[] = [];
    const last = await read(brevo, {
      cursor: `${NOW}|2500`,
      now: NOW + MINUTE,
      fetch: answering(200, { events: [] }, asked)
    });
    expect(last).toMatchObject({ ok: true, value: { more: false, cursor: `${NOW}|0`, watermark: NOW - MINUTE } });
    expect(asked[0]).toContain('offset=2500');
  });

  test('a refused key and a broken answer are told apart', async () => {
    expect(await read(brevo, { fetch: answering(401, {}) })).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.brevo_key_refused' }
    });
    expect(await read(brevo, { fetch: answering(200, '<html>') })).toMatchObject({
      ok: false,
      reason: { key: 'words.source.status' }
    });
  });
});

describe('a report in several pages', () => {
  test('Mailgun names the next page by an address: only its name is taken, and an empty page is the last', async () => {
    const mailgun = source('mailgun.events');
    const event = jsonOf('mailgun', 'opened')['event-data'];
    const next = 'https://elsewhere.example/v3/mg.atelier.fr/events/WzMseyJi==';
    const first = await read(mailgun, { fetch: answering(200, { items: [event], paging: { next } }) });
    expect(first).toMatchObject({ ok: true, value: { more: true, cursor: `${NOW}|WzMseyJi==`, watermark: NOW - DAY } });
    const asked: string[] = [];
    const last = await read(mailgun, {
      cursor: `${NOW}|WzMseyJi==`,
      now: NOW + MINUTE,
      fetch: answering(200, { items: [], paging: { next } }, asked)
    });
    expect(asked).toEqual(['https://api.example/v3/mg.atelier.fr/events/WzMseyJi==']);
    expect(last).toMatchObject({ ok: true, value: { more: false, cursor: `${NOW}|0`, watermark: NOW - 30 * MINUTE } });
  });

  test('SparkPost has a cursor, the period stays that of the first page', async () => {
    const sparkpost = source('sparkpost.events');
    const results = [{ type: 'open', transmission_id: '1', timestamp: '2027-01-05T07:00:00Z' }];
    const links = { next: '/api/v1/events/message?cursor=MTU2%3D&per_page=1000' };
    const first = await read(sparkpost, { fetch: answering(200, { results, links }) });
    expect(first).toMatchObject({ ok: true, value: { more: true, cursor: `${NOW}|MTU2=`, watermark: NOW - DAY } });
    const asked: string[] = [];
    await read(sparkpost, { cursor: `${NOW}|MTU2=`, now: NOW + HOUR, fetch: answering(200, { results: [] }, asked) });
    expect(asked[0]).toContain('cursor=MTU2%3D');
    expect(asked[0]).toContain('to=2027-01-05T08%3A01');
  });

  test('Postmark’s lists are read one after the other, of both streams, in Eastern time', async () => {
    const asked: string[] = [];
    const lists = { Opens: [], Clicks: [], Bounces: [] };
    expect(await factsOf(source('postmark.lists'), { since: NOW, fetch: answering(200, lists, asked) })).toEqual([]);
    const parts = asked.map((url) => new URL(url));
    expect(parts.map(({ pathname, searchParams }) => `${pathname} ${searchParams.get('messagestream') ?? ''}`)).toEqual(
      [
        '/messages/outbound/opens outbound',
        '/messages/outbound/opens broadcast',
        '/messages/outbound/clicks outbound',
        '/messages/outbound/clicks broadcast',
        '/bounces outbound',
        '/bounces broadcast'
      ]
    );
    // 02:00 UTC is 21:00 of the day before in New York.
    expect(parts[0]?.searchParams.get('fromdate')).toBe('2027-01-04T21:00:00');
  });

  test('what is too deep in a list of Postmark’s is asked for by its time', async () => {
    const Opens = Array.from({ length: 500 }, (_, index) => ({
      MessageID: `m${index}`,
      Recipient: 'a@b.fr',
      ReceivedAt: new Date(NOW - (index + 1) * SECOND).toISOString()
    }));
    const reading = await read(source('postmark.lists'), {
      cursor: `${NOW}|0,0,9500,${NOW}`,
      fetch: answering(200, { Opens })
    });
    expect(reading).toMatchObject({ ok: true, value: { more: true, cursor: `${NOW}|0,0,0,${NOW - 499 * SECOND}` } });
  });

  test('Mailjet’s lists are read one after the other', async () => {
    const asked: string[] = [];
    await factsOf(source('mailjet.lists'), { fetch: answering(200, { Data: [] }, asked) });
    expect(asked.map((url) => new URL(url).pathname)).toEqual([
      '/v3/REST/openinformation',
      '/v3/REST/clickstatistics',
      '/v3/REST/bouncestatistics'
    ]);
  });
});

describe.each(['mailgun.events', 'sparkpost.events', 'postmark.lists', 'mailjet.lists'])('%s', (id) => {
  test.each([
    [401, {}, 'words.source.key_refused'],
    [403, {}, 'words.source.key_refused'],
    [429, {}, 'words.provider.too_fast'],
    [500, {}, 'words.source.status'],
    [200, '<html>', 'words.source.status'],
    [200, { hello: 'world' }, 'words.source.status']
  ])(
    'an answer of %i that is no report (%j) is a reason in words, and nothing is taken for read',
    async (status, body, key) => {
      expect(await read(source(id), { fetch: answering(status, body) })).toMatchObject({ ok: false, reason: { key } });
    }
  );
});
