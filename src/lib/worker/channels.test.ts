import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR } from '$lib/core/instants';
import { openStorage } from '$lib/storage/dexie/storage';
import { eventEdits } from './edits/events';
import { active, contact, welcomeWorkspace, World } from './testing/world';

let made = 0;
let world: World;
afterEach(() => world.close());

async function begin(...changes: Parameters<World['put']>): Promise<World> {
  world = new World(await openStorage({ name: `channels-${++made}` }));
  await world.put(...welcomeWorkspace(['c1', 'c2']), ...changes);
  await world.open();
  return world;
}

const graph = (unit: string, fields: Record<string, unknown>, ...steps: Graph['steps']): Graph => ({
  triggers: [{ id: 't1', unit, version: 1, fields }],
  entry: steps[0]?.id ?? null,
  steps,
  notes: []
});
const step = (unit: string, fields: Record<string, unknown>, next: Record<string, string | null>, id = 's1') => ({
  id,
  unit,
  version: 1,
  fields,
  next
});
const listing = step('contact.add_to_list', { listId: 'l2' }, { next: null });

async function record(type: string, properties: Record<string, unknown>, contactId = 'c1'): Promise<void> {
  expect(await eventEdits(world.desk).record({ type, contactId, properties })).toMatchObject({ ok: true });
  await world.look();
}

const listed = async (): Promise<string[]> =>
  (await world.all('contacts')).filter(({ listIds }) => listIds.includes('l2')).map(({ id }) => id);

describe('an event typed in starts the automation that waits for it', () => {
  const is = (property: string, value: string) => ({
    filters: { subject: { of: 'event', property }, kind: 'text', operator: 'is', value }
  });
  test.each([
    ['email.link_clicked', is('url', 'https://a.fr/x'), { messageId: 'm', url: 'https://a.fr/x' }],
    ['email.unsubscribed', is('emailName', 'Bienvenue'), { messageId: 'm', emailName: 'Bienvenue' }],
    ['cart.updated', is('items.name', 'Savon'), { cartId: 'p', items: [{ name: 'Savon' }] }],
    ['order.created', is('items.name', 'Savon'), { orderId: 'o', items: [{ name: 'Bougie' }, { name: 'Savon' }] }],
    ['cart.deleted', is('removed.name', 'Savon'), { cartId: 'p', removed: [{ name: 'Savon' }] }],
    ['conversation.started', {}, { conversationId: 'v', source: 'chat' }],
    ['conversation.ended', {}, { conversationId: 'v' }],
    ['conversation.message_received', is('text', 'Bonjour'), { conversationId: 'v', text: 'Bonjour' }],
    ['meeting.started', is('type', 'Suivi'), { meetingId: 'r', type: 'Suivi' }],
    ['meeting.booked', is('type', 'Suivi'), { meetingId: 'r', type: 'Suivi' }],
    ['meeting.cancelled', is('type', 'Suivi'), { meetingId: 'r', type: 'Suivi' }],
    ['call.ended', is('line', 'Boutique'), { callId: 'a', line: 'Boutique' }],
    ['payment.completed', is('link', 'https://p.fr/x'), { paymentId: 'p', link: 'https://p.fr/x' }],
    ['push.session_started', is('campaignId', 'k'), { campaignId: 'k' }],
    ['push.clicked', is('campaignId', 'k'), { campaignId: 'k' }],
    ['push.subscribed', {}, { platform: 'ios' }],
    ['push.unsubscribed', {}, { platform: 'ios' }],
    ['page.visited', is('title', 'Tarifs'), { url: 'https://a.fr', title: 'Tarifs' }]
  ])('%s', async (type, fields, properties) => {
    await begin(...active(graph(type, fields, listing), {}, 'a2'));
    await record(type, properties);
    expect(await listed()).toEqual(['c1']);
  });
});

describe('what facts change about the contact', () => {
  const blocklist = async () => (await world.all('contacts')).find(({ id }) => id === 'c1')?.blocklist;

  test.each([
    ['email.unsubscribed', { messageId: 'm' }, { campaigns: true }],
    ['email.complained', { messageId: 'm' }, { campaigns: true }],
    ['email.bounced', { messageId: 'm', hard: true }, { campaigns: true }],
    ['sms.unsubscribed', { messageId: 'm' }, { campaigns: false, sms: true }]
  ])('%s blocks before any automation hears of it', async (type, properties, expected) => {
    await begin();
    await record(type, properties);
    expect(await blocklist()).toMatchObject(expected);
  });

  test('a soft bounce blocks nothing', async () => {
    await begin();
    await record('email.bounced', { messageId: 'm', hard: false });
    expect(await blocklist()).toBeUndefined();
  });

  test('a push subscription is an identity, goes with the device, and ends with the unsubscription', async () => {
    await begin();
    const pushes = async () => (await world.all('identities')).filter(({ kind }) => kind === 'push');
    await record('push.subscribed', { subscriptionId: 'd1' });
    expect(await pushes()).toEqual([{ kind: 'push', value: 'd1', contactId: 'c1' }]);
    await record('push.subscribed', { subscriptionId: 'd1' }, 'c2');
    await record('push.unsubscribed', { subscriptionId: 'd1' });
    expect(await pushes()).toEqual([{ kind: 'push', value: 'd1', contactId: 'c2' }]);
    await record('push.unsubscribed', { subscriptionId: 'd1' }, 'c2');
    expect(await pushes()).toEqual([]);
  });
});

describe('actions on the contact', () => {
  test('the blocklist keeps a marketing email from leaving', async () => {
    const blocking = step('contact.blocklist', { campaigns: true, senderIds: [], sms: false }, { next: 's2' });
    const mail = { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch' };
    await begin(
      ...active(
        graph('order.created', {}, blocking, step('email.send', mail, { sent: null, failed: null }, 's2')),
        {},
        'a2'
      )
    );
    await record('order.created', { orderId: 'o1' });
    expect(await world.outbox()).toMatchObject([{ status: 'skipped', reason: { key: 'words.outbox.unsubscribed' } }]);
  });

  test('deleting erases the contact with all its journeys, messages and events; the counts stay', async () => {
    await begin(
      ...active(
        graph(
          'order.created',
          {},
          step('rule.delay', { duration: { amount: 1, unit: 'hours' }, window: null }, { next: 's2' }),
          step('contact.delete', { confirm: 'SUPPRIMER' }, {}, 's2')
        ),
        {},
        'a2'
      ),
      ...active(graph('order.created', {}, step('rule.delay', { duration: { amount: 1, unit: 'hours' }, window: null }, { next: 's2' }), { ...listing, id: 's2' }), {}, 'a3') // prettier-ignore
    );
    await world.put(create('contacts', 'c3', contact('c3')));
    await record('order.created', { orderId: 'o1' });
    await record('order.created', { orderId: 'o2' }, 'c2');
    expect(await world.all('enrolments')).toHaveLength(4);
    await world.pass(HOUR);
    expect((await world.all('contacts')).map(({ id }) => id)).toEqual(['c3']);
    for (const table of ['enrolments', 'journal', 'events', 'outbox'] as const)
      expect(await world.all(table)).toEqual([]);
    expect(await world.all('tombstones')).toHaveLength(2);
    const counts = await world.all('statistics');
    expect(counts.find(({ id }) => id.startsWith('a2-v1') && id.endsWith('completed'))?.count).toBe(2);
    await world.pass(DAY);
    expect(await listed()).toEqual([]);
  });
});
