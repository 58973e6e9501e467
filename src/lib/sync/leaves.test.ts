import fc from 'fast-check';
import { expect, test } from 'vitest';
import { enrolmentRow } from '$lib/storage/testing/rows';
import { leavesOf, rowOfLeaves } from './leaves';

const name = fc.oneof(fc.constantFrom('a', 'b', '~', '/', 'a/b', '~1', '__proto__x', ''), fc.string());
const value = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true }).map((n) => n + 0),
  fc.boolean()
);
const texts = fc.uniqueArray(name, { maxLength: 4 }).map((names) => names.sort());
const items = fc.uniqueArray(fc.record({ id: name, text: fc.string(), at: fc.nat() }), { selector: ({ id }) => id });
const objectOf = <T>(values: fc.Arbitrary<T>) =>
  fc
    .uniqueArray(
      name.filter((one) => one !== '__proto__'),
      { maxLength: 4 }
    )
    .chain((names) =>
      fc.tuple(...names.map(() => values)).map((all) => Object.fromEntries(names.map((one, at) => [one, all[at]])))
    );

const contact = fc.record(
  {
    id: fc.string(),
    email: fc.string(),
    attributes: objectOf(fc.oneof(value, texts)),
    listIds: texts,
    listedAt: objectOf(fc.nat()),
    blocklist: fc.record({ campaigns: fc.boolean(), transactionalSenderIds: texts })
  },
  { requiredKeys: ['id', 'attributes', 'listIds', 'listedAt'] }
);

test('what comes apart into leaves comes together again', () => {
  fc.assert(
    fc.property(contact, (row) => {
      expect(rowOfLeaves(leavesOf('contacts', row))).toEqual(row);
    })
  );
  fc.assert(
    fc.property(items, (notes) => {
      const row = { id: 'd', notes };
      expect(rowOfLeaves(leavesOf('deals', row))).toEqual(row);
    })
  );
});

test('a draft is apart by steps, and they by their settings and ways', () => {
  const step = { id: 's1', unit: 'email.send', version: 1, fields: { tag: 'a' }, next: { sent: null } };
  const graph = { triggers: [], entry: 's1', steps: [step], notes: [] };
  const row = { id: 'a1', draft: { graph, settings: { exit: [] } } };
  const leaves = leavesOf('automations', row);
  expect([...leaves.keys()]).toContain('/draft/graph/steps/s1/fields/tag');
  expect(leaves.get('/draft/graph/steps/s1/next/sent')).toEqual({ value: null });
  expect(rowOfLeaves(leaves)).toEqual(row);
});

test('a journey is one value, and whose it is another', () => {
  const row = enrolmentRow({ id: 'n1', contactId: 'c1', status: 'waiting', dueAt: 5 });
  const leaves = leavesOf('enrolments', row);
  expect([...leaves.keys()]).toEqual(['', '/contactId', '/']);
  expect(leaves.get('/contactId')).toEqual({ value: 'c1' });
  expect(rowOfLeaves(leaves)).toEqual(row);
  expect(rowOfLeaves(new Map([...leaves, ['/contactId', { value: 'c2' }]]))).toEqual({ ...row, contactId: 'c2' });
});

test('a part of what is not there is not there; what a list has beyond its order comes after it', () => {
  expect(rowOfLeaves(new Map([['/email', { value: 'a@exemple.fr' }]]))).toBeUndefined();
  const orphan = rowOfLeaves(
    new Map([
      ['', { holds: 'object' }],
      ['/blocklist/campaigns', { value: true }],
      ['/steps', { holds: 'list', order: ['gone', 's2'] }],
      ['/steps/s1', { value: 1 }],
      ['/steps/s2', { value: 2 }]
    ])
  );
  expect(orphan).toEqual({ steps: [2, 1] });
});
