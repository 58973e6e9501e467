import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import type { Fetch } from '$lib/core/fetch';
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

  test('SendGrid, but for the openings of machines, which its report does not tell from others', async () => {
    interface Told {
      event: string;
      email: string;
      timestamp: number;
      category: string[];
      type?: string;
      sg_machine_open?: boolean;
    }
    const names: Readonly<Record<string, string>> = { bounce: 'bounced', click: 'clicked', open: 'opened', spamreport: 'spam_report' }; // prettier-ignore
    const posts = (JSON.parse(sampleOf('sendgrid', 'events')) as Told[]).filter(
      (post) => post.sg_machine_open !== true
    );
    const events = posts.map(({ event, timestamp, type, ...more }) => ({
      ...more,
      event_name: names[event] ?? event,
      processed: new Date(timestamp * SECOND).toISOString().replace('.000Z', 'Z'),
      bounce_type: type === 'blocked' ? 'soft' : 'hard'
    }));
    const [{ email, category }] = posts as [Told];
    const listed = {
      msg_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
      status: 'delivered',
      last_event_time: '2027-01-05T08:00:00Z'
    };
    const fetch = answeringBy(
      { '/v3/messages/': { to_email: email, categories: category, events } },
      { messages: [listed] }
    );
    const found = await factsOf(source('sendgrid.activity'), { now: AFTER, fetch });
    const isPerson = ({ properties }: IncomingFact) => properties.machineOpen !== true;
    expect(found).toEqual(posted('sendgrid', 'events').filter(isPerson));
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
      reason: { key: 'words.provider.not_the_api' }
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

describe("SendGrid's email activity", () => {
  const sendgrid = source('sendgrid.activity');
  const LATEST = NOW - MINUTE;
  const idOf = (n: number) => `m${String(n).padStart(4, '0')}`;
  const listed = (n: number, more: object = {}) => ({
    msg_id: idOf(n),
    status: 'delivered',
    opens_count: 1,
    last_event_time: new Date(LATEST - n * SECOND).toISOString(),
    ...more
  });
  const opened = { to_email: 'a@b.fr', events: [{ event_name: 'opened', processed: '2027-01-05T07:00:00Z' }] };
  /** As SendGrid answers: of those in the period, the latest `most`. */
  const outside =
    (all: readonly { last_event_time: string }[], asked: string[], most = 1_000): Fetch =>
    (url, init) => {
      const query = new URL(url).searchParams.get('query');
      if (query === null) return answering(200, opened, asked)(url, init);
      const [from = '', to = ''] = [...query.matchAll(/TIMESTAMP "([^"]+)"/g)].map(([, time]) => time);
      const isIn = ({ last_event_time: time }: { last_event_time: string }) =>
        Math.floor(Date.parse(time) / SECOND) <= Date.parse(to) / SECOND && Date.parse(time) >= Date.parse(from);
      const found = all.filter(isIn).sort((a, b) => Date.parse(b.last_event_time) - Date.parse(a.last_event_time));
      return answering(200, { messages: found.slice(0, most) }, asked)(url, init);
    };
  /** Reading after reading, as the engine does each minute, until the period is through. */
  async function through(fetch: Fetch, until = (watermark: number) => watermark > NOW - DAY) {
    const messages: string[] = [];
    let cursor: string | null = null;
    for (let readings = 1; ; readings++) {
      const reading = await read(sendgrid, { cursor, fetch, now: NOW + readings * MINUTE });
      if (!reading.ok) throw new Error(reading.reason.key);
      messages.push(...reading.value.facts.map(({ properties }) => String(properties.messageId)));
      if (until(reading.value.watermark)) return { messages, readings, watermark: reading.value.watermark };
      cursor = reading.value.cursor;
    }
  }

  test('is not read where it was not bought, and holds no time limit up', async () => {
    const asked: string[] = [];
    const fields = { apiKey: 'k', baseUrl: 'https://api.example' };
    const reading = await read(sendgrid, { fields, fetch: answering(403, {}, asked) });
    expect(reading).toMatchObject({ ok: true, value: { facts: [], watermark: NOW, more: false } });
    expect(asked).toEqual([]);
  });

  test('is gone through a few messages a minute, each once, and only then the watermark moves', async () => {
    const asked: string[] = [];
    const all = [
      ...Array.from({ length: 9 }, (_, n) => listed(n)),
      listed(9, { last_event_time: listed(8).last_event_time })
    ];
    const { messages, readings, watermark } = await through(outside(all, asked));
    expect([...messages].sort()).toEqual(all.map(({ msg_id }) => msg_id).sort());
    expect(readings).toBe(3);
    expect(watermark).toBe(NOW + MINUTE - 10 * MINUTE);
    // Six calls a minute are allowed.
    expect(asked).toHaveLength(3 + 10);
    expect(asked[0]).toContain('limit=1000');
  });

  test('more than a list holds is asked for by its time; what is only on its way is not looked at', async () => {
    const asked: string[] = [];
    const onTheirWay = Array.from({ length: 1_998 }, (_, n) => listed(n, { status: 'processed', opens_count: 0 }));
    const all = [...onTheirWay, listed(2_500), listed(2_501)];
    expect((await through(outside(all, asked))).messages).toEqual([idOf(2_500), idOf(2_501)]);
    expect(asked.length).toBeLessThan(8);
  });

  test('a message that it has no more is left out, and does not hold up the others', async () => {
    const all = [listed(0), listed(1)];
    const asked: string[] = [];
    const fetch: Fetch = (url, init) =>
      url.endsWith(idOf(0)) ? answering(404, {})(url, init) : outside(all, asked)(url, init);
    expect((await through(fetch)).messages).toEqual([idOf(1)]);
  });

  test('where the calls are used up in the middle, nothing is taken for read', async () => {
    const all = [listed(0), listed(1)];
    const fetch: Fetch = (url, init) =>
      url.endsWith(idOf(1)) ? answering(429, {})(url, init) : outside(all, [])(url, init);
    expect(await read(sendgrid, { fetch })).toMatchObject({ ok: false, reason: { key: 'words.provider.too_fast' } });
  });
});

describe.each(['mailgun.events', 'sparkpost.events', 'postmark.lists', 'mailjet.lists', 'sendgrid.activity'])(
  '%s',
  (id) => {
    test.each([
      [401, {}, 'words.source.key_refused'],
      [403, {}, 'words.source.key_refused'],
      [429, {}, 'words.provider.too_fast'],
      [500, {}, 'words.source.status'],
      [200, '<html>', 'words.provider.not_the_api'],
      [200, { hello: 'world' }, 'words.provider.not_the_api']
    ])(
      'an answer of %i that is no report (%j) is a reason in words, and nothing is taken for read',
      async (status, body, key) => {
        expect(await read(source(id), { fetch: answering(status, body) })).toMatchObject({
          ok: false,
          reason: { key }
        });
      }
    );
  }
);
