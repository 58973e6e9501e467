import { afterEach, describe, expect, test } from 'vitest';
import { create, type Change } from '$lib/core/changes';
import type { StepNode, TriggerNode } from '$lib/core/graph';
import { DAY, MINUTE } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import { openStorage } from '$lib/storage/dexie/storage';
import { eventCondition } from '$lib/catalogue/examples';
import type { ContactChoice, DealDraft } from './drafts';
import { companyEdits } from './edits/companies';
import { contactEdits } from './edits/contacts';
import { dealEdits } from './edits/deals';
import { pipelineEdits, taskTypeEdits } from './edits/pipelines';
import { taskEdits } from './edits/tasks';
import { userEdits } from './edits/users';
import { Removals } from './removals';
import { active, attributes, contact, list, settings, START, World } from './testing/world';

let made = 0;
let world: World;
let removals: Removals;
afterEach(() => world.close());

const stage = (id: string) => ({ id, name: id, outcome: 'open' as const });
const trigger = (unit: string, fields: TriggerNode['fields'] = {}): TriggerNode => ({
  id: 't1',
  unit,
  version: 1,
  fields
});
const step = (id: string, unit: string, fields: StepNode['fields'], next: string | null = null): StepNode => ({
  id,
  unit,
  version: 1,
  fields,
  next: { next }
});

const workspace = (contactIds: readonly string[]): Change[] => [
  create('settings', 'workspace', settings),
  ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
  create('companyAttributes', 'SIZE', { id: 'SIZE', name: 'Taille', kind: 'number', createdAt: START }),
  create('dealAttributes', 'BUDGET', { id: 'BUDGET', name: 'Budget', kind: 'number', createdAt: START }),
  create('lists', 'l1', list('l1')),
  ...['u1', 'u2'].map((id) => create('users', id, { id, name: `Utilisateur ${id}`, createdAt: START })),
  create('pipelines', 'p1', { id: 'p1', name: 'Ventes', stages: ['new', 'won'].map(stage), createdAt: START }),
  create('pipelines', 'p2', { id: 'p2', name: 'Projets', stages: [stage('signed')], createdAt: START }),
  ...['call', 'todo'].map((id) => create('taskTypes', id, { id, name: id, createdAt: START })),
  ...contactIds.map((id) => create('contacts', id, contact(id)))
];

/** A workspace in which this automation runs. */
async function begin(contactIds: readonly string[], from: TriggerNode, ...steps: StepNode[]): Promise<World> {
  world = new World(await openStorage({ name: `crm-${++made}` }));
  const graph = { triggers: [from], entry: steps[0]?.id ?? null, steps, notes: [] };
  await world.put(...workspace(contactIds), ...active(graph));
  await world.open();
  removals = new Removals(world.desk);
  return world;
}

const draft = (more: Partial<DealDraft> = {}): DealDraft => ({
  name: 'Atelier',
  stageId: 'new',
  amount: { minor: 120_000, currency: 'EUR' },
  ownerId: null,
  contactIds: ['c1'],
  companyId: null,
  expectedCloseOn: null,
  attributes: {},
  ...more
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.reason.key);
  return result.value;
}

async function savedDeal(more: Partial<DealDraft> = {}): Promise<string> {
  const saved = await dealEdits(world.desk, removals).save(draft(more));
  if (!saved.ok) throw new Error(saved.reason.key);
  return saved.value;
}

const nobody = () => Promise.resolve([]);
const onList = trigger('contact.added_to_list', { listIds: ['l1'] });

