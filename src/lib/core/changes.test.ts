import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyChange, inverseOf, type Change } from './changes';
import type { Contact } from './rows/contacts';

const ids = fc.subarray(['l1', 'l2', 'l3']);
const contacts: fc.Arbitrary<Contact> = fc
  .record({ listIds: ids, CITY: fc.option(fc.constantFrom('Lyon', 'Nantes')) })
  .map(({ listIds, CITY }): Contact => ({
    id: 'c',
    attributes: CITY === null ? {} : { CITY },
    listIds,
    listedAt: {},
    createdAt: 1,
    updatedAt: 1
  }));
const changes: fc.Arbitrary<Change> = fc.oneof(
  contacts.map((row): Change => ({ table: 'contacts', id: 'c', create: row })),
  fc.constant<Change>({ table: 'contacts', id: 'c', delete: true }),
  fc
    .record({ city: fc.option(fc.constantFrom('Lyon', 'Lille')), add: ids, remove: ids })
    .map(({ city, add, remove }): Change => {
      const set = { 'attributes.CITY': city ?? undefined, updatedAt: 2 };
      return {
        table: 'contacts',
        id: 'c',
        set,
        addToSet: { listIds: add },
        removeFromSet: { listIds: remove.filter((id) => !add.includes(id)) }
      };
    })
);

test('a change and what takes it back leave the row as it was', () => {
  fc.assert(
    fc.property(fc.option(contacts, { nil: undefined }), changes, (before, change) => {
      const after = applyChange(before, change as never) as Contact | undefined;
      const back = applyChange(after, inverseOf(change, before) as never) as Contact | undefined;
      const sorted = (row: Contact | undefined) => row && { ...row, listIds: [...row.listIds].sort() };
      expect(sorted(back)).toEqual(sorted(before));
    })
  );
});
