import { describe, expect, test } from 'vitest';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Backtest } from '$lib/core/simulation';
import { TABLE_NAMES } from '$lib/core/tables';
import { openStorage } from '$lib/storage/dexie/storage';
import { eventEdits } from '../edits/events';
import { active, welcomeGraph, welcomeWorkspace, World } from '../testing/world';
import { Simulator } from './simulator';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
const simulatorOf = (world: World) => new Simulator(world.parts, { clock: () => performance.now(), pause }).api;
const asked = { automationId: 'a1', runs: 'draft', days: 30 } as const;
let made = 0;

/** Three have joined; the first has opened after two hours, the others never; a week has gone by. */
async function livedThrough(): Promise<World> {
  const world = new World(await openStorage({ name: `past-${++made}` }));
  await world.put(...welcomeWorkspace(['c1', 'c2', 'c3', 'c4']));
  await world.open();
  await world.addToList(['c1', 'c2', 'c3'], 'l1');
  await world.pass(HOUR);
  await world.pass(2 * HOUR);
  const row = (await world.outbox()).find(({ contactId }) => contactId === 'c1');
  const properties = { messageId: row?.messageId, emailName: 'Bienvenue', emailType: 'marketing' };
  expect(await eventEdits(world.desk).record({ type: 'email.opened', contactId: 'c1', properties })).toMatchObject({
    ok: true
  });
  await world.look();
  await world.pass(3 * DAY - 2 * HOUR);
  await world.pass(4 * DAY);
  return world;
}

async function backtested(world: World): Promise<Backtest> {
  const result = await simulatorOf(world).backtest(asked);
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value;
}

async function dump(world: World): Promise<string> {
  const tables = await Promise.all(TABLE_NAMES.map(async (table) => [table, await world.all(table)]));
  return JSON.stringify(tables);
}

const draft = (graph: Graph) => ({ table: 'automations' as const, id: 'a1', set: { 'draft.graph': graph } });

describe('a backtest', () => {
  test('of what runs does again what was done, and stores nothing', async () => {
    const world = await livedThrough();
    const before = await dump(world);
    const { simulation, really, unanswered, leftOut } = await backtested(world);
    expect(await dump(world)).toBe(before);
    expect({ really, unanswered, leftOut }).toEqual({
      really: { entered: 3, sent: { s2: 3 } },
      unanswered: 0,
      leftOut: 0
    });
    for (const { contactId, entries } of simulation.journeys) {
      const really = await world.journal(contactId);
      expect(entries.map(({ at, kind, stepId, branch }) => [at, kind, stepId, branch])).toEqual(
        really.map(({ at, kind, stepId, branch }) => [at, kind, stepId, branch])
      );
    }
    world.close();
  });

  test('of another draft moves answers with their message', async () => {
    const world = await livedThrough();
    const delay = { ...welcomeGraph.steps[0]!, fields: { duration: { amount: 2, unit: 'days' }, window: null } };
    await world.put(draft({ ...welcomeGraph, steps: [delay, ...welcomeGraph.steps.slice(1)] }));
    const { simulation } = await backtested(world);
    const [first] = simulation.journeys;
    expect(first?.entries.map(({ kind, stepId, branch }) => [kind, stepId, branch])).toContainEqual([
      'moved',
      's3',
      'yes'
    ]);
    const sent = simulation.messages.find(({ contactId }) => contactId === 'c1');
    const opened = simulation.deeds.find(({ type }) => type === 'email.opened');
    expect((opened?.at ?? 0) - (sent?.at ?? 0)).toBe(2 * HOUR);
    world.close();
  });

  test('says what cannot be known: answers to messages that would not have left', async () => {
    const world = await livedThrough();
    const [delay] = welcomeGraph.steps;
    await world.put(draft({ ...welcomeGraph, steps: [{ ...delay!, next: { next: null } }] }));
    const { unanswered, really, simulation } = await backtested(world);
    expect({ unanswered, sent: simulation.messages.length, really: really.sent }).toEqual({
      unanswered: 1,
      sent: 0,
      really: { s2: 3 }
    });
    world.close();
  });

  test('is refused in words where nothing happened', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace(['c1']));
    expect(await simulatorOf(world).backtest(asked)).toEqual({ ok: false, reason: { key: 'words.simulator.no_past' } });
  });
});

