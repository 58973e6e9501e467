import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { DAY, MINUTE } from '$lib/core/instants';
import type { EventRow } from '$lib/core/rows/events';
import { MemoryStorage } from '$lib/storage/memory';
import type { Reader } from '$lib/storage/port';
import { eventRow } from '$lib/storage/testing/rows';
import { Forgetting } from './forgetting';

const NOW = Date.UTC(2027, 0, 5, 8);
const OLD = NOW - 31 * DAY;
const RECENT = NOW - 29 * DAY;

const visit = (visitor: string, more: Partial<EventRow>): EventRow =>
  eventRow({
    id: `${visitor}-${more.occurredAt}`,
    contactId: null,
    unmatched: 2,
    dedupeKey: `tracker:${visitor}:${more.occurredAt}`,
    ...more
  });

/** Notes how many rows each query outside a transaction yields. */
class Watched extends MemoryStorage {
  readonly yielded: number[] = [];

  override read<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return super.read((reader) =>
      work({
        get: (...args) => reader.get(...args),
        getMany: (...args) => reader.getMany(...args),
        count: (...args) => reader.count(...args),
        view: () => reader.view(),
        query: async (...args) => {
          const rows = await reader.query(...args);
          this.yielded.push(rows.length);
          return rows;
        }
      })
    );
  }
}

async function world(events: readonly EventRow[]) {
  const storage = new Watched();
  await storage.transact((transaction) => transaction.apply(events.map((event) => create('events', event.id, event))));
  let now = NOW;
  const forgetting = new Forgetting({ storage, now: () => now }, (work) => storage.transact(work));
  const ids = () =>
    storage.transact(async (transaction) => (await transaction.query('events', {})).map(({ id }) => id));
  return { forgetting, yielded: storage.yielded, pass: (ms: number) => (now += ms), ids };
}

const sum = (numbers: readonly number[]) => numbers.reduce((before, next) => before + next, 0);

test('what visitors did whom nobody has recognised in time is forgotten, and nothing else', async () => {
  const kept = [
    visit('recent', { occurredAt: RECENT }),
    visit('known', { occurredAt: OLD, contactId: 'c1', unmatched: undefined }),
    visit('a shop’s', { occurredAt: OLD, dedupeKey: 'stripe:1' }),
    visit('without a key', { occurredAt: OLD, dedupeKey: undefined })
  ];
  const gone = [
    visit('v1', { occurredAt: OLD }),
    visit('v2', { occurredAt: OLD }),
    visit('chatter', { occurredAt: OLD, dedupeKey: 'crisp:chatter:1' })
  ];
  const { forgetting, ids } = await world([...kept, ...gone]);
  await forgetting.run();
  expect((await ids()).sort()).toEqual(kept.map(({ id }) => id).sort());
});

test('however many there are, they are read in batches, over several looks, and all of them once a day', async () => {
  const visits = Array.from({ length: 12_345 }, (_, n) =>
    visit(`v${n}`, {
      occurredAt: n % 2 === 0 ? OLD : RECENT,
      dedupeKey: `${n % 3 === 0 ? 'crisp' : 'tracker'}:v${n}:1`
    })
  );
  const { forgetting, yielded, ids, pass } = await world(visits);
  await forgetting.run();
  expect((await ids()).length).toBeGreaterThan(6_172);
  expect(sum(yielded)).toBe(10_000);
  await forgetting.run();
  expect(Math.max(...yielded)).toBe(500);
  expect(await ids()).toHaveLength(6_172);
  expect(sum(yielded)).toBe(12_345);

  yielded.length = 0;
  pass(DAY - MINUTE);
  await forgetting.run();
  expect(sum(yielded)).toBe(0);
  pass(2 * DAY);
  await forgetting.run();
  expect(await ids()).toEqual([]);
});
