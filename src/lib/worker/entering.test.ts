import { describe, expect, test } from 'vitest';
import { create, remove } from '$lib/core/changes';
import { defaultSettings, type AutomationSettings, type Graph, type StepNode } from '$lib/core/graph';
import { contactAddedManually } from '$lib/core/events/contacts';
import { newEvent } from '$lib/core/events/define';
import { DAY, SECOND } from '$lib/core/instants';
import { checkGraph } from '$lib/engine/check';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import { automationEdits } from './edits/automations';
import { Removals } from './removals';
import { active, contact, list, settings, welcomeWorkspace, World } from './testing/world';

let databases = 0;

const toList = (listId: string) => ({
  id: `to-${listId}`,
  unit: 'contact.add_to_list',
  version: 1,
  fields: { listId },
  next: { next: null }
});
const start = (automationId: string, next: string | null) => ({
  id: `start-${automationId}`,
  unit: 'automation.start',
  version: 1,
  fields: { automationId },
  next: { next }
});
const manually = { id: 't1', unit: 'contact.added_manually', version: 1, fields: {} };

const graph = (trigger: Graph['triggers'][number], ...steps: Graph['steps']): Graph => ({
  triggers: [trigger],
  entry: steps[0]?.id ?? null,
  steps,
  notes: []
});

async function world(...changes: Parameters<World['put']>): Promise<World> {
  const made = new World(await openStorage({ name: `entering-${++databases}` }));
  await made.put(
    create('settings', 'workspace', settings),
    ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
    create('contacts', 'c1', contact('c1')),
    ...changes
  );
  await made.open();
  return made;
}

async function addManually(made: World, automationId: string): Promise<void> {
  await made.desk.edit((_, { now, newId }) => {
    const properties = { automationId, addedBy: '' };
    const event = newEvent(contactAddedManually, { id: newId(), contactId: 'c1', occurredAt: now, receivedAt: now, properties, source: 'app' }); // prettier-ignore
    return Promise.resolve({ effect: { changes: [], events: [event] }, value: undefined });
  });
  await made.look();
}

describe('a step that starts another automation', () => {
  test('lets the contact in there, whatever its triggers, and goes on here', async () => {
    const made = await world(
      ...active(graph(manually, start('b', 'to-l1'), toList('l1')), {}, 'a'),
      ...active(graph({ ...manually, unit: 'custom.event', fields: { name: 'x' } }, toList('l2')), {}, 'b')
    );
    await addManually(made, 'a');
    expect((await made.all('contacts'))[0]?.listIds.sort()).toEqual(['l1', 'l2']);
    expect((await made.all('enrolments')).map(({ id, status, event }) => [id, status, event.type])).toEqual([
      ['a/c1//000000', 'completed', 'contact.added_manually'],
      ['b/c1//000000', 'completed', 'automation.started']
    ]);
  });

  test('goes on where the other is not active, and says so', async () => {
    const made = await world(
      ...active(graph(manually, start('b', 'to-l1'), toList('l1')), {}, 'a'),
      ...active(graph(manually, toList('l2')), {}, 'b')
    );
    await made.put({ table: 'automations', id: 'b', set: { status: 'paused' } });
    await addManually(made, 'a');
    expect((await made.all('contacts'))[0]?.listIds).toEqual(['l1']);
    expect((await made.journal('c1')).map(({ words }) => words?.key)).toContain('words.step.automation_not_active');
  });

  test('is refused at publishing where the two would start each other for ever', async () => {
    const again = { reentry: { mode: 'after_leaving' as const } };
    const toB = graph(manually, start('b', null));
    const delay = {
      id: 'd',
      unit: 'rule.delay',
      version: 1,
      fields: { duration: { amount: 1, unit: 'hours' }, window: null },
      next: { next: 'start-b' }
    };
    const made = await world(...active(graph(manually, start('a', null)), again, 'b'), ...active(toB, again, 'a'));
    const view = await made.storage.read((reader) => reader.view());
    const problems = (draft: Graph, more = again) =>
      checkGraph(draft, { ...defaultSettings(), ...more }, { catalogue: made.parts.catalogue, view, automationId: 'a' })
        .filter(({ severity }) => severity === 'error')
        .map(({ words }) => words.key);
    expect(problems(toB)).toEqual(['words.problem.starts_in_circle']);
    expect(problems(toB, { reentry: { mode: 'once' } } as never)).toEqual([]);
    expect(problems({ ...toB, entry: 'd', steps: [delay, ...toB.steps] })).toEqual([]);
    expect(problems(graph(manually, start('a', null)))).toEqual(['words.problem.starts_itself']);
  });
});

