import { create } from '$lib/core/changes';
import { defaultSettings } from '$lib/core/graph';
import type { Secret } from '$lib/core/rows/messages';
import { FILE_TABLES, WORKSPACE_VERSION } from '$lib/core/workspace-file';
import { ok } from '$lib/core/result';
import { createContact } from '$lib/records/contacts/create';
import { Ajv } from 'ajv';
import Dexie from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import { MetaDatabase } from '../dexie/meta';
import { openStorage } from '../dexie/storage';
import { MemoryStorage } from '../memory';
import type { Storage } from '../port';
import { contactRow, enrolmentRow, eventRow, journalRow, listRow, outboxRow, settingsRow } from '../testing/rows';
import { exportWorkspace, type ExportOptions } from './export';
import { workspaceJsonSchema } from './json-schema';
import { readWorkspaceFile } from './read-file';
import { restoreWorkspace, sweepRestores, type RestoreOptions } from './restore';
import type { FileUpgrade } from './upgrades';

let databases = 0;
let meta: MetaDatabase;
beforeEach(async () => {
  await Dexie.delete('ricochet-1');
  meta = new MetaDatabase(`backup-meta-${++databases}`);
});

async function exported(storage: Storage, more: Partial<ExportOptions> = {}): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  const stream = new WritableStream<Uint8Array>({
    write: (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    }
  });
  const result = await exportWorkspace(storage, stream, { now: 1_798_966_800_000, secrets: null, ...more });
  if (!result.ok) throw new Error(result.reason.key);
  return text;
}

const options = (more: Partial<RestoreOptions> = {}): RestoreOptions => ({
  meta,
  newId: () => `restored-${++databases}`,
  secrets: null,
  ...more
});
const restore = (text: string, more: Partial<RestoreOptions> = {}) => restoreWorkspace(new Blob([text]), options(more));

async function filled(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  const { changes, events } = createContact({ email: 'Lea@x.fr', phone: '+33612345678', attributes: { NOTE: '«é\u2028"\\' } }, ['l1'], { now: 5, newId: () => `id${++databases}`, via: 'form' }); // prettier-ignore
  const graph = { triggers: [], entry: 's1', steps: [{ id: 's1', unit: 'rule.delay', version: 1, fields: { any: [1, null] }, next: { next: null } }], notes: [] }; // prettier-ignore
  const settings = defaultSettings();
  await storage.commit([
    create('settings', 'workspace', settingsRow()),
    create('lists', 'l1', listRow({ id: 'l1' })),
    ...changes,
    ...events.map((event) => create('events', event.id, event)),
    create('events', 'e1', eventRow({ id: 'e1', contactId: null, dedupeKey: 'k', unmatched: 1, properties: { amount: { minor: 3990, currency: 'EUR' } } })), // prettier-ignore
    create('enrolments', 'n1', enrolmentRow({ id: 'n1', dueAt: 9, wakes: ['c1 email.opened'], reason: { key: 'words.x', params: { n: 1 } } })), // prettier-ignore
    create('journal', ['n1', 0], journalRow({ enrolmentId: 'n1', seq: 0, entries: [{ at: 1, kind: 'entered', stepId: null }] })), // prettier-ignore
    create('outbox', 'o1', outboxRow({ id: 'o1' })),
    create('versions', 'v1', { id: 'v1', automationId: 'a1', number: 1, publishedAt: 1, graph, settings }),
    create('secrets', 'k1', { id: 'k1', keyId: 'device', iv: 'AAAA', ciphertext: 'c2VjcmV0' }),
    create('runtime', 'runner', { id: 'runner', epoch: 3, heartbeat: 9 })
  ]);
  return storage;
}

async function contents(storage: Storage): Promise<unknown> {
  return storage.read(async (reader) =>
    Promise.all([...FILE_TABLES, 'settings' as const].map(async (table) => [table, await reader.query(table, {})]))
  );
}

