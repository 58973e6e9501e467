import { expect, it } from 'vitest';
import { newKey } from '$lib/storage/keys/ciphers';
import { sealOf } from './sealing';

const NAME = 'g1/a1/0000000003';
const place = { remote: 'r1', generation: 1 };
const plain = new TextEncoder().encode('ada@example.com has bought');
const refused = { ok: false, reason: { key: 'words.sync.not_opened' } };

const key = await newKey();
const seal = sealOf(key, place);
const bytes = await seal.seal(NAME, plain);

it('opens what it has sealed, which shows nothing of it and is never the same twice', async () => {
  expect(await seal.open(NAME, bytes)).toEqual({ ok: true, value: plain });
  expect(new TextDecoder().decode(bytes)).not.toContain('ada');
  expect(await seal.seal(NAME, plain)).not.toEqual(bytes);
});

it('refuses what was touched, at any byte', async () => {
  for (let at = 0; at < bytes.length; at++) {
    const touched = bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(await seal.open(NAME, touched)).toEqual(refused);
  }
});

it('refuses what was cut off, at any length, and what was added to', async () => {
  for (let length = 0; length < bytes.length; length++)
    expect(await seal.open(NAME, bytes.slice(0, length))).toEqual(refused);
  expect(await seal.open(NAME, new Uint8Array([...bytes, 0]))).toEqual(refused);
});

it('refuses what was put under another name', async () => {
  expect(await seal.open('g1/a1/0000000004', bytes)).toEqual(refused);
  expect(await seal.open('g1/b2/0000000003', bytes)).toEqual(refused);
});

it('refuses what is of another workspace, another generation or another key', async () => {
  for (const other of [
    sealOf(key, { ...place, remote: 'r2' }),
    sealOf(key, { ...place, generation: 2 }),
    sealOf(await newKey(), place)
  ])
    expect(await other.open(NAME, bytes)).toEqual(refused);
});
