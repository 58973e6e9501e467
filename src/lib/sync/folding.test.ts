import fc from 'fast-check';
import { expect, test } from 'vitest';
import { create, remove, update, type Change } from '$lib/core/changes';
import type { TableName } from '$lib/core/tables';
import { emptyGraph, defaultSettings } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import { MemoryStorage } from '$lib/storage/memory';
import { contactRow, eventRow, outboxRow } from '$lib/storage/testing/rows';
import { asApplied, syncCapture } from './capture';
import { stampAt, type Stamp } from './clock';
import { foldLog } from './folding';
import { changeOf, merged, NOTHING, type RowState } from './row-state';
import { newStanding, stateOf } from './standing';

const START = Date.UTC(2027, 0, 15);
const automation = (name: string): Automation => ({
  id: 'x1',
  name,
  status: 'draft',
  activeVersionId: null,
  draft: { graph: emptyGraph(), settings: defaultSettings() },
  createdAt: 1,
  updatedAt: 1
});
const text = fc.constantFrom('a', 'b', 'c');

interface Deed {
  /** Makes the row where it is not there, else deletes it. */
  readonly make?: Change;
  readonly edit?: readonly Change[];
}

/** Writes as the app makes them: of one leaf, of a set, of a whole object, of a row. */
const DEEDS = {
  contacts: fc.oneof(
    text.map((email): Deed => ({ make: create('contacts', 'x1', contactRow({ id: 'x1', email })) })),
    text.map((city): Deed => ({ edit: [update('contacts', 'x1', { 'attributes.CITY': city, updatedAt: 2 })] })),
    text.map((city): Deed => ({
      edit: [update('contacts', 'x1', { attributes: { CITY: city, [`X_${city}`]: [city] } })]
    })),
    text.map((list): Deed => ({ edit: [{ table: 'contacts', id: 'x1', addToSet: { listIds: [list] } }] })),
    text.map((list): Deed => ({ edit: [{ table: 'contacts', id: 'x1', removeFromSet: { listIds: [list] } }] })),
    fc.constant<Deed>({ edit: [update('contacts', 'x1', { 'attributes.CITY': undefined, email: undefined })] })
  ),
  events: fc.constantFrom<Deed>(
    { make: create('events', 'x1', eventRow({ id: 'x1', unmatched: 1 })) },
    { edit: [update('events', 'x1', { unmatched: undefined })] }
  ),
  outbox: fc.oneof(
    text.map((id): Deed => ({ make: create('outbox', 'x1', outboxRow({ id: 'x1', stepId: id })) })),
    fc.nat(9).map((attempts): Deed => ({ edit: [update('outbox', 'x1', { attempts })] }))
  ),
  automations: fc.oneof(
    text.map((name): Deed => ({ make: create('automations', 'x1', automation(name)) })),
    text.map((name): Deed => ({ edit: [update('automations', 'x1', { name })] })),
    text.map((note): Deed => {
      const { draft } = automation('');
      const graph = { ...draft.graph, notes: [{ id: note, text: note, position: { x: 0, y: 0 } }] };
      return { edit: [update('automations', 'x1', { draft: { ...draft, graph } })] };
    })
  )
} satisfies Partial<Record<TableName, fc.Arbitrary<Deed>>>;

/** A device with one contact, that writes down what others are to be told from then on. */
async function device() {
  let ids = 0;
  const capture = syncCapture(() => ({ now: START, newId: () => String(++ids).padStart(9, '0') }));
  const storage = new MemoryStorage({ capture });
  await storage.commit([create('contacts', 'x1', contactRow({ id: 'x1', attributes: {} }))]);
  await storage.commit([create('runtime', 'sync', standing)]);
  return storage;
}

test('of a row that others have told of in the same transaction only what was written here is told', async () => {
  const storage = await device();
  await storage.transact(async (transaction) => {
    await transaction.apply(asApplied([update('contacts', 'x1', { 'attributes.CITY': 'Lyon' })]));
    await transaction.apply([update('contacts', 'x1', { 'attributes.AGE': 40 })]);
  });
  const log = await storage.read((reader) => reader.query('syncLog', {}));
  expect(log.map(({ tables }) => tables)).toEqual([{ contacts: { set: [[['/attributes/AGE'], ['x1']]] } }]);
});

test('of two writes of one instant the later one has the greater stamp', async () => {
  const storage = await device();
  await storage.commit([update('contacts', 'x1', { 'attributes.CITY': 'Lyon' })]);
  await storage.commit([update('contacts', 'x1', { 'attributes.AGE': 40 })]);
  const { greatest } = await storage.transact((transaction) => foldLog(transaction, null, 'dev'));
  const [first, second] = [stampAt(null, START, 'dev'), greatest ?? ''];
  expect(second > first).toBe(true);
  const kept = await storage.read((reader) => reader.get('syncRows', ['contacts', 'x1']));
  expect(kept?.leaves).toEqual({ [first]: ['/attributes/CITY'], [second]: ['/attributes/AGE'] });
});

test.each(Object.keys(DEEDS) as (keyof typeof DEEDS)[])(
  'what is folded from the log of %s is what each write has changed',
  async (table) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(DEEDS[table], fc.boolean())), async (deeds) => {
        let now = START;
        let ids = 0;
        const capture = syncCapture(() => ({ now, newId: () => String(++ids).padStart(9, '0') }));
        const storage = new MemoryStorage({ capture });
        await storage.commit([create('runtime', 'sync', standing)]);
        let expected: RowState = NOTHING;
        let greatest: Stamp | null = null;
        let clock: Stamp | null = null;
        const fold = () =>
          storage.transact(async (transaction) => {
            greatest = (await foldLog(transaction, greatest, 'dev')).greatest;
          });
        for (const [{ make, edit = [] }, isFolded] of deeds) {
          now++;
          const before = await storage.read((reader) => reader.get(table, 'x1'));
          if (make !== undefined) await storage.commit([before === undefined ? make : (remove(table, 'x1') as Change)]);
          else if (before !== undefined) await storage.commit(edit);
          else continue;
          const after = await storage.read((reader) => reader.get(table, 'x1'));
          const stamp = stampAt(clock, now, 'dev');
          const change = changeOf(table, expected, after, stamp);
          if (change !== null) {
            clock = stamp;
            expected = merged(table, expected, change);
          }
          // Both sides of a conflict are compared with what is there: what was there in between is not known any more.
          if (isFolded || table === 'automations') await fold();
        }
        await fold();
        const [row, kept] = await storage.read(async (reader) => [
          await reader.get(table, 'x1'),
          await reader.get('syncRows', [table, 'x1'])
        ]);
        expect(kept === undefined ? NOTHING : stateOf(table, kept, row as never)).toEqual(expected);
      }),
      { numRuns: 60 }
    );
  }
);

const standing = newStanding('dev', 1);
