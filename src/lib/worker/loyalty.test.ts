import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import { DAY, HOUR } from '$lib/core/instants';
import type { Form } from '$lib/core/rows/forms';
import type { Program } from '$lib/core/rows/loyalty';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { eventEdits } from './edits/events';
import { formEdits } from './edits/forms';
import { loyaltyEdits, programEdits } from './edits/loyalty';
import { Removals } from './removals';
import { active, attributes, contact, list, settings, START, World } from './testing/world';

let made = 0;
const storages: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['on Dexie', () => openStorage({ name: `loyalty-${++made}` })]
];

const program: Program = {
  id: 'p1',
  name: 'Cercle',
  balances: [
    { id: 'b1', name: 'Points', minimum: 10, maximum: 200, expiry: { amount: 30, unit: 'days' } },
    { id: 'b2', name: 'Tampons', minimum: null, maximum: null, expiry: null }
  ],
  tierBalanceId: 'b1',
  tiers: [
    { id: 't1', name: 'Argent', threshold: 50 },
    { id: 't2', name: 'Or', threshold: 100 }
  ],
  rules: [
    {
      id: 'r1',
      name: 'Achats',
      event: 'order.created',
      filters: null,
      balanceId: 'b1',
      earns: { by: 'unit', property: 'total', points: 1 }
    },
    {
      id: 'r2',
      name: 'Passage',
      event: 'order.created',
      filters: { subject: { of: 'event', property: 'total' }, kind: 'number', operator: 'atLeast', value: 20 },
      balanceId: 'b2',
      earns: { by: 'fixed', points: 1 }
    }
  ],
  joinsByEarning: true,
  createdAt: START
};

const PROGRAM_TABLES = ['programs', 'memberships', 'ledger', 'vouchers'] as const;

const form: Form = {
  id: 'f1',
  name: 'Marché',
  type: 'sign_up',
  title: 'La lettre',
  intro: '',
  fields: [{ id: 'email', asks: { for: 'email' }, label: 'Email', help: '', required: true }],
  listIds: ['l1'],
  consent: '',
  button: '',
  thanks: '',
  createdAt: START,
  updatedAt: START
};

/** Whoever enters is put on the list l2. */
function automation(unit: string, filters: FilterTree | null, id = 'a1') {
  return active(
    {
      triggers: [{ id: 't1', unit, version: 1, fields: { filters } }],
      entry: 's1',
      steps: [{ id: 's1', unit: 'contact.add_to_list', version: 1, fields: { listId: 'l2' }, next: { next: null } }],
      notes: []
    },
    { reentry: { mode: 'after_leaving' } },
    id
  );
}

const isOneOf = (property: string, id: string): FilterTree => ({
  subject: { of: 'event', property },
  kind: 'choice',
  operator: 'anyOf',
  value: [id]
});

let world: World;
let removals: Removals;
afterEach(() => world.close());

