import { applyChange, type ChangeOf } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Contact } from '$lib/core/rows/contacts';
import { describe, expect, it } from 'vitest';
import { setAttribute } from './attributes';
import type { Cause } from './cause';
import { addToList, moveToList, removeFromList } from './membership';

const contact: Contact = {
  id: 'c1',
  email: 'lea@example.org',
  attributes: { FIRSTNAME: 'Léa', TAGS: ['a'] },
  listIds: ['l1'],
  listedAt: { l1: 5 },
  createdAt: 1,
  updatedAt: 1
};
const cause = (more: Partial<Cause> = {}): Cause => {
  let last = 0;
  return { now: 1_000, newId: () => `e${++last}`, via: 'manual', ...more };
};
const after = (effect: Effect): Contact =>
  effect.changes.reduce((row, change) => applyChange(row, change as ChangeOf<'contacts'>) as Contact, contact);

describe('membership of a list', () => {
  it('adds with the instant and the event', () => {
    const effect = addToList(contact, 'l2', cause());
    expect(after(effect)).toMatchObject({ listIds: ['l1', 'l2'], listedAt: { l1: 5, l2: 1_000 }, updatedAt: 1_000 });
    expect(effect.events).toEqual([
      {
        id: 'e1',
        type: 'contact.added_to_list',
        contactId: 'c1',
        occurredAt: 1_000,
        receivedAt: 1_000,
        properties: { listId: 'l2', via: 'manual', moved: false },
        source: 'app'
      }
    ]);
  });

  it('does nothing for a list it is on already, whose instant stays', () => {
    expect(addToList(contact, 'l1', cause())).toEqual({ changes: [], events: [] });
  });

  it('removes with the event, and does nothing where there is nothing to remove', () => {
    const effect = removeFromList(contact, 'l1', cause({ via: 'automation' }));
    expect(after(effect)).toMatchObject({ listIds: [], listedAt: {} });
    expect(effect.events[0]).toMatchObject({ type: 'contact.removed_from_list', source: 'automation' });
    expect(removeFromList(contact, 'l9', cause())).toEqual({ changes: [], events: [] });
  });

  it('says of both events of a move that it was one', () => {
    const effect = moveToList(contact, 'l1', 'l2', cause());
    expect(after(effect)).toMatchObject({ listIds: ['l2'], listedAt: { l2: 1_000 } });
    expect(effect.events.map(({ type, properties }) => [type, properties['moved']])).toEqual([
      ['contact.removed_from_list', true],
      ['contact.added_to_list', true]
    ]);
  });
});

describe('attributes', () => {
  it('sets, replaces and takes away one attribute without touching the others', () => {
    expect(after(setAttribute(contact, 'CITY', 'Lyon', cause())).attributes).toEqual({
      FIRSTNAME: 'Léa',
      TAGS: ['a'],
      CITY: 'Lyon'
    });
    expect(after(setAttribute(contact, 'FIRSTNAME', null, cause())).attributes).toEqual({ TAGS: ['a'] });
  });

  it('changes nothing where the value is the same', () => {
    expect(setAttribute(contact, 'TAGS', ['a'], cause()).changes).toEqual([]);
    expect(setAttribute(contact, 'CITY', null, cause()).changes).toEqual([]);
  });
});
