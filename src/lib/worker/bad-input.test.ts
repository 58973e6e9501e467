import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Graph, StepNode } from '$lib/core/graph';
import { HOUR } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import type { Program } from '$lib/core/rows/loyalty';
import type { TableName } from '$lib/core/tables';
import { checkGraph } from '$lib/engine/check';
import { openStorage } from '$lib/storage/dexie/storage';
import { automationEdits } from './edits/automations';
import { contactEdits } from './edits/contacts';
import { dealEdits } from './edits/deals';
import { eventEdits } from './edits/events';
import { loyaltyEdits } from './edits/loyalty';
import { segmentEdits } from './edits/segments';
import { taskEdits } from './edits/tasks';
import { Removals } from './removals';
import { active, attributes, contact, list, settings, START, World } from './testing/world';

let made = 0;
let world: World;
let removals: Removals;

const program: Program = {
  id: 'p1',
  name: 'Le cercle',
  balances: [{ id: 'b1', name: 'Points', minimum: null, maximum: null, expiry: null }],
  tierBalanceId: null,
  tiers: [],
  rules: [],
  joinsByEarning: false,
  createdAt: START
};

beforeEach(async () => {
  world = new World(await openStorage({ name: `bad-input-${++made}` }));
  removals = new Removals(world.desk);
  await world.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('attributes', 'AGE', { id: 'AGE', name: 'Âge', kind: 'number', createdAt: START }),
    create('attributes', 'BORN', { id: 'BORN', name: 'Naissance', kind: 'date', createdAt: START }),
    ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
    create('users', 'u1', { id: 'u1', name: 'Ada', createdAt: START }),
    create('pipelines', 'pi1', {
      id: 'pi1',
      name: 'Ventes',
      stages: [{ id: 'st1', name: 'Neuf', outcome: 'open' }],
      createdAt: START
    }),
    create('taskTypes', 'call', { id: 'call', name: 'Appel', createdAt: START }),
    create('programs', 'p1', program),
    create('contacts', 'c1', contact('c1')),
    create('identities', ['email', 'c1@exemple.fr'], { kind: 'email', value: 'c1@exemple.fr', contactId: 'c1' })
  );
  await world.open();
});
afterEach(() => world.close());

/** Whatever is refused has words, and has changed nothing. */
async function expectRefused(asked: () => Promise<Result<unknown, unknown>>, key: string): Promise<void> {
  const tables: TableName[] = [
    'contacts',
    'identities',
    'deals',
    'tasks',
    'memberships',
    'ledger',
    'vouchers',
    'events'
  ];
  const rows = () => Promise.all(tables.map((table) => world.all(table)));
  const before = await rows();
  expect(await asked()).toMatchObject({ ok: false, reason: { key } });
  expect(await rows()).toEqual(before);
}

const nobody = () => Promise.resolve([]);
const deal = (more: object) => ({
  name: 'Atelier',
  stageId: 'st1',
  amount: null,
  ownerId: null,
  contactIds: ['c1'],
  companyId: null,
  expectedCloseOn: null,
  attributes: {},
  ...more
});
const task = (more: object) => ({ title: 'Appeler', typeId: 'call', note: '', dueAt: null, ownerId: null, contactId: 'c1', dealId: null, ...more }); // prettier-ignore

