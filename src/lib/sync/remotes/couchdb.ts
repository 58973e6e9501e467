import * as v from 'valibot';
import { secret, text, url, type ValuesOf } from '$lib/core/fields';
import type { Milliseconds } from '$lib/core/instants';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { toBase64, toBytes } from '$lib/storage/keys/ciphers';
import { isReached } from '../reached';
import type { Remote, RemoteName } from '../remote';
import { defineRemote, type RemoteFetch } from './definition';

const PAGE = 200;

const fields = {
  url: url({ required: true }),
  database: text({ required: true, max: 238, initial: 'ricochet' }),
  user: text({ max: 200 }),
  password: secret()
};

type CouchdbPlace = ValuesOf<typeof fields>;

const documentSchema = v.object({ _rev: v.string(), data: v.string() });
const writtenSchema = v.object({ rev: v.string() });
const listSchema = v.object({ rows: v.array(v.object({ id: v.string() })) });
const changesSchema = v.object({
  results: v.array(v.object({ id: v.string(), deleted: v.optional(v.boolean(), false) })),
  last_seq: v.pipe(
    v.union([v.string(), v.number()]),
    v.transform((seq) => String(seq))
  )
});

/**
 * A CouchDB database of the user's: a document for each object, its bytes in base64. What is put is told by `GET /{db}/_changes`
 * ('/{db}/_changes'), whose cursor is its update sequence; a document is written over its revision alone ('/{db}/{docid}').
 */
export default defineRemote({
  id: 'couchdb',
  name: 'CouchDB',
  fields,
  documentation: 'https://docs.couchdb.org/en/stable/config/http.html#cross-origin-resource-sharing',
  steps: [{ name: 'database' }, { name: 'cors', copy: corsSettings }],
  connect: couchdbRemote
});

/** What goes into `local.ini`: the app's pages may call. */
function corsSettings(origin: string): string {
  return `[chttpd]
enable_cors = true

[cors]
origins = ${origin}
methods = GET, PUT, DELETE
headers = accept, authorization, content-type
`;
}

function couchdbRemote(place: CouchdbPlace, fetch: RemoteFetch): Remote {
  const ask = (path: string, init: RequestInit = {}): Promise<Result<Reply>> => asked(place, fetch, path, init);

  async function read(name: RemoteName): Promise<Result<{ bytes: Uint8Array; revision: string } | null>> {
    const reply = await ask(`/${encodeURIComponent(name)}`);
    if (!reply.ok) return reply;
    if (reply.value.status === 404) return ok(null);
    const found = v.safeParse(documentSchema, reply.value.body);
    if (!found.success) return failed(words('words.couchdb.not_couchdb'));
    return ok({ bytes: bytesIn(found.output.data), revision: found.output._rev });
  }

  async function write(
    name: RemoteName,
    bytes: Uint8Array,
    over: string | null
  ): Promise<Result<{ revision: string } | 'conflict'>> {
    const document = { data: toBase64(bytes), ...(over === null ? {} : { _rev: over }) };
    const reply = await ask(`/${encodeURIComponent(name)}`, { method: 'PUT', body: JSON.stringify(document) });
    if (!reply.ok) return reply;
    if (reply.value.status === 409) return ok('conflict');
    const written = v.safeParse(writtenSchema, reply.value.body);
    return written.success ? ok({ revision: written.output.rev }) : failed(words('words.couchdb.not_couchdb'));
  }

  return {
    read,
    write,
    put: async (name, bytes) => {
      const answer = await write(name, bytes, null);
      return answer.ok ? ok(answer.value === 'conflict' ? 'exists' : 'stored') : answer;
    },
    get: async (name) => {
      const found = await read(name);
      return found.ok ? ok(found.value?.bytes ?? null) : found;
    },
    remove: async (name) => {
      const found = await read(name);
      if (!found.ok) return found;
      if (found.value === null) return ok(undefined);
      const revision = encodeURIComponent(found.value.revision);
      const reply = await ask(`/${encodeURIComponent(name)}?rev=${revision}`, { method: 'DELETE' });
      return reply.ok ? ok(undefined) : reply;
    },
    list: async (folder) => {
      const reply = await ask(`/_all_docs?${rangeQuery(`${folder}/`)}`);
      if (!reply.ok) return reply;
      const found = v.safeParse(listSchema, reply.value.body);
      if (!found.success) return failed(words('words.couchdb.not_couchdb'));
      const names = found.output.rows.map(({ id }) => id);
      return ok(names.filter((name) => !name.slice(folder.length + 1).includes('/')));
    },
    changes: async (cursor, { wait, signal }) => {
      const reply = await ask(`/_changes?${changesQuery(cursor, wait)}`, { signal });
      if (!reply.ok) return reply;
      const page = v.safeParse(changesSchema, reply.value.body);
      if (!page.success) return failed(words('words.couchdb.not_couchdb'));
      const { results, last_seq } = page.output;
      const names = results.filter(({ id, deleted }) => !deleted && isObject(id)).map(({ id }) => id);
      return ok({ names, cursor: last_seq, isMore: results.length === PAGE });
    }
  };
}

/** Of what was touched nothing is left, which does not open. */
function bytesIn(data: string): Uint8Array {
  try {
    return toBytes(data);
  } catch {
    return new Uint8Array();
  }
}

/** Objects lie in folders; documents do not, nor does what is CouchDB's own. */
function isObject(id: string): boolean {
  return id.includes('/') && !id.startsWith('_');
}

/** Of '/{db}/_all_docs': what begins with this, in the order of code points. */
function rangeQuery(start: string): string {
  return new URLSearchParams({ startkey: JSON.stringify(start), endkey: JSON.stringify(`${start}\ufff0`) }).toString();
}

function changesQuery(cursor: string | null, wait: Milliseconds): string {
  const hold: Record<string, string> = wait > 0 ? { feed: 'longpoll', timeout: String(wait) } : {};
  return new URLSearchParams({ since: cursor ?? '0', limit: String(PAGE), ...hold }).toString();
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** What is not there, and a conflict, are answers like others; all else that is refused says what there is to do. */
async function asked(
  { url, database, user, password }: CouchdbPlace,
  fetch: RemoteFetch,
  path: string,
  init: RequestInit
): Promise<Result<Reply>> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (init.body !== undefined) headers['content-type'] = 'application/json';
  if (user !== '')
    headers['authorization'] = `Basic ${toBase64(new TextEncoder().encode(`${user}:${password ?? ''}`))}`;
  let status: number;
  let text: string;
  try {
    const answer = await fetch(`${url.replace(/\/+$/, '')}/${encodeURIComponent(database)}${path}`, {
      ...init,
      headers
    });
    status = answer.status;
    text = await answer.text();
  } catch {
    if (init.signal?.aborted === true) return failed(words('words.sync.stopped'));
    return failed(words((await isReached(fetch, url)) ? 'words.couchdb.no_cors' : 'words.couchdb.no_answer'));
  }
  if (status === 401 || status === 403) return failed(words('words.couchdb.refused', { database }));
  const body = parsedJson(text);
  if (status === 404 && !isMissing(body)) return failed(words('words.couchdb.no_database', { database }));
  if (status >= 400 && status !== 404 && status !== 409)
    return failed(words('words.source.status', { source: 'CouchDB', status }));
  return ok({ status, body });
}

/** A document that is not there; a database that is not says another reason. */
function isMissing(body: unknown): boolean {
  const said = v.safeParse(v.object({ reason: v.picklist(['missing', 'deleted']) }), body);
  return said.success;
}
