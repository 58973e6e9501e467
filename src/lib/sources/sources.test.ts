import { describe, expect, test } from 'vitest';
import type { IncomingFact } from '$lib/core/sources';
import { EVENT_TYPES } from '$lib/core/events';
import type { Fetch } from '$lib/core/fetch';
import { RELAY_VERSION } from '$lib/core/inbox';
import { MINUTE } from '$lib/core/instants';
import type { OutboxRow, Reaction } from '$lib/core/rows/messages';
import * as v from 'valibot';
import { sources } from './registry';
import { answering, answeringBy, factsOf, NOW, offline, read, type Reading } from './testing/outside';

const message = {
  id: 'o1',
  messageId: '<m1>',
  request: { channel: 'email', emailName: 'Bienvenue', kind: 'marketing', tag: 'accueil' }
} as unknown as OutboxRow;
const reactions: Reaction[] = (['opened', 'clicked', 'unsubscribed', 'bounced'] as const).map((kind, index) => ({
  id: `r${index}`,
  outboxId: 'o1',
  kind,
  at: NOW - index,
  ...(kind === 'clicked' ? { url: 'https://x.fr' } : {})
}));
const reported = [
  'delivered',
  'opened',
  'clicks',
  'loadedByProxy',
  'hardBounces',
  'softBounces',
  'unsubscribed',
  'spam',
  'requests',
  'unheardOf'
].map((event, index) => ({
  event,
  email: 'a@b.fr',
  date: new Date(NOW - index * MINUTE).toISOString(),
  messageId: '<m1>',
  subject: 'Bienvenue',
  from: 'lea@atelier.fr',
  ...(event === 'clicks' ? { link: 'https://x.fr' } : {})
}));

const posted = {
  seq: 7,
  sourceId: 's'.repeat(22),
  kind: 'stripe',
  receivedAt: NOW - MINUTE,
  contentType: 'application/json'
};
const charge = {
  object: 'event',
  type: 'charge.succeeded',
  created: (NOW - MINUTE) / 1_000,
  data: { object: { id: 'ch_1', amount: 100, currency: 'eur', receipt_email: 'a@b.fr' } }
};

const mailgunOpen = {
  event: 'opened',
  timestamp: (NOW - MINUTE) / 1_000,
  recipient: 'a@b.fr',
  message: { headers: { 'message-id': 'm1@x' } }
};
const sparkpostClick = {
  type: 'click',
  transmission_id: '116',
  rcpt_to: 'a@b.fr',
  timestamp: '2027-01-05T07:59:00.000Z',
  target_link_url: 'https://x.fr'
};
const postmarkOpen = { MessageID: 'p1', Recipient: 'a@b.fr', ReceivedAt: '2027-01-05T07:59:00.0000000-00:00', Tag: '' };
const postmarkBounce = { MessageID: 'p1', Email: 'a@b.fr', BouncedAt: '2027-01-05T07:59:00Z', Type: 'HardBounce' };

/** A table with a row that is deleted when it is asked for the second time. */
const table: Fetch = (url, init) => {
  const row = { id: 1, kind: 'stripe', body: JSON.stringify(charge), received_at: '2027-01-05T07:59:00+00:00' };
  isRead = init?.method !== 'DELETE' ? isRead : true;
  const body = url.includes('select=') ? (isRead ? [] : [row]) : null;
  if (body?.length === 0) isRead = false;
  return answering(200, body)(url, init);
};
let isRead = false;

/** How the outside of each source holds some facts, and fails. The Sandbox's lies in the database: it cannot fail. */
const outsides: Record<
  string,
  { ready: Partial<Reading>; facts: number; keys?: number; person?: IncomingFact['person']; down?: Partial<Reading> }