describe('a person’s work with deals and tasks', () => {
  test('a deal made on the board lets in each of its contacts, those of a low amount none', async () => {
    await begin(
      ['c1', 'c2'],
      trigger('deal.created', { filters: eventCondition('amount', 'number', 'atLeast', 1_000) }),
      step('s1', 'contact.add_to_list', { listId: 'l1' })
    );
    await savedDeal({ contactIds: ['c1', 'c2'] });
    await savedDeal({ contactIds: ['c1'], amount: { minor: 500, currency: 'EUR' } });
    expect((await world.all('contacts')).map(({ listIds }) => listIds)).toEqual([['l1'], ['l1']]);
    expect(await world.all('enrolments')).toHaveLength(2);
  });

  test('a deal dragged to a stage makes a task, of the deal, that is due in two days; ticking it goes on', async () => {
    await begin(
      ['c1'],
      trigger('deal.stage_updated', { filters: eventCondition('toStageId', 'choice', 'anyOf', ['won']) }),
      step('s1', 'task.create', {
        typeId: 'call',
        title: 'Remercier',
        due: { at: 'days', days: 2, time: '10:00' },
        ownerId: null,
        note: ''
      })
    );
    const graph = {
      triggers: [trigger('task.completed', { filters: eventCondition('type', 'choice', 'anyOf', ['call']) })],
      entry: 's9',
      steps: [step('s9', 'contact.add_to_list', { listId: 'l1' })],
      notes: []
    };
    await world.put(...active(graph, {}, 'a2'));
    const id = await savedDeal();
    expect(await world.all('tasks')).toEqual([]);
    expect(await dealEdits(world.desk, removals).move(id, 'won')).toEqual({ ok: true, value: undefined });
    const [task] = await world.all('tasks');
    // 7 January 2027, 10:00 in Paris
    expect(task).toMatchObject({ title: 'Remercier', contactId: 'c1', dealId: id, dueAt: Date.UTC(2027, 0, 7, 9) });
    await taskEdits(world.desk, removals).complete(task!.id);
    expect((await world.all('contacts'))[0]).toMatchObject({ listIds: ['l1'] });
    expect((await world.all('tasks'))[0]).toMatchObject({ completedAt: world.now });
  });

  test('an automation creates a deal with its follow-up task, and another moves it to another pipeline', async () => {
    await begin(
      ['c1', 'c2', 'c3'],
      onList,
      step(
        's1',
        'deal.create',
        {
          pipelineId: 'p1',
          stageId: 'new',
          namePrefix: 'Atelier',
          userIds: ['u1', 'u2'],
          taskTitle: 'Rappeler',
          taskTypeId: 'call',
          taskDue: { at: 'days', days: 1, time: '09:00' }
        },
        's2'
      ),
      step(
        's2',
        'deal.update_attribute',
        { deal: 'latest', assignment: { attributeId: 'stageId', value: { from: 'fixed', value: 'signed' } } },
        's3'
      ),
      step(
        's3',
        'deal.update_attribute',
        { deal: 'latest', assignment: { attributeId: 'amount', value: { from: 'add', amount: 12.5 } } },
        's4'
      ),
      step('s4', 'deal.duplicate', { pipelineId: 'p1', stageId: 'won', namePrefix: 'Suite de' })
    );
    await world.addToList(['c1', 'c2', 'c3'], 'l1');
    const deals = await world.all('deals');
    const firsts = deals.filter(({ pipelineId }) => pipelineId === 'p2');
    expect(firsts.map(({ name, ownerId, amount, contactIds }) => [name, ownerId, amount?.minor, contactIds])).toEqual([
      ['Atelier – Prénom c1', 'u1', 1_250, ['c1']],
      ['Atelier – Prénom c2', 'u2', 1_250, ['c2']],
      ['Atelier – Prénom c3', 'u1', 1_250, ['c3']]
    ]);
    const copies = deals.filter(({ pipelineId }) => pipelineId === 'p1');
    expect(copies.map(({ name, stageId, amount }) => [name, stageId, amount?.minor])).toEqual(
      ['c1', 'c2', 'c3'].map((id) => [`Suite de Atelier – Prénom ${id}`, 'won', 1_250])
    );
    expect(await world.all('tasks')).toHaveLength(3);
    expect((await world.all('rollups')).filter(({ contactId }) => contactId === 'c1')).toMatchObject([
      { type: 'deal.created', count: 2 },
      { type: 'deal.stage_updated', count: 1 }
    ]);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'completed' });
  });

  test('owners take turns, within one bulk action and after a restart', async () => {
    const ids = Array.from({ length: 9 }, (_, at) => `c${at}`);
    await begin(ids, onList, step('s1', 'contact.assign_user', { userIds: ['u1', 'u2'], existing: 'keep' }));
    await world.addToList(ids.slice(0, 5), 'l1');
    world.close();
    world = new World(world.storage);
    // Its ids must not be those of the world before.
    for (let id = 0; id < 1_000; id++) world.parts.newId();
    await world.open();
    await world.addToList(ids.slice(5), 'l1');
    const owners = (await world.all('contacts')).map(({ ownerId }) => ownerId);
    expect(owners).toEqual(['u1', 'u2', 'u1', 'u2', 'u1', 'u2', 'u1', 'u2', 'u1']);
    expect(await world.all('rotations')).toEqual([{ id: 'a1/s1', counts: { u1: 5, u2: 4 } }]);
  });

  test('an attribute of the company changes, and a contact without one goes on', async () => {
    await begin(
      ['c1', 'c2'],
      onList,
      step('s1', 'company.update_attribute', {
        assignment: { attributeId: 'SIZE', value: { from: 'add', amount: 3 } }
      })
    );
    const company = await companyEdits(world.desk, removals).save({
      name: 'Atelier',
      ownerId: null,
      attributes: { SIZE: 2 }
    });
    if (!company.ok) throw new Error(company.reason.key);
    const saved = await contactEdits(world.desk, nobody, nobody).save({
      id: 'c1',
      email: 'c1@exemple.fr',
      attributes: {},
      companyId: company.value
    });
    expect(saved.ok).toBe(true);
    await world.addToList(['c1', 'c2'], 'l1');
    expect((await world.all('companies'))[0]).toMatchObject({ attributes: { SIZE: 5 } });
    expect((await world.journal('c2')).map(({ words }) => words?.key)).toContain('words.step.no_company');
  });
});

