import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECRET, startRelay } from '../../../tests/loopback/relay';
import { startCouchdb } from '../../../tests/loopback/couchdb';
import { startSupabase } from '../../../tests/loopback/supabase';
import { isInstalled } from '../../../tests/remotes/install.mjs';
import { startPouchdb } from '../../../tests/remotes/start';
import { NO_MAPPING, type GenericMapping } from '$lib/core/generic-mapping';
import type { InboxKind } from '$lib/core/inbox';
import { DAY } from '$lib/core/instants';
import { SUPABASE_POST } from '$lib/core/supabase-inbox';
import { sources } from './registry';
import { answering, offline, read as readFake, type Reading } from './testing/outside';
import { sampleOf, toldBySample } from './testing/samples';

/** One inbox: how its account is made, and how services post to it. */
interface Inbox {
  readonly source: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Returns the id that a mapping of what is posted is kept under. */
  post(kind: InboxKind, body: string): Promise<string>;
  stop(): Promise<void>;
}

const ACCOUNT = 'a1b2c3d4-0000-7000-8000-000000000001';
const json = { 'content-type': 'application/json' };

async function relay(): Promise<Inbox> {
  const running = await startRelay();
  const posters = new Map<InboxKind, string>();
  return {
    source: 'relay.inbox',
    fields: { url: running.url, secret: SECRET, pagesKey: null },
    post: async (kind, body) => {
      const id = posters.get(kind) ?? `source-${kind.padStart(20, '0')}`;
      if (!posters.has(kind))
        await running.asUser(`/sources/${id}`, { method: 'PUT', body: JSON.stringify({ kind, secret: '' }) });
      posters.set(kind, id);
      await running.call(`/in/${id}`, { method: 'POST', headers: json, body });
      return id;
    },
    stop: () => running.stop()
  };
}

function database(url: string, database: string, stop: () => Promise<void>): Inbox {
  return {
    source: 'couchdb.inbox',
    fields: { url, database, user: '', password: null, kind: 'generic' },
    post: async (kind, body) => {
      const parsed = JSON.parse(body) as object;
      // Who posts raw is who the account says; others are told by an envelope.
      const doc = kind === 'generic' ? parsed : { kind, body: parsed };
      await fetch(`${url}/${database}`, { method: 'POST', headers: json, body: JSON.stringify(doc) });
      return ACCOUNT;
    },
    stop
  };
}

async function supabase(): Promise<Inbox> {
  const { url, keep, stop } = await startSupabase();
  return {
    source: 'supabase.inbox',
    fields: { url, apiKey: 'public', secret: 'secret', kind: 'generic' },
    post: async (kind, body) => {
      if (kind === 'generic')
        await fetch(`${url}/rest/v1/rpc/${SUPABASE_POST}?apikey=public`, { method: 'POST', headers: json, body });
      else keep(body, kind);
      return ACCOUNT;
    },
    stop
  };
}

/** PouchDB Server has packages of its own: `npm test` installs them, or says that it cannot. */
const inboxes: [string, () => Promise<Inbox>][] = [
  ['the relay', relay],
  ['CouchDB', () => startCouchdb().then((it) => database(it.url, it.database, it.stop))],
  ['Supabase', supabase]
];
if (isInstalled())
  inboxes.push(['PouchDB Server', () => startPouchdb().then((it) => database(it.url, it.database, it.stop))]);

function read(inbox: Inbox, given: Partial<Reading> = {}) {
  return sources.get(inbox.source)!.read({
    fields: inbox.fields,
    cursor: null,
    since: Date.now() - DAY,
    now: Date.now(),
    fetch: fetch,
    accountId: ACCOUNT,
    mailbox: { reactionsAfter: () => Promise.resolve([]) },
    ...given
  });
}

/** All that waits, each page committed before the next is asked for. */
async function readAll(inbox: Inbox, given: Partial<Reading> = {}) {
  const facts = [];
  const strange = [];
  let { cursor = null } = given;
  for (let pages = 0; pages < 20; pages++) {
    const reading = await read(inbox, { ...given, cursor });
    if (!reading.ok) throw new Error(reading.reason.key);
    facts.push(...reading.value.facts);
    strange.push(...(reading.value.strange ?? []));
    ({ cursor } = reading.value);
    if (!reading.value.more) return { facts, strange, cursor };
  }
  throw new Error('it does not end');
}

const opened = sampleOf('brevo', 'opened');
const told = toldBySample('brevo', 'opened');
const ticket = JSON.stringify({ email: 'camille@exemple.fr', what: 'Ticket' });
const mapping: GenericMapping = { ...NO_MAPPING, email: 'email', name: 'Ticket' };

