import { AwsV4Signer } from 'aws4fetch';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { isReached } from '../../reached';
import { parsedXml, textIn } from '../../xml';
import type { RemoteFetch } from '../definition';
import type { S3Place } from './place';

export interface S3Call {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Of an object; '': of the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
}

/** `missing`: there is no such object; `condition`: it is not, or no longer, as the call wants it. */
export type S3Answer =
  | { readonly is: 'done'; readonly bytes: Uint8Array; readonly etag: string | null }
  | { readonly is: 'missing' | 'condition' };

/** How often two calls that cross at the server may do so. */
const ATTEMPTS = 4;

/** Makes a signed call (Signature Version 4). Fails with what there is to do ('Error responses' of Amazon's 'S3 API Reference'). */
export async function call(place: S3Place, fetch: RemoteFetch, asked: S3Call): Promise<Result<S3Answer>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await exchange(place, fetch, asked);
    if (!answer.ok) return answer;
    const { status, bytes, etag } = answer.value;
    if (status >= 200 && status < 300) return ok({ is: 'done', bytes, etag });
    const code = textIn(parsedXml(new TextDecoder().decode(bytes)), 'Code');
    // Some servers answer to a condition of a PUT as to one of a GET.
    if (status === 412 || status === 304) return ok({ is: 'condition' });
    if (code === 'NoSuchKey') return ok({ is: 'missing' });
    // 'If a conflicting operation occurs during the upload': it is to be tried again ('PutObject', If-None-Match).
    if (status !== 409) return failed(troubleOf(place, asked, status, code));
    if (attempt === ATTEMPTS) return failed(words('words.sync.contended'));
  }
}

interface Exchange {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly etag: string | null;
}

async function exchange(place: S3Place, fetch: RemoteFetch, asked: S3Call): Promise<Result<Exchange>> {
  const { method, key, query = {}, headers = {}, body, signal } = asked;
  const base = place.url.trim().replace(/\/+$/, '');
  const path = [place.bucket.trim(), ...(key === '' ? [] : key.split('/'))].map(encodeURIComponent).join('/');
  // A space is never a plus sign here, unlike in `URLSearchParams`.
  const search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  const signed = await new AwsV4Signer({
    method,
    url: `${base}/${path}${search.length === 0 ? '' : `?${search.join('&')}`}`,
    headers: { ...headers },
    accessKeyId: place.accessKeyId.trim(),
    secretAccessKey: place.secretAccessKey ?? '',
    service: 's3',
    region: place.region.trim()
  }).sign();
  try {
    const answer = await fetch(signed.url.href, {
      method,
      headers: signed.headers,
      // What a browser has kept of a document would be of before.
      cache: 'no-store',
      credentials: 'omit',
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      ...(signal === undefined ? {} : { signal })
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return ok({ status: answer.status, bytes, etag: answer.headers.get('etag') });
  } catch {
    if (signal?.aborted === true) return failed(words('words.sync.stopped'));
    return failed(words((await isReached(fetch, base)) ? 'words.s3.no_cors' : 'words.s3.no_answer'));
  }
}

const KEY = /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|ExpiredToken|TokenRefreshRequired|Unauthorized)$/;
const CLOCK = /^(RequestTimeTooSkewed|RequestExpired)$/;
const REGION =
  /^(AuthorizationHeaderMalformed|PermanentRedirect|TemporaryRedirect|Redirect|InvalidRegion|IllegalLocationConstraintException)$/;
const FULL = /quota|storagefull|storage_cap|insufficientstorage/i;

function troubleOf({ bucket, region }: S3Place, { method }: S3Call, status: number, code = ''): Words {
  if (KEY.test(code) || status === 401) return words('words.s3.key_refused');
  if (CLOCK.test(code)) return words('words.s3.clock');
  if (code === 'NoSuchBucket') return words('words.s3.no_bucket', { bucket });
  if (REGION.test(code)) return words('words.s3.wrong_region', { region });
  if (code === 'NotImplemented') return words('words.s3.no_conditions');
  if (FULL.test(code) || status === 507) return words('words.s3.full', { bucket });
  if (status === 403) return words(method === 'GET' ? 'words.s3.not_readable' : 'words.s3.not_writable', { bucket });
  if (code === '' && status < 500) return words('words.s3.not_s3');
  return code === ''
    ? words('words.source.status', { source: 'S3', status })
    : words('words.s3.said', { status, code });
}
