import { afterEach, beforeEach, expect, test } from 'vitest';
import { update } from '$lib/core/changes';
import type { ContactDraft } from './drafts';
import { contactEdits } from './edits/contacts';
import { welcomeWorkspace, World } from './testing/world';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.put(...welcomeWorkspace(['c1']));
  await world.open();
});
afterEach(() => world.close());

const nobody = () => Promise.resolve([]);
const save = (draft: ContactDraft) => contactEdits(world.desk, nobody, nobody).save(draft);
const stored = async () => (await world.all('contacts')).find(({ id }) => id === 'c1');

test('what a form leaves out stays as others have written it meanwhile', async () => {
  await world.put(update('contacts', 'c1', { 'attributes.CITY': 'Lyon', phone: '+33611223344' }));
  expect(await save({ id: 'c1', attributes: { FIRSTNAME: 'Zoé' } })).toEqual({ ok: true, value: 'c1' });
  expect(await stored()).toMatchObject({
    email: 'c1@exemple.fr',
    phone: '+33611223344',
    attributes: { FIRSTNAME: 'Zoé', CITY: 'Lyon' }
  });
});

test('nobody is left without anything that they are known by', async () => {
  const refused = { ok: false, reason: { key: 'words.contact.unknown_by_anything' } };
  expect(await save({ id: 'c1', email: '', attributes: {} })).toMatchObject(refused);
  expect(await save({ attributes: {} })).toMatchObject(refused);
  expect(await stored()).toMatchObject({ email: 'c1@exemple.fr' });
  expect(await save({ id: 'c9', attributes: {} })).toMatchObject({ reason: { key: 'words.contact.gone' } });
});
