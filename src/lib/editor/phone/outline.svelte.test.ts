import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { emptyGraph } from '$lib/core/graph';
import { connect, insertStep, newStep } from '../graph-edits';
import { placesOf } from '../places';
import { outline, type OutlineItem } from './outline';

function stepsShown(items: readonly OutlineItem[]): string[] {
  return items.flatMap((item) => {
    if (item.is === 'step') return [item.id];
    return item.is === 'branches' ? item.branches.flatMap((branch) => stepsShown(branch.items)) : [];
  });
}

test('the list shows every step once, whatever joins, loops and hangs loose', () => {
  const units = [...catalogue.steps.keys()];
  const edit = fc.record({ unit: fc.constantFrom(...units), place: fc.nat(50), join: fc.boolean(), step: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 20 }), (series) => {
      let graph = emptyGraph();
      series.forEach(({ unit, place, join, step }, at) => {
        const places = placesOf(graph);
        const where = places[place % places.length]!;
        const target = graph.steps[step % Math.max(1, graph.steps.length)];
        graph =
          join && target
            ? connect(graph, where, target.id)
            : insertStep(graph, newStep(catalogue.steps.get(unit)!, `s${at}`), where);
      });
      const { path, orphans } = outline(graph, catalogue);
      expect([path, ...orphans].flatMap(stepsShown).sort()).toEqual(graph.steps.map(({ id }) => id).sort());
    })
  );
});
