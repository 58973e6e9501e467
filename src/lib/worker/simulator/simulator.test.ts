import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { create } from '$lib/core/changes';
import type { AutomationSettings, Graph, StepNode } from '$lib/core/graph';
import { DAY, HOUR } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { ScriptLine, Simulation, SimulationRequest } from '$lib/core/simulation';
import { TABLE_NAMES } from '$lib/core/tables';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { eventEdits } from '../edits/events';
import { active, contact, START, welcomeGraph, welcomeWorkspace, World } from '../testing/world';
import { Simulator } from './simulator';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
const simulatorOf = (world: World) => new Simulator(world.parts, { clock: () => performance.now(), pause }).api;

const opens: ScriptLine = {
  id: 'line1',
  who: { of: 'share', percent: 40 },
  does: { type: 'email.opened', properties: {} },
  when: { from: 'step', stepId: 's2', after: { amount: 2, unit: 'hours' }, spread: { amount: 1, unit: 'days' } }
};

const welcome: SimulationRequest = {
  automationId: 'a1',
  runs: 'draft',
  people: { of: 'invented', count: 100 },
  entry: { by: 'trigger', triggerId: 't1', properties: { listId: 'l1' }, over: { amount: 30, unit: 'days' } },
  script: [opens],
  start: START,
  days: 90,
  seed: 1,
  others: false
};

async function simulated(world: World, request: Partial<SimulationRequest> = {}): Promise<Simulation> {
  const result = await simulatorOf(world).run({ ...welcome, ...request });
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value.simulation;
}

/** Every row of every table, as text. */
async function dump(storage: Storage): Promise<string> {
  const tables = await storage.read((reader) =>
    Promise.all(TABLE_NAMES.map(async (table) => [table, await reader.query(table, {})]))
  );
  return JSON.stringify(tables);
}

