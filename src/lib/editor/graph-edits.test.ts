import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { emptyGraph, type Graph } from '$lib/core/graph';
import { clipOf, paste, readClip, writeClip } from './clipboard';
import * as edits from './graph-edits';
import { after, ENTRY, placesOf, stepIn, stepsFrom, targetAt } from './places';

const units = [...catalogue.steps.values()];
const unit = (id: string) => catalogue.steps.get(id)!;
const trigger = catalogue.triggers.get('contact.added_to_list')!;

/** delay a → wait b (yes → email c, no → end) */
function sample(): Graph {
  let graph = edits.addTrigger(emptyGraph(), edits.newTrigger(trigger, 't'));
  for (const [id, name] of [
    ['a', 'rule.delay'],
    ['b', 'rule.wait_for_event'],
    ['c', 'email.send']
  ] as const)
    graph = edits.appendStep(graph, edits.newStep(unit(name), id));
  return graph;
}

const path = (graph: Graph) => [...stepsFrom(graph, graph.entry)];

describe('a step', () => {
  test('is appended to the main path', () => {
    expect(path(sample())).toEqual(['a', 'b', 'c']);
  });

  test('is put before the first one and into a branch', () => {
    const first = edits.insertStep(sample(), edits.newStep(unit('rule.delay'), 'x'), ENTRY);
    expect(path(first)).toEqual(['x', 'a', 'b', 'c']);
    const between = edits.insertStep(sample(), edits.newStep(unit('rule.delay'), 'x'), after('b', 'yes'));
    expect(path(between)).toEqual(['a', 'b', 'x', 'c']);
    expect(edits.insertStep(between, edits.newStep(unit('rule.delay'), 'y'), after('b', 'maybe'))).toBe(between);
  });

  test('leaves its path closed, or takes along what only it led to', () => {
    expect(path(edits.removeStep(sample(), 'b'))).toEqual(['a', 'c']);
    const cut = edits.removeStep(sample(), 'b', 'branch');
    expect(cut.steps.map(({ id }) => id)).toEqual(['a']);
    const joined = edits.connect(sample(), after('b', 'no'), 'a');
    expect(edits.removeStep(joined, 'c', 'branch').steps.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('that is moved closes its old path and opens the new one', () => {
    expect(path(edits.moveStep(sample(), 'a', after('c', 'sent')))).toEqual(['b', 'c', 'a']);
    expect(path(edits.moveStep(sample(), 'c', ENTRY))).toEqual(['c', 'a', 'b']);
  });

  test('cannot be moved below one of its own branches that come along', () => {
    const graph = edits.insertStep(sample(), edits.newStep(unit('rule.delay'), 'd'), after('b', 'no'));
    expect(edits.moveStep(graph, 'b', after('d', 'next'))).toBe(graph);
    expect(edits.moveStep(graph, 'b', after('b', 'no'))).toBe(graph);
  });

  test('is moved with all that follows it, before what was in the new place', () => {
    // a → b (yes → c, no → d → e)
    let graph = edits.insertStep(sample(), edits.newStep(unit('rule.delay'), 'e'), after('b', 'no'));
    graph = edits.insertStep(graph, edits.newStep(unit('rule.delay'), 'd'), after('b', 'no'));
    const moved = edits.moveBranch(graph, 'd', after('a', 'next'));
    expect(targetAt(moved, after('a', 'next'))).toBe('d');
    expect(targetAt(moved, after('d', 'next'))).toBe('e');
    expect(targetAt(moved, after('e', 'next'))).toBe('b');
    expect(targetAt(moved, after('b', 'no'))).toBeNull();
    const first = edits.moveBranch(graph, 'b', ENTRY);
    expect(first.entry).toBe('b');
    expect(targetAt(first, after('c', 'sent'))).toBe('a');
    expect(targetAt(first, after('a', 'next'))).toBeNull();
  });

  test('cannot be moved with its branch into that branch, nor where it is', () => {
    const graph = sample();
    for (const place of [after('c', 'sent'), after('b', 'no'), after('a', 'next')])
      expect(edits.moveBranch(graph, 'b', place)).toBe(graph);
    expect(edits.moveBranch(graph, 'none', ENTRY)).toBe(graph);
    const places = placesOf(graph).filter(edits.canMove(graph, 'b', 'branch'));
    expect(places).toEqual([ENTRY]);
    expect(placesOf(graph).filter(edits.canMove(graph, 'b', 'alone'))).toContainEqual(after('c', 'sent'));
  });

  test('that was lost is led to again with what hangs on it', () => {
    const graph = edits.insertStep(sample(), edits.newStep(unit('rule.delay'), 'd'), after('b', 'no'));
    const lost = edits.disconnect(graph, after('a', 'next'));
    expect(path(lost)).toEqual(['a']);
    expect(path(edits.moveBranch(lost, 'b', after('a', 'next'))).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is doubled right after itself', () => {
    const graph = edits.duplicateStep(sample(), 'a', 'a2');
    expect(path(graph)).toEqual(['a', 'a2', 'b', 'c']);
    expect(stepIn(graph, 'a2')?.fields).toEqual(stepIn(graph, 'a')?.fields);
  });

  test('has the branches that its fields say, and loses no step with a branch', () => {
    const split = edits.insertStep(sample(), edits.newStep(unit('rule.split'), 's'), ENTRY);
    const named = (ids: string[]) => ({ branches: ids.map((id) => ({ id, name: id, filters: null })) });
    const grown = edits.setFields(split, catalogue, 's', named(['a', 'b', 'c']));
    expect(Object.keys(stepIn(grown, 's')!.next)).toEqual(['a', 'b', 'c', 'default']);
    expect(targetAt(grown, after('s', 'a'))).toBe('a');
    const shrunk = edits.setFields(grown, catalogue, 's', named(['b', 'c']));
    expect(Object.keys(stepIn(shrunk, 's')!.next)).toEqual(['b', 'c', 'default']);
    expect(shrunk.steps).toHaveLength(4);
    const endless = edits.setFields(sample(), catalogue, 'b', { limit: null });
    expect(stepIn(endless, 'b')?.next).toEqual({ yes: 'c' });
  });
});

describe('the clipboard', () => {
  let last = 0;
  const given = { catalogue, newId: () => `n${++last}` };

  test('takes a step alone, or with all that follows, into another automation', () => {
    const clip = clipOf(sample(), 'b', 'branch')!;
    const { graph, pasted } = paste(sample(), readClip(writeClip(clip))!, after('a', 'next'), given);
    expect(pasted).toHaveLength(2);
    expect(path(graph)).toEqual(['a', ...pasted, 'b', 'c']);
    const alone = paste(emptyGraph(), clipOf(sample(), 'b')!, ENTRY, given);
    expect(alone.graph.steps).toHaveLength(1);
    expect(stepIn(alone.graph, alone.pasted[0]!)?.next).toEqual({ yes: null, no: null });
  });

  test('takes triggers, and no other text', () => {
    const { graph } = paste(emptyGraph(), clipOf(sample(), 't')!, ENTRY, given);
    expect(graph.triggers).toHaveLength(1);
    expect(readClip('hello')).toBeNull();
    expect(readClip('{"format":"other"}')).toBeNull();
    expect(clipOf(sample(), 'nothing')).toBeNull();
  });

  test('lets a copied jump lead to the copy of its step', () => {
    const jump = edits.newStep(unit('automation.go_to_step'), 'j');
    const looped = edits.setFields(edits.appendStep(sample(), jump), catalogue, 'j', { stepId: 'a' });
    const { graph, pasted } = paste(emptyGraph(), clipOf(looped, 'a', 'branch')!, ENTRY, given);
    const copy = graph.steps.find((step) => step.unit === 'automation.go_to_step')!;
    expect(pasted).toContain(copy.fields.stepId);
    expect(copy.fields.stepId).toBe(graph.entry);
  });
});

describe('any series of edits', () => {
  const index = fc.nat(50);
  const edit = fc.record({
    kind: fc.constantFrom(
      'insert',
      'append',
      'move',
      'moveBranch',
      'remove',
      'prune',
      'double',
      'connect',
      'disconnect',
      'fields',
      'paste'
    ),
    unit: fc.constantFrom(...units.map(({ id }) => id)),
    step: index,
    place: index,
    count: fc.integer({ min: 2, max: 5 })
  });

  test('leaves every branch leading to a step that is there or to the end, ids unique, and loses nothing unasked', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (series) => {
        let graph = emptyGraph();
        let ids = 0;
        const newId = () => `s${++ids}`;
        for (const { kind, unit: name, step, place, count } of series) {
          const before = graph;
          const kept = structuredClone(before);
          const target = graph.steps[step % Math.max(1, graph.steps.length)]?.id ?? 'none';
          const places = placesOf(graph);
          const where = places[place % places.length]!;
          const made = edits.newStep(unit(name), newId());
          const branches = Array.from({ length: count }, (_, at) => ({ id: `b${at}`, name: 'x', filters: null }));
          const limit = count > 3 ? null : { amount: 1, unit: 'days' };
          graph = {
            insert: () => edits.insertStep(graph, made, where),
            append: () => edits.appendStep(graph, made),
            move: () => edits.moveStep(graph, target, where),
            moveBranch: () => edits.moveBranch(graph, target, where),
            remove: () => edits.removeStep(graph, target),
            prune: () => edits.removeStep(graph, target, 'branch'),
            double: () => edits.duplicateStep(graph, target, newId()),
            connect: () => edits.connect(graph, where, target),
            disconnect: () => edits.disconnect(graph, where),
            fields: () => edits.setFields(graph, catalogue, target, { branches, limit }),
            paste: () => {
              const clip = clipOf(graph, target, count > 3 ? 'branch' : 'alone');
              return clip ? paste(graph, clip, where, { catalogue, newId }).graph : graph;
            }
          }[kind]();
          expect(before).toEqual(kept);
          const there = new Set(graph.steps.map(({ id }) => id));
          expect(there.size).toBe(graph.steps.length);
          for (const one of placesOf(graph)) {
            const to = targetAt(graph, one);
            if (to !== null) expect(there.has(to)).toBe(true);
          }
          if (kind !== 'remove' && kind !== 'prune')
            for (const { id } of before.steps) expect(there.has(id)).toBe(true);
          if (kind === 'move' || kind === 'moveBranch') {
            const can = edits.canMove(before, target, kind === 'move' ? 'alone' : 'branch');
            expect(graph !== before).toBe(can(where));
          }
          if (kind === 'moveBranch' && graph !== before) {
            // What comes along hangs together as before, but for the end that now leads to what was in the new place.
            const along = stepsFrom(before, target);
            expect(targetAt(graph, where)).toBe(target);
            for (const id of along) expect(stepsFrom(graph, target).has(id)).toBe(true);
          }
          if (kind === 'move') {
            // What could be reached before can still be reached, unless a jump was put in the way.
            const jumps = Object.keys(stepIn(before, target)?.next ?? {}).length === 0;
            const reached = stepsFrom(graph, graph.entry);
            if (!jumps && stepsFrom(before, before.entry).has(target) && reached.has(target))
              for (const id of stepsFrom(before, before.entry)) expect(reached.has(id)).toBe(true);
          }
        }
      }),
      { numRuns: 300 }
    );
  });
});
