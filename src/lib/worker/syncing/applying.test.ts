import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { create, remove, update, type Change } from '$lib/core/changes';
import { defaultSettings, emptyGraph } from '$lib/core/graph';
import { DAY } from '$lib/core/instants';
import type { Automation } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { membershipId, type LedgerRow, type Membership, type Program } from '$lib/core/rows/loyalty';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import { expireLots } from '$lib/records/loyalty';
import { rollupChanges } from '$lib/storage/rollup-changes';
import { contactRow, enrolmentRow, eventRow, listRow, outboxRow } from '$lib/storage/testing/rows';
import type { Batch } from '$lib/sync/batches';
import { eraseHidden } from '../erasing';
import { Device } from './testing/device';

const START = Date.UTC(2027, 0, 15);
const nth = (max: number) => fc.nat(max - 1);

type Deed = (device: Device, at: number) => Promise<void>;

async function add(device: Device, contact: Contact): Promise<void> {
  await device.storage.transact(async (transaction) => {
    if ((await transaction.get('tombstones', contact.id)) || (await transaction.get('contacts', contact.id))) return;
    const taken = await transaction.getMany('identities', identitiesOf(contact).map(identityKey));
    if (taken.some((one) => one !== undefined)) return;
    const identities = identitiesOf(contact).map((one) => create('identities', identityKey(one), one));
    await transaction.apply([create('contacts', contact.id, contact), ...identities]);
  });
}

async function exchanged(...devices: Device[]): Promise<void> {
  for (let round = 0; round < 2; round++)
    for (const device of devices) {
      const told = await device.batch();
      for (const other of devices) if (told !== null && other !== device) await other.take(told);
    }
}

/** Edits a contact that is there; what is made of its address stays as it is. */
async function edit(device: Device, id: string, change: Partial<Change>): Promise<void> {
  await device.storage.transact(async (transaction) => {
    const contact = await transaction.get('contacts', id);
    if (contact) await transaction.apply([{ table: 'contacts', id, ...change } as Change]);
  });
}

async function happen(device: Device, event: EventRow): Promise<void> {
  await device.storage.transact(async (transaction) => {
    if (event.contactId === null || !(await transaction.get('contacts', event.contactId))) return;
    if ((await transaction.get('events', event.id)) !== undefined) return;
    const same = await transaction.query('events', { index: 'dedupeKey', equals: event.dedupeKey ?? '' });
    if (same.length > 0) return;
    await transaction.apply([create('events', event.id, event), ...(await rollupChanges(transaction, [event]))]);
  });
}

async function erase(device: Device, id: string, now: number): Promise<void> {
  await device.storage.transact(async (transaction) => {
    if (!(await transaction.get('contacts', id))) return;
    await transaction.apply([update('contacts', id, { hiddenAt: 0 })]);
    await eraseHidden(transaction, now);
  });
}

async function draft(device: Device, step: string, name: string): Promise<void> {
  await device.storage.transact(async (transaction) => {
    const automation = await transaction.get('automations', 'a1');
    if (!automation) return;
    const { graph, settings } = automation.draft;
    const notes = [...graph.notes.filter(({ id }) => id !== step), { id: step, text: name, position: { x: 0, y: 0 } }];
    await transaction.apply([update('automations', 'a1', { draft: { settings, graph: { ...graph, notes } } })]);
  });
}

