import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, emptyGraph, type StepNode } from '$lib/core/graph';
import { rebased } from './rebasing';

const step = (id: string, amount: number, next: string | null, x = 0): StepNode => ({
  id,
  unit: 'rule.delay',
  version: 1,
  fields: { amount },
  next: { next },
  position: { x, y: 0 }
});
const draft = (entry: string, ...steps: StepNode[]) => ({
  draft: { graph: { ...emptyGraph(), entry, steps }, settings: defaultSettings() }
});
type Row = ReturnType<typeof draft>;
const after = (stored: Row, from: Row, to: Row): Row | null => rebased('automations', stored, { from, to });

const first = draft('s1', step('s1', 1, 's2'), step('s2', 1, null));

describe('an edit of an earlier state of a draft', () => {
  test('goes together with what was written meanwhile of other parts', () => {
    const renumbered = draft('s1', step('s1', 5, 's2'), step('s2', 1, null));
    const longer = draft('s1', step('s1', 1, 's2'), step('s2', 1, 's3'), step('s3', 1, null));
    const both = draft('s1', step('s1', 5, 's2'), step('s2', 1, 's3'), step('s3', 1, null));
    expect(after(renumbered, first, longer)).toEqual(both);
    expect(after(longer, first, renumbered)).toEqual(both);
  });

  test('is refused where the same part was written otherwise, or one has removed what the other was at', () => {
    const one = draft('s1', step('s1', 5, 's2'), step('s2', 1, null));
    const other = draft('s1', step('s1', 7, 's2'), step('s2', 1, null));
    const without = draft('s2', step('s2', 1, null));
    expect(after(one, first, other)).toBeNull();
    expect(after(without, first, one)).toBeNull();
    expect(after(one, first, without)).toBeNull();
    expect(after(one, first, one)).toEqual(one);
  });

  test('of where a step lies, the later one holds, and keeps no step that is removed', () => {
    const moved = draft('s1', step('s1', 1, 's2', 10), step('s2', 1, null));
    const elsewhere = draft('s1', step('s1', 1, 's2', 20), step('s2', 1, null));
    const without = draft('s2', step('s2', 1, null));
    expect(after(moved, first, elsewhere)).toEqual(elsewhere);
    expect(after(moved, first, without)).toEqual(without);
    expect(after(without, first, moved)).toEqual(without);
  });
});

test('an edit of what is there now is what it is, and none changes nothing', () => {
  const anyDraft = fc
    .uniqueArray(fc.constantFrom('s1', 's2', 's3', 's4'), { minLength: 1 })
    .chain((ids) => fc.tuple(fc.constant(ids), fc.array(fc.nat(3), { minLength: ids.length, maxLength: ids.length })))
    .map(([ids, amounts]) => draft(ids[0]!, ...ids.map((id, at) => step(id, amounts[at]!, ids[at + 1] ?? null))));
  fc.assert(
    fc.property(anyDraft, anyDraft, (one, other) => {
      expect(after(one, one, other)).toEqual(other);
      expect(after(other, one, one)).toEqual(other);
    })
  );
});
