import { beforeAll, describe, expect, test } from 'vitest';
import { sealingKey, type SealingKey } from '../keys/ciphers';
import { piecesOf } from './pieces';
import { Refused } from './refused';
import { sealing } from './sealed-file';
import { isSealedFile } from './sealed-head';

const CHUNK = 65_536 + 16;
const PASSPHRASE = 'un cheval correct';
let key: SealingKey;
beforeAll(async () => {
  key = await sealingKey(PASSPHRASE, undefined, 1_000);
});

/** Bytes that are not the same anywhere. */
const plain = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 255);

async function sealed(content: Uint8Array<ArrayBuffer>, by = key): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([content]).stream().pipeThrough(sealing(by));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function opened(file: Blob, passphrase: string | null): Promise<Uint8Array> {
  const pieces: BlobPart[] = [];
  for await (const piece of piecesOf(file, passphrase)) pieces.push(piece as Uint8Array<ArrayBuffer>);
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

async function refusal(bytes: Uint8Array<ArrayBuffer>, passphrase: string | null = PASSPHRASE): Promise<string> {
  try {
    await opened(new Blob([bytes]), passphrase);
  } catch (error) {
    if (error instanceof Refused) return error.reason.key;
    throw error;
  }
  return 'opened';
}

describe('a sealed file', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 200_000])('of %i bytes opens by its passphrase', async (length) => {
    const bytes = await sealed(plain(length));
    expect(await isSealedFile(new Blob([bytes]))).toBe(true);
    expect(Buffer.compare(await opened(new Blob([bytes]), PASSPHRASE), plain(length))).toBe(0);
  });

  test('is another one each time, under one key that is kept', async () => {
    const one = await sealed(plain(100));
    const other = await sealed(plain(100));
    expect(Buffer.compare(one.slice(-100), other.slice(-100))).not.toBe(0);
  });

  test('needs the passphrase, and the right one', async () => {
    const bytes = await sealed(plain(100));
    expect(await refusal(bytes, null)).toBe('words.backup.needs_passphrase');
    expect(await refusal(bytes, 'un cheval faux')).toBe('words.backup.wrong_passphrase');
  });

  test('that was cut off, anywhere, is refused', async () => {
    const bytes = await sealed(plain(200_000));
    const head = bytes.indexOf(10) + 1;
    for (const end of [
      60,
      head - 1,
      head,
      head + 5,
      head + CHUNK,
      head + 2 * CHUNK,
      head + 3 * CHUNK,
      bytes.length - 1
    ])
      expect([end, await refusal(bytes.slice(0, end))]).not.toEqual([end, 'opened']);
    expect(await refusal(bytes.slice(0, head + 2 * CHUNK))).toBe('words.backup.damaged');
  });

  test('of which a bit was changed is refused: in its first line too', async () => {
    const bytes = await sealed(plain(100_000));
    const head = bytes.indexOf(10) + 1;
    for (const at of [12, head - 5, head, head + CHUNK - 1, head + CHUNK + 3, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const isStillSealed = await isSealedFile(new Blob([changed]));
      // What no longer says that it is sealed is read as what it then is: no workspace.
      expect([at, isStillSealed ? await refusal(changed) : 'refused']).not.toEqual([at, 'opened']);
    }
  });

  test('whose chunks were put in another order, left out, or doubled is refused', async () => {
    const bytes = await sealed(plain(200_000));
    const head = bytes.slice(0, bytes.indexOf(10) + 1);
    const chunk = (number: number) => bytes.slice(head.length + number * CHUNK, head.length + (number + 1) * CHUNK);
    const of = (...numbers: number[]) => Uint8Array.from(Buffer.concat([head, ...numbers.map(chunk)]));
    expect(await refusal(of(0, 1, 2, 3))).toBe('opened');
    expect(await refusal(of(1, 0, 2, 3))).toBe('words.backup.wrong_passphrase');
    expect(await refusal(of(0, 2, 1, 3))).toBe('words.backup.damaged');
    expect(await refusal(of(0, 1, 3))).toBe('words.backup.damaged');
    expect(await refusal(of(0, 1, 1, 2, 3))).toBe('words.backup.damaged');
    expect(await refusal(of(0, 1, 2, 3, 3))).toBe('words.backup.damaged');
  });

  test('of a newer version is said to be so', async () => {
    const text = new TextDecoder('latin1').decode(await sealed(plain(10)));
    const newer = Uint8Array.from(Buffer.from(text.replace('"version":1', '"version":2'), 'latin1'));
    expect(await refusal(newer)).toBe('words.backup.newer');
  });
});
