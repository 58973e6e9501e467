import { expect, it } from 'vitest';
import { failed, ok } from '$lib/core/result';
import { examineRemote } from './examining';
import type { Remote } from './remote';
import { Shelf } from './testing/memory-remote';

const bytes = new Uint8Array([1]);
const refused = Promise.resolve(failed({ key: 'test.refused' }));

it('says that nothing is there, and leaves nothing behind', async () => {
  const shelf = new Shelf();
  expect(await examineRemote(shelf.remote())).toEqual(ok('nothing'));
  expect(shelf.names()).toEqual([]);
});

it('says that a workspace is there, and leaves it alone', async () => {
  const shelf = new Shelf();
  const remote = shelf.remote();
  await remote.write('header', bytes, null);
  for (let at = 0; at < 8; at++) await remote.put(`g1/a/000000000${at}`, bytes);
  const names = shelf.names();
  expect(await examineRemote(remote)).toEqual(ok('workspace'));
  expect(shelf.names()).toEqual(names);
});

type Fault = (remote: Remote) => Partial<Remote>;

it.each<[string, Fault]>([
  ['not_put', () => ({ put: () => refused })],
  ['not_got', () => ({ get: () => refused })],
  ['not_listed', () => ({ changes: () => refused })],
  ['not_written', () => ({ write: () => refused })],
  ['not_removed', () => ({ remove: () => refused })],
  ['overwrites', () => ({ put: () => Promise.resolve(ok('stored')) })],
  ['overwrites', () => ({ write: () => Promise.resolve(ok({ revision: '1' })) })],
  [
    'overwrites',
    (it) => ({
      write: async (name, written, over) => {
        const read = await it.read(name);
        const revision = read.ok ? (read.value?.revision ?? null) : null;
        return it.write(name, written, over === null ? over : revision);
      }
    })
  ],
  ['always_conflict', () => ({ write: () => Promise.resolve(ok('conflict')) })],
  ['altered', () => ({ get: () => Promise.resolve(ok(bytes)) })],
  ['altered', (it) => ({ read: (name) => (name === 'header' ? it.read(name) : Promise.resolve(ok(null))) })],
  ['not_told', () => ({ changes: () => Promise.resolve(ok({ names: [], cursor: '', isMore: false })) })]
])('says which part is wrong: %s', async (word, fault) => {
  const shelf = new Shelf();
  const remote = shelf.remote();
  const examined = await examineRemote({ ...remote, ...fault(remote) });
  expect(examined).toMatchObject({ ok: false, reason: { key: `words.examined.${word}` } });
  if (word !== 'not_removed') expect(shelf.names()).toEqual([]);
});

it('says what the remote says where nothing can be read', async () => {
  expect(await examineRemote({ ...new Shelf().remote(), read: () => refused })).toEqual(
    failed({ key: 'test.refused' })
  );
});
