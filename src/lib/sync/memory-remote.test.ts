import { expect, it } from 'vitest';
import { describeRemote } from './testing/remote-contract';
import { Shelf, type Fault } from './testing/memory-remote';

describeRemote('A shelf in memory', () => {
  const shelf = new Shelf();
  return Promise.resolve({ connect: () => shelf.remote(), stop: () => Promise.resolve() });
});

const bytes = new Uint8Array([1]);
const asked = { wait: 0, signal: new AbortController().signal };

function faulty(...faults: Fault[]) {
  const shelf = new Shelf();
  return { shelf, remote: shelf.remote(() => faults.shift() ?? null) };
}

it('carries out nothing while it is offline', async () => {
  const { shelf, remote } = faulty('offline');
  expect((await remote.put('a', bytes)).ok).toBe(false);
  expect(shelf.objects.size).toBe(0);
});

it('carries out what it never answers', async () => {
  const { remote } = faulty('unanswered', null, 'unanswered', null);
  expect((await remote.put('a', bytes)).ok).toBe(false);
  expect(await remote.put('a', bytes)).toEqual({ ok: true, value: 'exists' });
  expect((await remote.write('header', bytes, null)).ok).toBe(false);
  expect(await remote.write('header', bytes, null)).toEqual({ ok: true, value: 'conflict' });
});

it('tells late what was listed late', async () => {
  const { shelf, remote } = faulty('unlisted');
  await remote.put('a', bytes);
  await remote.put('b', bytes);
  expect(await remote.get('a')).toEqual({ ok: true, value: bytes });
  const first = await remote.changes(null, asked);
  expect(first).toMatchObject({ value: { names: ['b'] } });
  shelf.list();
  expect(await remote.changes(first.ok ? first.value.cursor : null, asked)).toMatchObject({ value: { names: ['a'] } });
});
