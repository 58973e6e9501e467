import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { NO_MAPPING, type GenericMapping } from '$lib/core/generic-mapping';
import type { Account } from '$lib/core/rows/messages';
import { inboxEdits } from './edits/inbox';
import { posterOf } from './mappings';
import { contact, START, World } from './testing/world';

let world: World;
afterEach(() => world.close());

const relay: Account = {
  id: 'r1',
  provider: 'relay',
  name: 'Relais',
  fields: { url: 'https://relay.example', secret: 'key' },
  createdAt: START
};
const SOURCE = 'a-b'.repeat(8);
const mapping: GenericMapping = { ...NO_MAPPING, email: 'who', name: 'Cours fini', id: 'id' };

/** A source of no known vendor, to which these were posted. */
async function posted(bodies: readonly string[], known?: GenericMapping) {
  world = new World();
  await world.put(
    create('accounts', 'r1', relay),
    create('contacts', 'c1', contact('c1')),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' }),
    create('inboxSources', SOURCE, {
      id: SOURCE,
      kind: 'generic',
      name: 'École',
      createdAt: START,
      ...(known ? { mapping: known } : {})
    })
  );
  const items = bodies.map((body, index) => ({
    seq: index + 1,
    sourceId: SOURCE,
    kind: 'generic',
    receivedAt: START,
    contentType: 'application/json',
    body
  }));
  world.answer = (url) =>
    Promise.resolve({ status: 200, body: { items: url.includes('after=0') ? items : [], more: false } });
  await world.open();
  await world.look();
  return inboxEdits(
    world.desk,
    () => Promise.reject(new Error('no secret')),
    () => SOURCE
  );
}

const facts = async () => (await world.all('events')).map(({ properties, contactId }) => [properties.name, contactId]);

test('what a source of no known vendor posts is an event by its mapping', async () => {
  await posted(['{"id":1,"who":"c1@exemple.fr"}', '{"id":1,"who":"c1@exemple.fr"}'], mapping);
  expect(await facts()).toEqual([['Cours fini', 'c1']]);
  expect(await world.all('quarantine')).toEqual([]);
});

test('without a mapping it waits; once there is one it is taken in, and the rest says what it lacks', async () => {
  const inbox = await posted(['{"id":1,"who":"c1@exemple.fr"}', '{"id":2}']);
  expect((await world.all('quarantine')).map(({ reason }) => reason.key)).toEqual([
    'words.mapping.none',
    'words.mapping.none'
  ]);
  expect(await inbox.setMapping(SOURCE, { ...mapping, email: '' })).toMatchObject({ ok: false });
  expect(await inbox.setMapping(SOURCE, mapping)).toEqual({ ok: true, value: 1 });
  expect(await facts()).toEqual([['Cours fini', 'c1']]);
  expect((await world.all('quarantine')).map(({ reason }) => reason.key)).toEqual(['words.mapping.no_email']);
  const [left] = await world.all('quarantine');
  expect(await inbox.takeIn(left!.id, '{"id":2,"who":"c1@exemple.fr"}')).toEqual({ ok: true, value: 1 });
});

test('who posted is read from the id of what waits, whatever dashes it has', () => {
  expect(posterOf(`${SOURCE}-17`)).toBe(SOURCE);
});
