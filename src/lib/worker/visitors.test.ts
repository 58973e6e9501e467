import { afterEach, beforeEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR, MINUTE, type Milliseconds } from '$lib/core/instants';
import type { TrackedEvent } from '$lib/core/tracking';
import { active, attributes, contact, settings, START, World } from './testing/world';

let world: World;
let waiting: { seq: number; body: string; receivedAt: number }[];
let seq: number;

/** Whoever puts something into their cart enters, and waits for their order. */
const graph: Graph = {
  triggers: [{ id: 't1', unit: 'cart.updated', version: 1, fields: { filters: null } }],
  entry: 's1',
  steps: [
    {
      id: 's1',
      unit: 'rule.wait_for_event',
      version: 1,
      fields: { event: 'order.created', filters: null, limit: { amount: 1, unit: 'hours' }, window: 'auto' },
      next: { yes: null, no: null }
    }
  ],
  notes: []
};

beforeEach(async () => {
  world = new World();
  waiting = [];
  seq = 0;
  world.answer = (url, init) => {
    if (url.endsWith('/inbox/acknowledged')) {
      const { upTo } = JSON.parse(String(init?.body)) as { upTo: number };
      waiting = waiting.filter((item) => item.seq > upTo);
      return Promise.resolve({ status: 204, body: '' });
    }
    const items = waiting.map((item) => ({ ...item, sourceId: 's'.repeat(22), kind: 'tracker', contentType: '' }));
    return Promise.resolve({ status: 200, body: { items, more: false } });
  };
  await world.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('accounts', 'r1', {
      id: 'r1',
      provider: 'relay',
      name: 'Relais',
      fields: { url: 'https://relay.example', secret: 'k' },
      createdAt: START
    }),
    ...active(graph)
  );
  await world.open();
});
afterEach(() => world.close());

type Call = readonly [type: TrackedEvent['type'], data?: Record<string, unknown>];
let ids = 0;

/** What a visitor does now reaches the relay at once, and the app when it next looks. */
function visits(visitor: string, ...calls: Call[]): void {
  const events = calls.map(([type, data = {}]) => ({ id: `event-of-visitor-${++ids}`, type, at: world.now, data }));
  waiting.push({
    seq: ++seq,
    receivedAt: world.now,
    body: JSON.stringify({ v: 1, visitor, sentAt: world.now, events })
  });
}
const page: Call = ['page', { url: 'https://atelier.fr/' }];
const cart = (id = 'cart-1'): Call => ['cart', { id, items: [{ name: 'Mug' }] }];
const identify = (email: string, more: Record<string, unknown> = {}): Call => ['identify', { email, attributes: more }];
const after = (time: Milliseconds = 2 * MINUTE) => world.pass(time);
const events = async () => (await world.all('events')).map(({ type, contactId }) => [type, contactId] as const);
const enrolments = async () => (await world.all('enrolments')).map(({ contactId, status }) => [contactId, status]);
const rollup = (contactId: string, type: string) =>
  world.storage.read((reader) => reader.get('rollups', [contactId, type]));

test('what nobody knows the doer of is kept, counts for nobody and starts nothing', async () => {
  visits('visitor-1', page, cart());
  await after();
  expect(await events()).toEqual([
    ['page.visited', null],
    ['cart.updated', null]
  ]);
  expect([await enrolments(), await world.all('rollups'), await world.all('identities')]).toEqual([[], [], []]);
});

test('a contact who says their address: this session and all that follows is theirs, and counts once', async () => {
  await world.put(
    create('contacts', 'c1', contact('c1')),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' })
  );
  visits('visitor-1', page, cart());
  await after();
  visits('visitor-1', identify(' C1@exemple.fr'), page);
  await after();
  visits('visitor-1', page);
  await after();
  expect((await events()).map(([, contactId]) => contactId)).toEqual(['c1', 'c1', 'c1', 'c1', 'c1']);
  expect(await rollup('c1', 'page.visited')).toMatchObject({ count: 3, firstAt: START });
  expect(await rollup('c1', 'cart.updated')).toMatchObject({ count: 1 });
  expect(await enrolments()).toEqual([['c1', 'waiting']]);
});

test.each(['read before', 'read together'])(
  'what was done days before becomes theirs and starts nothing; what was done too long before goes (%s)',
  async (how) => {
    await world.put(create('contacts', 'c1', contact('c1')));
    visits('visitor-1', page);
    if (how === 'read before') await after();
    world.now += 30 * DAY;
    visits('visitor-1', cart());
    if (how === 'read before') await after();
    world.now += 10 * DAY;
    visits('visitor-1', ['identify', { token: 'c1' }]);
    await after();
    expect(await rollup('c1', 'cart.updated')).toMatchObject({ count: 1 });
    expect(await enrolments()).toEqual([]);
    expect((await events()).map(([type]) => type)).not.toContain('page.visited');
  }
);

