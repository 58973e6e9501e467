import { create, update } from '$lib/core/changes';
import { expect, it, vi } from 'vitest';
import { listRow } from '../testing/rows';
import type { Transaction } from '../port';
import { Leaving } from './leaving';
import { openStorage } from './storage';

let databases = 0;

async function opened() {
  const leaving = new Leaving();
  const follow = vi.spyOn(leaving, 'follow');
  const storage = await openStorage({ name: `leaving-${++databases}`, leaving });
  await storage.commit([create('lists', 'l1', listRow({ id: 'l1', name: 'Lettre' }))]);
  const names = () => storage.read(async (reader) => (await reader.query('lists', {})).map(({ name }) => name));
  const connections = () => follow.mock.calls.map(([connection]) => connection);
  return { leaving, storage, names, connections };
}

/** Writes for as long as it is wanted, and tells of each round. */
async function writes(transaction: Transaction, goesOn: () => boolean): Promise<void> {
  for (let n = 0; goesOn(); n++) {
    await transaction.apply([update('lists', 'l1', { name: `Lettre ${n}` })]);
    await transaction.get('lists', `none ${n}`);
  }
}

/** As often as the database, which does a bit of its work each time. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const closed = { name: 'StorageFailure', reason: 'closed' };

it.each(['relaxed', 'strict'] as const)(
  'aborts what is under way when the page is left, %s or not, and nothing of it is kept',
  async (durability) => {
    const { leaving, storage, names } = await opened();
    const begun = new Set<string>();
    const working = storage.transact((transaction) => writes(transaction, () => !!begun.add('writing')), {
      durability
    });
    const reading = storage.read(async (reader) => {
      for (let n = 0; ; n++) {
        begun.add('reading');
        await reader.get('lists', `none ${n}`);
      }
    });
    const failures = Promise.allSettled([working, reading]);
    await vi.waitFor(() => expect(begun.size).toBe(2));
    leaving.leave();
    expect(await failures).toMatchObject([
      { status: 'rejected', reason: closed },
      { status: 'rejected', reason: closed }
    ]);
    await leaving.stay();
    expect(await names()).toEqual(['Lettre']);
    storage.close();
  }
);

it.each(['relaxed', 'strict'] as const)(
  'has nothing under way, %s or not, whenever it is left, and what had not begun is done once it stays',
  async (durability) => {
    const done = { before: 0, after: 0 };
    for (let moment = 0; moment < 40; moment++) {
      const { leaving, storage, connections } = await opened();
      let roundsWhileLeft = 0;
      let stays = false;
      const goesOn = () => {
        if (leaving.isLeft) roundsWhileLeft++;
        return !stays;
      };
      const working = storage.transact((transaction) => writes(transaction, goesOn), { durability });
      const outcome = Promise.allSettled([working]);
      await turns(moment);
      leaving.leave();
      await turns(60);
      expect(roundsWhileLeft, `left after ${moment} turns`).toBe(0);
      expect(connections().some((connection) => connection.isOpen())).toBe(false);
      stays = true;
      await leaving.stay();
      const [result] = await outcome;
      if (result.status === 'rejected') expect(result.reason).toMatchObject(closed);
      done[result.status === 'rejected' ? 'before' : 'after']++;
      storage.close();
    }
    expect(done.before).toBeGreaterThan(0);
    // The connection for strict ones is opened for the first of them.
    expect(done.after > 0).toBe(durability === 'strict');
  }
);

it('begins nothing until the page has stayed after all, and then goes on with all of it', async () => {
  const { leaving, storage, names } = await opened();
  leaving.leave();
  leaving.leave();
  const done: string[] = [];
  const waiting = Promise.all([
    storage.commit([update('lists', 'l1', { name: 'Courrier' })]).then(() => done.push('written')),
    storage
      .commit([create('lists', 'l2', listRow({ id: 'l2', name: 'Autre' }))], { durability: 'strict' })
      .then(() => done.push('written for sure')),
    names().then(() => done.push('read'))
  ]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(done).toEqual([]);
  await leaving.stay();
  await waiting;
  expect(done.toSorted()).toEqual(['read', 'written', 'written for sure']);
  expect(await names()).toEqual(['Courrier', 'Autre']);

  leaving.leave();
  await leaving.stay();
  await leaving.stay();
  expect(await names()).toEqual(['Courrier', 'Autre']);
  storage.close();
});

it('may be left again at any moment of coming back', async () => {
  for (let moment = 0; moment < 20; moment++) {
    const { leaving, storage, names, connections } = await opened();
    await storage.commit([update('lists', 'l1', { name: 'Courrier' })], { durability: 'strict' });
    leaving.leave();
    const reading = Promise.allSettled([names()]);
    const staying = leaving.stay();
    await turns(moment);
    leaving.leave();
    await staying;
    await turns(60);
    expect(connections().map((connection) => connection.isOpen())).toEqual([false, false]);
    await leaving.stay();
    const [read] = await reading;
    if (read.status === 'fulfilled') expect(read.value).toEqual(['Courrier']);
    else expect(read.reason).toMatchObject(closed);
    await storage.commit([update('lists', 'l1', { name: 'Gazette' })], { durability: 'strict' });
    expect(await names()).toEqual(['Gazette']);
    storage.close();
  }
});

it('keeps what was over before', async () => {
  const { leaving, storage, names } = await opened();
  await storage.commit([update('lists', 'l1', { name: 'Courrier' })]);
  leaving.leave();
  await leaving.stay();
  expect(await names()).toEqual(['Courrier']);
  storage.close();
});

it('what fails for another reason meanwhile fails for that', async () => {
  const { leaving, storage } = await opened();
  const failing = storage.transact(async (transaction) => {
    await transaction.get('lists', 'l1');
    leaving.leave();
    throw new RangeError('mine');
  });
  await expect(failing).rejects.toThrow(new RangeError('mine'));
  storage.close();
});
