import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok, type Result } from '$lib/core/result';
import { fetchBackup } from '../backups/fetching';
import { packedFile } from '../backups/packing';
import { removeBackup, storedBackups } from '../backups/shelf';
import { storeBackup } from '../backups/storing';
import { examineRemote } from '../examining';
import { backupFolder, backupId, batchOf } from '../names';
import type { Remote } from '../remote';
import { sealOf } from '../sealing';

async function newDataKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function writtenTo(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<Result<void>> {
  const writer = stream.getWriter();
  await writer.write(bytes);
  await writer.close();
  return ok(undefined);
}

export interface RunningRemote {
  /** Whether it holds its answer back until there is something to tell. */
  readonly waits?: true;
  /** The same place, as another device has it. */
  connect(): Remote;
  stop(): Promise<void>;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value;
}

/** What is there, which it must be. */
function there<T>(result: Result<T | null>): T {
  const value = valueOf(result);
  if (value === null) throw new Error('nothing is there');
  return value;
}

/** What every remote promises, to be kept by `start`'s, which is empty. */
export function describeRemote(name: string, start: () => Promise<RunningRemote>): void {
  describe(name, () => {
    let running: RunningRemote;
    let one: Remote;
    let other: Remote;
    let waits: boolean;

    beforeAll(async () => {
      running = await start();
      waits = running.waits ?? false;
      one = running.connect();
      other = running.connect();
    });
    afterAll(() => running.stop());

    const asked = { wait: 0, signal: new AbortController().signal };

    /** All that is told after the cursor, a page at a time. */
    async function told(cursor: string | null): Promise<{ names: string[]; cursor: string | null }> {
      const names: string[] = [];
      for (let pages = 0; pages < 50; pages++) {
        const page = valueOf(await other.changes(cursor, asked));
        names.push(...page.names);
        cursor = page.cursor;
        if (!page.isMore) return { names, cursor };
      }
      throw new Error('there is always more');
    }

    it('says that nothing is there before anything was put', async () => {
      expect(valueOf(await one.get('g1/a1/0000000000'))).toBeNull();
      expect(valueOf(await one.read('header'))).toBeNull();
      expect((await told(null)).names).toEqual([]);
    });

    it('gives back every byte to whoever asks', async () => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 256);
      expect(valueOf(await one.put('g1/bytes/0000000000', bytes))).toBe('stored');
      expect(Buffer.from(there(await other.get('g1/bytes/0000000000'))).equals(bytes)).toBe(true);
    });

    it('never overwrites', async () => {
      valueOf(await one.put('g1/once/0000000000', text('first')));
      expect(valueOf(await other.put('g1/once/0000000000', text('second')))).toBe('exists');
      expect(valueOf(await one.get('g1/once/0000000000'))).toEqual(text('first'));
    });

    it('lets one of two win that put the same name at once', async () => {
      const both = await Promise.all([one, other].map((it, at) => it.put('g1/race/0000000000', text(`from ${at}`))));
      const answers = both.map(valueOf);
      expect([...answers].sort()).toEqual(['exists', 'stored']);
      expect(valueOf(await one.get('g1/race/0000000000'))).toEqual(text(`from ${answers.indexOf('stored')}`));
    });

    it('tells what was put since the cursor, and nothing twice', async () => {
      const { cursor } = await told(null);
      const put = Array.from({ length: 7 }, (_, at) => `g1/told/000000000${at}`);
      for (const each of put) valueOf(await one.put(each, text(each)));
      const since = await told(cursor);
      expect([...since.names].sort()).toEqual(put);
      expect((await told(since.cursor)).names).toEqual([]);
      expect((await told(null)).names).toEqual(expect.arrayContaining(put));
    });

    it('tells what is put while it is read a page at a time', async () => {
      const first = valueOf(await other.changes(null, asked));
      valueOf(await one.put('g1/between/0000000000', text('late')));
      expect((await told(first.cursor)).names).toContain('g1/between/0000000000');
    });

    it('removes what is there, and what is not', async () => {
      valueOf(await one.put('g1/gone/0000000000', text('gone')));
      valueOf(await other.remove('g1/gone/0000000000'));
      expect(valueOf(await one.get('g1/gone/0000000000'))).toBeNull();
      expect((await one.remove('g1/gone/0000000000')).ok).toBe(true);
      const { cursor } = await told(null);
      expect((await told(cursor)).names).toEqual([]);
    });

    it('lists what lies right in a folder, by name', async () => {
      expect(valueOf(await one.list('g1/listed'))).toEqual([]);
      const names = ['g1/listed/b', 'g1/listed/a-whole', 'g1/listed/a-0000000001', 'g1/listed/a-0000000000'];
      for (const each of [...names, 'g1/listed/inner/a', 'g1/listedtoo/a']) valueOf(await one.put(each, text(each)));
      valueOf(await one.write('listed', text('document'), null));
      expect(valueOf(await other.list('g1/listed'))).toEqual([...names].sort());
      valueOf(await other.remove('g1/listed/b'));
      expect(valueOf(await one.list('g1/listed'))).toEqual([...names].sort().slice(0, 3));
    });

    it('writes a document over the revision that was read alone', async () => {
      const made = valueOf(await one.write('header', text('one'), null));
      expect(made).not.toBe('conflict');
      expect(valueOf(await other.write('header', text('two'), null))).toBe('conflict');
      const read = there(await other.read('header'));
      expect(read.bytes).toEqual(text('one'));
      expect(valueOf(await other.write('header', text('two'), read.revision))).not.toBe('conflict');
      expect(valueOf(await one.write('header', text('three'), read.revision))).toBe('conflict');
      expect(there(await one.read('header')).bytes).toEqual(text('two'));
    });

    it('says the revision that a document has after it was written', async () => {
      const made = valueOf(await one.write('lease', text('one'), null));
      if (made === 'conflict') throw new Error(made);
      expect(there(await other.read('lease')).revision).toBe(made.revision);
      expect(valueOf(await one.write('lease', text('two'), made.revision))).not.toBe('conflict');
    });

    it('lets one of two win that write a document at once', async () => {
      const { revision } = there(await one.read('header'));
      const both = await Promise.all([one, other].map((it, at) => it.write('header', text(`by ${at}`), revision)));
      const lost = both.map(valueOf).map((answer) => answer === 'conflict');
      expect([...lost].sort()).toEqual([false, true]);
      expect(there(await one.read('header')).bytes).toEqual(text(`by ${lost.indexOf(false)}`));
    });

    it('removes a document, which can be written anew', async () => {
      valueOf(await one.write('draft', text('one'), null));
      valueOf(await other.remove('draft'));
      expect(valueOf(await one.read('draft'))).toBeNull();
      expect(valueOf(await one.write('draft', text('two'), null))).not.toBe('conflict');
      expect(there(await other.read('draft')).bytes).toEqual(text('two'));
    });

    it('passes the examination, which leaves nothing behind', async () => {
      const before = await told(null);
      expect(valueOf(await examineRemote(one))).toBe('workspace');
      expect((await told(null)).names.sort()).toEqual(before.names.sort());
    });

    it('does not tell documents', async () => {
      const { cursor } = await told(null);
      const read = there(await one.read('header'));
      valueOf(await one.write('header', text('again'), read.revision));
      expect((await told(cursor)).names).toEqual([]);
      expect((await told(null)).names.every((each) => each.startsWith('g1/'))).toBe(true);
    });

    it('tells at once what is put while it waits, or does not wait', async () => {
      const { cursor } = await told(null);
      const begun = performance.now();
      const waiting = other.changes(cursor, { wait: 40_000, signal: new AbortController().signal });
      // What does not wait has its answer before anything is put.
      if (!waits) expect(valueOf(await waiting).names).toEqual([]);
      valueOf(await one.put('g1/meanwhile/0000000000', text('meanwhile')));
      const names = waits ? valueOf(await waiting).names : (await told(cursor)).names;
      expect(names).toEqual(['g1/meanwhile/0000000000']);
      expect(performance.now() - begun).toBeLessThan(30_000);
    });

    it('keeps a backup in pieces, of which no batch is told, and lets go of all of it', async () => {
      const seal = sealOf(await newDataKey(), { remote: 'r', generation: 1 });
      const { cursor } = await told(null);
      const bytes = Uint8Array.from({ length: 250_000 }, (_, at) => (at * 31 + (at >> 7) * 17) % 256);
      const [id, at] = [backupId(Date.UTC(2027, 0, 15), 'abcdefgh'), Date.UTC(2027, 0, 15)];
      const packed = valueOf(await packedFile((stream) => writtenTo(stream, bytes)));
      const store = { id, at, device: 'Ada', packed, piece: 400 };
      valueOf(await storeBackup({ remote: one, seal }, store, () => true));
      const [found] = valueOf(await storedBackups({ remote: other, seal }));
      expect(found).toEqual({ id, at, device: 'Ada', size: packed.size, problem: null });
      const file = valueOf(await fetchBackup({ remote: other, seal }, id));
      expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
      expect((await told(cursor)).names.filter((name) => batchOf(name, 1) !== null)).toEqual([]);
      valueOf(await removeBackup({ remote: other, seal }, id));
      expect(valueOf(await one.list(backupFolder(1)))).toEqual([]);
    });

    it('stops waiting when it is told to', async () => {
      const { cursor } = await told(null);
      const stop = new AbortController();
      const waiting = other.changes(cursor, { wait: 60_000, signal: stop.signal });
      stop.abort();
      const page = await waiting;
      expect(page.ok ? page.value.names : []).toEqual([]);
      expect((await other.changes(cursor, { wait: 60_000, signal: stop.signal })).ok).toBe(false);
    });
  });
}