describe('a workspace file', () => {
  it('brings everything back, into a new database that then is the workspace', async () => {
    const storage = await filled();
    const before = await meta.currentName();
    (await openStorage({ name: before })).close();
    const restored = await restore(await exported(storage));
    expect(restored).toEqual({ ok: true, value: await meta.currentName() });
    expect(await meta.currentName()).not.toBe(before);
    expect(await Dexie.exists(before)).toBe(false);
    const back = await openStorage({ name: await meta.currentName() });
    expect(await contents(back)).toEqual(await contents(storage));
    expect(await back.read((reader) => reader.get('runtime', 'runner'))).toBeUndefined();
    back.close();
  });

  it('begins with format, version and settings, fits the schema made from the code, and holds no secrets', async () => {
    const text = await exported(await filled());
    expect(text).toMatch(
      /^\{\s*"format": "ricochet-workspace",\s*"version": 1,\s*"exportedAt": "[^"]+",\s*"settings": \{/
    );
    expect(text).not.toContain('c2VjcmV0');
    const schema = workspaceJsonSchema();
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    const broken = JSON.parse(text) as { contacts: { id?: string }[] };
    delete broken.contacts[0]?.id;
    expect(validate(broken)).toBe(false);
  });

  it('may be written by hand, with contacts alone', async () => {
    const head = {
      format: 'ricochet-workspace',
      version: 1,
      exportedAt: '2027-01-05T09:00:00Z',
      settings: settingsRow()
    };
    const text = JSON.stringify({
      ...head,
      contacts: [contactRow({ id: 'c1', email: 'Lea@x.fr' })],
      unknown: [{ a: 1 }]
    });
    expect((await restore(text)).ok).toBe(true);
    const storage = await openStorage({ name: await meta.currentName() });
    expect(await storage.read((reader) => reader.get('identities', ['email', 'lea@x.fr']))).toMatchObject({ contactId: 'c1' }); // prettier-ignore
    storage.close();
  });

  it('from before events were counted by contact and type has them counted', async () => {
    const happened = [1, 2, 3].map((at) => eventRow({ id: `e${at}`, contactId: 'c1', occurredAt: at * 10 }));
    const file = {
      format: 'ricochet-workspace',
      version: 1,
      exportedAt: '2027-01-05T09:00:00Z',
      settings: settingsRow(),
      events: happened
    };
    await restore(JSON.stringify(file), { batch: 2 });
    const back = await openStorage({ name: await meta.currentName() });
    expect(await back.read((reader) => reader.query('rollups', {}))).toEqual([
      { contactId: 'c1', type: 'custom.event', count: 3, firstAt: 10, lastAt: 30, lastId: 'e3' }
    ]);
    back.close();
  });

  it('carries secrets only encrypted for it, and gives them back re-encrypted', async () => {
    const row: Secret = { id: 'k1', keyId: 'file', iv: 'AAAA', ciphertext: 'BBBB' };
    const secrets = { salt: 'c2FsdA==', iterations: 600_000, rows: [row] };
    const text = await exported(await filled(), { secrets });
    const secretsOf = async () => {
      const storage = await openStorage({ name: await meta.currentName() });
      const rows = await storage.read((reader) => reader.query('secrets', {}));
      storage.close();
      return rows;
    };
    await restore(text);
    expect(await secretsOf()).toEqual([]);
    await restore(text, { secrets: async ({ rows }) => ok(rows.map((one) => ({ ...one, keyId: 'here' }))) });
    expect(await secretsOf()).toEqual([{ ...row, keyId: 'here' }]);
    const wrong = await restore(text, {
      secrets: async () => ({ ok: false, reason: { key: 'words.keys.wrong_passphrase' } })
    });
    expect(wrong).toMatchObject({ ok: false, reason: { key: 'words.keys.wrong_passphrase' } });
    expect(await secretsOf()).toHaveLength(1);
  });
});

