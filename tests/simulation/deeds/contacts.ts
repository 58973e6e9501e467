import type { ImportTarget } from '$lib/records/contacts/import/mapping';
import { contactFile } from '../files';
import { contactIds, someContact, type Doing, type World } from './deed';

export function onAList({ simulation, random }: World): Doing {
  const ids = random.some(contactIds(simulation), random.between(1, 3));
  const listId = random.pick(['l1', 'l2', 'l3']);
  return { label: `onto ${listId}`, work: (edits) => edits.contacts.addToList({ ids }, listId) };
}

export function offAList({ simulation, random }: World): Doing {
  const ids = random.some(contactIds(simulation), random.between(1, 3));
  const listId = random.pick(['l1', 'l2']);
  return { label: `off ${listId}`, work: (edits) => edits.contacts.removeFromList({ ids }, listId) };
}

export function newContact({ random }: World): Doing {
  const number = random.between(100, 105);
  return {
    label: 'a new contact',
    work: (edits) =>
      edits.contacts.save({
        email: `nouvelle${number}@exemple.fr`,
        attributes: { FIRSTNAME: `Nouvelle ${number}` },
        listIds: ['l1']
      })
  };
}

export function changedContact({ simulation, random }: World): Doing | null {
  const id = someContact(simulation, random);
  if (id === null) return null;
  return {
    label: 'a contact moves',
    work: (edits) => edits.contacts.save({ id, attributes: { CITY: random.pick(['Lyon', 'Nantes']) } })
  };
}

export function deletedContacts({ simulation, random }: World): Doing | null {
  const ids = contactIds(simulation);
  if (ids.length < 3) return null;
  const some = random.some(ids, 1);
  return { label: 'a contact is deleted', work: (edits) => edits.contacts.remove({ ids: some }) };
}

export function restored({ simulation }: World): Doing | null {
  const hidden = simulation.mirror.all('contacts').filter(({ hiddenAt = 0 }) => hiddenAt > 0);
  if (hidden.length === 0) return null;
  return { label: 'contacts come back', work: (edits) => edits.contacts.restore(hidden.map(({ id }) => id)) };
}
