import { expect, test } from 'vitest';
import type { ReachablePerson } from '$lib/core/sources';
import { takenIn } from './facts';
import { contact, World } from './testing/world';
import { create } from '$lib/core/changes';

async function ownerOf(person: ReachablePerson) {
  const world = new World();
  await world.put(
    create('contacts', 'c1', contact('c1', { phone: '+33612345678' })),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' }),
    create('identities', ['phone', '+33612345678'], { kind: 'phone', value: '+33612345678', contactId: 'c1' })
  );
  const fact = { type: 'call.ended', occurredAt: world.now, properties: { callId: '1' }, dedupeKey: 'x:1', person };
  const { events } = await world.storage.transact((transaction) =>
    takenIn(transaction, [fact], 'relay.inbox:r1', { now: world.now, newId: () => 'e1' })
  );
  return events.map(({ contactId }) => contactId);
}

test.each([
  ['a number', { phone: '+33612345678' }, 'c1'],
  ['an address, however it is written', { email: ' C1@Exemple.fr ' }, 'c1'],
  ['a number that nobody has', { phone: '+33612345679' }, null],
  ['an address that is a number', { email: '+33612345678' }, null]
])('%s says whose a fact is', async (_, person, contactId) => {
  expect(await ownerOf(person)).toEqual([contactId]);
});
