import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { toBase64 } from '$lib/storage/keys/ciphers';
import { isReached } from '../../reached';
import type { RemoteName } from '../../remote';
import type { RemoteFetch } from '../definition';
import type { WebdavPlace } from './place';

export interface WebdavCall {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'MKCOL' | 'PROPFIND' | 'LOCK' | 'UNLOCK';
  /** '': the folder of the place itself. */
  readonly name: RemoteName;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal;
}

export interface WebdavAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly etag: string | null;
  /** In bytes, as it is said, of what `HEAD` does not give; null: not said. */
  readonly length: number | null;
}

/** Makes a call. It fails where there is no answer, and where the user is refused; what other answers mean depends on what was asked. */
export async function call(place: WebdavPlace, fetch: RemoteFetch, asked: WebdavCall): Promise<Result<WebdavAnswer>> {
  const { method, name, headers = {}, body, signal } = asked;
  const base = place.url.trim().replace(/\/+$/, '');
  const login = toBase64(new TextEncoder().encode(`${place.user}:${place.password ?? ''}`));
  try {
    const answer = await fetch(`${base}/${name}`, {
      method,
      headers: { ...headers, authorization: `Basic ${login}` },
      // What a browser has kept of a document would be of before.
      cache: 'no-store',
      credentials: 'omit',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      ...(signal === undefined ? {} : { signal })
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (answer.status === 401) return failed(words('words.webdav.refused'));
    const length = answer.headers.get('content-length');
    return ok({
      status: answer.status,
      bytes,
      etag: answer.headers.get('etag'),
      length: length === null ? null : Number(length)
    });
  } catch {
    if (signal?.aborted === true) return failed(words('words.sync.stopped'));
    return failed(words((await isReached(fetch, base)) ? 'words.webdav.no_cors' : 'words.webdav.no_answer'));
  }
}

export function isDone({ status }: WebdavAnswer): boolean {
  return status >= 200 && status < 300;
}

const READING: readonly WebdavCall['method'][] = ['GET', 'HEAD', 'PROPFIND'];

/** What there is to do about an answer that nothing else is known about. */
export function troubleOf({ status }: WebdavAnswer, { method, name }: WebdavCall): Words {
  if (status === 403)
    return words(READING.includes(method) ? 'words.webdav.not_readable' : 'words.webdav.not_writable');
  if (status === 507) return words('words.webdav.full');
  if (status === 423) return words('words.sync.contended');
  if (status === 404 && name === '') return words('words.webdav.no_folder');
  if (status === 405 || status === 501 || status < 300) return words('words.webdav.not_webdav');
  // A folder above it is not there.
  if (status === 409) return words('words.webdav.no_folder');
  return words('words.source.status', { source: 'WebDAV', status });
}
