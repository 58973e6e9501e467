import { describe, expect, test } from 'vitest';
import { PERSONAL_TABLES } from '$lib/core/tables';
import { MemoryStorage } from '$lib/storage/memory';
import { personalData } from './personal-data';
import { filled, NEEDLES, P } from './testing/whole-person';
import { START } from './testing/world';

describe('what a person gets who asks for their data', () => {
  const exported = async () => {
    const world = await filled(new MemoryStorage());
    return (await world.storage.read((reader) => personalData(reader, P.id, START)))!;
  };

  test('is what erasing would take away: of every table, and nothing of others', async () => {
    const { tables } = await exported();
    expect(Object.keys(tables).sort()).toEqual([...PERSONAL_TABLES].sort());
    for (const table of PERSONAL_TABLES) {
      expect([table, tables[table].length > 0]).toEqual([table, true]);
      expect([table, NEEDLES.some((needle) => JSON.stringify(tables[table]).includes(needle))]).toEqual([table, true]);
    }
    expect(JSON.stringify(tables)).not.toMatch(/"other"|other@|Paul/);
    expect(tables.tasks.map(({ id }) => id).sort()).toEqual(['k1', 'k2', 'k3']);
    expect(tables.imports[0]?.rejected.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  test('has no key of ours in it', async () => {
    const text = JSON.stringify(await exported());
    for (const secret of ['topsecret', 'user:pass', 'Bearer', 'sec2', 'secretHeaders', 'signingSecret'])
      expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });

  test('is nothing where there is no such contact', async () => {
    const world = await filled(new MemoryStorage());
    expect(await world.storage.read((reader) => personalData(reader, 'nobody', START))).toBeNull();
  });
});
