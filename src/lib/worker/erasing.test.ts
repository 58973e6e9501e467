import { describe, expect, test } from 'vitest';
import { update } from '$lib/core/changes';
import { HOUR, SECOND } from '$lib/core/instants';
import { PERSONAL_TABLES, type TableName } from '$lib/core/tables';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { filled, found, P } from './testing/whole-person';
import type { World } from './testing/world';

const storages: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['on Dexie', () => openStorage({ name: 'erasing' })]
];

const hide = (world: World) => world.put(update('contacts', P.id, { hiddenAt: world.now }));

describe.each(storages)('erasing a contact %s', (_, open) => {
  test('leaves nothing of the person in any table but the tombstone of the id', async () => {
    const world = await filled(await open());
    expect((await found(world)).sort()).toEqual([...PERSONAL_TABLES].sort());
    await hide(world);
    await world.open();
    expect(await found(world)).toContain('contacts');
    await world.pass(31 * SECOND);
    expect(await found(world)).toEqual(['tombstones']);
    expect((await world.all('tombstones')).map(({ id }) => id).sort()).toEqual([P.merged, P.id]);

    const rest = async (table: TableName) => (await world.all(table)).map((row) => (row as { id?: string }).id);
    expect(await rest('contacts')).toEqual(['other']);
    expect(await rest('deals')).toEqual(['d2', 'd3', 'd4']);
    expect(await rest('tasks')).toEqual(['k3']);
    expect((await rest('events')).sort()).toEqual(['ev3', 'ev7']);
    expect(await world.all('deals')).toMatchObject([
      { name: 'Stage (…)', contactIds: ['other'], attributes: { SOURCE: '…' }, notes: [{ text: 'Rappeler au …' }] },
      {
        name: 'Atelier – …',
        contactIds: [],
        attributes: { SOURCE: 'Par …, sa sœur' },
        notes: [{ text: '…: d’accord' }]
      },
      { name: '…', contactIds: [] }
    ]);
    expect((await world.all('imports'))[0]).toMatchObject({
      rejectedCount: 4,
      rejected: [
        { line: 2, key: 'words.contact.not_a_phone', raw: '' },
        { line: 3, raw: '' },
        { line: 4, raw: '' },
        { line: 5, raw: 'abc | Paul', params: { value: 'abc' } }
      ]
    });
    expect((await world.all('importBlocks')).map(({ created, listed }) => [created, listed])).toEqual([
      [['other'], []],
      [[], []]
    ]);
  });
});

test('leaves nothing in an import that had put them on a list, though they have left it and come back since', async () => {
  const world = await filled(new MemoryStorage());
  const [imported] = await world.all('imports');
  const { startedAt, endedAt = startedAt } = imported!;
  const since = { createdAt: startedAt - HOUR, listIds: ['l1'], listedAt: { l1: endedAt + HOUR } };
  await world.put(update('contacts', P.id, since), update('contacts', P.merged, { createdAt: startedAt - HOUR }));
  await hide(world);
  await world.open();
  await world.pass(31 * SECOND);
  expect((await world.all('importBlocks')).map(({ created, listed }) => [created, listed])).toEqual([
    [['other'], []],
    [[], []]
  ]);
});

test('what comes late for the erased contact does not bring it back', async () => {
  const world = await filled(new MemoryStorage());
  await hide(world);
  await world.open();
  await world.pass(31 * SECOND);
  await world.addToList([P.id], 'l1');
  await world.put(update('automations', 'a1', { entering: { filters: { op: 'all', of: [] }, after: '' } }));
  await world.runner.turn({ changes: [update('contacts', P.id, { email: P.email })] });
  await world.pass(HOUR);
  expect(await found(world)).toEqual(['tombstones']);
});