> = {
  'sandbox.mailbox': {
    ready: {
      mailbox: {
        reactionsAfter: (id) =>
          Promise.resolve(
            reactions.filter((one) => id === null || one.id > id).map((reaction) => ({ reaction, message }))
          )
      }
    },
    facts: 4
  },
  'brevo.events': {
    ready: { fetch: answering(200, { events: reported }) },
    facts: 8,
    down: { fetch: offline }
  },
  'mailgun.events': {
    ready: {
      fetch: answeringBy(
        { '/events/next': { items: [], paging: {} } },
        { items: [mailgunOpen], paging: { next: 'https://api.example/v3/mg.atelier.fr/events/next' } }
      )
    },
    facts: 1,
    person: { messageId: '<m1@x>' },
    down: { fetch: offline }
  },
  'sparkpost.events': {
    ready: { fetch: answering(200, { results: [sparkpostClick], total_count: 1, links: {} }) },
    facts: 1,
    person: { messageId: '116' },
    down: { fetch: offline }
  },
  'postmark.lists': {
    ready: {
      fetch: answeringBy(
        {
          '/opens': { TotalCount: 1, Opens: [postmarkOpen] },
          '/clicks': { TotalCount: 0, Clicks: [] },
          '/bounces': { TotalCount: 1, Bounces: [postmarkBounce] }
        },
        {}
      )
    },
    // One list of each stream: the same in both is one fact by its key, which the storage knows.
    facts: 4,
    keys: 2,
    person: { messageId: 'p1' },
    down: { fetch: offline }
  },
  'mailjet.lists': {
    ready: {
      fetch: answeringBy(
        {
          openinformation:
            '{"Count":1,"Data":[{"MessageID":576460767153471009,"OpenedAt":"2027-01-05T07:00:00Z"}],"Total":1}'
        },
        { Count: 0, Data: [], Total: 0 }
      )
    },
    facts: 1,
    person: { messageId: '576460767153471009' },
    down: { fetch: offline }
  },
  'sendgrid.activity': {
    ready: {
      fetch: answeringBy(
        {
          '/v3/messages/': {
            to_email: 'a@b.fr',
            events: [
              { event_name: 'processed', processed: '2027-01-05T07:00:00Z' },
              { event_name: 'opened', processed: '2027-01-05T07:59:00Z' }
            ]
          }
        },
        {
          messages: [
            { msg_id: 's1.filter0001.1', status: 'delivered', opens_count: 1, last_event_time: '2027-01-05T07:59:00Z' }
          ]
        }
      )
    },
    facts: 1,
    person: { messageId: 's1', email: 'a@b.fr' },
    down: { fetch: offline }
  },
  'couchdb.inbox': {
    ready: {
      fetch: answering(200, {
        results: [{ seq: '1-a', id: 'd1', doc: { _id: 'd1', kind: 'stripe', body: charge } }],
        last_seq: '1-a'
      })
    },
    facts: 1,
    person: { email: 'a@b.fr' },
    down: { fetch: offline }
  },
  'supabase.inbox': {
    ready: { fetch: table },
    facts: 1,
    person: { email: 'a@b.fr' },
    down: { fetch: offline }
  },
  'relay.inbox': {
    ready: {
      fetch: answeringBy(
        { 'after=0': { items: [{ ...posted, body: JSON.stringify(charge) }], more: false } },
        { items: [], more: false }
      )
    },
    facts: 1,
    person: { email: 'a@b.fr' },
    down: { fetch: offline }
  }
};

test('every source is tried', () => {
  expect([...sources.keys()].sort()).toEqual(Object.keys(outsides).sort());
});

