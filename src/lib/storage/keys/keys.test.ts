import { create } from '$lib/core/changes';
import type { ConnectionRow } from '$lib/core/rows/connection';
import type { Secret } from '$lib/core/rows/messages';
import { TABLE_NAMES } from '$lib/core/tables';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportWorkspace } from '../backup/export';
import { restoreWorkspace } from '../backup/restore';
import { MetaDatabase } from '../dexie/meta';
import { openStorage, type DexieStorage } from '../dexie/storage';
import { connectionRow, settingsRow } from '../testing/rows';
import { Keys } from './keys';

const KEY = 'xkeysib-0123456789-very-secret';
let databases = 0;
let ids = 0;
let storage: DexieStorage;
let meta: MetaDatabase;
let keys: Keys;
const newId = () => `key${++ids}`;
/** The app starts again: nothing but what is stored is left. */
const restarted = () => new Keys(storage, meta, newId);

beforeEach(async () => {
  storage = await openStorage({ name: `keys-${++databases}` });
  meta = new MetaDatabase(`keys-meta-${databases}`);
  keys = restarted();
  await storage.commit([create('settings', 'workspace', settingsRow())]);
});
afterEach(() => {
  storage.close();
  meta.close();
});

async function stored(id: string, plain: string): Promise<void> {
  const row = await keys.encrypt(id, plain);
  if (!row.ok) throw new Error(row.reason.key);
  await storage.commit([create('secrets', id, row.value)]);
}
const row = async (id: string) => (await storage.read((reader) => reader.get('secrets', id))) as Secret;

