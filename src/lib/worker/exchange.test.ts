import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { create, type Change } from '$lib/core/changes';
import { defaultSettings, emptyGraph, type AutomationSettings, type Graph } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import type { WorkspaceView } from '$lib/core/tables';
import {
  checkedAutomationsFile,
  gatheredAutomations,
  placedAutomations,
  TAKEN_TABLES,
  type AutomationsFile
} from '$lib/records/exchange';
import { MemoryStorage } from '$lib/storage/memory';
import { plan } from '../../../tests/simulation/graphs';
import { Random } from '../../../tests/simulation/random';
import { workspace } from '../../../tests/simulation/workspaces';

const NOW = Date.UTC(2027, 0, 5, 8);
const exportedAt = new Date(NOW).toISOString();

const automation = (id: string, graph: Graph, settings: AutomationSettings): Automation => ({
  id,
  name: `Automation ${id}`,
  status: 'draft',
  activeVersionId: null,
  draft: { graph, settings },
  createdAt: NOW,
  updatedAt: NOW
});
const other = create('automations', 'other', automation('other', emptyGraph(), defaultSettings()));

async function viewAfter(...changes: Change[]): Promise<WorkspaceView> {
  const storage = new MemoryStorage();
  await storage.commit(changes);
  return storage.read((reader) => reader.view());
}

/** Written and read again, as a file is. */
function read(file: AutomationsFile): AutomationsFile {
  const checked = checkedAutomationsFile(JSON.parse(JSON.stringify(file)), catalogue);
  if (!checked.ok) throw new Error(JSON.stringify(checked.reason));
  return checked.value;
}

/** Rows whose names alone are in a file: a workspace that has the same people, senders and accounts. */
const OWN = new Set(['settings', 'senders', 'smsSenders', 'users', 'accounts']);

function given() {
  let made = 0;
  return { catalogue, now: NOW, newId: () => `new-${++made}` };
}

