import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import { openStorage } from '$lib/storage/dexie/storage';
import { eventEdits } from './edits/events';
import { mailboxEdits } from './edits/mailbox';
import { active, contact, START, welcomeWorkspace, World } from './testing/world';

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

describe('messages leave', () => {
  const sender = (accountId: string | null) => create('smsSenders', 'p1', { id: 'p1', name: 'Atelier', accountId, createdAt: START }); // prettier-ignore
  const account = (provider: string, fields: Record<string, unknown>) =>
    create('accounts', 'acc', { id: 'acc', provider, name: provider, fields, createdAt: START });
  const ends = { sent: 's2', failed: null };
  const after = { ...listing, id: 's2' };
  const sms = { templateId: null, text: 'Merci {{ contact.FIRSTNAME }}', senderId: 'p1', type: 'promotional', tag: '', onFailure: 'branch' }; // prettier-ignore
  const phone = (more: Partial<Contact> = {}) => create('contacts', 'c9', contact('c9', { phone: '+33612345678', ...more })); // prettier-ignore
  const own = (kind: 'push' | 'pass', value: string) =>
    create('identities', [kind, value], { kind, value, contactId: 'c9' });
  const ordered = () => record('order.created', { orderId: 'o1' }, 'c9');
  const bodies = (part: string) => world.calls.filter(({ url }) => url.includes(part)).map(({ init }) => init?.body);

  test('an SMS through Brevo, with how to stop it', async () => {
    await begin(sender('acc'), account('sms.brevo', { apiKey: 'k', baseUrl: 'https://brevo.test' }), phone(), ...active(graph('order.created', {}, step('sms.send', sms, ends), after), {}, 'a2')); // prettier-ignore
    world.answer = () => Promise.resolve({ status: 201, body: { messageId: 42 } });
    await ordered();
    const [body] = bodies('transactionalSMS');
    expect(JSON.parse(body ?? '')).toMatchObject({
      sender: 'Atelier',
      recipient: '+33612345678',
      content: 'Merci Prénom c9\nSTOP pour ne plus rien recevoir\n[STOP CODE]'
    });
    expect(await world.outbox()).toMatchObject([{ status: 'sent', messageId: '42' }]);
    expect((await world.outbox())[0]?.request).not.toHaveProperty('text');
    expect(await listed()).toEqual(['c9']);
  });

  test('STOP answered in the mailbox: the next promotional SMS is not sent, a transactional one is', async () => {
    const next = step('sms.send', { ...sms, type: 'transactional' }, { sent: null, failed: null }, 's2');
    await begin(sender(null), phone(), ...active(graph('order.created', {}, step('sms.send', sms, ends), next), { reentry: { mode: 'after_leaving' } }, 'a2')); // prettier-ignore
    await ordered();
    const [first] = await world.outbox();
    expect(first).toMatchObject({ status: 'sent', request: { channel: 'sms', text: expect.stringContaining('Merci') as string } }); // prettier-ignore
    expect(await mailboxEdits(world.desk).react(first!.id, 'unsubscribed')).toMatchObject({ ok: true });
    await world.look();
    expect((await world.all('contacts')).find(({ id }) => id === 'c9')?.blocklist).toMatchObject({ sms: true });
    await record('order.created', { orderId: 'o2' }, 'c9');
    expect((await world.outbox()).map(({ status, reason }) => reason?.key ?? status).sort()).toEqual([
      'sent',
      'sent',
      'sent',
      'words.outbox.sms_unsubscribed'
    ]);
  });

  test('a promotional SMS waits for the send window and the cap', async () => {
    const sendWindow = { days: [1, 2, 3, 4, 5, 6, 7], from: '10:00', to: '12:00' };
    await begin(sender(null), phone(), ...active(graph('order.created', {}, step('sms.send', sms, ends), after), { sendWindow }, 'a2')); // prettier-ignore
    await ordered();
    expect(await world.outbox()).toMatchObject([{ status: 'queued', dueAt: START + HOUR }]);
    await world.pass(HOUR);
    expect(await world.outbox()).toMatchObject([{ status: 'sent' }]);
  });

  test('no phone number: it goes on unsent', async () => {
    await begin(sender(null), phone({ phone: undefined }), ...active(graph('order.created', {}, step('sms.send', sms, ends), after), {}, 'a2')); // prettier-ignore
    await ordered();
    expect(await world.outbox()).toEqual([]);
    expect(await listed()).toEqual(['c9']);
  });

  test('a push notification tomorrow at nine, to the devices that have subscribed; a refusal goes the other way', async () => {
    const template = { id: 'n1', name: 'Merci', title: 'Merci', body: 'Bonjour {{ contact.FIRSTNAME }}', url: '', imageUrl: '', createdAt: 0, updatedAt: 0 }; // prettier-ignore
    const fields = { accountId: 'acc', templateId: 'n1', campaignId: '', ios: true, android: true, web: true, when: { at: 'days', days: 1, time: '09:00' }, onFailure: 'branch' }; // prettier-ignore
    await begin(create('pushTemplates', 'n1', template), account('push.onesignal', { appId: 'app', apiKey: 'k', baseUrl: 'https://one.test' }), phone(), ...active(graph('order.created', {}, step('push.send', fields, { sent: null, failed: 's2' }), after), {}, 'a2')); // prettier-ignore
    world.answer = () => Promise.resolve({ status: 200, body: { id: '', errors: ['not subscribed'] } });
    await record('push.subscribed', { subscriptionId: 'd1' }, 'c9');
    await ordered();
    expect(await world.outbox()).toMatchObject([{ status: 'queued', dueAt: START + DAY }]);
    await world.pass(DAY);
    expect(bodies('one.test').map((body) => JSON.parse(body ?? '') as unknown)).toMatchObject([
      { include_subscription_ids: ['d1'], contents: { en: 'Bonjour Prénom c9' } }
    ]);
    expect(await world.outbox()).toMatchObject([{ status: 'failed' }]);
    expect(await listed()).toEqual(['c9']);
  });

  test.each([
    ['wallet.notify', { text: 'Merci' }, { operation: 'notify', text: 'Merci' }],
    ['wallet.move', { campaignId: 'vip' }, { operation: 'move', campaignId: 'vip' }],
    ['wallet.move_and_notify', { campaignId: 'vip', text: 'Merci' }, { operation: 'move_and_notify', campaignId: 'vip', text: 'Merci' }] // prettier-ignore
  ])('%s', async (unit, fields, expected) => {
    const whole = { accountId: 'acc', when: null, onFailure: 'branch', ...fields };
    await begin(own('pass', 'sn-1'), account('wallet.http', { address: 'https://passes.test', apiKey: null }), phone(), ...active(graph('order.created', {}, step(unit, whole, ends), after), {}, 'a2')); // prettier-ignore
    world.answer = () => Promise.resolve({ status: 200, body: {} });
    await ordered();
    expect(JSON.parse(bodies('passes.test')[0] ?? '')).toEqual({ passes: ['sn-1'], ...expected });
    expect(await listed()).toEqual(['c9']);
  });

  test('a webhook is signed over its timestamp, and its answer fills an attribute', async () => {
    const fields = { method: 'POST', url: 'https://crm.test/hook', headers: [], body: '', signingSecret: 'z', answer: [{ path: 'plan.name', attributeId: 'STATUS' }], onFailure: 'branch' }; // prettier-ignore
    await begin(phone(), ...active(graph('order.created', {}, step('webhook.call', fields, ends), after), {}, 'a2')); // prettier-ignore
    world.answer = () => Promise.resolve({ status: 200, body: { plan: { name: 'or' } } });
    await ordered();
    const call = world.calls.find(({ url }) => url === 'https://crm.test/hook');
    const timestamp = String(START / 1_000);
    expect(call?.init?.headers).toMatchObject({
      'ricochet-timestamp': timestamp,
      'ricochet-signature': `v1=${createHmac('sha256', 'secret of z')
        .update(`${timestamp}.${call?.init?.body ?? ''}`)
        .digest('hex')}`
    });
    expect((await world.all('contacts')).find(({ id }) => id === 'c9')?.attributes.STATUS).toBe('or');
  });
});
