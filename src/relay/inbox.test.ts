import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPage, inboxSources, relayHello, relayRefusal, RELAY_NAME, RELAY_VERSION } from '$lib/core/inbox';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildTracker } from '../commands/tracker.mjs';
import { SECRET, startRelay, type Relay } from '../../tests/loopback/relay';

const KIB = 1024;
const DAY = 24 * 60 * 60_000;

let relay: Relay;
let count = 0;
const newId = () => `source-${String(++count).padStart(20, '0')}`;
const place = (id: string, source: object = { kind: 'tracker', secret: '' }) =>
  relay.asUser(`/sources/${id}`, { method: 'PUT', body: JSON.stringify(source) });
const newSource = async () => {
  const id = newId();
  expect((await place(id)).status).toBe(204);
  return id;
};
const post = (id: string, body: BodyInit, init: RequestInit = {}) =>
  relay.call(`/in/${id}`, { method: 'POST', body, ...init });
const page = async (query = '') => v.parse(inboxPage, await (await relay.asUser(`/inbox${query}`)).json());
const acknowledge = (upTo: unknown) =>
  relay.asUser('/inbox/acknowledged', { method: 'POST', body: JSON.stringify({ upTo }) });
const refused = async (answer: Response) => {
  const { error } = v.parse(relayRefusal, await answer.json());
  return [answer.status, error];
};
/** As if it had been posted at `receivedAt`. */
const insert = (sourceId: string, receivedAt: number, body = 'old') =>
  relay.sql(
    `INSERT INTO inbox (source_id, kind, received_at, content_type, size, body) VALUES (?, 'tracker', ?, '', ?, ?)`,
    sourceId,
    receivedAt,
    body.length,
    body
  );

beforeAll(async () => {
  relay = await startRelay();
});
beforeEach(() => acknowledge(Number.MAX_SAFE_INTEGER));
afterAll(() => relay.stop());