describe('a file that cannot be restored', () => {
  const good = {
    format: 'ricochet-workspace',
    version: 1,
    exportedAt: '2027-01-05T09:00:00Z',
    settings: settingsRow()
  };

  it.each([
    ['words.backup.not_json', 'email;nom\nlea@x.fr;Léa'],
    ['words.backup.not_a_workspace', '[1, 2]'],
    ['words.backup.not_a_workspace', '{"format": "other", "version": 1}'],
    ['words.backup.not_a_workspace', '{"a": 1}'],
    ['words.backup.not_a_workspace', JSON.stringify({ contacts: [contactRow({ id: 'c1' })], ...good })],
    ['words.backup.cut_short', JSON.stringify({ ...good, contacts: [contactRow({ id: 'c1' })] }).slice(0, -3)],
    ['words.backup.cut_short', ''],
    ['words.backup.newer', JSON.stringify({ ...good, version: WORKSPACE_VERSION + 1 })],
    ['words.backup.no_settings', JSON.stringify({ format: good.format, version: 1 })],
    ['words.backup.bad_row', JSON.stringify({ ...good, contacts: [contactRow({ id: 'c1' }), { id: 'c2' }] })],
    ['words.backup.bad_row', JSON.stringify({ ...good, settings: { id: 'workspace' } })],
    ['words.backup.bad_row', JSON.stringify({ ...good, lists: [null] })],
    ['words.backup.twice', JSON.stringify({ ...good, lists: [listRow({ id: 'l1' }), listRow({ id: 'l1' })] })]
  ])('is refused with %s and leaves the workspace as it was: %s', async (key, text) => {
    const name = await meta.currentName();
    const storage = await openStorage({ name });
    const before = new Set((await indexedDB.databases()).map((database) => database.name));
    expect(await restore(text)).toMatchObject({ ok: false, reason: { key } });
    expect(await meta.currentName()).toBe(name);
    expect((await indexedDB.databases()).filter((database) => !before.has(database.name))).toEqual([]);
    await storage.commit([create('lists', 'l1', listRow({ id: 'l1' }))]);
    storage.close();
  });

  it('says which row does not fit, and where', async () => {
    const contacts = [contactRow({ id: 'c1' }), { ...contactRow({ id: 'c2' }), listIds: ['l1', 2] }];
    expect(await restore(JSON.stringify({ ...good, contacts }))).toEqual({
      ok: false,
      reason: { key: 'words.backup.bad_row', params: { table: 'contacts', number: 2, path: 'listIds.1' } }
    });
  });

  it('is swept away where the restore was interrupted', async () => {
    const name = await meta.currentName();
    await meta.announce('half');
    (await openStorage({ name: 'half' })).close();
    await sweepRestores(meta);
    expect(await Dexie.exists('half')).toBe(false);
    expect(await meta.currentName()).toBe(name);
  });
});

describe('a file of an older version', () => {
  it('is upgraded step by step as it is read', async () => {
    const upgrades: FileUpgrade[] = [
      { to: 3, row: (table, row) => (table === 'lists' ? { ...row, name: `${String(row['name'])}!` } : row) },
      {
        to: 2,
        settings: (settings) => ({ ...settings, country: 'FR' }),
        row: (table, { title, ...row }) => (table === 'lists' ? (title === '' ? null : { ...row, name: title }) : row)
      }
    ];
    const { country: _, ...settings } = settingsRow();
    const lists = [{ id: 'l1', title: 'Lettre', createdAt: 1 }, { id: 'l2', title: '', createdAt: 1 }]; // prettier-ignore
    const text = JSON.stringify({ format: 'ricochet-workspace', version: 1, settings, lists });
    expect((await restore(text, { upgrades, today: 3 })).ok).toBe(true);
    const storage = await openStorage({ name: await meta.currentName() });
    expect(await storage.read((reader) => reader.query('lists', {}))).toEqual([listRow({ id: 'l1', name: 'Lettre!' })]);
    expect((await storage.read((reader) => reader.get('settings', 'workspace')))?.country).toBe('FR');
    storage.close();
  });
});

describe('a large workspace', () => {
  it('streams: neither way holds more than a batch of its rows', async () => {
    const total = 100_000;
    let largest = 0;
    const source: Pick<Storage, 'read' | 'batches'> = {
      read: (work) => work({ get: async () => settingsRow(), count: async () => 0 } as never),
      batches: async function* (table: string, size: number) {
        for (let start = 0; table === 'contacts' && start < total; start += size) {
          largest = Math.max(largest, size);
          yield Array.from({ length: size }, (_, at) =>
            contactRow({ id: `c${start + at}`, email: `c${start + at}@x.fr` })
          );
        }
      } as Storage['batches']
    };
    // Export and reading are joined by a pipe without room: neither runs ahead of the other.
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    const writing = exportWorkspace(source as Storage, pipe.writable, { now: 1, secrets: null });
    let rows = 0;
    let most = 0;
    const reading = await readWorkspaceFile(pipe.readable, async (parts) => {
      rows += parts.filter(({ part }) => part === 'row').length;
      most = Math.max(most, parts.length);
      return ok(undefined);
    });
    expect(reading.ok && (await writing).ok).toBe(true);
    expect(rows).toBe(total);
    expect(largest).toBeLessThanOrEqual(1_000);
    expect(most).toBeLessThanOrEqual(1_000);
  });
});