describe('what is deleted', () => {
  const nothing = step('s1', 'contact.add_to_list', { listId: 'l1' });

  test('a user leaves everything to nobody', async () => {
    await begin(['c1', 'c2'], onList, nothing);
    for (const id of ['c1', 'c2']) await world.put({ table: 'contacts', id, set: { ownerId: 'u1' } });
    const owners = async () =>
      [...(await world.all('contacts')), ...(await world.all('deals'))].map(({ ownerId }) => ownerId);
    await savedDeal({ ownerId: 'u1' });
    const removal = valueOf(await userEdits(world.desk, removals).remove('u1'));
    expect(await owners()).toEqual([undefined, undefined, undefined]);
    expect((await world.all('users')).map(({ id }) => id)).toEqual(['u2']);
    await world.put({ table: 'contacts', id: 'c2', set: { ownerId: 'u2' } });
    expect(await removals.undo(removal)).toMatchObject({ ok: true });
    // Who has come to somebody else meanwhile stays with them.
    expect(await owners()).toEqual(['u1', 'u2', 'u1']);
    expect(await world.all('users')).toHaveLength(2);
  });

  test('a company leaves its contacts, and comes back with them', async () => {
    await begin(['c1'], onList, nothing);
    await world.put(
      create('companies', 'co1', { id: 'co1', name: 'Atelier', attributes: {}, createdAt: 0, updatedAt: 0 }),
      { table: 'contacts', id: 'c1', set: { companyId: 'co1' } }
    );
    await savedDeal({ companyId: 'co1' });
    const removal = valueOf(await companyEdits(world.desk, removals).remove('co1'));
    expect((await world.all('contacts'))[0]?.companyId).toBeUndefined();
    expect((await world.all('deals'))[0]?.companyId).toBeUndefined();
    await removals.undo(removal);
    expect(await world.all('companies')).toHaveLength(1);
    expect((await world.all('contacts'))[0]?.companyId).toBe('co1');
    expect((await world.all('deals'))[0]?.companyId).toBe('co1');
  });

  test('a pipeline, a stage or a type in use is refused with words', async () => {
    await begin(['c1'], onList, nothing);
    const id = await savedDeal();
    const pipelines = pipelineEdits(world.desk, removals);
    expect(await pipelines.remove('p1')).toMatchObject({ ok: false, reason: { key: 'words.pipeline.in_use' } });
    expect(await pipelines.save({ id: 'p1', name: 'Ventes', stages: [stage('won')] })).toMatchObject({
      reason: { key: 'words.pipeline.stage_in_use', params: { count: 1 } }
    });
    expect(await pipelines.remove('p2')).toMatchObject({ ok: true });
    await taskEdits(world.desk, removals).save({
      title: 'Appeler',
      typeId: 'call',
      note: '',
      dueAt: world.now + DAY,
      ownerId: null,
      contactId: null,
      dealId: id
    });
    expect(await taskTypeEdits(world.desk, removals).remove('call')).toMatchObject({
      reason: { key: 'words.task_type.in_use' }
    });
  });

  test('a deal takes its tasks, and brings them back', async () => {
    await begin(['c1'], onList, nothing);
    const id = await savedDeal();
    const task = {
      title: 'Appeler',
      typeId: 'call',
      note: '',
      dueAt: null,
      ownerId: null,
      contactId: null,
      dealId: id
    };
    await taskEdits(world.desk, removals).save(task);
    await taskEdits(world.desk, removals).save({ ...task, contactId: 'c1' });
    const before = await world.all('tasks');
    const [deal] = await world.all('deals');
    const removal = valueOf(await dealEdits(world.desk, removals).remove(id));
    expect((await world.all('tasks')).map(({ contactId, dealId }) => [contactId, dealId])).toEqual([['c1', undefined]]);
    await removals.undo(removal);
    expect(await world.all('tasks')).toEqual(before);
    expect(await world.all('deals')).toEqual([deal]);
  });

  test('a deal of contacts who are erased at once goes with them', async () => {
    await begin(['c1', 'c2', 'c3'], onList, nothing);
    await savedDeal({ contactIds: ['c1', 'c2'] });
    const stays = await savedDeal({ contactIds: ['c1', 'c2', 'c3'] });
    const chosen = (choice: ContactChoice) => Promise.resolve('ids' in choice ? choice.ids : []);
    await contactEdits(world.desk, chosen, nobody).remove({ ids: ['c1', 'c2'] });
    await world.pass(MINUTE);
    expect((await world.all('contacts')).map(({ id }) => id)).toEqual(['c3']);
    expect((await world.all('deals')).map(({ id, contactIds }) => [id, contactIds])).toEqual([[stays, ['c3']]]);
  });

  test('whoever was erased meanwhile does not come back by a deal or a task', async () => {
    await begin(['c1', 'c2'], onList, nothing);
    const id = await savedDeal({ contactIds: ['c1', 'c2'] });
    const removal = valueOf(await dealEdits(world.desk, removals).remove(id));
    await world.put({ table: 'contacts', id: 'c1', delete: true });
    await removals.undo(removal);
    expect((await world.all('deals'))[0]?.contactIds).toEqual(['c2']);
  });
});