describe('a simulation', () => {
  test('follows everybody to the end, each where the script leads', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace([]));
    const { journeys, deeds, messages } = await simulated(world);
    expect(journeys).toHaveLength(100);
    const opened = new Set(deeds.filter(({ lineId }) => lineId === 'line1').map(({ contactId }) => contactId));
    expect(opened.size).toBeGreaterThan(25);
    expect(opened.size).toBeLessThan(55);
    for (const { contactId, status, entries } of journeys) {
      expect(status).toBe('completed');
      expect(entries.find(({ stepId, kind }) => stepId === 's3' && kind === 'moved')?.branch).toBe(
        opened.has(contactId) ? 'yes' : 'no'
      );
    }
    expect(messages.map(({ status, title }) => [status, title.startsWith('Bienvenue, ')])).toEqual(
      Array.from({ length: 100 }, () => ['sent', true])
    );
  });

  test('sends as ever where a relay shows the page to unsubscribe, whose key is not there', async () => {
    const world = new World();
    await world.put(
      ...welcomeWorkspace([], 'acc1'),
      create('accounts', 'r1', {
        id: 'r1',
        provider: 'relay',
        name: 'Relais',
        fields: { url: 'https://relay.example', secret: 's', pagesKey: 'k' },
        pages: { url: 'https://relay.example', site: 'x', forms: {} },
        createdAt: START
      })
    );
    const { messages } = await simulated(world);
    expect(messages.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 'sent'));
  });

  test('stores nothing and sends nothing: the database is byte for byte the same', async () => {
    const world = new World(await openStorage({ name: 'simulator-untouched' }));
    const fetched = vi.spyOn(globalThis, 'fetch');
    await world.put(...welcomeWorkspace(['c1', 'c2', 'c3'], 'acc1'));
    await world.open();
    await world.addToList(['c1'], 'l1');
    const before = await dump(world.storage);
    world.calls.length = 0;
    const simulator = simulatorOf(world);
    const people = { of: 'chosen', ids: ['c1', 'c2', 'c3'] } as const;
    const result = await simulator.run({ ...welcome, people, others: true });
    expect(result).toMatchObject({ ok: true, value: { simulation: { messages: [{}, {}, {}] } } });
    if (result.ok) {
      const [first] = result.value.simulation.messages;
      expect(await simulator.message(first?.id ?? '')).toMatchObject({
        channel: 'email',
        html: expect.stringContaining('Bonjour Prénom c') as string
      });
    }
    expect(await dump(world.storage)).toBe(before);
    expect(world.calls).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
    world.close();
  });

  test('is the same for the same seed, and another for another', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8']));
    const people = { of: 'everybody', count: 8 } as const;
    const once = { ...(await simulated(world, { people })), took: 0 };
    expect({ ...(await simulated(world, { people })), took: 0 }).toEqual(once);
    expect((await simulated(world, { people, seed: 2 })).deeds).not.toEqual(once.deeds);
  });

  test('counts messages that have really left against the frequency cap', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace(['c1', 'c2']));
    await world.put({ table: 'settings', id: 'workspace', set: { frequencyCap: { count: 1, days: 7 } } });
    await world.open();
    await world.addToList(['c1'], 'l1');
    await world.pass(2 * HOUR);
    await world.pass(HOUR);
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['sent']);
    const people = { of: 'everybody', count: 2 } as const;
    const entry = { ...welcome.entry, over: null } as SimulationRequest['entry'];
    const { messages } = await simulated(world, { people, entry, script: [], start: world.now });
    expect(messages.map(({ contactId, at }) => [contactId, (at - world.now) / HOUR])).toEqual([
      ['c2', 1],
      ['c1', 7 * 24 - 1]
    ]);
    world.close();
  });

  test('is refused in words where the draft has problems or nobody is there', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace([]));
    expect(await simulatorOf(world).run({ ...welcome, people: { of: 'everybody', count: 5 } })).toEqual({
      ok: false,
      reason: { key: 'words.simulator.nobody' }
    });
    const broken: Graph = { ...welcomeGraph, triggers: [] };
    await world.put(...active(broken, {}, 'a2'));
    expect(await simulatorOf(world).run({ ...welcome, automationId: 'a2' })).toMatchObject({
      ok: false,
      reason: { key: 'words.automation.has_problems' }
    });
  });

  test('is ended by another one', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace([]));
    const simulator = simulatorOf(world);
    const first = simulator.run({ ...welcome, people: { of: 'invented', count: 300 } });
    const second = simulator.run(welcome);
    expect(await first).toEqual({ ok: false, reason: { key: 'words.simulator.cancelled' } });
    expect(await second).toMatchObject({ ok: true });
  });

  test('respects consent, the send window and the cap, and says why a message did not leave', async () => {
    const world = new World();
    await world.put(
      ...welcomeWorkspace(['c2']),
      create('contacts', 'c1', contact('c1', { blocklist: { campaigns: true, transactionalSenderIds: [] } }))
    );
    await world.put({
      table: 'settings',
      id: 'workspace',
      set: { sendWindow: { days: [1], from: '09:00', to: '10:00' } }
    });
    const { messages } = await simulated(world, { people: { of: 'everybody', count: 2 }, script: [] });
    expect(messages.map(({ contactId, status, reason }) => [contactId, status, reason?.key])).toEqual([
      ['c1', 'skipped', 'words.outbox.unsubscribed'],
      ['c2', 'sent', undefined]
    ]);
    expect(new Date(messages[1]?.at ?? 0).getUTCDay()).toBe(1);
  });
});

