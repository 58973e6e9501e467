import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { changesIn, listIn, type Folders } from '../folders';
import type { Remote, RemoteName } from '../remote';
import { childrenOf, parsedXml, textIn } from '../xml';
import { defineRemote, type RemoteFetch } from './definition';
import { call, type S3Answer, type S3Call } from './s3/call';
import { fields, prefixOf, type S3Place } from './s3/place';

/**
 * A bucket of the user's, at Amazon or whoever speaks as its S3 does: an object for each name. Nothing is overwritten thanks to
 * conditional writes ('PutObject', If-None-Match and If-Match); an object's ETag is its revision. It is of the bytes: what is sealed is
 * never the same twice.
 */
export default defineRemote({
  id: 's3',
  name: 'S3',
  fields,
  documentation: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enabling-cors-examples.html',
  steps: [{ name: 'bucket' }, { name: 'cors', copy: corsRules }, { name: 'key', copy: keyPolicy }],
  connect: s3Remote
});

/** As Amazon's console and Cloudflare's take them. */
function corsRules(origin: string): string {
  return `[
  {
    "AllowedOrigins": ["${origin}"],
    "AllowedMethods": ["GET", "PUT", "DELETE"],
    "AllowedHeaders": [
      "authorization",
      "if-match",
      "if-none-match",
      "x-amz-content-sha256",
      "x-amz-date"
    ],
    "ExposeHeaders": ["ETag"],
    "MaxAgeSeconds": 3600
  }
]
`;
}

/** For a user of Amazon's who may do this alone. */
function keyPolicy(): string {
  const bucket = `arn:aws:s3:::${fields.bucket.initial}`;
  return `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:ListBucket"],
      "Resource": ["${bucket}"]
    },
    {
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      "Resource": ["${bucket}/*"]
    }
  ]
}
`;
}

function s3Remote(place: S3Place, fetch: RemoteFetch): Remote {
  const prefix = prefixOf(place);
  const ask = (asked: S3Call): Promise<Result<S3Answer>> => call(place, fetch, asked);

  async function read(name: RemoteName): Promise<Result<{ bytes: Uint8Array; revision: string | null } | null>> {
    const answer = await ask({ method: 'GET', key: prefix + name });
    if (!answer.ok) return answer;
    return ok(answer.value.is === 'done' ? { bytes: answer.value.bytes, revision: answer.value.etag } : null);
  }

  function create(name: RemoteName, body: Uint8Array): Promise<Result<S3Answer>> {
    return ask({ method: 'PUT', key: prefix + name, body, headers: { 'if-none-match': '*' } });
  }

  return {
    put: async (name, bytes) => {
      const answer = await create(name, bytes);
      return answer.ok ? ok(answer.value.is === 'done' ? 'stored' : 'exists') : answer;
    },
    get: async (name) => {
      const found = await read(name);
      return found.ok ? ok(found.value?.bytes ?? null) : found;
    },
    remove: async (name) => {
      const answer = await ask({ method: 'DELETE', key: prefix + name });
      return answer.ok ? ok(undefined) : answer;
    },
    list: (folder) => listIn(listing(ask, prefix), folder),
    // An answer cannot be held back there.
    changes: (cursor, { signal }) => changesIn(listing(ask, prefix), cursor, signal),
    read: async (name) => {
      const found = await read(name);
      if (!found.ok) return found;
      if (found.value === null) return ok(null);
      const { bytes, revision } = found.value;
      return revision === null ? failed(words('words.s3.no_etag')) : ok({ bytes, revision });
    },
    write: async (name, bytes, over) => {
      const answer = await (over === null
        ? create(name, bytes)
        : ask({ method: 'PUT', key: prefix + name, body: bytes, headers: { 'if-match': over } }));
      if (!answer.ok) return answer;
      if (answer.value.is !== 'done') return ok('conflict');
      const { etag } = answer.value;
      return etag === null ? failed(words('words.s3.no_etag')) : ok({ revision: etag });
    }
  };
}

/** 'ListObjectsV2': by key, a thousand at most. */
function listing(ask: (asked: S3Call) => Promise<Result<S3Answer>>, prefix: string): Folders {
  async function list(signal: AbortSignal | undefined, query: Readonly<Record<string, string>>) {
    const asked: S3Call = { method: 'GET', key: '', query: { 'list-type': '2', ...query } };
    const answer = await ask(signal === undefined ? asked : { ...asked, signal });
    if (!answer.ok) return answer;
    const root = answer.value.is === 'done' ? parsedXml(new TextDecoder().decode(answer.value.bytes)) : undefined;
    return root?.name === 'ListBucketResult' ? ok(root) : failed(words('words.s3.not_s3'));
  }

  return {
    below: async (folder, signal) => {
      const paths: string[] = [];
      const from = folder === '' ? prefix : `${prefix}${folder}/`;
      let token: Record<string, string> | null = {};
      while (token !== null) {
        const page: Awaited<ReturnType<typeof list>> = await list(signal, { delimiter: '/', prefix: from, ...token });
        if (!page.ok) return page;
        for (const each of childrenOf(page.value, 'CommonPrefixes'))
          paths.push((textIn(each, 'Prefix') ?? '').slice(prefix.length).replace(/\/$/, ''));
        const next = textIn(page.value, 'NextContinuationToken');
        token = next === undefined ? null : { 'continuation-token': next };
      }
      return ok(paths);
    },
    names: async (folder, after, signal) => {
      const since: Record<string, string> = after === null ? {} : { 'start-after': prefix + after };
      const page = await list(signal, { prefix: `${prefix}${folder}/`, ...since });
      if (!page.ok) return page;
      const keys = childrenOf(page.value, 'Contents').map((each) => textIn(each, 'Key') ?? '');
      return ok({
        names: keys.map((key) => key.slice(prefix.length)),
        isMore: textIn(page.value, 'IsTruncated') === 'true'
      });
    }
  };
}
