import { create, update } from '$lib/core/changes';
import { expect, it } from 'vitest';
import { listRow } from '../testing/rows';
import type { Transaction } from '../port';
import { Leaving } from './leaving';
import { openStorage } from './storage';

let databases = 0;

async function opened() {
  const leaving = new Leaving();
  const storage = await openStorage({ name: `leaving-${++databases}`, leaving });
  await storage.commit([create('lists', 'l1', listRow({ id: 'l1', name: 'Lettre' }))]);
  const names = () => storage.read(async (reader) => (await reader.query('lists', {})).map(({ name }) => name));
  return { leaving, storage, names };
}

/** Writes, and is under way until it is ended. */
async function writesForever(transaction: Transaction): Promise<void> {
  for (let n = 0; ; n++) {
    await transaction.apply([update('lists', 'l1', { name: `Lettre ${n}` })]);
    await transaction.get('lists', `none ${n}`);
  }
}

it.each(['relaxed', 'strict'] as const)(
  'aborts what is under way when the page is left, %s or not, and nothing of it is kept',
  async (durability) => {
    const { leaving, storage, names } = await opened();
    const working = storage.transact(writesForever, { durability });
    const reading = storage.read(async (reader) => {
      for (let n = 0; ; n++) await reader.get('lists', `none ${n}`);
    });
    const failures = Promise.allSettled([working, reading]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    leaving.leave();
    const closed = { status: 'rejected', reason: { name: 'StorageFailure', reason: 'closed' } };
    expect(await failures).toMatchObject([closed, closed]);
    await leaving.stay();
    expect(await names()).toEqual(['Lettre']);
    storage.close();
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
