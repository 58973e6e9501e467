import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isInstalled } from '../../../../tests/remotes/install.mjs';
import { startS3 } from '../../../../tests/remotes/start';
import { examineRemote } from '../examining';
import { describeRemote } from '../testing/remote-contract';
import type { RemoteFetch } from './definition';
import s3 from './s3';

const place = {
  url: 'http://127.0.0.1:9/',
  region: 'us-east-1',
  bucket: 'ricochet',
  prefix: '',
  accessKeyId: 'key',
  secretAccessKey: 'secret'
};
const connect = (fields: Partial<typeof place> = {}, call: RemoteFetch = fetch) =>
  s3.connect({ ...place, ...fields }, call);

type Rules = readonly Readonly<Record<string, readonly string[] | number>>[];

/** The rules that the app tells its users to put there, as S3 takes them from programs. */
function corsXml(origin: string): string {
  const copied = s3.steps.find(({ name }) => name === 'cors')?.copy?.(origin) ?? '';
  const rules = (JSON.parse(copied) as Rules).map((rule) =>
    Object.entries(rule).flatMap(([name, values]) =>
      [values].flat().map((value) => {
        const element = name.replace(/s$/, name === 'MaxAgeSeconds' ? 's' : '');
        return `<${element}>${value}</${element}>`;
      })
    )
  );
  return `<CORSConfiguration><CORSRule>${rules.flat().join('')}</CORSRule></CORSConfiguration>`;
}

afterEach(() => {
  vi.useRealTimers();
});