describe('who is there', () => {
  test('hello says what it is to anybody, and whether the secret is right', async () => {
    const hello = async (answer: Response) => v.parse(relayHello, await answer.json());
    const expected = { name: RELAY_NAME, version: RELAY_VERSION };
    expect(await hello(await relay.call('/'))).toMatchObject({ ...expected, isKnown: false });
    const wrong = { headers: { authorization: 'Bearer nearly' } };
    expect(await hello(await relay.call('/', wrong))).toMatchObject({ ...expected, isKnown: false });
    const { now, ...right } = await hello(await relay.asUser('/'));
    expect(right).toEqual({ ...expected, isKnown: true });
    expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
  });

  test.each([
    '/',
    '/sources',
    '/sources/x',
    '/in/x',
    '/inbox',
    '/inbox/acknowledged',
    '/pass/api.brevo.com/x',
    '/nowhere'
  ])('a page of any site may ask %s what it may send', async (path) => {
    const asked = 'authorization, x-ricochet-secret, x-anything';
    const { status, headers } = await relay.call(path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': asked
      }
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('PUT');
    expect(headers.get('access-control-allow-headers')).toBe(asked);
    expect(headers.get('access-control-max-age')).toBe('86400');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each([
    ['GET', '/sources'],
    ['PUT', '/sources/source-00000000000000000001'],
    ['DELETE', '/sources/source-00000000000000000001'],
    ['GET', '/inbox'],
    ['POST', '/inbox/acknowledged']
  ])('%s %s needs the secret', async (method, path) => {
    for (const headers of [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${SECRET}x` },
      { authorization: `Basic ${SECRET}` },
      { authorization: SECRET },
      { 'x-ricochet-secret': SECRET }
    ] as Record<string, string>[]) {
      const answer = await relay.call(path, { method, headers });
      expect(await refused(answer)).toEqual([401, 'wrong_secret']);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
  });

  test.each([
    ['POST', '/', 'GET'],
    ['POST', '/sources', 'GET'],
    ['GET', '/sources/x', 'PUT, DELETE'],
    ['PUT', '/in/x', 'GET, HEAD, POST'],
    ['DELETE', '/inbox', 'GET'],
    ['GET', '/inbox/acknowledged', 'POST']
  ])('%s %s is the wrong method', async (method, path, allow) => {
    const answer = await relay.asUser(path, { method });
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await refused(answer)).toEqual([405, 'wrong_method']);
  });

  test.each(['/nowhere', '/inbox/', '/in', '/in/a/b', '/sources/a/b', '/pass', '//inbox'])(
    '%s is nowhere',
    async (path) => {
      expect(await refused(await relay.asUser(path))).toEqual([404, 'unknown_route']);
    }
  );
});

describe('sources', () => {
  test('are listed without their secrets, changed and removed', async () => {
    const id = newId();
    await place(id, { kind: 'stripe', secret: 'whsec_very-secret' });
    const listed = async () => {
      const text = await (await relay.asUser('/sources')).text();
      expect(text).not.toContain('very-secret');
      return v.parse(inboxSources, JSON.parse(text)).sources.filter((source) => source.id === id);
    };
    expect(await listed()).toEqual([{ id, kind: 'stripe' }]);
    await place(id);
    expect(await listed()).toEqual([{ id, kind: 'tracker' }]);
    expect((await relay.asUser(`/sources/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect(await refused(await post(id, 'x'))).toEqual([404, 'unknown_source']);
  });

  test.each(['short', 'a'.repeat(21), 'a'.repeat(129), `${'a'.repeat(21)}%2F`, `${'a'.repeat(21)}.`])(
    'an id that could be guessed or is none is refused: %s',
    async (id) => {
      expect(await refused(await place(id))).toEqual([400, 'bad_id']);
    }
  );

  test.each(['', 'null', '{}', '{"kind":"fax","secret":""}', '{"kind":"stripe"}', '{"kind":'])(
    'what is no source is refused: %s',
    async (body) => {
      expect(await refused(await relay.asUser(`/sources/${newId()}`, { method: 'PUT', body }))).toEqual([
        400,
        'bad_body'
      ]);
    }
  );
});

describe('a post', () => {
  test('of a page of any site, by a beacon or a form, is kept as it came', async () => {
    const id = await newSource();
    for (const type of ['text/plain;charset=UTF-8', 'application/json', 'application/x-www-form-urlencoded']) {
      const headers = { 'content-type': type, origin: 'https://shop.example' };
      const answer = await post(id, '{"page":"é 🌿\\u0000"}', { headers });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([202, '*']);
    }
    const { items } = await page();
    expect(items.map(({ contentType }) => contentType)).toEqual([
      'text/plain;charset=UTF-8',
      'application/json',
      'application/x-www-form-urlencoded'
    ]);
    expect(items[0]).toMatchObject({ sourceId: id, kind: 'tracker', body: '{"page":"é 🌿\\u0000"}' });
    expect(Math.abs(items[0]!.receivedAt - Date.now())).toBeLessThan(60_000);
  });

  test('that is empty, or posted again, is kept as well: what it means is the app’s to say', async () => {
    const id = await newSource();
    for (const body of ['', 'same', 'same']) expect((await post(id, body)).status).toBe(202);
    expect((await page()).items.map(({ body }) => body)).toEqual(['', 'same', 'same']);
  });

  test('to an unknown source, or to what is no id, is not', async () => {
    for (const id of [newId(), 'short', 'a%20b']) {
      expect(await refused(await post(id, 'x'))).toEqual([404, 'unknown_source']);
      expect((await relay.call(`/in/${id}`)).status).toBe(404);
    }
  });

  test('of 256 KiB is kept, of a byte more not, whether its size is said or not', async () => {
    const id = await newSource();
    const streamed = (text: string) =>
      ({ duplex: 'half', body: new Blob([text]).stream() as ReadableStream }) as unknown as RequestInit;
    const most = 'é'.repeat(128 * KIB);
    expect((await post(id, most)).status).toBe(202);
    expect((await post(id, '', streamed(most))).status).toBe(202);
    expect(await refused(await post(id, `${most}.`))).toEqual([413, 'too_large']);
    expect(await refused(await post(id, '', streamed(`${most}.`)))).toEqual([413, 'too_large']);
    expect((await page()).items.map(({ body }) => body === most)).toEqual([true, true]);
  });

  test.each([
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
    ['half a character', new Uint8Array([0x61, 0xc3])],
    ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])]
  ])('of %s is refused', async (_, bytes) => {
    expect(await refused(await post(await newSource(), bytes))).toEqual([400, 'not_text']);
    expect((await page()).items).toEqual([]);
  });

  test('a vendor that looks whether the address answers is told so, and nothing is kept', async () => {
    const id = await newSource();
    expect((await relay.call(`/in/${id}`)).status).toBe(200);
    expect((await relay.call(`/in/${id}`, { method: 'HEAD' })).status).toBe(200);
    expect((await page()).items).toEqual([]);
  });

  test('of a source that has posted 600 times this minute waits for the next; others do not', async () => {
    const [busy, other] = [await newSource(), await newSource()];
    /** Tries again where the minute ends meanwhile. */
    const inOneMinute = async (posts: number) => {
      for (;;) {
        const minute = Math.floor(Date.now() / 60_000);
        const count = 'INSERT OR REPLACE INTO posts_of_minute (source_id, minute, posts) VALUES (?, ?, ?)';
        await relay.sql(count, busy, minute, posts);
        const answers = [await post(busy, 'a'), await post(busy, 'b'), await post(busy, 'c')];
        if (Math.floor(Date.now() / 60_000) === minute) return answers;
      }
    };
    const answers = await inOneMinute(598);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(await refused(answers[2]!)).toEqual([429, 'too_many']);
    const seconds = Number(answers[2]!.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await post(other, 'x')).status).toBe(202);
    // The minute before counts no more.
    await relay.sql('UPDATE posts_of_minute SET minute = minute - 1');
    expect((await post(busy, 'd')).status).toBe(202);
    expect((await page()).items.map(({ body }) => body).slice(-4)).toEqual(['a', 'b', 'x', 'd']);
  });

  test('that is refused for its signature does not count: nobody can shut a vendor out', async () => {
    const id = newId();
    await place(id, { kind: 'shopify', secret: 's' });
    expect((await post(id, 'x')).status).toBe(401);
    expect(await relay.sql('SELECT * FROM posts_of_minute WHERE source_id = ?', id)).toEqual([]);
  });
});