test('a replay says what the conditions of a split see', async () => {
  const world = new World();
  const isIn = (value: string) => ({
    subject: { of: 'attribute' as const, attributeId: 'STATUS' },
    kind: 'text' as const,
    operator: 'is' as const,
    value
  });
  const branches = [
    { id: 'a', name: 'Tièdes', filters: isIn('tiède') },
    { id: 'b', name: 'Chauds', filters: isIn('chaud') }
  ];
  const split = {
    id: 's1',
    unit: 'rule.split',
    version: 1,
    fields: { branches },
    next: { a: null, b: null, default: null }
  };
  await world.put(...welcomeWorkspace(['c1']), ...active({ ...welcomeGraph, steps: [split] }, {}, 'a2'));
  await world.put({ table: 'contacts', id: 'c1', set: { 'attributes.STATUS': 'chaud' } });
  await world.open();
  await world.addToList(['c1'], 'l1');
  const journeys = await world.all('enrolments');
  const enrolmentId = journeys.find(({ automationId }) => automationId === 'a2')?.id ?? '';
  const simulator = simulatorOf(world);
  const replay = await simulator.replay(enrolmentId);
  expect(replay?.steps.find(({ entry }) => entry.kind === 'moved')?.entry).toMatchObject({
    branch: 'b',
    words: { key: 'words.step.split_because_seen' }
  });
  const decision = { enrolmentId, versionId: 'a2-v1', stepId: 's1' };
  expect((await simulator.why(decision))?.map(({ branch, explanation }) => [branch, explanation.holds])).toEqual([
    ['Tièdes', false],
    ['Chauds', true]
  ]);
  expect(await simulator.why({ ...decision, enrolmentId: 'gone' })).toBeNull();
  world.close();
});

test('a replay has every decision of a real journey with its event, its message and its reason', async () => {
  const world = await livedThrough();
  const { id } = await world.enrolment('c1');
  const replay = await simulatorOf(world).replay(id);
  expect(replay?.versions.map(({ id }) => id)).toEqual(['a1-v1']);
  expect(replay?.contact).toEqual({ id: 'c1', name: 'Prénom c1' });
  expect(
    replay?.steps.map(({ entry: { kind, stepId, branch, words }, event, message }) => [
      kind,
      stepId ?? '',
      branch ?? '',
      words?.key ?? '',
      event?.type ?? '',
      message?.title ?? ''
    ])
  ).toEqual([
    ['entered', '', '', '', 'contact.added_to_list', ''],
    ['waits', 's1', '', 'words.step.waits_until', '', ''],
    ['woke', 's1', '', '', '', ''],
    ['moved', 's1', 'next', '', '', ''],
    ['queued', 's2', '', '', '', ''],
    ['moved', 's2', 'sent', 'words.step.sent', '', 'Bienvenue, Prénom c1'],
    ['waits', 's3', '', 'words.step.waits_for_event_until', '', ''],
    ['woke', 's3', '', '', '', ''],
    ['moved', 's3', 'yes', 'words.step.event_came', 'email.opened', ''],
    ['moved', 's4', 'next', 'words.step.added_to_list', '', ''],
    ['completed', 's4', '', '', '', '']
  ]);
  expect((replay?.steps.at(-1)?.entry.at ?? 0) - (replay?.steps[0]?.entry.at ?? 0)).toBeLessThan(3 * HOUR + MINUTE);
  expect(await simulatorOf(world).replay('gone')).toBeNull();
  world.close();
});