const automation: Automation = {
  id: 'a1',
  name: 'Bienvenue',
  status: 'draft',
  activeVersionId: null,
  draft: { graph: emptyGraph(), settings: defaultSettings() },
  createdAt: 1,
  updatedAt: 1
};

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(nth(4), nth(3), nth(3)).map(
    ([id, email, phone]): Deed =>
      (device, at) =>
        add(device, contactRow({ id: `${device.name}${id}`, email: `p${email}@x.fr`, externalId: `x${phone}`, createdAt: at })) // prettier-ignore
  ),
  fc.tuple(fc.constantFrom('c0', 'c1', 'a0', 'b0'), nth(3)).map(
    ([id, city]): Deed =>
      (device) =>
        edit(device, id, { set: { 'attributes.CITY': `v${city}`, [`attributes.A${city}`]: [`v${city}`] } })
  ),
  fc.tuple(nth(3), nth(3)).map(
    ([id, list]): Deed =>
      (device) =>
        edit(device, `c${id}`, { addToSet: { listIds: [`l${list}`] } })
  ),
  fc.tuple(nth(3), nth(3)).map(
    ([id, list]): Deed =>
      (device) =>
        edit(device, `c${id}`, { removeFromSet: { listIds: [`l${list}`] } })
  ),
  fc.tuple(fc.constantFrom('c0', 'c1', 'a0', 'a1', 'b0', 'b1'), nth(5)).map(
    ([id, n]): Deed =>
      (device, at) =>
        happen(
          device,
          eventRow({ id: `${device.name}e${n}`, contactId: id, type: 'email.opened', occurredAt: at, dedupeKey: `k${n}` }) // prettier-ignore
        )
  ),
  fc.constantFrom('c0', 'c1', 'a0', 'b0').map(
    (id): Deed =>
      (device, at) =>
        erase(device, id, at)
  ),
  fc.tuple(nth(2), nth(3)).map(
    ([step, name]): Deed =>
      (device) =>
        draft(device, `s${step}`, `n${name}`)
  ),
  nth(2).map(
    (id): Deed =>
      (device) =>
        device.storage.transact(async (transaction) => {
          const list = await transaction.get('lists', `l${id}`);
          await transaction.apply([list ? (remove('lists', `l${id}`)) : create('lists', `l${id}`, listRow({ id: `l${id}` }))]); // prettier-ignore
        })
  )
);

const beginning = (): Change[] => [
  create('automations', 'a1', automation),
  ...[0, 1, 2].flatMap((n): Change[] => {
    const contact = contactRow({ id: `c${n}`, email: `c${n}@x.fr`, listIds: [`l${n}`] });
    return [
      create('contacts', contact.id, contact),
      ...identitiesOf(contact).map((one) => create('identities', identityKey(one), one))
    ];
  })
];

/** What each device had before all began, as if the first had sent it. */
async function world(count: number): Promise<{ devices: Device[]; clock: { now: number } }> {
  const clock = { now: START };
  const names = ['a', 'b', 'c', 'd'].slice(0, count);
  const devices = names.map((name, index) => new Device(name, () => clock.now + index * 60_000));
  for (const device of devices) await device.begin();
  const [first] = devices;
  await first?.write(...beginning());
  const all = await first?.batch();
  if (all) for (const device of devices.slice(1)) await device.take(all);
  return { devices, clock };
}

/** Everyone has everything in the end, and what follows from it, which is told too. */
async function meet(devices: readonly Device[], held: Batch[]): Promise<void> {
  for (let quiet = false; !quiet;) {
    quiet = true;
    for (const device of devices) {
      const batch = await device.batch();
      if (batch) held.push(batch);
    }
    for (const batch of held.splice(0)) {
      quiet = false;
      for (const device of devices) if (device.name !== batch.device) await device.take(batch);
    }
  }
}

describe('devices that have taken in the same', () => {
  test('are equal, in whatever order and however often batches come, and nobody is there twice', async () => {
    const step = fc.tuple(nth(3), fc.option(deed, { nil: undefined }), fc.boolean(), nth(99));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 3 }), fc.array(step, { maxLength: 30 }), async (count, steps) => {
        const { devices, clock } = await world(count);
        const held: Batch[] = [];
        for (const [at, does, tells, pick] of steps) {
          clock.now += 1_000;
          const device = devices[at % count] as Device;
          if (does) await does(device, clock.now);
          else {
            const batch = held[pick % Math.max(1, held.length)];
            if (batch && batch.device !== device.name) await device.take(batch);
          }
          const batch = tells ? await device.batch() : null;
          if (batch) held.push(batch);
        }
        await meet(devices, held);
        const [first, ...others] = await Promise.all(devices.map((device) => device.shown()));
        for (const other of others) expect(other).toEqual(first);
        for (const device of devices) await expectConsistent(device);
      }),
      process.env.PROPERTY_RUNS ? {} : { numRuns: 60 }
    );
  });
});

