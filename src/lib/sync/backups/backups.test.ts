import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '$lib/core/instants';
import { ok, type Result } from '$lib/core/result';
import { backupFolder, backupId, backupPartOf, batchOf, begunAt, isOlder, manifestName, pieceName } from '../names';
import type { Seal } from '../seal';
import { sealOf } from '../sealing';
import { Shelf, type Fault } from '../testing/memory-remote';
import { fetchBackup } from './fetching';
import { manifestBytes } from './manifest';
import { packedFile } from './packing';
import { keepLatest, latestBackup, removeBackup, storedBackups, sweepBroken, type BackupShelf } from './shelf';
import { storeBackup } from './storing';

const NOW = Date.UTC(2027, 0, 15);
const TEXT = JSON.stringify(Array.from({ length: 400 }, (_, at) => ({ email: `p${at * 7919}@exemple.fr` })));
/** Small enough for several pieces. */
const PIECE = 500;

let shelf: Shelf;
let seal: Seal;
let place: BackupShelf;

beforeEach(async () => {
  shelf = new Shelf();
  seal = sealOf(await newKey(), { remote: 'r', generation: 1 });
  place = { remote: shelf.remote(), seal };
});

function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function packed(text = TEXT): Promise<Blob> {
  const made = await packedFile(async (stream) => {
    const writer = stream.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    return ok(undefined);
  });
  return said(made);
}

function said<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.reason.key);
  return result.value;
}

async function store(at = NOW, more: { on?: BackupShelf; goesOn?: () => boolean; text?: string } = {}) {
  const id = backupId(at, 'abcdefgh');
  const { on = place, goesOn = () => true, text = TEXT } = more;
  const stored = await storeBackup(on, { id, at, device: 'Portable', packed: await packed(text), piece: PIECE }, goesOn); // prettier-ignore
  return { id, stored };
}

const faulty = (...faults: Fault[]): BackupShelf => ({ remote: shelf.remote(() => faults.shift() ?? null), seal });
const put = (name: string, bytes: Uint8Array) => shelf.objects.set(name, bytes);
const there = (name: string): Uint8Array => shelf.objects.get(name) ?? new Uint8Array();

describe('a backup on the remote', () => {
  test('comes back as it was, and says when, by whom and how large it is', async () => {
    const { id } = await store();
    expect(await (await fetchBackup(place, id).then(said)).text()).toBe(TEXT);
    const { size } = await packed();
    expect(said(await storedBackups(place))).toEqual([{ id, at: NOW, device: 'Portable', size, problem: null }]);
    expect(said(await latestBackup(place))).toBe(NOW);
  });

  test('says how far it is, and stops where that is wished', async () => {
    const { id } = await store();
    const heard: number[] = [];
    const stopped = await fetchBackup(place, id, ({ done }) => heard.push(done) < 3);
    expect(stopped).toMatchObject({ reason: { key: 'words.backup.stopped' } });
    expect(heard).toEqual([0, 1, 2]);
  });

  test('is of pieces no larger than was said, none of which can be read, nor are its names', async () => {
    const { id } = await store();
    expect(shelf.objects.size).toBeGreaterThan(4);
    for (const [name, bytes] of shelf.objects) {
      expect(name).toMatch(/^g1\/backups\/[0-9a-z]{17}-(\d{10}|whole)$/);
      expect(bytes.length).toBeLessThanOrEqual(PIECE + 29);
      expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/exemple|Portable/);
    }
    expect(begunAt(id)).toBe(NOW);
  });

  test('is put piece by piece, the manifest last, and is none before', async () => {
    let left = 4;
    const { stored } = await store(NOW, { goesOn: () => left-- > 0 });
    expect(stored).toMatchObject({ reason: { key: 'words.backup.other_runs' } });
    expect(shelf.objects.size).toBe(4);
    expect(said(await storedBackups(place))).toEqual([]);
    expect(said(await latestBackup(place))).toBeNull();
  });

  test('gets over a call that fails, and one whose answer is lost', async () => {
    const { id, stored } = await store(NOW, { on: faulty(null, 'offline', null, 'unanswered', null) });
    expect(stored).toEqual(ok(undefined));
    expect(await (await fetchBackup(place, id).then(said)).text()).toBe(TEXT);
  });

  test('is given up where it fails again, and leaves no backup', async () => {
    const { stored } = await store(NOW, { on: faulty(null, 'offline', 'offline') });
    expect(stored).toMatchObject({ reason: { key: 'test.offline' } });
    expect(said(await storedBackups(place))).toEqual([]);
  });

  test('does not take for its own what somebody else has put under its name', async () => {
    const id = backupId(NOW, 'abcdefgh');
    put(pieceName(1, id, 1), new Uint8Array([1, 2, 3]));
    expect((await store()).stored).toMatchObject({ reason: { key: 'words.backup.shared_changed' } });
  });
});