describe('secrets', () => {
  it('are read back on this device, also after a restart', async () => {
    await stored('s1', KEY);
    expect(await restarted().decrypt(await row('s1'))).toEqual({ ok: true, value: KEY });
    expect(await keys.isLocked()).toBe(false);
  });

  it('are under a key that cannot be taken out of the browser', async () => {
    await stored('s1', KEY);
    const kept = (await meta.keys.toArray()).map(({ key }) => key).filter((key) => key instanceof CryptoKey);
    expect(kept.map(({ extractable, algorithm }) => [extractable, algorithm])).toEqual([
      [false, { name: 'AES-GCM', length: 256 }]
    ]);
    await expect(crypto.subtle.exportKey('raw', kept[0] as CryptoKey)).rejects.toThrow();
  });

  it('differ for the same text, and do not open under another id or after being touched', async () => {
    await stored('s1', KEY);
    await stored('s2', KEY);
    const [first, second] = [await row('s1'), await row('s2')];
    expect(first.ciphertext).not.toBe(second.ciphertext);
    const unreadable = { ok: false, reason: { key: 'words.keys.unreadable' } };
    expect(await keys.decrypt({ ...first, id: 's2' })).toEqual(unreadable);
    expect(await keys.decrypt({ ...first, ciphertext: second.ciphertext })).toEqual(unreadable);
    expect(await keys.decrypt({ ...first, keyId: 'elsewhere' })).toEqual(unreadable);
  });

  it('appear in clear in no table, no export, no key store and no log', async () => {
    const logged = ['log', 'warn', 'error', 'info', 'debug'].map((method) => vi.spyOn(console, method as 'log'));
    await stored('s1', KEY);
    await keys.setPassphrase('correct horse battery');
    await stored('s2', `${KEY}2`);
    const tables = await storage.read((reader) => Promise.all(TABLE_NAMES.map((table) => reader.query(table, {}))));
    const chunks: string[] = [];
    const secrets = await keys.toFile('another passphrase');
    const stream = new WritableStream<Uint8Array>({
      write: (chunk) => void chunks.push(new TextDecoder().decode(chunk))
    });
    await exportWorkspace(storage, stream, { now: 1, secrets: secrets.ok ? secrets.value : null });
    const everything = JSON.stringify([tables, chunks.join(''), await meta.keys.toArray(), await meta.names.toArray()]);
    expect(chunks.join('')).toContain('"s2"');
    for (const part of [KEY, btoa(KEY), 'correct horse', 'another passphrase']) expect(everything).not.toContain(part);
    for (const spy of logged) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('a passphrase', () => {
  it('locks the secrets until it is given', async () => {
    await stored('s1', KEY);
    await stored('s2', 'other');
    const before = await row('s1');
    expect(await keys.setPassphrase('correct horse')).toEqual({ ok: true, value: undefined });
    expect((await row('s1')).ciphertext).not.toBe(before.ciphertext);
    expect(await keys.decrypt(await row('s1'))).toEqual({ ok: true, value: KEY });
    expect(await keys.decrypt(before)).toMatchObject({ ok: false });

    const again = restarted();
    expect([await again.isLocked(), await again.hasPassphrase()]).toEqual([true, true]);
    const locked = { ok: false, reason: { key: 'words.keys.locked' } };
    expect(await again.decrypt(await row('s1'))).toEqual(locked);
    expect(await again.encrypt('s3', 'x')).toEqual(locked);
    expect(await again.setPassphrase('new passphrase')).toEqual(locked);
    expect(await again.toFile('for a file')).toEqual(locked);
    expect(await again.unlock('wrong horse')).toEqual({ ok: false, reason: { key: 'words.keys.wrong_passphrase' } });
    expect(await again.unlock('correct horse')).toEqual({ ok: true, value: undefined });
    expect(await again.decrypt(await row('s2'))).toEqual({ ok: true, value: 'other' });
  });

  it('is changed and taken away, and the one before opens nothing any more', async () => {
    await stored('s1', KEY);
    await keys.setPassphrase('correct horse');
    await keys.setPassphrase('battery staple');
    expect(await restarted().unlock('correct horse')).toMatchObject({ ok: false });
    expect(await restarted().unlock('battery staple')).toMatchObject({ ok: true });
    await keys.setPassphrase(null);
    expect(await restarted().decrypt(await row('s1'))).toEqual({ ok: true, value: KEY });
    expect(await meta.keys.count()).toBe(2);
  });

  it('encrypts what opens the remote anew, which is in no file', async () => {
    const sealed = await keys.encrypt('remote', 'the key of the remote');
    if (!sealed.ok) throw new Error(sealed.reason.key);
    await storage.commit([create('runtime', 'connection', connectionRow({ secret: sealed.value }))]);
    await keys.setPassphrase('correct horse');
    const kept = async () => {
      const found = await storage.read((reader) => reader.get('runtime', 'connection'));
      return (found as ConnectionRow).secret;
    };
    expect(await restarted().decrypt(await kept())).toMatchObject({ ok: false, reason: { key: 'words.keys.locked' } });
    const again = restarted();
    await again.unlock('correct horse');
    expect(await again.decrypt(await kept())).toEqual({ ok: true, value: 'the key of the remote' });
    expect(await again.toFile('battery staple')).toMatchObject({ ok: true, value: { rows: [] } });
  });

  it('must not be short', async () => {
    expect(await keys.setPassphrase('short')).toMatchObject({ ok: false, reason: { params: { least: 8 } } });
  });

  it('encrypts all or nothing: an interruption leaves every secret readable', async () => {
    await stored('s1', KEY);
    vi.spyOn(storage, 'transact').mockRejectedValueOnce(new Error('the tab died'));
    await expect(keys.setPassphrase('correct horse')).rejects.toThrow('the tab died');
    expect(await restarted().decrypt(await row('s1'))).toEqual({ ok: true, value: KEY });
    // It died right after the transaction instead: the secrets name the new key, which waits for its passphrase.
    vi.spyOn(meta, 'transaction').mockRejectedValueOnce(new Error('the tab died'));
    await expect(keys.setPassphrase('correct horse')).rejects.toThrow('the tab died');
    vi.restoreAllMocks();
    const again = restarted();
    expect(await again.isLocked()).toBe(true);
    expect(await again.decrypt(await row('s1'))).toMatchObject({ reason: { key: 'words.keys.locked' } });
    await again.unlock('correct horse');
    expect(await again.decrypt(await row('s1'))).toEqual({ ok: true, value: KEY });
    expect([await again.isLocked(), await again.hasPassphrase()]).toEqual([false, true]);
  });

  it('takes along a secret that another tab stores meanwhile', async () => {
    await stored('s1', KEY);
    const transact = storage.transact.bind(storage);
    vi.spyOn(storage, 'transact').mockImplementationOnce(async (work, options) => {
      vi.restoreAllMocks();
      await stored('s2', 'late');
      return transact(work, options);
    });
    await keys.setPassphrase('correct horse');
    const again = restarted();
    await again.unlock('correct horse');
    expect(await again.decrypt(await row('s2'))).toEqual({ ok: true, value: 'late' });
  });
});

describe('a file', () => {
  it('carries the secrets to another device by its own passphrase', async () => {
    await stored('s1', KEY);
    const secrets = await keys.toFile('for this file');
    if (!secrets.ok) throw new Error();
    expect(secrets.value).toMatchObject({ iterations: 600_000, rows: [{ id: 's1', keyId: 'file' }] });
    const chunks: BlobPart[] = [];
    const stream = new WritableStream<Uint8Array<ArrayBuffer>>({ write: (chunk) => void chunks.push(chunk) });
    await exportWorkspace(storage, stream, { now: 1, secrets: secrets.value });

    const elsewhere = new MetaDatabase(`keys-elsewhere-${databases}`);
    const theirs = new Keys(storage, elsewhere, newId);
    const restore = (passphrase: string) =>
      restoreWorkspace(new Blob(chunks), {
        meta: elsewhere,
        newId: () => `keys-restored-${++ids}`,
        secrets: (file) => theirs.fromFile(file, passphrase)
      });
    expect(await restore('not it')).toEqual({ ok: false, reason: { key: 'words.keys.wrong_passphrase' } });
    expect((await restore('for this file')).ok).toBe(true);
    const restored = await openStorage({ name: await elsewhere.currentName() });
    const arrived = (await restored.read((reader) => reader.get('secrets', 's1'))) as Secret;
    expect(await theirs.decrypt(arrived)).toEqual({ ok: true, value: KEY });
    restored.close();
  });
});