async function expectConsistent(device: Device): Promise<void> {
  const contacts = await device.rows('contacts');
  const shown = contacts.filter(({ mergedInto }) => mergedInto === undefined);
  const emails = shown.flatMap(({ email }) => email ?? []);
  expect(new Set(emails).size).toBe(emails.length);
  const identities = await device.rows('identities');
  const owners = new Map(identities.map(({ kind, value, contactId }) => [`${kind} ${value}`, contactId]));
  for (const contact of contacts)
    for (const { kind, value } of identitiesOf(contact))
      expect(owners.get(`${kind} ${value}`)).toBe(contact.mergedInto ?? contact.id);
  const buried = new Set((await device.rows('tombstones')).map(({ id }) => id));
  for (const { id } of contacts) expect(buried.has(id)).toBe(false);
  // Nobody's data stays behind one who is gone, where no screen shows it.
  const ids = new Set(contacts.map(({ id }) => id));
  for (const { mergedInto } of contacts) expect(mergedInto === undefined || ids.has(mergedInto)).toBe(true);
  for (const { contactId } of await device.rows('events')) expect(buried.has(contactId ?? '')).toBe(false);
}

describe('two contacts of one person', () => {
  test('become one: the older stays, all of the other follows, and of two journeys the one further on', async () => {
    const { devices, clock } = await world(2);
    const [a, b] = devices as [Device, Device];
    for (const [device, at] of [
      [a, 1],
      [b, 2]
    ] as const) {
      const id = `z${device.name}`;
      await add(device, contactRow({ id, email: 'lea@x.fr', createdAt: at, listIds: [`l${device.name}`] }));
      await happen(device, eventRow({ id: `e${id}`, contactId: id, type: 'email.opened', dedupeKey: id }));
      const journey = enrolmentRow({ id: `a1/${id}//000000`, contactId: id, status: 'waiting', visits: { s1: at } });
      await device.write(create('enrolments', journey.id, journey));
    }
    clock.now += 1_000;
    await meet(devices, []);
    for (const device of devices) {
      const contacts = new Map((await device.rows('contacts')).map((contact) => [contact.id, contact]));
      expect(contacts.get('zb')?.mergedInto).toBe('za');
      expect([...(contacts.get('za')?.listIds ?? [])].sort()).toEqual(['la', 'lb']);
      expect((await device.rows('events')).map(({ contactId }) => contactId)).toEqual(['za', 'za']);
      expect((await device.rows('rollups')).map(({ contactId, count }) => [contactId, count])).toEqual([['za', 2]]);
      const journeys = (await device.rows('enrolments')).filter(({ contactId }) => contactId === 'za');
      expect(journeys.map(({ id, status }) => [id, status])).toEqual([
        ['a1/za//000000', 'exited'],
        ['a1/zb//000000', 'waiting']
      ]);
    }
    expect(await a.shown()).toEqual(await b.shown());
  });
});

