import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApache } from '../../../../tests/remotes/install.mjs';
import { startApache } from '../../../../tests/remotes/start';
import { describeRemote } from '../testing/remote-contract';
import type { RemoteFetch } from './definition';
import webdav from './webdav';

const place = { url: 'http://127.0.0.1:9/ricochet/', user: 'ada', password: 'secret' };
const connect = (fields: Partial<typeof place> = {}, call: RemoteFetch = fetch) =>
  webdav.connect({ ...place, ...fields }, call);

const settings = webdav.steps.find(({ name }) => name === 'apache')?.copy?.('https://app.example') ?? '';
const asked = { wait: 0, signal: new AbortController().signal };
const bytes = new Uint8Array([1]);
/** What those are answered who were not the first. */
const LOST = new Set<unknown>(['exists', 'conflict']);

/** As Nextcloud: it knows no locks. */
const withoutLocks: RemoteFetch = (url, init) =>
  init.method === 'LOCK' ? Promise.resolve(new Response('', { status: 501 })) : fetch(url, init);

if (hasApache()) {
  describeRemote('Apache', async () => {
    const { stop, ...server } = await startApache(settings);
    return { connect: () => connect(server), stop };
  });

  describe('Apache that listens', () => {
    let server: Awaited<ReturnType<typeof startApache>>;
    beforeAll(async () => {
      server = await startApache(settings);
    });
    afterAll(() => server.stop());

    it.each([
      ['refused', { password: 'other' }],
      ['no_folder', { url: '/elsewhere' }],
      ['not_webdav', { url: '/..' }]
    ])('says in words what is wrong: %s', async (word, fields) => {
      const url = server.url + ('url' in fields ? fields.url : '');
      const remote = connect({ ...server, ...fields, url });
      const reason = { key: `words.webdav.${word}` };
      expect(await remote.read('header')).toMatchObject({ ok: false, reason });
      expect(await remote.put('g1/a/0000000000', bytes)).toMatchObject({ ok: false, reason });
    });

    it.each([
      ['put', 5, fetch],
      ['write', 5, fetch],
      ['write without a lock', 2, withoutLocks]
    ] as const)(
      'lets one of several win that %s at once, again and again',
      async (way, rounds, call) => {
        const devices = [0, 1, 2].map(() => connect(server, call));
        for (let round = 0; round < rounds; round++) {
          const name = way === 'put' ? `g1/race/000000000${round}` : `${way.replaceAll(' ', '-')}${round}`;
          const answers = await Promise.all(
            devices.map((each, at) => {
              const own = new Uint8Array([at]);
              return way === 'put' ? each.put(name, own) : each.write(name, own, null);
            })
          );
          expect(answers.every(({ ok }) => ok)).toBe(true);
          const won = answers.flatMap((answer, at) => (answer.ok && !LOST.has(answer.value) ? [at] : []));
          expect(won).toHaveLength(1);
          expect(await devices[0]?.get(name)).toEqual({ ok: true, value: new Uint8Array(won) });
        }
      },
      60_000
    );

    it('tells what was put long after, and what one device has put far ahead', async () => {
      const remote = connect(server);
      await remote.put('g1/far/0000000000', bytes);
      const first = await remote.changes(null, asked);
      const far = Array.from({ length: 9 }, (_, at) => `g1/far/${String(at + 1).padStart(10, '0')}`);
      for (const name of far) await remote.put(name, bytes);
      const next = await remote.changes(first.ok ? first.value.cursor : null, asked);
      expect(next).toMatchObject({ value: { names: far, isMore: false } });
    });

    it('writes under conditions where there are no locks', async () => {
      const remote = connect(server, withoutLocks);
      expect(await remote.put('g2/new/0000000000', bytes)).toEqual({ ok: true, value: 'stored' });
      expect(await remote.put('g2/new/0000000000', bytes)).toEqual({ ok: true, value: 'exists' });
      const made = await remote.write('plain', bytes, null);
      const revision = made.ok && made.value !== 'conflict' ? made.value.revision : null;
      expect(revision).not.toBeNull();
      expect(await remote.write('plain', new Uint8Array([2]), null)).toEqual({ ok: true, value: 'conflict' });
      // By now Apache takes its ETag for certain: the file has its age.
      expect(await remote.write('plain', new Uint8Array([2]), revision)).toMatchObject({ ok: true });
      expect(await remote.write('plain', new Uint8Array([3]), revision)).toEqual({ ok: true, value: 'conflict' });
    });

    it('is called by pages of the origin that it was told of', async () => {
      for (const method of ['PUT', 'DELETE', 'MKCOL', 'PROPFIND', 'LOCK', 'UNLOCK']) {
        const headers = 'authorization,content-type,depth,if,if-match,if-none-match,lock-token,timeout';
        const answer = await fetch(server.url, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://app.example',
            'access-control-request-method': method,
            'access-control-request-headers': headers
          }
        });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
        expect(answer.headers.get('access-control-allow-methods')).toContain(method);
        expect(answer.headers.get('access-control-allow-headers')?.replaceAll(' ', '')).toBe(headers);
      }
    });
  });
}

const saying = (status: number) => () => Promise.resolve(new Response(status === 204 ? null : 'text', { status }));

it.each([
  ['refused', saying(401)],
  ['full', saying(507)],
  ['no_answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  [
    'no_cors',
    (_, { mode }) => (mode === 'no-cors' ? Promise.resolve(Response.error()) : Promise.reject(new TypeError()))
  ]
] satisfies [string, RemoteFetch][])('says in words what is wrong: %s', async (word, fetch) => {
  const reason = { key: `words.webdav.${word}` };
  const remote = connect({}, fetch);
  expect(await remote.read('header')).toMatchObject({ ok: false, reason });
  expect(await remote.write('header', bytes, null)).toMatchObject({ ok: false, reason });
  expect(await remote.changes(null, asked)).toMatchObject({ ok: false, reason });
});

it('says what a user lacks', async () => {
  const remote = connect({}, saying(403));
  expect(await remote.read('header')).toMatchObject({ reason: { key: 'words.webdav.not_readable' } });
  expect(await remote.put('g1/a/0', bytes)).toMatchObject({ reason: { key: 'words.webdav.not_writable' } });
  expect(await remote.remove('g1/a/0')).toMatchObject({ reason: { key: 'words.webdav.not_writable' } });
});

it('says that another holds what it wants to write, on and on', async () => {
  expect(await connect({}, saying(423)).put('g1/a/0', bytes)).toMatchObject({
    reason: { key: 'words.sync.contended' }
  });
});

it('says that an ETag cannot be relied upon where there are no locks', async () => {
  const weak: RemoteFetch = (_, { method }) =>
    Promise.resolve(
      method === 'GET' ? new Response('one', { headers: { etag: 'W/"1"' } }) : new Response('', { status: 405 })
    );
  const remote = connect({}, weak);
  const read = await remote.read('header');
  const over = read.ok ? (read.value?.revision ?? null) : null;
  expect(await remote.write('header', bytes, over)).toMatchObject({ reason: { key: 'words.webdav.no_etag' } });
});
