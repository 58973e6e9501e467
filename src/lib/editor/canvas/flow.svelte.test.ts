import { describe, expect, test } from 'vitest';
import { setLocale } from '$lib/i18n';
import { catalogue } from '$lib/catalogue/registry';
import { emptyGraph, type Graph } from '$lib/core/graph';
import { newStep, appendStep, setFields, setPosition } from '../graph-edits';
import { sampleEditor, sampleGraph } from '../testing/editors';
import { flowMaker } from './flow';

void setLocale('fr');

function flow(graph: Graph) {
  const { cards } = sampleEditor(graph);
  return flowMaker()(graph, {
    catalogue,
    cards,
    sizes: new Map(),
    counts: { waiting: {}, left: { 's1 yes': 7 } },
    chosenId: 's1'
  });
}

describe('what is drawn', () => {
  test('leads from the triggers through every branch to a step or an end', () => {
    const { nodes, edges } = flow(sampleGraph('rule.wait_for_event', 'rule.delay'));
    expect(edges.map(({ id, source, target }) => [id, source, target])).toEqual([
      ['t entry', 't', 's1'],
      ['s1/yes', 's1', 's2'],
      ['s1/no', 's1', 'end s1/no'],
      ['s2/next', 's2', 'end s2/next']
    ]);
    expect(edges[1]?.data).toMatchObject({ label: 'Oui', tone: 'good', count: 7 });
    expect(edges[3]?.data?.label).toBeNull();
    expect(nodes.filter(({ type }) => type === 'end')).toHaveLength(2);
    expect(nodes.find(({ id }) => id === 's1')?.selected).toBe(true);
  });

  test('dashes the default branch and the jump, which has no place', () => {
    let graph = sampleGraph('rule.delay', 'rule.split');
    graph = appendStep(graph, newStep(catalogue.steps.get('automation.go_to_step')!, 'j'));
    graph = setFields(graph, catalogue, 'j', { stepId: 's1' });
    const { edges } = flow(graph);
    expect(edges.find(({ id }) => id === 's2/default')?.data?.isDashed).toBe(true);
    expect(edges.find(({ id }) => id === 'j jump')).toMatchObject({ target: 's1', data: { place: null } });
  });

  test('leaves a step where it was put by hand', () => {
    const { nodes } = flow(setPosition(sampleGraph('rule.delay'), 's1', { x: 400, y: 80 }));
    expect(nodes.find(({ id }) => id === 's1')?.position).toEqual({ x: 400, y: 80 });
  });

  test('of an empty automation asks for a trigger and a step', () => {
    const { nodes, edges } = flow(emptyGraph());
    expect(nodes.map(({ type }) => type)).toEqual(['end', 'addTrigger']);
    expect(edges).toHaveLength(1);
  });
});

test('a graph that is only shown has counts on every edge, a trail, and nothing to add', () => {
  const graph = sampleGraph('rule.delay', 'rule.wait_for_event');
  const { cards } = sampleEditor(graph);
  const { nodes, edges } = flowMaker()(graph, {
    catalogue,
    cards,
    sizes: new Map(),
    counts: { waiting: {}, left: { 's1 next': 3, 's2 yes': 1 }, entered: { t: 4 } },
    trail: { nodes: new Set(['t', 's1']), edges: new Set(['entry t']), at: 's1' },
    isReadOnly: true,
    chosenId: null
  });
  expect(edges.map(({ data }) => [data?.count, data?.share, data?.isOnTrail])).toEqual([
    [4, 1, true],
    [3, 0.75, false],
    [1, 0.25, false],
    [0, 0, false]
  ]);
  expect(nodes.filter(({ type }) => type === 'addTrigger')).toEqual([]);
  expect(nodes.every(({ draggable }) => draggable === false)).toBe(true);
  expect(nodes.find(({ id }) => id === 's2')?.data).toMatchObject({ isAside: true });
});

describe('drawn again', () => {
  const given = (graph: Graph, chosenId: string | null = null) => {
    const { cards } = sampleEditor(graph);
    return { catalogue, cards, sizes: new Map(), counts: { waiting: {}, left: {} }, chosenId };
  };

  test('what has not changed is the very object of before, in a language of its own', async () => {
    const draw = flowMaker();
    const graph = sampleGraph('rule.wait_for_event', 'rule.delay');
    const about = given(graph);
    const first = draw(graph, about);
    const again = draw(graph, { ...about });
    expect(again.nodes).toEqual(first.nodes);
    expect(again.edges).toBe(first.edges);

    const chosen = draw(graph, { ...about, chosenId: 's1' });
    const isSame = (id: string) => chosen.nodes.find((node) => node.id === id) === first.nodes.find((node) => node.id === id); // prettier-ignore
    expect(['t', 's1', 's2', 'end s1/no'].map(isSame)).toEqual([true, false, true, true]);

    const moved = setPosition(graph, 's2', { x: 8, y: 16 });
    const { edges } = draw(moved, about);
    expect(edges.map((edge, at) => edge === first.edges[at])).toEqual([true, true, true, false]);

    await setLocale('en');
    const english = draw(graph, about).edges.map(({ data }) => data?.label ?? null);
    await setLocale('fr');
    expect(english).toEqual([null, 'Yes', 'No', null]);
    expect(draw(graph, about).edges.map(({ data }) => data?.label ?? null)).toEqual([null, 'Oui', 'Non', null]);
  });
});