describe('refused in words, with nothing changed', () => {
  test.each([
    ['an address that somebody has', { email: 'C1@Exemple.fr', attributes: {} }, 'words.contact.taken_email'],
    ['an address that is none', { email: 'c1@', attributes: {} }, 'words.contact.not_an_email'],
    ['a number without end', { email: 'n@exemple.fr', attributes: { AGE: '1e400' } }, 'words.value.not_a_number'],
    [
      'a number too large',
      { email: 'n@exemple.fr', attributes: { AGE: '9007199254740993' } },
      'words.value.number_too_large'
    ],
    ['a date that is none', { email: 'n@exemple.fr', attributes: { BORN: '2027-02-30' } }, 'words.value.not_a_date'],
    ['an attribute that is gone', { email: 'n@exemple.fr', attributes: { GONE: 'x' } }, 'words.contact.attribute_gone']
  ])('of a contact: %s', (_, draft, key) =>
    expectRefused(() => contactEdits(world.desk, nobody, nobody).save(draft), key)
  );

  test.each([
    [{ amount: { minor: 2 ** 53, currency: 'EUR' } }, 'words.deal.not_an_amount'],
    [{ amount: { minor: Infinity, currency: 'EUR' } }, 'words.deal.not_an_amount'],
    [{ expectedCloseOn: '2027-02-30' }, 'words.deal.not_a_date'],
    [{ stageId: 'gone' }, 'words.step.stage_gone']
  ])('of a deal: %j', (more, key) => expectRefused(() => dealEdits(world.desk, removals).save(deal(more)), key));

  test.each([NaN, Infinity, 9e15])('of a task: due at %d', (dueAt) =>
    expectRefused(() => taskEdits(world.desk, removals).save(task({ dueAt })), 'words.task.not_an_instant')
  );

  test.each([Number('1e400'), 2 ** 53 + 2, NaN, -1, 0.001])('points: %d', async (points) => {
    const loyalty = loyaltyEdits(world.desk);
    const joined = await loyalty.join('p1', 'c1');
    if (!joined.ok) throw new Error(joined.reason.key);
    const movement = { membershipId: joined.value, type: 'earned', balanceId: 'b1', points, reason: '' } as const;
    await expectRefused(() => loyalty.move(movement), 'words.loyalty.points_invalid');
  });

  test.each([
    [{ expiresAt: NaN }, 'words.voucher.not_an_instant'],
    [{ worth: { minor: 0.5, currency: 'EUR' } }, 'words.voucher.not_an_amount']
  ])('of a voucher: %j', (more, key) => {
    const draft = { programId: 'p1', contactId: 'c1', code: 'NOEL', label: '', worth: null, expiresAt: null, ...more };
    return expectRefused(() => loyaltyEdits(world.desk).createVoucher(draft), key);
  });

  test('an event of five megabytes, of an unknown type, at no instant', async () => {
    const record = (type: string, properties: Record<string, unknown>, occurredAt?: number) => () =>
      eventEdits(world.desk).record({ type, contactId: 'c1', properties, occurredAt });
    await expectRefused(record('custom.event', { name: 'x', text: 'x'.repeat(5_000_000) }), 'words.event.too_large');
    await expectRefused(record('from.the.future', {}), 'words.event.unknown_type');
    await expectRefused(record('custom.event', { name: 'x' }, NaN), 'words.event.not_an_instant');
  });
});

const step = (id: string, unit: string, fields: StepNode['fields'], next: string | null): StepNode => ({ id, unit, version: 1, fields, next: { next } }); // prettier-ignore
const graphOf = (trigger: [string, StepNode['fields']], ...steps: StepNode[]): Graph => ({
  triggers: [{ id: 't1', unit: trigger[0], version: 1, fields: trigger[1] }],
  entry: steps[0]?.id ?? null,
  steps,
  notes: []
});
const hour = step('s1', 'rule.delay', { duration: { amount: 1, unit: 'hours' }, window: null }, 's2');
const manual: [string, StepNode['fields']] = ['custom.event', { name: 'x' }];
const isOf = (property: string, id: string): FilterTree => ({ subject: { of: 'event', property }, kind: 'choice', operator: 'anyOf', value: [id] }); // prettier-ignore

