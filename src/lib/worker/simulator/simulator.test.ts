import { describe, expect, test, vi } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph } from '$lib/core/graph';
import { HOUR } from '$lib/core/instants';
import type { ScriptLine, SimulationRequest } from '$lib/core/simulation';
import { TABLE_NAMES } from '$lib/core/tables';
import { openStorage } from '$lib/storage/dexie/storage';
import type { Storage } from '$lib/storage/port';
import { active, contact, START, welcomeGraph, welcomeWorkspace, World } from '../testing/world';
import { email, opens, simulated, simulatorOf, welcome } from './testing/simulated';

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
