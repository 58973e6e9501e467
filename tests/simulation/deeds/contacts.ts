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

/** A file of contacts: some known, some twice, some lines that nobody can read. */
export function imported({ simulation, random, files }: World): Doing {
  const file = contactFile(simulation, random, `contacts${files.size + 1}.csv`);
  files.set(file.name, file);
  const plan = {
    listId: random.pick([null, 'l1']),
    mapping: { email: 'email', phone: 'phone', name: 'attribute:FIRSTNAME', city: 'attribute:CITY' } as const,
    duplicates: random.pick(['update', 'skip'] as const)
  };
  return { label: `imports ${file.name}`, work: (edits) => edits.imports.run(file, plan) };
}

/** An import that a crash, or a full disk, has cut off. */
export function importResumed({ simulation, random, files }: World): Doing | null {
  const cut = simulation.mirror.all('imports').filter(({ status }) => status === 'running' || status === 'failed');
  if (cut.length === 0) return null;
  const { id, fileName } = random.pick(cut);
  const file = files.get(fileName);
  return file ? { label: `resumes ${fileName}`, work: (edits) => edits.imports.resume(id, file) } : null;
}

export function importTakenBack({ simulation, random }: World): Doing | null {
  const imports = simulation.mirror.all('imports').filter(({ status }) => status !== 'undone');
  if (imports.length === 0) return null;
  const { id, status } = random.pick(imports);
  return status === 'running'
    ? { label: `stops the import ${id}`, work: (edits) => edits.imports.cancel(id) }
    : { label: `takes back the import ${id}`, work: (edits) => edits.imports.undo(id) };
}