test('whoever has become one with somebody that another device has erased is gone too, with all that was theirs', async () => {
  const { devices, clock } = await world(3);
  const [a, b, c] = devices as [Device, Device, Device];
  const lea = { email: 'lea@x.fr', createdAt: 2 };
  await add(a, contactRow({ id: 'za', ...lea, createdAt: 1 }));
  await exchanged(a, b);
  await add(c, contactRow({ id: 'zc', ...lea }));
  await happen(c, eventRow({ id: 'ec', contactId: 'zc', type: 'email.opened', dedupeKey: 'ec' }));
  clock.now += 1_000;
  await erase(a, 'za', clock.now);
  await exchanged(b, c);
  expect((await b.rows('contacts')).find(({ id }) => id === 'zc')?.mergedInto).toBe('za');
  await meet(devices, []);
  for (const device of devices) {
    await expectConsistent(device);
    expect((await device.rows('contacts')).filter(({ email }) => email === lea.email)).toEqual([]);
    expect((await device.rows('events')).filter(({ id }) => id === 'ec')).toEqual([]);
    expect((await device.rows('tombstones')).map(({ id }) => id).sort()).toEqual(['za', 'zc']);
    expect(await device.shown()).toEqual(await a.shown());
  }
});

test('of a fact nothing is kept either where it is told twice', async () => {
  const [a, b] = [new Device('a', () => START), new Device('b', () => START)];
  await a.begin();
  await b.begin();
  await a.write(create('events', 'e1', eventRow({ id: 'e1' })));
  const batch = await a.batch();
  if (batch === null) throw new Error('nothing was told');
  for (let times = 0; times < 2; times++) {
    await b.take(batch);
    expect(await b.rows('events')).toHaveLength(1);
    expect(await b.rows('syncRows')).toEqual([]);
  }
});

test('a journey is where its runner has brought it, though another device finds meanwhile whose it is', async () => {
  let now = START;
  const [runner, other] = [new Device('a', () => now), new Device('b', () => now)];
  const ada = { email: 'ada@exemple.fr' };
  await runner.begin();
  await other.begin();
  await add(runner, contactRow({ id: 'c2', ...ada, createdAt: 2 }));
  await add(other, contactRow({ id: 'c1', ...ada, createdAt: 1 }));
  const journey = enrolmentRow({ id: 'a1/c2//0', contactId: 'c2', status: 'waiting', stepId: 's1', dueAt: 9 });
  const message = outboxRow({ id: 'a1/c2//0/s2/1', contactId: 'c2', enrolmentId: journey.id, status: 'queued' });
  await runner.write(create('enrolments', journey.id, journey), create('outbox', message.id, message));
  const first = await runner.batch();
  now += 1_000;
  const wait = { stepId: 's3', wakes: ['c2 email.opened', 'person a1'] };
  await runner.write(update('enrolments', journey.id, wait), update('outbox', message.id, { status: 'uncertain' }));
  const second = await runner.batch();
  now += 1_000;
  for (const batch of [first, second]) if (batch !== null) await other.take(batch);
  const told = await other.batch();
  if (told !== null) await runner.take(told);
  for (const { storage } of [runner, other]) {
    expect(await storage.read((reader) => reader.get('enrolments', journey.id))).toMatchObject({
      contactId: 'c1',
      stepId: 's3',
      wakes: ['c1 email.opened', 'person a1']
    });
    expect(await storage.read((reader) => reader.get('outbox', message.id))).toMatchObject({
      contactId: 'c1',
      status: 'uncertain'
    });
  }
});

test('a message that one device has sent is sent, whatever another wrote of it later', async () => {
  const { devices, clock } = await world(2);
  const [a, b] = devices as [Device, Device];
  await a.write(create('outbox', 'o1', outboxRow({ id: 'o1' })));
  await meet(devices, []);
  await a.write(update('outbox', 'o1', { status: 'sent', messageId: 'm1' }));
  clock.now += 1_000;
  await b.write(update('outbox', 'o1', { status: 'cancelled' }));
  await meet(devices, []);
  for (const device of devices)
    expect(await device.rows('outbox')).toMatchObject([{ status: 'sent', messageId: 'm1' }]);
});