describe('what an automation refers to is deleted', () => {
  test.each<[string, TableName | 'stages', Graph]>([
    ['a list', 'lists', graphOf(manual, step('s1', 'contact.add_to_list', { listId: 'gone' }, null))],
    [
      'a list of a trigger',
      'lists',
      graphOf(
        ['contact.added_to_list', { listIds: ['gone'] }],
        hour,
        step('s2', 'contact.add_to_list', { listId: 'l1' }, null)
      )
    ],
    [
      'a segment',
      'segments',
      graphOf(['contact.in_segment', { segmentId: 'gone' }], step('s1', 'contact.add_to_list', { listId: 'l1' }, null))
    ],
    [
      'a user',
      'users',
      graphOf(manual, step('s1', 'contact.assign_user', { userIds: ['gone'], existing: 'keep' }, null))
    ],
    ['a stage', 'stages', graphOf(manual, step('s1', 'deal.create', { pipelineId: 'pi1', stageId: 'gone' }, null))],
    [
      'a programme',
      'programs',
      graphOf(
        ['loyalty.tier_updated', { filters: isOf('programId', 'gone') }],
        step('s1', 'contact.add_to_list', { listId: 'l1' }, null)
      )
    ],
    [
      'a form',
      'forms',
      graphOf(
        ['form.submitted', { filters: isOf('formId', 'gone') }],
        step('s1', 'contact.add_to_list', { listId: 'l1' }, null)
      )
    ]
  ])('%s: a problem on the step, and publishing is refused', async (_, __, graph) => {
    await world.put(...active(graph, {}, 'a1'));
    const view = await world.storage.read((reader) => reader.view());
    const problems = checkGraph(graph, view.automations.get('a1')!.draft.settings, { catalogue: world.parts.catalogue, view, automationId: 'a1' }); // prettier-ignore
    const wrong = problems.filter(({ severity }) => severity === 'error');
    expect(wrong.map(({ words }) => words.key)).toEqual([expect.stringMatching(/gone/)]);
    expect(await automationEdits(world.desk, removals).publish('a1')).toMatchObject({
      ok: false,
      reason: { key: 'words.automation.has_problems' }
    });
  });

  test.each<[string, StepNode, TableName, string]>([
    ['a list', step('s2', 'contact.add_to_list', { listId: 'l1' }, null), 'lists', 'l1'],
    ['a user', step('s2', 'contact.assign_user', { userIds: ['u1'], existing: 'keep' }, null), 'users', 'u1'],
    [
      'a stage',
      step(
        's2',
        'deal.create',
        {
          pipelineId: 'pi1',
          stageId: 'st1',
          namePrefix: '',
          userIds: [],
          taskTitle: '',
          taskTypeId: null,
          taskDue: null
        },
        null
      ),
      'pipelines',
      'pi1'
    ]
  ])('%s: whoever is on the way there fails with the reason in words', async (_, last, table, id) => {
    await world.put(...active(graphOf(manual, hour, last), {}, 'a1'));
    await eventEdits(world.desk).record({ type: 'custom.event', contactId: 'c1', properties: { name: 'x' } });
    await world.look();
    await world.storage.commit([{ table, id, delete: true } as never]);
    await world.pass(HOUR);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'failed' });
    expect((await world.journal('c1')).at(-1)?.words?.key ?? '').toMatch(/gone/);
  });

  test('an attribute: a filter on it meets nobody, is counted, and says so where it is explained', async () => {
    const filters: FilterTree = {
      subject: { of: 'attribute', attributeId: 'GONE' },
      kind: 'text',
      operator: 'is',
      value: 'x'
    };
    const edits = segmentEdits(world.desk, removals);
    expect(await edits.count(filters, 'test')).toBe(0);
    expect(await edits.explain(filters, 'c1')).not.toBeNull();
  });
});

test('an amount that adds up to more than can be counted fails the step, with the reason', async () => {
  const doubled = (assignment: object) =>
    graphOf(manual, step('s1', 'deal.update_attribute', { deal: 'latest', assignment }, null));
  await world.put(
    create('attributes', 'SUM', { id: 'SUM', name: 'Somme', kind: 'number', createdAt: START }),
    { table: 'contacts', id: 'c1', set: { 'attributes.SUM': 9e15 } },
    ...active(doubled({ attributeId: 'amount', value: { from: 'attribute', attributeId: 'SUM' } }), {}, 'a1'),
    ...active(
      graphOf(
        manual,
        step(
          's1',
          'contact.update_attribute',
          { assignment: { attributeId: 'SUM', value: { from: 'add', amount: 9e15 } } },
          null
        )
      ),
      {},
      'a2'
    )
  );
  await dealEdits(world.desk, removals).save(deal({ amount: { minor: 100, currency: 'EUR' } }));
  await eventEdits(world.desk).record({ type: 'custom.event', contactId: 'c1', properties: { name: 'x' } });
  await world.look();
  expect((await world.all('enrolments')).map(({ status }) => status)).toEqual(['failed', 'failed']);
  expect((await world.all('deals'))[0]?.amount).toEqual({ minor: 100, currency: 'EUR' });
  expect((await world.all('contacts'))[0]?.attributes.SUM).toBe(9e15);
});
