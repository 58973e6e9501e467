import { describe, expect, test } from 'vitest';
import type { IncomingFact, SourceDefinition } from '$lib/core/sources';
import { EVENT_TYPES } from '$lib/core/events';
import type { Fetch } from '$lib/core/fetch';
import { RELAY_VERSION } from '$lib/core/inbox';
import { DAY, MINUTE } from '$lib/core/instants';
import type { OutboxRow, Reaction } from '$lib/core/rows/messages';
import { TEST_TAG } from '$lib/core/test-messages';
import * as v from 'valibot';
import { sources } from './registry';

const NOW = Date.UTC(2027, 0, 5, 8);
type Reading = Parameters<SourceDefinition['read']>[0];

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

/** How the outside of each source holds some facts, and fails. The Sandbox's lies in the database: it cannot fail. */
const outsides: Record<
  string,
  { ready: Partial<Reading>; facts: number; person?: IncomingFact['person']; down?: Partial<Reading> }
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
    down: { fetch: () => Promise.reject(new TypeError('offline')) }
  },
  'relay.inbox': {
    ready: { fetch: answering(200, { items: [{ ...posted, body: JSON.stringify(charge) }], more: false }) },
    facts: 1,
    person: { email: 'a@b.fr' },
    down: { fetch: () => Promise.reject(new TypeError('offline')) }
  }
};

test('every source is tried', () => {
  expect([...sources.keys()].sort()).toEqual(Object.keys(outsides).sort());
});

describe.each([...sources.values()].map((source) => [source.id, source] as const))('%s', (id, source) => {
  const { ready, facts, person = { messageId: '<m1>' }, down } = outsides[id]!;

  test('yields facts of the types it declares, as their schemas say, each with a key and a person', async () => {
    const found = await factsOf(source, ready);
    expect(found).toHaveLength(facts);
    for (const fact of found) {
      expect(source.delivers).toContain(fact.type);
      expect(v.safeParse(EVENT_TYPES.get(fact.type)!.schema, fact.properties).success).toBe(true);
      expect(fact.person).toMatchObject(person);
    }
    expect(new Set(found.map(({ dedupeKey }) => dedupeKey)).size).toBe(facts);
  });

  test('read again, the same facts have the same keys', async () => {
    const keys = async () => (await factsOf(source, ready)).map(({ dedupeKey }) => dedupeKey);
    expect(await keys()).toEqual(await keys());
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

describe("Brevo's report", () => {
  const brevo = sources.get('brevo.events')!;

  test('an account without events answers without a list', async () => {
    expect(await factsOf(brevo, { fetch: answering(200, {}) })).toEqual([]);
  });

  test('what is reported of a test that a writer has sent is no fact about a contact', async () => {
    const tagged = (tag: string) => ({ ...reported[1], tag });
    const report = { events: [tagged(TEST_TAG), tagged(`vip,${TEST_TAG}`), tagged('vip')] };
    const found = await factsOf(brevo, { fetch: answering(200, report) });
    expect(found.map(({ properties }) => properties)).toMatchObject([{ tag: 'vip' }]);
  });

  test('a full page is followed by the next one, and only the last one moves the watermark', async () => {
    const page = Array.from({ length: 2_500 }, (_, index) => ({ ...reported[0], messageId: `<m${index}>` }));
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
      { ...posted, seq: 8, kind: 'ringover', body: '{}' },
      { ...posted, seq: 9, body: JSON.stringify(charge) }
    ];
    const reading = await read(relay, { fetch: answering(200, page(items, true)) });
    expect(reading).toMatchObject({
      ok: true,
      value: {
        facts: [{ type: 'payment.completed' }],
        strange: [
          { body: '<html>', reason: { key: 'words.inbox.no_json' } },
          { kind: 'ringover', reason: { key: 'words.inbox.no_mapper' } }
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

function answering(status: number, body: unknown, asked: string[] = []): Fetch {
  return (url) => {
    asked.push(url);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve({
      ok: status < 300,
      status,
      headers: { get: () => null },
      text: () => Promise.resolve(text)
    });
  };
}

function read(source: SourceDefinition, given: Partial<Reading>): ReturnType<SourceDefinition['read']> {
  return source.read({
    fields: { apiKey: 'k', baseUrl: 'https://api.brevo.com', url: 'https://relay.example/', secret: 's' },
    cursor: null,
    since: NOW - DAY,
    now: NOW,
    fetch: answering(500, ''),
    mailbox: { reactionsAfter: () => Promise.resolve([]) },
    ...given
  });
}

async function factsOf(source: SourceDefinition, given: Partial<Reading>): Promise<readonly IncomingFact[]> {
  const reading = await read(source, given);
  if (!reading.ok) throw new Error(reading.reason.key);
  return reading.value.facts;
}
