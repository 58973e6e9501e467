import { describe, expect, test } from 'vitest';
import type { IncomingFact, SourceDefinition } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import type { Fetch } from '$lib/core/fetch';
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

/** How the outside of each source holds some facts, and fails. The Sandbox's lies in the database: it cannot fail. */
const outsides: Record<string, { ready: Partial<Reading>; facts: number; down?: Partial<Reading> }> = {
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
  }
};

test('every source is tried', () => {
  expect([...sources.keys()].sort()).toEqual(Object.keys(outsides).sort());
});

describe.each([...sources.values()].map((source) => [source.id, source] as const))('%s', (id, source) => {
  const { ready, facts, down } = outsides[id]!;

  test('yields facts of the types it declares, as their schemas say, each with a key and a person', async () => {
    const found = await factsOf(source, ready);
    expect(found).toHaveLength(facts);
    for (const fact of found) {
      expect(source.delivers).toContain(fact.type);
      expect(v.safeParse(EVENT_TYPES.get(fact.type)!.schema, fact.properties).success).toBe(true);
      expect(fact.person).toMatchObject({ messageId: '<m1>' });
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
    fields: { apiKey: 'k', baseUrl: 'https://api.brevo.com' },
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