describe('beside the script', () => {
  test('daily checks let contacts in on their day', async () => {
    const world = new World();
    const fields = { attributeId: 'BIRTHDAY', when: 'on', time: '09:00' };
    const graph: Graph = {
      ...welcomeGraph,
      triggers: [{ id: 't1', unit: 'contact.anniversary', version: 1, fields }]
    };
    await world.put(
      ...welcomeWorkspace([]),
      create('attributes', 'BIRTHDAY', { id: 'BIRTHDAY', name: 'Naissance', kind: 'date', createdAt: START }),
      create('contacts', 'c1', contact('c1', { attributes: { BIRTHDAY: '1990-02-14' } })),
      create('contacts', 'c2', contact('c2', { attributes: { BIRTHDAY: '1990-08-14' } })),
      ...active(graph, {}, 'a2')
    );
    const { journeys } = await simulated(world, {
      automationId: 'a2',
      people: { of: 'everybody', count: 9 },
      entry: { by: 'itself' },
      script: []
    });
    expect(journeys.map(({ contactId, enteredAt }) => [contactId, new Date(enteredAt).toISOString()])).toEqual([
      ['c1', '2027-02-14T08:00:00.000Z']
    ]);
  });

  test('other automations run where that is wanted, and only there', async () => {
    const world = new World();
    const onList: Graph = {
      triggers: [{ id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l2'] } }],
      entry: 's1',
      steps: [
        {
          id: 's1',
          unit: 'contact.update_attribute',
          version: 1,
          fields: { assignment: { attributeId: 'STATUS', value: { from: 'fixed', value: 'fidèle' } } },
          next: { next: 's2' }
        },
        { id: 's2', unit: 'email.send', version: 1, fields: email, next: { sent: null, failed: null } }
      ],
      notes: []
    };
    await world.put(...welcomeWorkspace(['c1']), ...active(onList, {}, 'a2'));
    const all: ScriptLine = { ...opens, who: { of: 'share', percent: 100 } };
    const senders = async (others: boolean) => {
      const people = { of: 'chosen', ids: ['c1'] } as const;
      const { messages, journeys } = await simulated(world, { people, script: [all], others });
      expect(journeys.map(({ status }) => status)).toEqual(['completed']);
      return messages.map(({ automationId }) => automationId);
    };
    expect(await senders(false)).toEqual(['a1']);
    expect(await senders(true)).toEqual(['a1', 'a2']);
  });

  test('a step that cannot be taken ends its journey alone, with the reason', async () => {
    const world = new World();
    await world.put(...welcomeWorkspace(['c1']), create('contacts', 'c2', contact('c2', { email: undefined })));
    const { journeys } = await simulated(world, { people: { of: 'everybody', count: 2 }, script: [] });
    expect(journeys.map(({ status }) => status)).toEqual(['completed', 'completed']);
    const said = journeys.find(({ contactId }) => contactId === 'c2')?.entries.find(({ stepId }) => stepId === 's2');
    expect(said?.words?.key).toMatch(/^words\./);
  });
});

/* The property: what the simulator foretells is what the engine then does. */

const hours = fc.integer({ min: 1, max: 40 });
const branchOf = (name: string, value: string) => ({
  id: name,
  name,
  filters: { subject: { of: 'attribute', attributeId: 'STATUS' }, kind: 'text', operator: 'is', value }
});
const email = { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch' };

type Made = Pick<StepNode, 'unit' | 'version' | 'fields'> & { readonly branches: readonly string[] };
const madeStep: fc.Arbitrary<Made> = fc.oneof(
  hours.map((amount): Made => ({
    unit: 'rule.delay',
    version: 1,
    fields: { duration: { amount, unit: 'hours' }, window: null },
    branches: ['next']
  })),
  fc.constant<Made>({ unit: 'email.send', version: 1, fields: email, branches: ['sent', 'failed'] }),
  fc
    .record({ amount: hours, event: fc.constantFrom('email.opened', 'email.link_clicked', 'custom.event') })
    .map(({ amount, event }): Made => ({
      unit: 'rule.wait_for_event',
      version: 2,
      fields: {
        event,
        settings: event === 'custom.event' ? { name: 'achat' } : {},
        limit: { amount, unit: 'hours' },
        window: 'auto'
      },
      branches: ['yes', 'no']
    })),
  fc.constantFrom('tiède', 'chaud').map((value): Made => ({
    unit: 'contact.update_attribute',
    version: 1,
    fields: { assignment: { attributeId: 'STATUS', value: { from: 'fixed', value } } },
    branches: ['next']
  })),
  fc.constant<Made>({ unit: 'contact.add_to_list', version: 1, fields: { listId: 'l2' }, branches: ['next'] }),
  fc.constant<Made>({
    unit: 'rule.split',
    version: 1,
    fields: { branches: [branchOf('a', 'tiède'), branchOf('b', 'chaud')] },
    branches: ['a', 'b', 'default']
  })
);

/** Each branch leads on to a later step or to the end: what is made last on first branches reaches all. */
const madeGraph: fc.Arbitrary<Graph> = fc.array(madeStep, { minLength: 2, maxLength: 8 }).chain((made) =>
  fc.array(fc.nat(99), { minLength: made.length * 3, maxLength: made.length * 3 }).map((lots): Graph => {
    const steps = made.map(({ branches, ...step }, at): StepNode => {
      const leads = branches.map((branch, which): [string, string | null] => {
        const lot = lots[at * 3 + which] ?? 0;
        const target = which === 0 ? at + 1 : at + 1 + (lot % 3);
        return [branch, target < made.length ? `s${target}` : null];
      });
      return { id: `s${at}`, ...step, next: Object.fromEntries(leads) };
    });
    return { triggers: welcomeGraph.triggers, entry: 's0', steps, notes: [] };
  })
);

const madeSettings: fc.Arbitrary<Partial<AutomationSettings>> = fc.record({
  exit: fc.constantFrom([], [{ event: 'custom.event', filters: null }]),
  sendWindow: fc.constantFrom(null, { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }),
  frequencyCap: fc.constantFrom(null, { count: 1, days: 2 })
});

const madeLine = (steps: number): fc.Arbitrary<Omit<ScriptLine, 'id'>> =>
  fc.record({
    who: fc.integer({ min: 20, max: 100 }).map((percent) => ({ of: 'share' as const, percent })),
    does: fc.constantFrom(
      { type: 'email.opened', properties: {} },
      { type: 'email.link_clicked', properties: { url: 'https://exemple.fr' } },
      { type: 'email.unsubscribed', properties: {} },
      { type: 'custom.event', properties: { name: 'achat' } }
    ),
    when: fc.record({
      from: fc.constant('step' as const),
      stepId: fc.nat(steps - 1).map((at) => `s${at}`),
      after: hours.map((amount) => ({ amount, unit: 'hours' as const })),
      spread: fc.constant(null)
    })
  });

const cases = madeGraph.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    settings: madeSettings,
    script: fc
      .array(madeLine(graph.steps.length), { maxLength: 5 })
      .map((lines) => lines.map((line, at): ScriptLine => ({ id: `line${at}`, ...line }))),
    seed: fc.nat(1_000)
  })
);