test('what was written here holds against what was written before it elsewhere, and is heard of only now', async () => {
  let now = START;
  const [a, b] = [new Device('a', () => now), new Device('b', () => now)];
  await a.begin();
  await b.begin();
  await a.write(create('contacts', 'c1', contactRow({ id: 'c1' })));
  const first = await a.batch();
  if (first !== null) await b.take(first);
  now += 1_000;
  await b.write(update('contacts', 'c1', { 'attributes.CITY': 'Lyon' }));
  const late = await b.batch();
  now += 1_000;
  await a.write(update('contacts', 'c1', { 'attributes.CITY': 'Nice' }));
  if (late !== null) await a.take(late);
  await exchanged(a, b);
  for (const device of [a, b])
    expect(await device.rows('contacts')).toMatchObject([{ id: 'c1', attributes: { CITY: 'Nice' } }]);
});

const member: Membership = {
  id: membershipId('p1', 'c1'),
  programId: 'p1',
  contactId: 'c1',
  joinedAt: START,
  tierId: null,
  balances: { points: 100 }
};

function ledgerLine(id: string, value: number, more: Partial<LedgerRow> = {}): Change {
  return create('ledger', id, {
    id,
    membershipId: member.id,
    programId: 'p1',
    contactId: 'c1',
    balanceId: 'points',
    type: value > 0 ? 'earned' : 'redeemed',
    value,
    balance: 0,
    at: START,
    ...more
  });
}

test('a lot that two devices find due, apart from each other, expires once', async () => {
  const [a, b] = [new Device('a', () => START), new Device('b', () => START)];
  const balance = { id: 'points', name: 'Points', minimum: null, maximum: null, expiry: null };
  const program: Program = {
    id: 'p1',
    name: 'Cercle',
    balances: [balance],
    tierBalanceId: null,
    tiers: [],
    rules: [],
    joinsByEarning: false,
    createdAt: START
  };
  await a.begin();
  await b.begin();
  await a.write(create('memberships', member.id, member), ledgerLine('lot', 100, { left: 100, dueAt: START }));
  await exchanged(a, b);
  for (const device of [a, b]) {
    const newId = (): string => `of-${device.name}`;
    const [membership] = await device.rows('memberships');
    const account = { program, membership: membership ?? member, lots: await device.rows('ledger') };
    await device.write(...expireLots(account, { now: START, newId, timeZone: 'Europe/Paris' }).changes);
  }
  await exchanged(a, b);
  for (const device of [a, b]) {
    expect(await device.rows('memberships')).toMatchObject([{ balances: { points: 0 } }]);
    expect((await device.rows('ledger')).map(({ type, value }) => [type, value])).toEqual([
      ['earned', 100],
      ['expired', -100]
    ]);
  }
});

test('a balance is what all devices have noted; what two have taken from one lot is left of no lot, and does not expire', async () => {
  const [a, b] = [new Device('a', () => START), new Device('b', () => START)];
  const { id } = member;
  await a.begin();
  await b.begin();
  await a.write(create('memberships', id, member), ledgerLine('lot', 100, { left: 100, dueAt: START + DAY }));
  await exchanged(a, b);
  const taken = (lineId: string, points: number, of: number): Change[] => [
    ledgerLine(lineId, -points),
    update('ledger', 'lot', { left: of - points }),
    update('memberships', id, { 'balances.points': of - points })
  ];
  await a.write(...taken('a1', 30, 100));
  await b.write(...taken('b1', 50, 100));
  await exchanged(a, b);
  for (const device of [a, b]) {
    expect(await device.rows('memberships')).toMatchObject([{ balances: { points: 20 } }]);
    const lots = (await device.rows('ledger')).filter(({ id }) => id === 'lot');
    expect(lots).toMatchObject([{ left: 20, dueAt: START + DAY }]);
  }
  expect(await a.shown()).toEqual(await b.shown());
  await a.write(...taken('a2', 15, 20));
  await b.write(...taken('b2', 15, 20));
  await exchanged(a, b);
  for (const device of [a, b]) {
    expect(await device.rows('memberships')).toMatchObject([{ balances: { points: -10 } }]);
    expect((await device.rows('ledger')).filter(({ left = 0, dueAt }) => left > 0 || dueAt !== undefined)).toEqual([]);
  }
});
