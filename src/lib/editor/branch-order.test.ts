import { expect, it } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import type { Graph } from '$lib/core/graph';
import { inDrawnOrder } from './branch-order';
import { sampleGraph } from './testing/editors';

const graph = sampleGraph('rule.wait_for_event', 'rule.split', 'rule.delay');
const branches = ({ steps }: Graph) => steps.map(({ next }) => Object.keys(next));

it('brings branches back into the order in which they are drawn, and leaves what is in it as it is', () => {
  const sorted: Graph = {
    ...graph,
    steps: graph.steps.map((step) => ({ ...step, next: Object.fromEntries(Object.entries(step.next).reverse()) }))
  };
  expect(branches(sorted)).not.toEqual(branches(graph));
  expect(branches(inDrawnOrder(sorted, catalogue))).toEqual(branches(graph));
  expect(inDrawnOrder(sorted, catalogue)).toEqual(graph);
  expect(inDrawnOrder(graph, catalogue)).toBe(graph);
});

it('keeps at the end what a step no longer has, and a step that is not known as it is', () => {
  const [step] = graph.steps;
  if (step === undefined) throw new Error('no step');
  const odd: Graph = {
    ...graph,
    steps: [
      { ...step, next: { gone: null, ...step.next } },
      { ...step, id: 'x', unit: 'not known', next: { b: null, a: null } }
    ]
  };
  expect(branches(inDrawnOrder(odd, catalogue))).toEqual([
    [...Object.keys(step.next), 'gone'],
    ['b', 'a']
  ]);
});
