import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { pushClicked } from '$lib/core/events/push';
import type { OutboxRow } from '$lib/core/rows/messages';
import { takenIn } from './facts';
import { contact, World } from './testing/world';

/** Whose a click on a notification is, of which these got one each, under one id. */
async function clickedAfter(...contactIds: string[]) {
  const world = new World();
  const row = (contactId: string, at: number) =>
    ({
      id: `o${at}`,
      contactId,
      messageId: 'n1',
      status: 'sent',
      createdAt: world.now,
      request: { channel: 'push', to: [contactId], platforms: ['web'], campaignId: 'spring', pushName: '' }
    }) as OutboxRow;
  await world.put(
    ...[...new Set(contactIds)].map((id) => create('contacts', id, contact(id))),
    ...contactIds.map((contactId, at) => create('outbox', `o${at}`, row(contactId, at)))
  );
  const fact = {
    type: pushClicked.type,
    occurredAt: world.now,
    properties: { attribution: 'notification', campaignId: 'spring', notificationId: 'n1' },
    dedupeKey: 'wonderpush:1',
    person: { messageId: 'n1' }
  };
  const { events } = await world.storage.transact((transaction) =>
    takenIn(transaction, [fact], 'relay.inbox:r1', { now: world.now, newId: () => 'e1' })
  );
  return events.map(({ contactId }) => contactId);
}

test('what is told of a message is its reader’s', async () => {
  expect(await clickedAfter('c1')).toEqual(['c1']);
  expect(await clickedAfter('c1', 'c1')).toEqual(['c1']);
});

test('what is told of an id that messages to several people have is nobody’s', async () => {
  expect(await clickedAfter('c1', 'c2')).toEqual([]);
  expect(await clickedAfter('c1', 'c2', 'c1')).toEqual([]);
});