const withoutEvents = (entries: readonly JournalEntry[]) => entries.map(({ eventId: _id, ...entry }) => entry);
const PEOPLE = ['c1', 'c2', 'c3'];
const LASTS = 12;

test('what is simulated is what the engine then does, entry by entry and message by message', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ graph, settings: own, script, seed }) => {
      const world = new World(new MemoryStorage());
      await world.put(...welcomeWorkspace(PEOPLE), ...active(graph, own, 'a2'));
      await world.put({ table: 'automations', id: 'a1', set: { status: 'archived' } });
      const people = { of: 'chosen', ids: PEOPLE } as const;
      const entry = { ...welcome.entry, over: null } as SimulationRequest['entry'];
      const foretold = await simulated(world, { automationId: 'a2', people, entry, script, seed, days: LASTS });

      await world.open();
      await world.addToList(PEOPLE, 'l1');
      const { record } = eventEdits(world.desk);
      const ahead = foretold.deeds.filter(({ lineId }) => lineId !== null);
      for (let at = START + HOUR; at <= START + LASTS * DAY; at += HOUR) {
        world.now = at;
        for (const deed of ahead.filter((one) => one.at === at)) {
          const text = JSON.stringify(deed.properties).replaceAll('@simulated>', '@sandbox.ricochet>');
          const properties = JSON.parse(text) as Record<string, unknown>;
          const { type, contactId } = deed;
          expect(await record({ type, contactId, properties })).toMatchObject({
            ok: true
          });
        }
        await world.look();
      }
      for (const { contactId, entries, status, stepId } of foretold.journeys) {
        expect(withoutEvents(await world.journal(contactId))).toEqual(withoutEvents(entries));
        expect(await world.enrolment(contactId)).toMatchObject({ status, stepId });
      }
      const sent = (await world.outbox()).map((row) => [row.id, row.status, row.sentAt]).sort();
      const would = foretold.messages
        .map(({ id, status, at }) => [id, status, status === 'sent' ? at : undefined])
        .sort();
      expect(would).toEqual(sent);
      world.close();
    }),
    { numRuns: 40 }
  );
}, 60_000);