describe('what was changed is refused, and nothing of it comes out', () => {
  const changed = { ok: false, reason: { key: 'words.backup.shared_changed' } };

  test.each<[string, (id: string) => void, object]>([
    ['a piece touched', (id) => (there(pieceName(1, id, 1))[40]! ^= 1), changed],
    ['a piece cut off', (id) => put(pieceName(1, id, 1), there(pieceName(1, id, 1)).slice(0, -1)), changed],
    ['an empty piece', (id) => put(pieceName(1, id, 1), new Uint8Array()), changed],
    ['a piece in the place of another', (id) => put(pieceName(1, id, 1), there(pieceName(1, id, 0))), changed],
    ['a piece of another backup', (id) => put(pieceName(1, id, 0), there(pieceName(1, backupId(NOW - DAY, 'abcdefgh'), 0))), changed], // prettier-ignore
    ['the manifest of another backup', (id) => put(manifestName(1, id), there(manifestName(1, backupId(NOW - DAY, 'abcdefgh')))), changed], // prettier-ignore
    ['the manifest touched', (id) => (there(manifestName(1, id))[20]! ^= 1), changed],
    ['a piece gone', (id) => shelf.objects.delete(pieceName(1, id, 2)), { reason: { key: 'words.backup.piece_missing', params: { number: 3 } } }], // prettier-ignore
    ['the manifest gone', (id) => shelf.objects.delete(manifestName(1, id)), { reason: { key: 'words.backup.shared_gone' } }] // prettier-ignore
  ])('%s', async (_, attack, refusal) => {
    await store(NOW - DAY, { text: TEXT.replaceAll('exemple', 'example') });
    const { id } = await store();
    attack(id);
    expect(await fetchBackup(place, id)).toMatchObject(refusal);
    // The other one is what it was.
    expect(await fetchBackup(place, backupId(NOW - DAY, 'abcdefgh'))).toMatchObject({ ok: true });
  });

  test('what was sealed under another key, or for another remote', async () => {
    const foreign = sealOf(await newKey(), { remote: 'r', generation: 1 });
    const { id } = await store(NOW, { on: { ...place, seal: foreign } });
    expect(await fetchBackup(place, id)).toMatchObject(changed);
    expect(said(await storedBackups(place))).toMatchObject([{ id, at: NOW, device: null, problem: changed.reason }]);
  });

  test('a manifest that says fewer pieces, or another size, than there are', async () => {
    const { id } = await store();
    const { size } = await packed();
    const pieces = shelf.objects.size - 1;
    for (const wrong of [
      { pieces: pieces - 1, size },
      { pieces, size: size + 1 }
    ]) {
      const bytes = manifestBytes({ at: NOW, device: 'Portable', ...wrong });
      put(manifestName(1, id), await seal.seal(manifestName(1, id), bytes));
      expect(await fetchBackup(place, id)).toMatchObject(changed);
    }
  });

  test('a manifest of a newer version, in words that say so', async () => {
    const { id } = await store();
    const name = manifestName(1, id);
    put(name, await seal.seal(name, new TextEncoder().encode('{"version":2}')));
    expect(await fetchBackup(place, id)).toMatchObject({ reason: { key: 'words.backup.newer' } });
  });
});

describe('of the backups', () => {
  test('the latest are kept, and of the others nothing stays', async () => {
    const ids: string[] = [];
    for (let day = 0; day < 4; day++) ids.push((await store(NOW + day * DAY)).id);
    said(await keepLatest(place, 2));
    expect(said(await storedBackups(place)).map(({ id }) => id)).toEqual([ids[3], ids[2]]);
    const left = new Set([...shelf.objects.keys()].map((name) => backupPartOf(name)?.id));
    expect([...left].sort()).toEqual([ids[2], ids[3]]);
  });

  test('one that is taken away cut off is none any more, and its pieces are swept', async () => {
    const { id } = await store(NOW - 2 * DAY);
    expect((await removeBackup(faulty(null, null, null, 'offline'), id)).ok).toBe(false);
    expect(shelf.objects.size).toBeGreaterThan(0);
    expect(said(await storedBackups(place))).toEqual([]);
    said(await sweepBroken(place, { begun: null, now: NOW }));
    expect(shelf.objects.size).toBe(0);
    expect(await removeBackup(place, id)).toEqual(ok(undefined));
  });

  test('what was cut off is swept: this device’s at once, another’s once nobody can be making it', async () => {
    const broken = () => {
      let left = 3;
      return store(NOW, { goesOn: () => left-- > 0 });
    };
    const { id } = await broken();
    said(await sweepBroken(place, { begun: null, now: NOW + HOUR }));
    expect(shelf.objects.size).toBe(3);
    said(await sweepBroken(place, { begun: id, now: NOW + HOUR }));
    expect(shelf.objects.size).toBe(0);
    await broken();
    said(await sweepBroken(place, { begun: null, now: NOW + DAY + HOUR }));
    expect(shelf.objects.size).toBe(0);
  });

  test('one that is whole is not swept, whoever thinks that it was cut off', async () => {
    const { id } = await store();
    said(await sweepBroken(place, { begun: id, now: NOW + 9 * DAY }));
    expect(await fetchBackup(place, id)).toMatchObject({ ok: true });
  });

  test('what else lies in their folder is let be', async () => {
    put(`${backupFolder(1)}/note`, new Uint8Array([1]));
    await store();
    said(await keepLatest(place, 0));
    said(await sweepBroken(place, { begun: null, now: NOW + 9 * DAY }));
    expect([...shelf.objects.keys()]).toEqual([`${backupFolder(1)}/note`]);
  });
});

test('no part of a backup is a batch, and those of an older generation are older', () => {
  const id = backupId(NOW, 'abcdefgh');
  for (const name of [manifestName(1, id), pieceName(1, id, 0), `${backupFolder(1)}/0000000001`]) {
    expect(batchOf(name, 1)).toBeNull();
    expect([isOlder(name, 1), isOlder(name, 2)]).toEqual([false, true]);
  }
});
