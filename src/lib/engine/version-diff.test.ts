import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { defaultSettings, type AutomationSettings, type Graph, type StepNode, type TriggerNode } from '$lib/core/graph';
import { isEmpty, settingsOf, versionDiff, type VersionDiff } from './version-diff';

interface Edition {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
}

const ids = ['s0', 's1', 's2', 's3', 's4', 's5'];
const target = fc.option(fc.constantFrom(...ids), { nil: null });
const steps = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(...ids),
      unit: fc.constantFrom('rule.delay', 'contact.add_to_list'),
      amount: fc.integer({ min: 1, max: 3 }),
      next: target,
      position: fc.option(fc.record({ x: fc.integer(), y: fc.integer() }), { nil: undefined })
    }),
    { selector: ({ id }) => id }
  )
  .map((nodes) =>
    nodes.map(({ id, unit, amount, next, position }): StepNode => {
      const fields = unit === 'rule.delay' ? { duration: { amount, unit: 'days' } } : { listId: `l${amount}` };
      return { id, unit, version: 1, fields, next: { next }, ...(position ? { position } : {}) };
    })
  );
const triggers = fc
  .uniqueArray(fc.record({ id: fc.constantFrom('t1', 't2'), list: fc.constantFrom('l1', 'l2') }), {
    selector: ({ id }) => id
  })
  .map((nodes) =>
    nodes.map(({ id, list }): TriggerNode => ({
      id,
      unit: 'contact.added_to_list',
      version: 1,
      fields: { listIds: [list] }
    }))
  );
const editions: fc.Arbitrary<Edition> = fc
  .record({
    steps,
    triggers,
    entry: target,
    cap: fc.option(fc.record({ count: fc.nat(2), days: fc.constant(7) }), { nil: null })
  })
  .map(({ cap, ...graph }) => ({
    graph: { ...graph, notes: [] },
    settings: { ...defaultSettings(), frequencyCap: cap }
  }));

/** What is left of an edition where places of cards and defaults say nothing. */
function plain({ graph, settings }: Edition) {
  const node = (one: TriggerNode | StepNode) =>
    [one.id, { unit: one.unit, fields: settingsOf(one, catalogue), next: 'next' in one ? one.next : null }] as const;
  return {
    entry: graph.entry,
    triggers: Object.fromEntries(graph.triggers.map(node)),
    steps: Object.fromEntries(graph.steps.map(node)),
    settings
  };
}

function applied(before: Edition, diff: VersionDiff, after: Edition): Edition {
  const gone = new Set(diff.nodes.filter(({ change }) => change === 'removed').map(({ id }) => id));
  const become = new Map(diff.nodes.map((node) => [node.id, node]));
  const changed = <T extends TriggerNode | StepNode>(node: T): T => {
    const to = become.get(node.id)?.after;
    return to ? { ...node, unit: to.unit, version: to.version, fields: to.fields } : node;
  };
  const added = diff.nodes.flatMap(({ change, after: node }) => (change === 'added' && node ? [node] : []));
  const way = diff.edges.find(({ from }) => from === null);
  return {
    graph: {
      entry: way ? (way.after ?? null) : before.graph.entry,
      triggers: [...before.graph.triggers.filter(({ id }) => !gone.has(id)).map(changed), ...added.filter((node): node is TriggerNode => !('next' in node))], // prettier-ignore
      steps: [
        ...before.graph.steps
          .filter(({ id }) => !gone.has(id))
          .map(changed)
          .map((step) => ({
            ...step,
            next: {
              ...step.next,
              ...Object.fromEntries(
                diff.edges.filter(({ from }) => from === step.id).map(({ branch, after: to }) => [branch, to ?? null])
              )
            }
          })),
        ...added.filter((node): node is StepNode => 'next' in node)
      ],
      notes: []
    },
    settings: {
      ...before.settings,
      ...Object.fromEntries(diff.settings.map((name) => [name, after.settings[name]]))
    }
  };
}

test('nothing differs from itself, wherever its cards lie', () => {
  fc.assert(
    fc.property(editions, fc.integer(), (one, x) => {
      const moved = { ...one, graph: { ...one.graph, steps: one.graph.steps.map((step) => ({ ...step, position: { x, y: 0 } })) } }; // prettier-ignore
      expect(isEmpty(versionDiff(one, moved, catalogue))).toBe(true);
    })
  );
});

test('what differs, done to the one, gives the other; the other way round it is the same the other way round', () => {
  fc.assert(
    fc.property(editions, editions, (before, after) => {
      const diff = versionDiff(before, after, catalogue);
      expect(plain(applied(before, diff, after))).toEqual(plain(after));
      const back = versionDiff(after, before, catalogue);
      const turned = { added: 'removed', removed: 'added', changed: 'changed' } as const;
      const said = (one: VersionDiff) => one.nodes.map(({ id, change }) => `${id} ${change}`).sort();
      expect(said(back)).toEqual(diff.nodes.map(({ id, change }) => `${id} ${turned[change]}`).sort());
      expect(back.edges.length).toBe(diff.edges.length);
      expect([...back.settings].sort()).toEqual([...diff.settings].sort());
    })
  );
});

test('a setting that is left out is the same as its initial value', () => {
  const delay = (fields: Record<string, unknown>): Edition => ({
    graph: { triggers: [], entry: 's0', notes: [], steps: [{ id: 's0', unit: 'rule.delay', version: 1, fields, next: { next: null } }] }, // prettier-ignore
    settings: defaultSettings()
  });
  expect(
    isEmpty(versionDiff(delay({}), delay({ duration: { amount: 1, unit: 'days' }, window: null }), catalogue))
  ).toBe(true);
  expect(
    versionDiff(delay({}), delay({ duration: { amount: 2, unit: 'days' } }), catalogue).nodes.map(
      ({ fields }) => fields
    )
  ).toEqual([['duration']]);
});
