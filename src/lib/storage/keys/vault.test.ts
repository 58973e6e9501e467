import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Secret } from '$lib/core/rows/messages';
import { MetaDatabase } from '../dexie/meta';
import { openStorage, type DexieStorage } from '../dexie/storage';
import { Keys } from './keys';
import type { KeyNews } from './key-ring';

const KEY = 'xkeysib-0123456789-very-secret';
const PASSPHRASE = 'correct horse';
let databases = 0;
let ids = 0;
let storage: DexieStorage;
let meta: MetaDatabase;
let tabs: Keys[];

/** Another tab of the same device; what one says, the others hear. */
function tab(): Keys {
  const said = async (news: KeyNews): Promise<void> => {
    for (const other of tabs) if (other !== keys) await other.hear(news);
  };
  const keys: Keys = new Keys(storage, meta, () => `key${++ids}`, (news) => void said(news)); // prettier-ignore
  tabs.push(keys);
  return keys;
}

async function untilLocked(keys: Keys, isLocked: boolean): Promise<void> {
  await expect.poll(() => keys.isLocked()).toBe(isLocked);
}

const secret = async (): Promise<Secret> => (await storage.read((reader) => reader.get('secrets', 's1'))) as Secret;

beforeEach(async () => {
  tabs = [];
  storage = await openStorage({ name: `vault-${++databases}` });
  meta = new MetaDatabase(`vault-meta-${databases}`);
  const first = tab();
  const row = await first.encrypt('s1', KEY);
  if (!row.ok) throw new Error(row.reason.key);
  await storage.commit([create('secrets', 's1', row.value)]);
  await first.setPassphrase(PASSPHRASE);
});
afterEach(() => {
  storage.close();
  meta.close();
});

describe('a lock', () => {
  test('closes what the passphrase has opened, in every tab, and what opens one opens all', async () => {
    const [one] = tabs as [Keys];
    const other = tab();
    expect(await other.isLocked()).toBe(true);
    other.ask();
    await untilLocked(other, false);
    expect(await other.decrypt(await secret())).toEqual({ ok: true, value: KEY });
    await one.lock();
    await untilLocked(other, true);
    expect(await one.decrypt(await secret())).toMatchObject({ ok: false, reason: { key: 'words.keys.locked' } });
    expect(await one.encrypt('s2', 'x')).toMatchObject({ ok: false, reason: { key: 'words.keys.locked' } });
    await other.unlock(PASSPHRASE);
    await untilLocked(one, false);
    expect(await one.decrypt(await secret())).toEqual({ ok: true, value: KEY });
  });

  test('takes nothing from a device whose keys open by themselves', async () => {
    const [one] = tabs as [Keys];
    await one.setPassphrase(null);
    await one.lock();
    expect(await one.decrypt(await secret())).toEqual({ ok: true, value: KEY });
  });
});

describe('a passkey', () => {
  const told = (byte: number): ArrayBuffer => new Uint8Array(32).fill(byte).buffer;
  const made = { credentialId: 'Y3JlZA==', salt: 'c2FsdA==', secret: told(7) };

  test('unlocks in the place of the passphrase, and only that passkey does', async () => {
    const [one] = tabs as [Keys];
    expect(await one.passkey()).toBeNull();
    expect(await one.addPasskey(made, 'wrong horse')).toMatchObject({ ok: false, reason: { key: 'words.keys.wrong_passphrase' } }); // prettier-ignore
    expect(await one.passkey()).toBeNull();
    expect(await one.addPasskey(made, PASSPHRASE)).toEqual({ ok: true, value: undefined });
    await one.lock();
    expect(await one.passkey()).toEqual({ credentialId: 'Y3JlZA==', salt: 'c2FsdA==' });
    expect(await one.unlockByPasskey(told(8))).toEqual({ ok: false, reason: { key: 'words.keys.wrong_passkey' } });
    expect(await one.isLocked()).toBe(true);
    expect(await one.unlockByPasskey(told(7))).toEqual({ ok: true, value: undefined });
    expect(await one.decrypt(await secret())).toEqual({ ok: true, value: KEY });
  });

  test('keeps the passphrase in no readable form, and is void with another passphrase, without one, and once it is taken away', async () => {
    const [one] = tabs as [Keys];
    await one.addPasskey(made, PASSPHRASE);
    expect(JSON.stringify(await meta.keys.toArray())).not.toContain(PASSPHRASE);
    await one.setPassphrase('battery staple');
    expect(await one.unlockByPasskey(told(7))).toMatchObject({ ok: false });
    await one.addPasskey(made, 'battery staple');
    await one.setPassphrase(null);
    expect(await one.passkey()).toBeNull();
    await one.setPassphrase(PASSPHRASE);
    await one.addPasskey(made, PASSPHRASE);
    await one.removePasskey();
    expect(await one.unlockByPasskey(told(7))).toMatchObject({ ok: false });
  });
});
