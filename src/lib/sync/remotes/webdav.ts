import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { changesIn, listIn } from '../folders';
import type { Remote, RemoteName } from '../remote';
import { defineRemote, type RemoteFetch } from './definition';
import { call, isDone, troubleOf, type WebdavCall } from './webdav/call';
import { findFolder, listing } from './webdav/listing';
import { unlessHeld, withLock, type Ask } from './webdav/locks';
import { fields, type WebdavPlace } from './webdav/place';

/**
 * A folder of the user's on a WebDAV server (RFC 4918): a file for each name. Between looking at a file and writing it a server lets others
 * write, whatever a call's conditions are, and Apache's ETags are of time and size; so each write holds a lock, and a document's
 * revision is the hash of its bytes. Where there are no locks, as in Nextcloud, a call has conditions (If-None-Match, If-Match), and a
 * document is read again once a call that crossed with this one must have ended: the last that wrote has won.
 */
export default defineRemote({
  id: 'webdav',
  name: 'WebDAV',
  fields,
  documentation: 'https://httpd.apache.org/docs/2.4/mod/mod_dav.html',
  steps: [{ name: 'folder' }, { name: 'apache', copy: apacheSettings }, { name: 'nextcloud' }],
  connect: webdavRemote
});

/** For a file in `/etc/apache2/conf-available`, as Debian has it. */
function apacheSettings(origin: string): string {
  return `# a2enmod dav dav_fs auth_basic authn_file headers
# htpasswd -c /etc/apache2/ricochet.users NAME
# install -d -o www-data -g www-data /var/lib/ricochet
DavLockDB \${APACHE_LOCK_DIR}/DavLock
Alias /ricochet /var/lib/ricochet
<Directory /var/lib/ricochet>
  Dav On
  AuthType Basic
  AuthName Ricochet
  AuthUserFile /etc/apache2/ricochet.users
  <LimitExcept OPTIONS>
    Require valid-user
  </LimitExcept>
  Header always set Access-Control-Allow-Origin "${origin}"
  Header always set Access-Control-Allow-Methods "GET, HEAD, PUT, DELETE, MKCOL, PROPFIND, LOCK, UNLOCK"
  Header always set Access-Control-Allow-Headers "authorization, content-type, depth, if, if-match, if-none-match, lock-token, timeout"
  Header always set Access-Control-Expose-Headers "ETag"
  Header always set Access-Control-Max-Age "3600"
</Directory>
`;
}

/** How long a server may take from looking at a document to having written it, in ms. */
const CROSSING = 2_000;

interface Found {
  readonly bytes: Uint8Array;
  readonly etag: string | null;
}

function webdavRemote(place: WebdavPlace, fetch: RemoteFetch): Remote {
  const ask: Ask = (asked) => call(place, fetch, asked);

  /** An empty file is one that somebody has locked and not written yet. */
  async function find(name: RemoteName): Promise<Result<Found | null>> {
    const asked: WebdavCall = { method: 'GET', name };
    const answer = await ask(asked);
    if (!answer.ok) return answer;
    const { status, bytes, etag } = answer.value;
    if (status === 404) return ok(null);
    if (!isDone(answer.value)) return failed(troubleOf(answer.value, asked));
    return ok(bytes.length === 0 ? null : { bytes, etag });
  }

  /** False: another was quicker. */
  async function store(
    name: RemoteName,
    body: Uint8Array,
    over: Found | null,
    token: string | null
  ): Promise<Result<boolean>> {
    const condition = token === null ? conditionOf(over) : ok({ if: `(<${token}>)` });
    if (!condition.ok) return condition;
    const asked: WebdavCall = { method: 'PUT', name, body, headers: condition.value };
    const answer = await unlessHeld(ask, asked);
    if (!answer.ok) return answer;
    if (answer.value.status === 412) return ok(false);
    return isDone(answer.value) ? ok(true) : failed(troubleOf(answer.value, asked));
  }

  return {
    put: (name, bytes) =>
      withLock(ask, name, async (token) => {
        const found = await find(name);
        if (!found.ok) return found;
        if (found.value !== null) return ok('exists');
        const stored = await store(name, bytes, null, token);
        return stored.ok ? ok(stored.value ? 'stored' : 'exists') : stored;
      }),
    get: async (name) => {
      const found = await find(name);
      return found.ok ? ok(found.value?.bytes ?? null) : found;
    },
    remove: async (name) => {
      const asked: WebdavCall = { method: 'DELETE', name };
      const answer = await unlessHeld(ask, asked);
      if (!answer.ok) return answer;
      return isDone(answer.value) || answer.value.status === 404
        ? ok(undefined)
        : failed(troubleOf(answer.value, asked));
    },
    list: (folder) => listIn(listing(ask), folder),
    // An answer cannot be held back there.
    changes: (cursor, { signal }) => changesIn(listing(ask), cursor, signal),
    read: async (name) => {
      const found = await find(name);
      if (!found.ok) return found;
      if (found.value !== null) return ok({ bytes: found.value.bytes, revision: await revisionOf(found.value.bytes) });
      const folder = await findFolder(ask);
      return folder.ok ? ok(null) : folder;
    },
    write: (name, bytes, over) =>
      withLock(ask, name, async (token) => {
        const found = await find(name);
        if (!found.ok) return found;
        const revision = found.value && (await revisionOf(found.value.bytes));
        if (revision !== over) return ok('conflict');
        const stored = await store(name, bytes, found.value, token);
        if (!stored.ok) return stored;
        if (!stored.value) return ok('conflict');
        const written = await revisionOf(bytes);
        if (token !== null) return ok({ revision: written });
        await new Promise((resolve) => setTimeout(resolve, CROSSING));
        const last = await find(name);
        if (!last.ok) return last;
        const isOwn = last.value !== null && (await revisionOf(last.value.bytes)) === written;
        return ok(isOwn ? { revision: written } : 'conflict');
      })
  };
}

/** Refused where an ETag does not say for certain that nothing has changed. */
function conditionOf(over: Found | null): Result<Record<string, string>> {
  if (over === null) return ok({ 'if-none-match': '*' });
  const { etag } = over;
  if (etag === null || etag.startsWith('W/')) return failed(words('words.webdav.no_etag'));
  return ok({ 'if-match': etag });
}

async function revisionOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