if (isInstalled()) {
  describeRemote('S3', async () => {
    const { stop, ...server } = await startS3();
    return { connect: () => connect(server), stop };
  });

  describeRemote('S3, in a folder of a bucket', async () => {
    const { stop, ...server } = await startS3();
    await connect(server).put('g1/other/0000000000', new Uint8Array([1]));
    await connect(server).write('header', new Uint8Array([1]), null);
    return { connect: () => connect({ ...server, prefix: ' /my folder+é/ricochet/ ' }), stop };
  });

  describe('S3 that listens', () => {
    let server: Awaited<ReturnType<typeof startS3>>;
    beforeAll(async () => {
      server = await startS3();
    });
    afterAll(() => server.stop());

    it.each([
      ['key_refused', { secretAccessKey: 'other' }],
      ['key_refused', { accessKeyId: 'nobody' }],
      ['no_bucket', { bucket: 'elsewhere' }]
    ])('says in words what is wrong: %s', async (word, fields) => {
      const remote = connect({ ...server, ...fields });
      const reason = { key: `words.s3.${word}` };
      expect(await remote.read('header')).toMatchObject({ ok: false, reason });
      expect(await remote.put('g1/a/0000000000', new Uint8Array())).toMatchObject({ ok: false, reason });
    });

    it('says that the clock is wrong', async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
      expect(await connect(server).read('header')).toMatchObject({ ok: false, reason: { key: 'words.s3.clock' } });
    });
  });

  it('tells more than one answer holds', async () => {
    const { stop, ...server } = await startS3({ page: 3 });
    const remote = connect(server);
    const names = [0, 1, 2, 3, 4].map((at) => `g1/many/000000000${at}`);
    for (const name of names) await remote.put(name, new Uint8Array([1]));
    const asked = { wait: 0, signal: new AbortController().signal };
    const first = await remote.changes(null, asked);
    expect(first).toMatchObject({ value: { names: names.slice(0, 3), isMore: true } });
    const next = await remote.changes(first.ok ? first.value.cursor : null, asked);
    expect(next).toMatchObject({ value: { names: names.slice(3), isMore: false } });
    await stop();
  });

  it('is called by pages of the origin that it was told of', async () => {
    const { stop, url } = await startS3({ cors: corsXml('https://app.example') });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const headers = 'authorization,if-match,if-none-match,x-amz-content-sha256,x-amz-date';
      const asking = {
        origin: 'https://app.example',
        'access-control-request-method': method,
        'access-control-request-headers': headers
      };
      const preflight = await fetch(`${url}/ricochet/header`, { method: 'OPTIONS', headers: asking });
      expect(preflight.status).toBe(200);
      expect(preflight.headers.get('access-control-allow-headers')?.replaceAll(' ', '')).toBe(headers);
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
    }
    const answer = await fetch(`${url}/ricochet/header`, { headers: { origin: 'https://app.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toBe('ETag');
    await stop();
  });

  it('is not used where writes are not conditional', async () => {
    const { stop, ...server } = await startS3({ knowsConditions: false });
    expect(await examineRemote(connect(server))).toMatchObject({ reason: { key: 'words.examined.overwrites' } });
    await stop();
  });
}

const saying = (status: number, code: string) => () =>
  Promise.resolve(new Response(`<Error><Code>${code}</Code></Error>`, { status }));

it.each([
  ['key_refused', saying(403, 'InvalidAccessKeyId')],
  ['key_refused', saying(401, 'Unauthorized')],
  ['clock', saying(403, 'RequestTimeTooSkewed')],
  ['no_bucket', saying(404, 'NoSuchBucket')],
  ['wrong_region', saying(400, 'AuthorizationHeaderMalformed')],
  ['wrong_region', saying(301, 'PermanentRedirect')],
  ['no_conditions', saying(501, 'NotImplemented')],
  ['full', saying(507, 'XMinioStorageFull')],
  ['said', saying(503, 'SlowDown')],
  ['not_s3', () => Promise.resolve(new Response('<!doctype html><p>not found', { status: 404 }))],
  // The bucket's CORS rules let the page read the answer, not its ETag.
  ['no_etag', () => Promise.resolve(new Response('', { status: 200 }))],
  ['no_answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  [
    'no_cors',
    (_, { mode }) => (mode === 'no-cors' ? Promise.resolve(Response.error()) : Promise.reject(new TypeError()))
  ]
] satisfies [string, RemoteFetch][])('says in words what is wrong: %s', async (word, fetch) => {
  const reason = { key: `words.s3.${word}` };
  const remote = connect({}, fetch);
  expect(await remote.read('header')).toMatchObject({ ok: false, reason });
  expect(await remote.write('header', new Uint8Array(), null)).toMatchObject({ ok: false, reason });
});

it('finds the folders of all devices, a page at a time', async () => {
  const folders = { '': ['g1/', 'g2/'], 'g1/': ['g1/a/', 'g1/b/', 'g1/c/'], 'g2/': ['g2/a/'] };
  const remote = connect({}, (url) => {
    const query = new URL(url).searchParams;
    const prefix = query.get('prefix') ?? '';
    const isFolder = (each: string): each is keyof typeof folders => query.has('delimiter') && each in folders;
    const at = Number(query.get('continuation-token') ?? 0);
    const all = isFolder(prefix) ? folders[prefix] : [];
    const found = all.slice(at, at + 1).map((each) => `<CommonPrefixes><Prefix>${each}</Prefix></CommonPrefixes>`);
    const next = at + 1 < all.length ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : '';
    const key = query.has('delimiter') ? '' : `<Contents><Key>${prefix}0000000000</Key></Contents>`;
    return Promise.resolve(new Response(`<ListBucketResult>${found.join('')}${next}${key}</ListBucketResult>`));
  });
  expect(await remote.changes(null, { wait: 0, signal: new AbortController().signal })).toMatchObject({
    value: { names: ['g1/a/0000000000', 'g1/b/0000000000', 'g1/c/0000000000', 'g2/a/0000000000'], isMore: false }
  });
});

it('says what a key lacks', async () => {
  const remote = connect({}, saying(403, 'AccessDenied'));
  expect(await remote.read('header')).toMatchObject({ reason: { key: 'words.s3.not_readable' } });
  expect(await remote.put('g1/a/0', new Uint8Array())).toMatchObject({ reason: { key: 'words.s3.not_writable' } });
  expect(await remote.remove('g1/a/0')).toMatchObject({ reason: { key: 'words.s3.not_writable' } });
});

it('tries again what crossed with another call', async () => {
  const answers = [saying(409, 'ConditionalRequestConflict'), saying(412, 'PreconditionFailed')];
  const remote = connect({}, () => (answers.shift() ?? saying(500, 'InternalError'))());
  expect(await remote.put('g1/a/0', new Uint8Array())).toEqual({ ok: true, value: 'exists' });
  const never = connect({}, saying(409, 'ConditionalRequestConflict'));
  expect(await never.put('g1/a/0', new Uint8Array())).toMatchObject({ reason: { key: 'words.sync.contended' } });
});

it('takes a document that is gone for one that has changed', async () => {
  const remote = connect({}, saying(404, 'NoSuchKey'));
  expect(await remote.write('header', new Uint8Array(), '"1"')).toEqual({ ok: true, value: 'conflict' });
});