test('a cart, then who they are, then an order: the order comes after the cart, whenever they are read', async () => {
  visits('visitor-1', cart());
  await after();
  visits('visitor-1', identify('new@exemple.fr'), ['order', { id: 'o1' }]);
  await after();
  expect((await enrolments()).map(([, status]) => status)).toEqual(['completed']);
  const [made] = await world.all('contacts');
  expect((await world.journal(made!.id)).map(({ branch }) => branch)).toContain('yes');
});

test('an address that nobody has makes one contact, with the attributes that the workspace knows', async () => {
  visits('visitor-1', identify('Camille@Exemple.fr', { FIRSTNAME: 'Camille', UNKNOWN: 1, STATUS: { a: 1 } }), page);
  visits('visitor-2', identify('camille@exemple.fr'), page);
  visits('visitor-3', identify('no address'), page);
  await after();
  const contacts = await world.all('contacts');
  expect(contacts).toMatchObject([{ email: 'Camille@exemple.fr', attributes: { FIRSTNAME: 'Camille' } }]);
  expect(Object.keys(contacts[0]!.attributes)).toEqual(['FIRSTNAME']);
  expect((await world.all('identities')).map(({ kind, value }) => `${kind} ${value}`)).toEqual([
    'email camille@exemple.fr',
    'visitor visitor-1',
    'visitor visitor-2'
  ]);
  expect(await rollup(contacts[0]!.id, 'page.visited')).toMatchObject({ count: 2 });
  expect((await events()).filter(([type]) => type === 'contact.created')).toHaveLength(1);
});

test('what anyone may post fills in what is missing and overwrites nothing', async () => {
  await world.put(
    create('contacts', 'c1', contact('c1')),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' })
  );
  visits(
    'visitor-1',
    identify('c1@exemple.fr', { FIRSTNAME: 'Mallory', STATUS: 'new' }),
    identify('c1@exemple.fr', { STATUS: 'newer' })
  );
  await after();
  const [found] = await world.all('contacts');
  expect(found?.attributes).toEqual({ FIRSTNAME: 'Prénom c1', STATUS: 'new' });
});

test('one browser, two people: what the first did stays theirs', async () => {
  for (const id of ['c1', 'c2']) await world.put(create('contacts', id, contact(id)));
  visits(
    'visitor-1',
    ['identify', { token: 'c1' }],
    page,
    ['identify', { token: 'c2' }],
    page,
    ['identify', { token: 'nobody' }],
    page
  );
  await after(HOUR);
  visits('visitor-1', page);
  await after();
  const pages = (await events()).filter(([type]) => type === 'page.visited');
  expect(pages.map(([, contactId]) => contactId)).toEqual(['c1', 'c2', 'c2', 'c2']);
});

test('the same post twice, as after a lost answer, is one', async () => {
  visits('visitor-1', identify('new@exemple.fr'), page);
  const [post] = waiting;
  await after();
  waiting.push({ ...post!, seq: ++seq });
  await after();
  expect(await world.all('contacts')).toHaveLength(1);
  expect((await events()).filter(([type]) => type === 'page.visited')).toHaveLength(1);
});

test('erased, a contact leaves no visitor; who comes back is nobody', async () => {
  visits('visitor-1', identify('new@exemple.fr'), page);
  await after();
  const [made] = await world.all('contacts');
  await world.desk.edit((transaction) =>
    transaction.get('contacts', made!.id).then((found) => ({
      effect: { changes: [{ table: 'contacts' as const, id: found!.id, set: { hiddenAt: 0 } }], events: [] },
      value: undefined
    }))
  );
  await after();
  visits('visitor-1', page);
  await after();
  expect(await world.all('identities')).toEqual([]);
  expect((await events()).map(([, contactId]) => contactId)).toEqual([null]);
});

test('what a visitor did whom nobody has recognised is forgotten after thirty days; what a known one did stays', async () => {
  visits('visitor-1', page);
  visits('visitor-2', page, identify('known@exemple.fr'));
  await after();
  await after(29 * DAY);
  expect((await events()).filter(([type]) => type === 'page.visited')).toHaveLength(2);
  await after(2 * DAY);
  expect((await events()).map(([, contactId]) => contactId)).not.toContain(null);
  expect((await events()).filter(([type]) => type === 'page.visited')).toHaveLength(1);
});