describe.each(inboxes)('%s as an inbox', (_, start) => {
  let inbox: Inbox;
  beforeAll(async () => (inbox = await start()));
  afterAll(() => inbox.stop());

  test('an account that works is said to work', async () => {
    const tried = await sources.get(inbox.source)!.service!.test({ fields: inbox.fields, fetch: fetch });
    expect(tried).toMatchObject({ ok: true, value: { key: expect.stringMatching(/\.works$/) as string } });
  });

  test('what waits is read once; what is not committed comes again, as the same', async () => {
    const before = (await readAll(inbox)).cursor;
    await inbox.post('brevo', opened);
    const first = await read(inbox, { cursor: before });
    const again = await read(inbox, { cursor: before });
    if (!first.ok || !again.ok) throw new Error(JSON.stringify([first, again]));
    expect(first.value.facts).toEqual(told);
    expect(again.value.facts).toEqual(told);
    const rest = await readAll(inbox, { cursor: first.value.cursor });
    expect(rest.facts).toEqual([]);
    expect((await readAll(inbox, { cursor: rest.cursor })).facts).toEqual([]);
  });

  test('more than a page is read page by page, nothing twice and nothing left out', async () => {
    const before = (await readAll(inbox)).cursor;
    const events = Array.from({ length: 520 }, (_, at) => opened.replace('202701050800.12345', `m${at}`));
    for (let at = 0; at < events.length; at += 20)
      await Promise.all(events.slice(at, at + 20).map((body) => inbox.post('brevo', body)));
    const { facts } = await readAll(inbox, { cursor: before });
    expect(facts).toHaveLength(520);
    expect(new Set(facts.map(({ dedupeKey }) => dedupeKey)).size).toBe(520);
  });

  test('what nobody has explained yet is kept apart by who posted it, and the rest is taken', async () => {
    const before = (await readAll(inbox)).cursor;
    const poster = await inbox.post('generic', ticket);
    await inbox.post('brevo', opened);
    const { facts, strange } = await readAll(inbox, { cursor: before });
    expect(facts).toEqual(told);
    expect(strange).toMatchObject([{ kind: 'generic', reason: { key: 'words.mapping.none' } }]);
    expect(strange[0]?.id.slice(0, strange[0].id.lastIndexOf('-'))).toBe(poster);
    expect(JSON.parse(strange[0]?.body ?? '')).toEqual(JSON.parse(ticket));

    await inbox.post('generic', ticket);
    const mapped = await read(inbox, { cursor: before, mappings: new Map([[poster, mapping]]) });
    expect(mapped).toMatchObject({ ok: true, value: { strange: [] } });
  });

  test('nobody who answers is a reason in words', async () => {
    expect(await read(inbox, { fetch: offline })).toMatchObject({ ok: false });
  });
});

describe('CouchDB', () => {
  test('is told a wrong password and a missing database apart; what was deleted, and its own designs, are no posts', async () => {
    const server = await startCouchdb({ user: 'léa', password: 'secret' });
    const fields = { url: server.url, database: server.database, user: 'léa', password: 'secret', kind: 'brevo' };
    const inbox = { ...database(server.url, server.database, server.stop), fields };
    const authorization = `Basic ${Buffer.from('léa:secret').toString('base64')}`;
    const call = (path: string, method: string, body?: string) =>
      fetch(`${server.url}/${server.database}${path}`, { method, headers: { ...json, authorization }, ...(body ? { body } : {}) }); // prettier-ignore
    await call('', 'POST', JSON.stringify({ ...(JSON.parse(opened) as object), _id: 'd-1' }));
    await call('', 'POST', JSON.stringify({ ...(JSON.parse(opened) as object), _id: 'd-2' }));
    await call('', 'POST', JSON.stringify({ _id: '_design/inbox', views: {} }));
    await call('/d-2', 'DELETE');
    expect((await readAll(inbox)).facts).toEqual(told);

    const reason = async (wrong: object) => {
      const reading = await read(inbox, { fields: { ...fields, ...wrong } });
      return reading.ok ? null : reading.reason.key;
    };
    expect(await reason({ password: 'x' })).toBe('words.couchdb.refused');
    expect(await reason({ database: 'other', user: 'léa' })).toBe('words.couchdb.no_database');
    expect(await reason({ password: null })).toBe('words.outbox.key_locked');
    await server.stop();
  });

  test('an answer of something else is said to be none of CouchDB’s', async () => {
    const couchdb = sources.get('couchdb.inbox')!;
    const fields = { url: 'https://x', database: 'ricochet', user: '', password: null, kind: 'generic' };
    for (const body of ['<html>', { hello: 'world' }]) {
      expect(await readFake(couchdb, { fields, fetch: answering(200, body) })).toMatchObject({
        ok: false,
        reason: { key: 'words.couchdb.not_couchdb' }
      });
      expect(await couchdb.service!.test({ fields, fetch: answering(200, body) })).toMatchObject({ ok: false });
    }
  });
});

describe('Supabase', () => {
  test('a row that becomes visible after those that follow it is not lost', async () => {
    const server = await startSupabase();
    const inbox = {
      ...(await supabase()),
      fields: { url: server.url, apiKey: 'public', secret: 'secret', kind: 'brevo' }
    };
    const late = server.skip();
    server.keep(opened.replace('202701050800.12345', 'm2'));
    const first = await read(inbox);
    if (!first.ok) throw new Error(first.reason.key);
    server.keep(opened, null, late);
    const { facts } = await readAll(inbox, { cursor: first.value.cursor });
    expect(facts).toEqual(told);
    expect(server.left()).toBe(0);
    await server.stop();
    await inbox.stop();
  });

  test('says what is wrong: the key, the secret, no table, nothing that may be deleted', async () => {
    const tried = async (options: Parameters<typeof startSupabase>[0], fields: object = {}) => {
      const server = await startSupabase(options);
      const given = { url: server.url, apiKey: 'public', secret: 'secret', kind: 'generic', ...fields };
      const result = await sources.get('supabase.inbox')!.service!.test({ fields: given, fetch: fetch });
      await server.stop();
      return result.ok ? null : result.reason.key;
    };
    expect(await tried({}, { apiKey: 'x' })).toBe('words.supabase.key_refused');
    expect(await tried({}, { secret: 'x' })).toBe('words.supabase.wrong_secret');
    expect(await tried({ isSetUp: false })).toBe('words.supabase.not_set_up');

    const server = await startSupabase();
    server.forbidDeleting();
    server.keep(opened);
    const inbox = {
      ...(await supabase()),
      fields: { url: server.url, apiKey: 'public', secret: 'secret', kind: 'brevo' }
    };
    await expect(readAll(inbox)).rejects.toThrow('words.supabase.not_deleted');
    await server.stop();
    await inbox.stop();
  });
});
