import { expect, test, vi } from 'vitest';
import { HOUR, SECOND } from '$lib/core/instants';
import { Leaving } from '$lib/storage/dexie/leaving';
import { openStorage } from '$lib/storage/dexie/storage';
import { welcomeWorkspace, World } from './testing/world';

const PEOPLE = ['c1', 'c2', 'c3'];

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};

test.each([0, 1, 5, 20, 60, 150])(
  'a page that was about to be left and has stayed goes on: the engine runs, and each message leaves once (%i turns)',
  async (count) => {
    const leaving = new Leaving();
    const world = new World(await openStorage({ name: `staying-${count}`, leaving }));
    try {
      await world.put(...welcomeWorkspace(PEOPLE));
      await world.open();
      await world.addToList(PEOPLE, 'l1');
      world.now += HOUR;
      const looking = world.runner.look();
      await turns(count);
      leaving.leave();
      await turns(20);
      await leaving.stay();
      await looking;
      world.now += SECOND;
      await vi.waitFor(() => {
        world.beat();
        expect(world.lease.isHeld).toBe(true);
      });
      await world.look();
      expect(await world.outbox()).toMatchObject(PEOPLE.map(() => ({ status: 'sent' })));
      const entered = await Promise.all(PEOPLE.map((id) => world.enrolment(id)));
      expect(entered.map(({ stepId }) => stepId)).toEqual(PEOPLE.map(() => 's3'));
    } finally {
      world.close();
      world.storage.close();
    }
  }
);
