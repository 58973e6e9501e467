import type { Change } from '$lib/core/changes';
import { TABLE_NAMES } from '$lib/core/tables';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStorage } from './dexie/storage';
import { MemoryStorage } from './memory';
import { Conflict, type Query, type Storage } from './port';
import { contactRow, eventRow } from './testing/rows';

const few = fc.constantFrom('1', '2', '3', '4');
const ids = fc.array(few, { maxLength: 3 });
const value = fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 3 }), few);

const contactChange: fc.Arbitrary<Change> = few.chain((id) =>
  fc.oneof(
    ids.map((listIds): Change => ({ table: 'contacts', id, create: contactRow({ id, listIds, email: `${id}@x.fr` }) })),
    fc.tuple(few, value).map(([name, to]): Change => ({ table: 'contacts', id, set: { [`attributes.${name}`]: to } })),
    fc
      .option(few, { nil: undefined })
      .map((email): Change => ({ table: 'contacts', id, set: { email, updatedAt: 2 } })),
    ids.map((listIds): Change => ({ table: 'contacts', id, addToSet: { listIds } })),
    ids.map((listIds): Change => ({ table: 'contacts', id, removeFromSet: { listIds } })),
    fc.constant<Change>({ table: 'contacts', id, delete: true })
  )
);
const dedupeKey = fc.option(few, { nil: undefined });
const eventChange: fc.Arbitrary<Change> = few.chain((id) =>
  fc.oneof(
    dedupeKey.map((key): Change => ({
      table: 'events',
      id,
      create: eventRow({ id, ...(key === undefined ? {} : { dedupeKey: key }) })
    })),
    dedupeKey.map((key): Change => ({ table: 'events', id, set: { dedupeKey: key } })),
    fc.constant<Change>({ table: 'events', id, delete: true })
  )
);
const smallChange: fc.Arbitrary<Change> = few.chain((id) =>
  fc.oneof(
    fc.constant<Change>({ table: 'lists', id, create: { id, name: 'a', createdAt: 1 } }),
    few.map((name): Change => ({ table: 'lists', id, set: { name } }))
  )
);

const change = fc.oneof(contactChange, eventChange, smallChange);
/** Transactions of several calls of `apply` each, and whether each throws at its end. */
const transactions = fc.array(
  fc.record({
    reads: ids,
    calls: fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 3 }),
    throws: fc.boolean()
  }),
  { maxLength: 5 }
);
const QUERIES: { table: 'contacts' | 'events'; query: Query }[] = [
  { table: 'contacts', query: { index: 'email', reverse: true } },
  { table: 'contacts', query: { index: 'listIds', anyOf: ['3', '1'] } },
  { table: 'contacts', query: { index: 'listIds', from: '2', limit: 2, reverse: true } },
  { table: 'events', query: { index: 'dedupeKey', to: '3' } },
  { table: 'events', query: { index: '[contactId+occurredAt]', equals: ['c1', 1] } }
];

let databases = 0;

it('Dexie and memory hold the same after any changes', async () => {
  await fc.assert(
    fc.asyncProperty(transactions, async (list) => {
      const pair: Storage[] = [await openStorage({ name: `equality-${++databases}` }), new MemoryStorage()];
      for (const { reads, calls, throws } of list) {
        const outcomes = await Promise.all(
          pair.map((storage) =>
            storage
              .transact(async (transaction) => {
                await transaction.getMany('contacts', reads);
                for (const changes of calls) await transaction.apply(changes);
                if (throws) throw new RangeError('thrown');
              })
              .then(() => 'done', outcomeOf)
          )
        );
        expect(outcomes[0]).toEqual(outcomes[1]);
      }
      const [dexie, memory] = await Promise.all(pair.map(everything));
      expect(dexie).toEqual(memory);
      for (const storage of pair) storage.close();
    }),
    { numRuns: 150 }
  );
});

function outcomeOf(error: unknown): unknown {
  return error instanceof Conflict ? `${error.table} ${String(error.id)}` : (error as Error).message;
}

async function everything(storage: Storage): Promise<unknown> {
  return storage.read(async (reader) => ({
    tables: await Promise.all(TABLE_NAMES.map((table) => reader.query(table, {}))),
    queries: await Promise.all(QUERIES.map(({ table, query }) => reader.query(table, query))),
    counts: await Promise.all(QUERIES.map(({ table, query }) => reader.count(table, query)))
  }));
}