test('two triggers that one event meets let the contact in once, also where the first step has to look back', async () => {
  const onList = (id: string, listIds: string[]) => ({
    id,
    unit: 'contact.added_to_list',
    version: 1,
    fields: { listIds }
  });
  const wait = {
    id: 'w',
    unit: 'rule.wait_for_event',
    version: 2,
    fields: { event: 'custom.event', settings: { name: 'x' }, limit: null, window: 'auto' },
    next: { yes: null }
  };
  const both = { ...graph(onList('t1', ['l1']), wait), triggers: [onList('t1', ['l1']), onList('t2', ['l1', 'l2'])] };
  const made = await world(...active(both, {}, 'a'));
  await made.addToList(['c1'], 'l1');
  expect(await made.all('enrolments')).toHaveLength(1);
  expect((await made.journal('c1')).map(({ kind }) => kind)).toEqual(['entered', 'waits']);
});

test('automations that set each other off without end are paused, with the reason, and the data stays whole', async () => {
  const onList = (id: string, listId: string) => ({
    id,
    unit: 'contact.added_to_list',
    version: 1,
    fields: { listIds: [listId] }
  });
  const off = (listId: string, next: string) => ({
    id: `off-${listId}`,
    unit: 'contact.remove_from_list',
    version: 1,
    fields: { listId },
    next: { next }
  });
  const again = { reentry: { mode: 'after_leaving' as const } };
  const made = await world(
    ...active(graph(onList('t1', 'l1'), off('l1', 'to-l2'), toList('l2')), again, 'a'),
    ...active(graph(onList('t2', 'l2'), off('l2', 'to-l1'), toList('l1')), again, 'b')
  );
  await made.addToList(['c1'], 'l1');
  const automations = await made.all('automations');
  expect(automations.map(({ status, problem }) => [status, problem?.key])).toEqual([
    ['paused', 'words.automation.endless'],
    ['paused', 'words.automation.endless']
  ]);
  expect((await made.all('enrolments')).every(({ status }) => status === 'completed')).toBe(true);
  expect((await made.all('contacts'))[0]?.listIds).toHaveLength(1);
});

const sends = (id: string, next: string | null): StepNode => ({
  id,
  unit: 'email.send',
  version: 1,
  fields: { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'wait' },
  next: { sent: next, failed: null }
});
const turns = (
  id: string,
  unit: 'contact.remove_from_list' | 'contact.add_to_list',
  next: string | null
): StepNode => ({
  id,
  unit,
  version: 1,
  fields: { listId: 'l1' },
  next: { next }
});