describe.each([...sources.values()].map((source) => [source.id, source] as const))('%s', (id, source) => {
  const { ready, facts, keys = facts, person = { messageId: '<m1>' }, down } = outsides[id]!;

  test('yields facts of the types it declares, as their schemas say, each with a key and a person', async () => {
    const found = await factsOf(source, ready);
    expect(found).toHaveLength(facts);
    for (const fact of found) {
      expect(source.delivers).toContain(fact.type);
      expect(v.safeParse(EVENT_TYPES.get(fact.type)!.schema, fact.properties).success).toBe(true);
      expect(fact.person).toMatchObject(person);
    }
    expect(new Set(found.map(({ dedupeKey }) => dedupeKey)).size).toBe(keys);
  });

  test('read again, the same facts have the same keys', async () => {
    const again = async () => (await factsOf(source, ready)).map(({ dedupeKey }) => dedupeKey);
    expect(await again()).toEqual(await again());
  });

  test('its watermark is never ahead of the clock', async () => {
    const reading = await read(source, ready);
    expect(reading.ok && reading.value.watermark).toBeLessThanOrEqual(NOW);
  });

  test('an outside that fails is a reason in words', async () => {
    const reading = await read(source, down ?? ready);
    expect(reading.ok).toBe(down === undefined);
  });
});

describe('the inbox of a relay', () => {
  const relay = sources.get('relay.inbox')!;
  const page = (items: readonly object[], more = false) => ({ items, more });

  test('acknowledges what is committed before it asks for more, once', async () => {
    const asked: string[] = [];
    const fetch = answering(200, page([]), asked);
    const first = await read(relay, { cursor: '7', fetch });
    expect(asked).toEqual([
      'https://relay.example/inbox/acknowledged',
      'https://relay.example/inbox?after=7&limit=500'
    ]);
    expect(first).toMatchObject({ ok: true, value: { cursor: '7|acknowledged', watermark: NOW } });
    asked.length = 0;
    await read(relay, { cursor: '7|acknowledged', fetch });
    expect(asked).toEqual(['https://relay.example/inbox?after=7&limit=500']);
  });

  test('asks for nothing more while it cannot acknowledge', async () => {
    const asked: string[] = [];
    expect((await read(relay, { cursor: '7', fetch: answering(500, '', asked) })).ok).toBe(false);
    expect(asked).toHaveLength(1);
  });

  test('keeps apart what it does not understand, and goes on', async () => {
    const items = [
      { ...posted, body: '<html>' },
      { ...posted, seq: 8, kind: 'wonderpush', body: '{}' },
      { ...posted, seq: 9, body: JSON.stringify(charge) }
    ];
    const reading = await read(relay, { fetch: answering(200, page(items, true)) });
    expect(reading).toMatchObject({
      ok: true,
      value: {
        facts: [{ type: 'payment.completed' }],
        strange: [
          { body: '<html>', reason: { key: 'words.inbox.no_json' } },
          { kind: 'wonderpush', reason: { key: 'words.inbox.not_as_documented' } }
        ],
        cursor: '9',
        watermark: NOW - MINUTE,
        more: true
      }
    });
  });

  test('says what is wrong in words', async () => {
    const reason = async (given: Partial<Reading>) => {
      const reading = await read(relay, given);
      return reading.ok ? null : reading.reason.key;
    };
    expect(await reason({ fetch: answering(401, {}) })).toBe('words.relay.wrong_secret');
    expect(await reason({ fetch: answering(200, '<html>') })).toBe('words.relay.not_a_relay');
    expect(await reason({ fetch: answering(200, { items: [{}] }) })).toBe('words.relay.not_a_relay');
    expect(await reason({ fields: { url: 'https://relay.example', secret: null } })).toBe('words.outbox.key_locked');
  });

  test('its account is tried: the right relay, the right version, the right secret', async () => {
    const fields = { url: 'https://relay.example', secret: 's' };
    const hello = { name: 'ricochet-relay', version: RELAY_VERSION, isKnown: true, now: NOW };
    const said = (body: unknown) => relay.service!.test({ fields, fetch: answering(200, body) });
    expect(await said(hello)).toMatchObject({ ok: true, value: { key: 'words.relay.works' } });
    expect(await said({ ...hello, isKnown: false })).toMatchObject({ reason: { key: 'words.relay.wrong_secret' } });
    expect(await said({ ...hello, version: RELAY_VERSION + 1 })).toMatchObject({
      reason: { key: 'words.relay.other_version' }
    });
    expect(await said({ hello: 'world' })).toMatchObject({ reason: { key: 'words.relay.not_a_relay' } });
  });
});
