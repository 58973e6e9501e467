import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { pushClicked, pushUnsubscribed } from '$lib/core/events/push';
import type { OutboxRow } from '$lib/core/rows/messages';
import { takenIn } from './facts';
import { contact, World } from './testing/world';

/** What is told of a notification, of which these got one each, under one id. */
async function toldOfOne(contactIds: readonly string[], type: string, properties: Record<string, unknown> = {}) {
  const world = new World();
  const row = (contactId: string, at: number) =>
    ({
      id: `o${at}`,
      contactId,
      messageId: 'n1',
      status: 'sent',
      createdAt: world.now,
      request: { channel: 'push', to: [contactId], platforms: ['web'], campaignId: 'spring', pushName: 'Soldes' }
    }) as OutboxRow;
  await world.put(
    ...[...new Set(contactIds)].map((id) => create('contacts', id, contact(id))),
    ...contactIds.map((contactId, at) => create('outbox', `o${at}`, row(contactId, at)))
  );
  const fact = {
    type,
    occurredAt: world.now,
    properties,
    dedupeKey: 'wonderpush:1',
    person: { messageId: 'n1' }
  };
  const { events } = await world.storage.transact((transaction) =>
    takenIn(transaction, [fact], 'relay.inbox:r1', { now: world.now, newId: () => 'e1' })
  );
  return events;
}

/** Whose a click on it is. */
async function clickedAfter(...contactIds: string[]) {
  return (await toldOfOne(contactIds, pushClicked.type)).map(({ contactId }) => contactId);
}

test('what is told of a message is its reader’s', async () => {
  expect(await clickedAfter('c1')).toEqual(['c1']);
  expect(await clickedAfter('c1', 'c1')).toEqual(['c1']);
});

test('what is told of an id that messages to several people have is nobody’s', async () => {
  expect(await clickedAfter('c1', 'c2')).toEqual([]);
  expect(await clickedAfter('c1', 'c2', 'c1')).toEqual([]);
});

test('a click says which notification was clicked; what is told of the device says nothing of it', async () => {
  const [click] = await toldOfOne(['c1'], pushClicked.type, { notificationId: 'n1' });
  expect(click?.properties).toEqual({ notificationId: 'n1', pushName: 'Soldes' });
  const [end] = await toldOfOne(['c1'], pushUnsubscribed.type, { platform: 'web' });
  expect(end?.properties).toEqual({ platform: 'web' });
});