test.each([
  [
    'lets the same contact in again and again',
    { reentry: { mode: 'after_leaving' as const, pause: null } },
    [sends('s1', 's2'), turns('s2', 'contact.remove_from_list', 's3'), turns('s3', 'contact.add_to_list', null)],
    21
  ],
  [
    'begins anew by what it does itself',
    { restart: [{ event: 'contact.removed_from_list', filters: null }] },
    [
      turns('s0', 'contact.add_to_list', 's1'),
      sends('s1', 's2'),
      turns('s2', 'contact.remove_from_list', 's3'),
      sends('s3', null)
    ],
    // The last one was on its way.
    22
  ]
] satisfies [string, Partial<AutomationSettings>, StepNode[], number][])(
  'an automation that %s, with an email each time, is paused before it has sent many',
  async (_, settings, steps, most) => {
    const onList = { id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } };
    const made = new World(new MemoryStorage());
    await made.put(...welcomeWorkspace(['c1'], 'acc1'), remove('automations', 'a1'), remove('versions', 'a1-v1'));
    await made.put(...active({ triggers: [onList], entry: steps[0]!.id, steps, notes: [] }, settings, 'a'));
    let sent = 0;
    made.answer = (url) => {
      if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
      made.now += SECOND;
      // Without an end of its own it would go on until the network is gone.
      if (++sent > 200) made.isOnline = false;
      return Promise.resolve({ status: 201, body: { messageId: `<m${sent}@x>` } });
    };
    await made.open();
    await made.addToList(['c1'], 'l1');
    await made.look();
    expect((await made.all('automations'))[0]).toMatchObject({
      status: 'paused',
      problem: { key: 'words.automation.endless' }
    });
    expect(sent).toBe(most);
    made.close();
  }
);

describe('on activation', () => {
  const onList = { id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } };
  const draft = { graph: graph(onList, toList('l2')), settings: defaultSettings() };

  async function published(existing: boolean): Promise<World> {
    const made = await world(
      ...Array.from({ length: 1_200 }, (_, at) => `m${String(at).padStart(4, '0')}`).map((id) =>
        create('contacts', id, contact(id, { listIds: ['l1'], listedAt: { l1: 1 } }))
      ),
      create('automations', 'a', {
        id: 'a',
        name: 'a',
        status: 'draft',
        activeVersionId: null,
        draft,
        createdAt: 0,
        updatedAt: 0
      })
    );
    expect(await automationEdits(made.desk, new Removals(made.desk)).publish('a', { existing })).toMatchObject({
      ok: true
    });
    await made.look();
    return made;
  }

  test('from now on alone, unless one says otherwise', async () => {
    const made = await published(false);
    expect(await made.all('enrolments')).toEqual([]);
    await made.addToList(['c1'], 'l1');
    expect(await made.all('enrolments')).toHaveLength(1);
  });

  test('those who meet the triggers already enter, each once, also over a restart in the middle', async () => {
    const made = await published(true);
    expect(await made.all('enrolments')).toHaveLength(1_200);
    expect((await made.all('automations'))[0]?.entering).toBeUndefined();
    const filters = {
      subject: { of: 'lists' as const },
      kind: 'choices' as const,
      operator: 'anyOf' as const,
      value: ['l1']
    };
    await made.put({ table: 'automations', id: 'a', set: { entering: { filters, after: 'm1100' } } });
    await made.look();
    expect(await made.all('enrolments')).toHaveLength(1_200);
  });
});

test('a wait of the first version, with filters on the event alone, waits as it did', async () => {
  const wait = {
    id: 'w',
    unit: 'rule.wait_for_event',
    version: 1,
    fields: {
      event: 'custom.event',
      filters: { subject: { of: 'event', property: 'name' }, kind: 'text', operator: 'is', value: 'paid' },
      limit: { amount: 3, unit: 'days' },
      window: 'auto'
    },
    next: { yes: 'to-l1', no: 'to-l2' }
  };
  const made = await world(
    ...active(graph(manually, wait, toList('l1'), toList('l2')), {}, 'a'),
    create('contacts', 'c2', contact('c2'))
  );
  await addManually(made, 'a');
  const happens = (name: string) =>
    made.desk.edit((_, { now, newId }) =>
      Promise.resolve({
        effect: { changes: [], events: [{ id: newId(), type: 'custom.event', contactId: 'c1', occurredAt: now, receivedAt: now, properties: { name }, source: 'app' }] },
        value: undefined
      })
    ); // prettier-ignore
  await happens('seen');
  await made.pass(DAY);
  expect(await made.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 'w' });
  await happens('paid');
  await made.look();
  expect((await made.all('contacts'))[0]?.listIds).toEqual(['l1']);
});
