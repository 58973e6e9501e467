import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rotation } from '$lib/core/rows/crm';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { nextInRotation } from './rotation';

const ID = 'a1/s1';

async function assign(storage: Storage, userIds: readonly string[]): Promise<string> {
  return storage.transact(async (transaction) => {
    const rotation: Rotation = (await transaction.get('rotations', ID)) ?? { id: ID, counts: {} };
    const { userId, change } = nextInRotation(rotation, userIds);
    await transaction.apply([change]);
    return userId;
  });
}

function spread(turns: ReadonlyMap<string, number>, userIds: readonly string[]): number {
  const counts = userIds.map((id) => turns.get(id) ?? 0);
  return Math.max(...counts) - Math.min(...counts);
}

/** The same data under a storage that has just been opened. */
async function reopened(storage: Storage): Promise<Storage> {
  const fresh = new MemoryStorage();
  for await (const rows of storage.batches('rotations', 100))
    await fresh.commit(rows.map((row) => ({ table: 'rotations', id: row.id, create: row })));
  return fresh;
}

describe('a rotation', () => {
  it('stays within one turn of equal over 1,000 turns, restarts between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), {
          minLength: 1,
          maxLength: 6
        }),
        fc.array(fc.boolean(), { minLength: 1_000, maxLength: 1_000 }),
        async (userIds, restarts) => {
          let storage: Storage = new MemoryStorage();
          const turns = new Map<string, number>();
          for (const [at, restart] of restarts.entries()) {
            if (restart && at % 20 === 0) storage = await reopened(storage);
            const userId = await assign(storage, userIds);
            turns.set(userId, (turns.get(userId) ?? 0) + 1);
            expect(spread(turns, userIds)).toBeLessThanOrEqual(1);
          }
        }
      ),
      { numRuns: 5 }
    );
  });

  it('stays fair among whoever is in it, as users go and come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 130 }),
        async (teams, length) => {
          const storage = new MemoryStorage();
          for (const team of teams) {
            const turns = new Map<string, number>();
            for (let turn = 0; turn < length; turn++) {
              const userId = await assign(storage, team);
              turns.set(userId, (turns.get(userId) ?? 0) + 1);
              // One more than equal: those who were there before may have been a turn apart when the team changed.
              expect(spread(turns, team)).toBeLessThanOrEqual(2);
            }
          }
        }
      ),
      { numRuns: 60 }
    );
  });

  it('lets a newcomer start where the others are, and does not pay back an absence', async () => {
    const storage = new MemoryStorage();
    for (let turn = 0; turn < 100; turn++) await assign(storage, ['a', 'b']);
    const next = [];
    for (let turn = 0; turn < 6; turn++) next.push(await assign(storage, ['a', 'b', 'c']));
    expect(next).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    for (let turn = 0; turn < 20; turn++) await assign(storage, ['b', 'c']);
    const back = [];
    for (let turn = 0; turn < 3; turn++) back.push(await assign(storage, ['a', 'b', 'c']));
    expect([...back].sort()).toEqual(['a', 'b', 'c']);
  });

  it('breaks ties in the order given', () => {
    expect(nextInRotation({ id: ID, counts: {} }, ['z', 'a']).userId).toBe('z');
  });
});