describe('the inbox', () => {
  test('comes in pages, oldest first, and again until it is acknowledged', async () => {
    const id = await newSource();
    for (let n = 1; n <= 5; n++) await post(id, String(n));
    const first = await page('?limit=2');
    expect([first.items.map(({ body }) => body), first.more]).toEqual([['1', '2'], true]);
    expect(await page('?limit=2')).toEqual(first);
    const second = await page(`?after=${first.items[1]!.seq}&limit=2`);
    expect([second.items.map(({ body }) => body), second.more]).toEqual([['3', '4'], true]);
    const last = await page(`?after=${second.items[1]!.seq}&limit=2`);
    expect([last.items.map(({ body }) => body), last.more]).toEqual([['5'], false]);

    expect((await acknowledge(second.items[0]!.seq)).status).toBe(204);
    expect((await page()).items.map(({ body }) => body)).toEqual(['4', '5']);
    expect((await acknowledge(second.items[0]!.seq)).status).toBe(204);
    expect((await page()).items.map(({ body }) => body)).toEqual(['4', '5']);
  });

  test('numbers only rise, and none is given twice, though all before it are gone', async () => {
    const id = await newSource();
    const seen: number[] = [];
    for (let n = 0; n < 3; n++) {
      await post(id, 'x');
      const [item] = (await page()).items;
      seen.push(item!.seq);
      await acknowledge(item!.seq);
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test('a page weighs 1 MiB at most', async () => {
    const id = await newSource();
    const body = 'a'.repeat(256 * KIB);
    await Promise.all(Array.from({ length: 6 }, () => post(id, body)));
    const first = await page();
    expect([first.items.length, first.more]).toEqual([4, true]);
    const rest = await page(`?after=${first.items.at(-1)!.seq}`);
    expect([rest.items.length, rest.more]).toEqual([2, false]);
  });

  test.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=-1',
    'limit=1.5',
    'after=-1',
    'after=x',
    'after=',
    `after=${'9'.repeat(20)}`
  ])('?%s is refused', async (query) => {
    expect(await refused(await relay.asUser(`/inbox?${query}`))).toEqual([400, 'bad_query']);
  });

  test.each([undefined, null, -1, 1.5, '3', [1], 2 ** 60])('acknowledging %j is refused', async (upTo) => {
    expect(await refused(await acknowledge(upTo))).toEqual([400, 'bad_body']);
  });

  test('what a source posted before it was removed still comes', async () => {
    const id = await newSource();
    await post(id, 'x');
    await relay.asUser(`/sources/${id}`, { method: 'DELETE' });
    expect((await page()).items).toMatchObject([{ sourceId: id, body: 'x' }]);
  });

  test('5,000 events come by pages, the last 200 of them posted', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, newSource));
    await relay.sql(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 4799)
       INSERT INTO inbox (source_id, kind, received_at, content_type, size, body)
       SELECT ?, 'tracker', ?, 'text/plain', length(n), n FROM numbers`,
      ids[0]!,
      Date.now()
    );
    const posting = performance.now();
    const answers = Array.from({ length: 200 }, (_, n) => post(ids[n % ids.length]!, String(4800 + n)));
    expect((await Promise.all(answers)).every(({ status }) => status === 202)).toBe(true);
    const fetching = performance.now();
    const got: string[] = [];
    for (let after = 0, more = true; more;) {
      const { items, more: isMore } = await page(`?after=${after}&limit=1000`);
      got.push(...items.map(({ body }) => body));
      after = items.at(-1)?.seq ?? after;
      more = isMore;
    }
    const times = [fetching - posting, performance.now() - fetching].map(Math.round);
    console.log(`200 events posted in ${times[0]} ms, 5,000 fetched in ${times[1]} ms`);
    expect(new Set(got)).toEqual(new Set(Array.from({ length: 5000 }, (_, n) => String(n))));
    expect(got.length).toBe(5000);
  });
});

describe('what is not fetched', () => {
  test('is forgotten after 30 days by the cron trigger', async () => {
    const id = await newSource();
    await insert(id, Date.now() - 31 * DAY);
    await insert(id, Date.now() - 29 * DAY, 'young');
    await relay.scheduled();
    expect((await page()).items.map(({ body }) => body)).toEqual(['young']);
    await insert(id, Date.now() - 31 * DAY);
    await acknowledge((await page()).items[0]!.seq);
    await relay.scheduled();
    expect((await page()).items).toEqual([]);
  });

  test('and without one, as others are posted', async () => {
    const id = await newSource();
    await insert(id, Date.now() - 31 * DAY);
    await Promise.all(Array.from({ length: 100 }, () => post(id, 'new')));
    expect((await page()).items.map(({ body }) => body)).toEqual(Array.from({ length: 100 }, () => 'new'));
  });
});

describe('set up', () => {
  const inboxOf = async (other: Relay) => v.parse(inboxPage, await (await other.asUser('/inbox')).json()).items;
  const acknowledgeTo = (other: Relay, upTo: number) =>
    other.asUser('/inbox/acknowledged', { method: 'POST', body: JSON.stringify({ upTo }) });

  test('a relay that is stopped and started again has lost nothing, and its numbers go on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    const id = newId();
    const before = await startRelay({ folder });
    await before.asUser(`/sources/${id}`, { method: 'PUT', body: '{"kind":"tracker","secret":""}' });
    for (const body of ['1', '2', '3']) await before.call(`/in/${id}`, { method: 'POST', body });
    const last = (await inboxOf(before)).at(-1)!.seq;
    await acknowledgeTo(before, last);
    await before.call(`/in/${id}`, { method: 'POST', body: '4' });
    await before.stop();

    const after = await startRelay({ folder });
    expect((await after.call(`/in/${id}`, { method: 'POST', body: '5' })).status).toBe(202);
    expect((await inboxOf(after)).map(({ seq, body }) => [seq, body])).toEqual([
      [last + 1, '4'],
      [last + 2, '5']
    ]);
    await acknowledgeTo(after, last + 2);
    await after.stop();

    const emptied = await startRelay({ folder });
    await emptied.call(`/in/${id}`, { method: 'POST', body: '6' });
    expect((await inboxOf(emptied)).map(({ seq }) => seq)).toEqual([last + 3]);
    await emptied.stop();
    await rm(folder, { recursive: true });
  });

  test('an empty database in place of an old one: the app neither skips what comes nor acknowledges it away', async () => {
    const id = newId();
    const opened = async (body: string): Promise<Relay> => {
      const other = await startRelay();
      await other.asUser(`/sources/${id}`, { method: 'PUT', body: '{"kind":"tracker","secret":""}' });
      await other.call(`/in/${id}`, { method: 'POST', body });
      return other;
    };
    // Of its own: the one of the other tests is given more in a second than has milliseconds, by which the numbers of the next begin.
    const before = await opened('old');
    const seen = (await inboxOf(before)).at(-1)!.seq;
    await before.stop();
    const anew = await opened('new');
    await acknowledgeTo(anew, seen);
    const answer = await anew.asUser(`/inbox?after=${seen}`);
    expect(v.parse(inboxPage, await answer.json()).items).toMatchObject([{ body: 'new' }]);
    await anew.stop();
  });

  test('without a database it says so', async () => {
    const bare = await startRelay({ hasDatabase: false });
    expect(await refused(await bare.asUser('/inbox'))).toEqual([503, 'no_database']);
    expect(await refused(await bare.call(`/in/${newId()}`, { method: 'POST', body: 'x' }))).toEqual([
      503,
      'no_database'
    ]);
    expect(v.parse(relayHello, await (await bare.asUser('/')).json()).isKnown).toBe(true);
    expect((await bare.call('/pass/api.brevo.com/', { headers: { 'x-ricochet-secret': SECRET } })).status).toBe(200);
    await bare.stop();
  });
});

test('it serves the tracker to any page, as it was built, and to nobody who posts', async () => {
  const answer = await relay.call('/track.js');
  expect(await answer.text()).toBe(await buildTracker());
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(answer.headers.get('cache-control')).toContain('max-age=3600');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await refused(await relay.call('/track.js', { method: 'POST' }))).toEqual([405, 'wrong_method']);
});