describe.each(storages)('loyalty %s', (_, open) => {
  async function begin(unit: string, filters: FilterTree | null = isOneOf('programId', 'p1')) {
    world = new World(await open());
    await world.put(
      create('settings', 'workspace', settings),
      ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
      ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
      create('contacts', 'c1', contact('c1')),
      create('contacts', 'c2', contact('c2')),
      create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' }),
      create('programs', 'p1', program),
      create('forms', 'f1', form),
      ...automation(unit, filters)
    );
    await world.open();
    removals = new Removals(world.desk);
    return { ...loyaltyEdits(world.desk), events: eventEdits(world.desk), forms: formEdits(world.desk, removals) };
  }

  async function has<T>(result: Promise<{ ok: true; value: T } | { ok: false; reason: unknown }>): Promise<T> {
    const found = await result;
    if (!found.ok) throw new Error(JSON.stringify(found.reason));
    await world.look();
    return found.value;
  }

  const order = (total: number) => ({
    type: 'order.created',
    contactId: 'c1',
    properties: { orderId: `o${total}`, items: [], total: { minor: total * 100, currency: 'EUR' }, currency: 'EUR' }
  });
  const entered = async () => (await world.all('enrolments')).map(({ contactId }) => contactId);
  const balances = async () => (await world.all('memberships'))[0]?.balances;
  const occurred = async (type: string) =>
    (await world.all('events')).filter((event) => event.type === type).map(({ occurredAt }) => occurredAt);

  test('an order earns points and stamps, once; the member enters', async () => {
    const { events } = await begin('loyalty.balance_updated', isOneOf('transactionType', 'earned'));
    await has(events.record(order(39.9)));
    expect(await balances()).toEqual({ b1: 39, b2: 1 });
    await world.look();
    await has(events.record(order(10)));
    expect(await balances()).toEqual({ b1: 49, b2: 1 });
    expect(new Set(await entered())).toEqual(new Set(['c1']));
    expect((await world.all('contacts'))[0]?.listIds).toEqual(['l2']);
    expect((await world.all('ledger')).map(({ value, reason }) => [value, reason]).sort()).toEqual(
      [
        [1, 'Passage'],
        [10, 'Achats'],
        [39, 'Achats']
      ].sort()
    );
  });

  test('events of several contacts and of one contact in one batch, kept by another tab, earn in their order', async () => {
    await begin('loyalty.tier_updated', isOneOf('toTierId', 't2'));
    const event = (id: string, contactId: string, euros: number) =>
      create('events', id, {
        id,
        type: 'order.created',
        contactId,
        occurredAt: START,
        receivedAt: START,
        properties: { total: { minor: euros * 100, currency: 'EUR' } },
        source: 'app',
        unmatched: 1 as const
      });
    await world.put(event('e1', 'c1', 60), event('e2', 'c1', 60), event('e3', 'c2', 60));
    await world.look();
    const members = await world.all('memberships');
    expect(members.map(({ contactId, balances: { b1 }, tierId }) => [contactId, b1, tierId])).toEqual([
      ['c1', 120, 't2'],
      ['c2', 60, 't1']
    ]);
    expect(await entered()).toEqual(['c1']);
  });

  test('an event that is matched again after a crash earns nothing more', async () => {
    const { events } = await begin('loyalty.balance_updated');
    const { id } = await has(events.record(order(25)));
    await world.put({ table: 'events', id, set: { unmatched: 1 } });
    await world.look();
    expect(await balances()).toEqual({ b1: 25, b2: 1 });
    expect(await world.all('ledger')).toHaveLength(2);
  });

  test('joining lets in', async () => {
    const { join } = await begin('loyalty.membership_created');
    await has(join('p1', 'c1'));
    expect(await entered()).toEqual(['c1']);
    expect(await join('p1', 'c1')).toMatchObject({ ok: false, reason: { key: 'words.loyalty.member_already' } });
  });

  test('leaving lets in, and points cannot be moved any more', async () => {
    const { join, revoke, move } = await begin('loyalty.membership_revoked');
    const membershipId = await has(join('p1', 'c1'));
    await has(revoke(membershipId, 'user'));
    expect(await entered()).toEqual(['c1']);
    const moved = move({ membershipId, type: 'earned', balanceId: 'b1', points: 5, reason: '' });
    expect(await moved).toMatchObject({ ok: false, reason: { key: 'words.loyalty.not_a_member' } });
  });

  test('an anniversary lets in at its date, also when the app was closed for two years', async () => {
    const { join } = await begin('loyalty.membership_anniversary');
    await has(join('p1', 'c1'));
    world.now += 364 * DAY;
    await world.look();
    expect(await entered()).toEqual([]);
    world.now += 2 * 365 * DAY;
    await world.look();
    const year = (years: number) => Date.UTC(2027 + years, 0, 5, 8);
    expect(await occurred('loyalty.membership_anniversary')).toEqual([year(1), year(2)]);
    expect((await world.all('memberships'))[0]?.dueAt).toBe(year(3));
    expect(await entered()).toContain('c1');
  });

  test('a balance that falls to its minimum, or rises to its maximum, lets in when it does', async () => {
    const { join, move } = await begin('loyalty.balance_minimum_reached', isOneOf('balanceId', 'b1'));
    await world.put(...automation('loyalty.balance_maximum_reached', isOneOf('balanceId', 'b1'), 'a2'));
    const membershipId = await has(join('p1', 'c1'));
    const points = (type: 'earned' | 'redeemed' | 'adjusted', amount: number) =>
      has(move({ membershipId, type, balanceId: 'b1', points: amount, reason: 'x' }));
    await points('earned', 150);
    expect(await entered()).toEqual([]);
    await points('adjusted', 60);
    expect((await world.all('enrolments')).map(({ automationId }) => automationId)).toEqual(['a2']);
    await points('redeemed', 200);
    expect((await world.all('enrolments')).map(({ automationId }) => automationId)).toEqual(['a1', 'a2']);
    await points('adjusted', -5);
    expect(await occurred('loyalty.balance_minimum_reached')).toHaveLength(1);
    const tooMany = move({ membershipId, type: 'redeemed', balanceId: 'b1', points: 6, reason: '' });
    expect(await tooMany).toMatchObject({ ok: false, reason: { key: 'words.loyalty.not_enough' } });
  });

  test('points that expired while the app was closed expire at their dates, the spent part excepted', async () => {
    const { events, move } = await begin('loyalty.balance_expired', {
      subject: { of: 'event', property: 'expired' },
      kind: 'number',
      operator: 'atLeast',
      value: 30
    });
    await has(events.record(order(60)));
    await world.pass(DAY);
    await has(events.record(order(15)));
    await has(move({ membershipId: 'p1/c1', type: 'redeemed', balanceId: 'b1', points: 20, reason: '' }));
    // Closed for two months.
    world.now += 60 * DAY;
    await world.look();
    expect(await balances()).toEqual({ b1: 0, b2: 1 });
    expect(await occurred('loyalty.balance_expired')).toEqual([START + 30 * DAY, START + 31 * DAY]);
    expect((await world.all('ledger')).filter(({ type }) => type === 'expired').map(({ value }) => value)).toEqual([
      -40, -15
    ]);
    expect(await entered()).toEqual(['c1']);
    expect((await world.all('memberships'))[0]?.tierId).toBeNull();
    await world.look();
    expect(await occurred('loyalty.balance_expired')).toHaveLength(2);
  });

  test('a voucher that is made lets in; redeemed by its code, however it is typed, too', async () => {
    const { createVoucher, redeemVoucher } = await begin('loyalty.voucher_created', {
      subject: { of: 'event', property: 'code' },
      kind: 'text',
      operator: 'startsWith',
      value: 'merci'
    });
    await world.put(...automation('loyalty.voucher_redeemed', isOneOf('programId', 'p1'), 'a2'));
    const draft = { programId: 'p1', contactId: 'c1', label: '10 %', worth: null, expiresAt: null };
    await has(createVoucher({ ...draft, code: 'merci 10' }));
    expect(await entered()).toEqual(['c1']);
    expect(await createVoucher({ ...draft, code: 'MERCI10' })).toMatchObject({
      ok: false,
      reason: { key: 'words.voucher.code_taken' }
    });
    const made = await has(createVoucher({ ...draft, code: '' }));
    expect(made.code).toMatch(/^[\w-]{8,}$/);
    await has(redeemVoucher('Merci 10'));
    expect((await world.all('enrolments')).map(({ automationId }) => automationId)).toEqual(['a1', 'a2']);
    expect(await redeemVoucher('merci10')).toMatchObject({
      ok: false,
      reason: { key: 'words.voucher.redeemed_already' }
    });
    expect(await redeemVoucher('nowhere')).toMatchObject({ ok: false, reason: { key: 'words.voucher.gone' } });
  });

  test('a voucher that is revoked lets in; so does one that reaches its date while the app is closed', async () => {
    const { createVoucher, revokeVoucher } = await begin('loyalty.voucher_revoked');
    await world.put(...automation('loyalty.voucher_expired', isOneOf('programId', 'p1'), 'a2'));
    const draft = { programId: 'p1', contactId: 'c1', code: '', label: '', worth: null, expiresAt: START + DAY };
    const first = await has(createVoucher(draft));
    await has(createVoucher(draft));
    await has(revokeVoucher(first.id));
    expect((await world.all('enrolments')).map(({ automationId }) => automationId)).toEqual(['a1']);
    world.now += 5 * DAY;
    await world.look();
    expect((await world.all('enrolments')).map(({ automationId }) => automationId)).toEqual(['a1', 'a2']);
    expect(await occurred('loyalty.voucher_expired')).toEqual([START + DAY]);
  });

  test('a tier changes with the thresholds, for whoever is there', async () => {
    const { events } = await begin('loyalty.tier_updated', isOneOf('toTierId', 't2'));
    await has(events.record(order(60)));
    expect(await entered()).toEqual([]);
    const tiers = [program.tiers[0]!, { ...program.tiers[1]!, threshold: 55 }];
    await has(programEdits(world.desk, removals).save({ ...program, tiers }));
    expect(await entered()).toEqual(['c1']);
  });

  test('a programme goes with its members, points and vouchers, and nothing of it is due any more', async () => {
    const { events, createVoucher } = await begin('loyalty.balance_expired');
    await has(events.record(order(60)));
    await has(
      createVoucher({ programId: 'p1', contactId: 'c1', code: '', label: '', worth: null, expiresAt: START + DAY })
    );
    await has(programEdits(world.desk, removals).remove('p1'));
    for (const table of PROGRAM_TABLES) expect(await world.all(table)).toEqual([]);
    await world.pass(400 * DAY);
    expect(await entered()).toEqual([]);
  });

  test('a programme that was deleted comes back with all that belongs to it, save to those who were erased', async () => {
    const { events, createVoucher, move } = await begin('loyalty.balance_expired');
    await has(events.record(order(60)));
    await has(events.record({ ...order(40), contactId: 'c2' }));
    for (const contactId of ['c1', 'c2'])
      await has(createVoucher({ programId: 'p1', contactId, code: '', label: '', worth: null, expiresAt: null }));
    const spent = { membershipId: 'p1/c1', type: 'redeemed', balanceId: 'b1', points: 1, reason: '' } as const;
    await has(move(spent));
    const before = await Promise.all(PROGRAM_TABLES.map((table) => world.all(table)));
    const edits = programEdits(world.desk, removals);
    await has(removals.undo(await has(edits.remove('p1'))));
    expect(await Promise.all(PROGRAM_TABLES.map((table) => world.all(table)))).toEqual(before);
    const again = await has(edits.remove('p1'));
    await world.put({ table: 'contacts', id: 'c2', delete: true });
    await has(removals.undo(again));
    expect((await world.all('programs')).map(({ id }) => id)).toEqual(['p1']);
    for (const table of ['memberships', 'ledger', 'vouchers'] as const)
      expect(new Set((await world.all(table)).map(({ contactId }) => contactId))).toEqual(new Set(['c1']));
  });

  test('a form that is submitted makes a contact, who enters; a wrong answer changes nothing', async () => {
    const { forms } = await begin('form.submitted', {
      op: 'all',
      of: [isOneOf('formId', 'f1'), isOneOf('formType', 'sign_up')]
    });
    const wrong = await forms.submit('f1', { values: { email: 'zoe@' }, consent: false });
    expect(wrong).toMatchObject({ ok: false, reason: [{ fieldId: 'email' }] });
    await has(forms.submit('f1', { values: { email: 'zoe@exemple.fr' }, consent: false }));
    const zoe = (await world.all('contacts')).find(({ email }) => email === 'zoe@exemple.fr');
    expect(await entered()).toEqual([zoe?.id]);
    expect(zoe?.listIds).toEqual(['l1', 'l2']);
    await has(forms.submit('f1', { values: { email: 'ZOE@exemple.fr' }, consent: false }));
    expect(await world.all('contacts')).toHaveLength(3);
  });

  test('an unsubscription by form blocks campaigns before an automation hears of it', async () => {
    const { forms } = await begin('form.submitted', isOneOf('formType', 'unsubscribe'));
    const { id: _, ...draft } = form;
    const id = await has(forms.save({ ...draft, name: 'Au revoir', type: 'unsubscribe' }));
    await has(forms.submit(id, { values: { email: 'c1@exemple.fr' }, consent: false }));
    expect((await world.all('contacts'))[0]).toMatchObject({ blocklist: { campaigns: true }, listIds: ['l2'] });
    expect(await occurred('email.unsubscribed')).toEqual([START]);
    expect(await entered()).toEqual(['c1']);
  });

  test('a form that was deleted comes back under its id', async () => {
    const { forms } = await begin('form.submitted');
    const gone = await has(forms.remove('f1'));
    expect(await forms.submit('f1', { values: {}, consent: false })).toMatchObject({ ok: false });
    expect(await forms.save(form)).toMatchObject({ ok: false, reason: { key: 'words.form.gone' } });
    await has(removals.undo(gone));
    expect(await world.all('forms')).toEqual([form]);
    const { id: _, ...another } = form;
    expect(await forms.save(another)).toMatchObject({ ok: false, reason: { key: 'words.name.taken' } });
  });

  test('a person who is deleted while points are due takes them along', async () => {
    const { events } = await begin('loyalty.balance_expired');
    await has(events.record(order(60)));
    await world.put({ table: 'contacts', id: 'c1', set: { hiddenAt: world.now } });
    await world.pass(HOUR);
    for (const table of ['memberships', 'ledger'] as const) expect(await world.all(table)).toEqual([]);
    await world.pass(40 * DAY);
    expect(await entered()).toEqual([]);
  });
});
