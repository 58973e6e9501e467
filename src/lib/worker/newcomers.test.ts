import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Account } from '$lib/core/rows/messages';
import { attributes, contact, settings, START, World } from './testing/world';

let world: World;
afterEach(() => world.close());

const relay: Account = {
  id: 'r1',
  provider: 'relay',
  name: 'Relais',
  fields: { url: 'https://relay.example', secret: 'key' },
  createdAt: START
};
const order = (id: string, email: string, phone: string | null = '06 12 34 56 78') => ({
  id,
  order_number: 1,
  created_at: new Date(START).toISOString(),
  email,
  currency: 'EUR',
  total_price: '10.00',
  phone,
  customer: { first_name: 'Camille', last_name: 'Durand' },
  line_items: []
});

/** A workspace with c1, who has a number, to whose relay these were posted. */
async function posted(...posts: readonly (readonly [kind: string, body: unknown])[]) {
  world = new World();
  const c1 = contact('c1', { phone: '+33700000000' });
  await world.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('contacts', 'c1', c1),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' }),
    create('identities', ['phone', '+33700000000'], { kind: 'phone', value: '+33700000000', contactId: 'c1' }),
    create('accounts', 'r1', relay)
  );
  const items = posts.map(([kind, body], index) => ({
    seq: index + 1,
    sourceId: 's'.repeat(22),
    kind,
    receivedAt: START,
    contentType: 'application/json',
    body: JSON.stringify(body)
  }));
  world.answer = (url) =>
    Promise.resolve({ status: 200, body: { items: url.includes('after=0') ? items : [], more: false } });
  await world.open();
  await world.look();
  const [contacts, identities, events] = [
    await world.all('contacts'),
    await world.all('identities'),
    await world.all('events')
  ];
  return { made: contacts.filter(({ id }) => id !== 'c1'), identities, events };
}

test('an order by an address that nobody has makes a contact, with what the shop tells and the workspace has', async () => {
  const { made, identities, events } = await posted(['shopify', order('o1', 'Camille@Exemple.fr')]);
  expect(made).toMatchObject([
    { email: 'Camille@exemple.fr', phone: '+33612345678', attributes: { FIRSTNAME: 'Camille' }, listIds: [] }
  ]);
  const { id } = made[0]!;
  expect(
    identities
      .filter(({ contactId }) => contactId === id)
      .map(({ value }) => value)
      .sort()
  ).toEqual(['+33612345678', 'camille@exemple.fr']);
  expect(events.map(({ type, contactId }) => [type, contactId]).sort()).toEqual([
    ['contact.created', id],
    ['order.created', id]
  ]);
});

test('orders and a payment by one new address make one contact, however it is written', async () => {
  const { made, events } = await posted(
    ['shopify', order('o1', 'camille@exemple.fr')],
    ['shopify', order('o2', 'CAMILLE@exemple.fr')],
    ['tracker', { v: 1, visitor: 'visitor-1', sentAt: START, events: [{ id: 'event-001', type: 'identify', at: START, data: { email: 'camille@exemple.fr' } }] }] // prettier-ignore
  );
  expect(made).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'contact.created')).toHaveLength(1);
  expect(events.every(({ contactId }) => contactId === made[0]?.id)).toBe(true);
});

test('whoever has the address stays as they are; a number that somebody has stays theirs', async () => {
  const { made } = await posted(
    ['shopify', order('o1', 'c1@exemple.fr')],
    ['shopify', order('o2', 'autre@exemple.fr', '+33 7 00 00 00 00')]
  );
  expect(made.map(({ email, phone }) => [email, phone])).toEqual([['autre@exemple.fr', undefined]]);
  expect((await world.storage.read((reader) => reader.get('contacts', 'c1')))?.attributes.FIRSTNAME).toBe('Prénom c1');
});

test('what is no address makes nobody; what is told of an email makes nobody either', async () => {
  const { made, events } = await posted(
    ['shopify', order('o1', 'no address')],
    ['brevo', { event: 'opened', email: 'camille@exemple.fr', 'message-id': '<m1@x>', ts_event: START / 1_000 }]
  );
  expect(made).toEqual([]);
  expect(events.map(({ type, contactId }) => [type, contactId])).toEqual([['order.created', null]]);
});

test('what was written in a chat is of whoever says their address in it', async () => {
  const crisp = (event: string, data: object, at: number) => ({
    event,
    timestamp: at,
    data: { session_id: 'session_1', ...data }
  });
  const { events } = await posted(
    ['crisp', crisp('message:send', { type: 'text', content: 'Bonjour', from: 'user', fingerprint: 1 }, START)],
    ['crisp', crisp('session:set_email', { email: 'c1@exemple.fr' }, START + 1)]
  );
  expect(events.map(({ type, contactId }) => [type, contactId]).sort()).toEqual([
    ['conversation.message_received', 'c1'],
    ['conversation.started', 'c1'],
    ['custom.event', 'c1']
  ]);
});
