import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { listEdits } from './edits/lists';
import { Removals } from './removals';
import { contact, list, settings, World } from './testing/world';

async function world(): Promise<{ made: World; removals: Removals }> {
  const made = new World();
  const ids = Array.from({ length: 2_300 }, (_, at) => `c${String(at).padStart(4, '0')}`);
  await made.put(
    create('settings', 'workspace', settings),
    create('lists', 'l1', list('l1')),
    create('lists', 'l2', list('l2')),
    ...ids.map((id) => create('contacts', id, contact(id, { listIds: ['l1', 'l2'], listedAt: { l1: 5, l2: 6 } })))
  );
  await made.open();
  return { made, removals: new Removals(made.desk) };
}

test('a list that was deleted comes back with all its contacts, and what was changed since stays', async () => {
  const { made, removals } = await world();
  const removal = await listEdits(made.desk, removals).remove('l1');
  if (!removal.ok) throw new Error(removal.reason.key);
  expect((await made.all('contacts'))[0]).toMatchObject({ listIds: ['l2'], listedAt: { l2: 6 } });
  await made.put({ table: 'contacts', id: 'c0000', set: { 'attributes.FIRSTNAME': 'Maud' } });
  expect(await removals.undo(removal.value)).toEqual({ ok: true, value: undefined });
  const contacts = await made.all('contacts');
  expect(contacts.every(({ listIds, listedAt }) => listIds.includes('l1') && listedAt.l1 === 5)).toBe(true);
  expect(contacts[0]?.attributes.FIRSTNAME).toBe('Maud');
  expect(await made.all('lists')).toHaveLength(2);
});

test('it is taken back once, and not where the row is there again', async () => {
  const { made, removals } = await world();
  const edits = listEdits(made.desk, removals);
  const removal = await edits.remove('l1');
  if (!removal.ok) throw new Error(removal.reason.key);
  await removals.undo(removal.value);
  expect(await removals.undo(removal.value)).toMatchObject({ ok: false, reason: { key: 'words.undo.too_late' } });
  const again = await edits.remove('l2');
  if (!again.ok) throw new Error(again.reason.key);
  await made.put(create('lists', 'l2', list('l2')));
  expect(await removals.undo(again.value)).toMatchObject({ ok: false, reason: { key: 'words.undo.too_late' } });
  expect(await edits.remove('gone')).toMatchObject({ ok: false, reason: { key: 'words.list.gone' } });
});