/** Where two differ by more than ids, which have to stand in the same places; null: nowhere. */
function difference(one: unknown, another: unknown): string | null {
  const forth = new Map<string, string>();
  const back = new Map<string, string>();
  const isSameText = (a: string, b: string): boolean => {
    if (!b.startsWith('new-')) return a === b;
    back.set(b, back.get(b) ?? a);
    forth.set(a, forth.get(a) ?? b);
    // Rows of different tables may share an id; steps share theirs with nothing.
    return back.get(b) === a && (forth.get(a) === b || !/^s\d$/.test(a));
  };
  const within = (a: unknown, b: unknown, path: string): string | null => {
    if (typeof a === 'string' && typeof b === 'string') return isSameText(a, b) ? null : `${path}: ${a}, ${b}`;
    if (typeof a !== 'object' || typeof b !== 'object' || !a || !b)
      return a === b ? null : `${path}: ${String(a)}, ${String(b)}`;
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = within(a[key as never], b[key as never], `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  };
  return within(one, another, '');
}

const generated = fc.record({ seed: fc.nat(), number: fc.nat(99) }).map(({ seed, number }) => {
  const random = new Random(seed);
  const rows = workspace(random);
  const { graph, settings } = plan(random, 'other', number);
  return { rows, graph, settings };
});

describe('automations as a file', () => {
  test('any automation comes back equal in a workspace that has nothing of it', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async ({ rows, graph, settings }) => {
        const here = await viewAfter(...rows, other, create('automations', 'a1', automation('a1', graph, settings)));
        const file = gatheredAutomations(['a1'], { view: here, catalogue, exportedAt });
        const own = rows.filter(({ table }) => OWN.has(table));
        const there = await viewAfter(...own, other);
        const { changes, automationIds } = placedAutomations(read(file), {}, { view: there, ...given() });
        const after = await viewAfter(...own, other, ...changes);
        const again = gatheredAutomations(automationIds, { view: after, catalogue, exportedAt });
        expect([...again.mentions].sort(byId)).toEqual([...file.mentions].sort(byId));
        expect(difference(file.automations, again.automations)).toBe(null);
        for (const table of TAKEN_TABLES) {
          const sorted = (rows: readonly { name: string }[]) => [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
          expect(difference(sorted(file[table]), sorted(again[table]))).toBe(null);
        }
      }),
      { numRuns: 300 }
    );
  });

  test('brought back to where it comes from, it is a copy that uses what is there', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async ({ rows, graph, settings }) => {
        const whole = [...rows, other, create('automations', 'a1', automation('a1', graph, settings))];
        const view = await viewAfter(...whole);
        const file = gatheredAutomations(['a1'], { view, catalogue, exportedAt });
        const { changes, automationIds } = placedAutomations(read(file), {}, { view, ...given() });
        expect(changes.map(({ table }) => table)).toEqual(['automations']);
        const after = await viewAfter(...whole, ...changes);
        const made = after.automations.get(automationIds[0] ?? '');
        expect(made?.name).toBe('Automation a1 (2)');
        expect(difference(withoutName(file), made?.draft)).toBe(null);
      }),
      { numRuns: 200 }
    );
  });

  test('takes along what its templates, segments and forms name, and nothing else', async () => {
    const rows = workspace(new Random(1));
    const graph: Graph = {
      triggers: [
        { id: 't1', unit: 'contact.in_segment', version: 1, fields: { segmentId: 'g1' } },
        {
          id: 't2',
          unit: 'form.submitted',
          version: 1,
          fields: {
            filters: {
              subject: { of: 'event', property: 'formId' },
              kind: 'choice',
              operator: 'anyOf',
              value: ['f1']
            }
          }
        }
      ],
      entry: 's1',
      steps: [
        {
          id: 's1',
          unit: 'email.send',
          version: 1,
          fields: { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'wait' },
          next: { sent: null, failed: null }
        }
      ],
      notes: []
    };
    const view = await viewAfter(...rows, create('automations', 'a1', automation('a1', graph, defaultSettings())));
    const file = gatheredAutomations(['a1'], { view, catalogue, exportedAt });
    const names = TAKEN_TABLES.flatMap((table) => file[table].map(({ id }) => `${table} ${id}`));
    expect(names.sort()).toEqual([
      'attributes CITY',
      'attributes FIRSTNAME',
      'forms f1',
      'lists l3',
      'segments g1',
      'templates m1'
    ]);
    expect(file.mentions).toEqual([{ table: 'senders', id: 'e1', name: 'e1' }]);
    expect(JSON.stringify(file)).not.toContain('createdAt');
  });

  test('holds no secret: neither a signing secret nor the value of a secret header', async () => {
    const fields = {
      method: 'POST',
      url: 'https://example.com/hook',
      headers: [
        { name: 'X-Plain', value: 'seen', secret: false },
        { name: 'Authorization', value: 'secret-row-1', secret: true }
      ],
      body: '',
      signingSecret: 'secret-row-2',
      answer: [],
      onFailure: 'wait'
    };
    const graph: Graph = {
      ...emptyGraph(),
      entry: 's1',
      steps: [{ id: 's1', unit: 'webhook.call', version: 1, fields, next: { done: null, failed: null } }]
    };
    const view = await viewAfter(create('automations', 'a1', automation('a1', graph, defaultSettings())));
    const text = JSON.stringify(gatheredAutomations(['a1'], { view, catalogue, exportedAt }));
    expect(text).toContain('seen');
    expect(text).toContain('Authorization');
    expect(text).not.toContain('secret-row');
  });

  test('several automations that start each other keep doing so', async () => {
    const starts = (id: string): Graph => ({
      ...emptyGraph(),
      entry: 's1',
      steps: [{ id: 's1', unit: 'automation.start', version: 1, fields: { automationId: id }, next: { next: null } }]
    });
    const view = await viewAfter(
      create('automations', 'a1', automation('a1', starts('a2'), defaultSettings())),
      create('automations', 'a2', automation('a2', starts('a1'), defaultSettings()))
    );
    const file = read(gatheredAutomations(['a1', 'a2'], { view, catalogue, exportedAt }));
    expect(file.mentions).toEqual([]);
    const { changes, automationIds } = placedAutomations(file, {}, { view, ...given() });
    const after = await viewAfter(...changes);
    expect(automationIds.map((id) => after.automations.get(id)?.draft.graph.steps[0]?.fields)).toEqual([
      { automationId: automationIds[1] },
      { automationId: automationIds[0] }
    ]);
    const alone = gatheredAutomations(['a1'], { view, catalogue, exportedAt });
    expect(alone.mentions).toEqual([{ table: 'automations', id: 'a2', name: 'Automation a2' }]);
  });

  test.each([
    ['a backup of the workspace', { format: 'ricochet-workspace', version: 1 }, 'is_workspace'],
    ['another app’s file', { nodes: [], connections: {} }, 'not_ours'],
    ['nothing', null, 'not_ours'],
    ['a newer version', { format: 'ricochet-automations', version: 2, automations: [] }, 'newer'],
    ['one without automations', { format: 'ricochet-automations', version: 1, automations: [] }, 'damaged'],
    [
      'a step that is not known',
      {
        format: 'ricochet-automations',
        version: 1,
        automations: [
          {
            id: 'a',
            name: 'A',
            settings: defaultSettings(),
            graph: {
              ...emptyGraph(),
              entry: 's',
              steps: [{ id: 's', unit: 'fax.send', version: 1, fields: {}, next: {} }]
            }
          }
        ]
      },
      'unit_unknown'
    ]
  ])('refuses %s in words', (_, file, reason) => {
    expect(checkedAutomationsFile(file, catalogue)).toMatchObject({
      ok: false,
      reason: { key: `words.exchange.${reason}` }
    });
  });
});

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1;
}

function withoutName({ automations: [first] }: AutomationsFile): Automation['draft'] | undefined {
  return first && { graph: first.graph, settings: first.settings };
}
