import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layout, rememberedLayout, type Shape } from './layout';

const size = { width: 264, height: 60 };
const node = (id: string) => ({ id, size });

describe('the automatic layout', () => {
  test('goes from top to bottom, and spreads branches in their order', () => {
    const placed = layout({
      nodes: ['t', 'a', 'yes', 'no'].map(node),
      edges: [
        { source: 't', target: 'a', hasLabel: false },
        { source: 'a', target: 'yes', hasLabel: true },
        { source: 'a', target: 'no', hasLabel: true }
      ]
    });
    const at = (id: string) => placed.get(id)!;
    expect(at('t').y + size.height).toBeLessThan(at('a').y);
    expect(at('a').y + size.height).toBeLessThan(at('yes').y);
    expect(at('yes').y).toBe(at('no').y);
    expect(at('yes').x + size.width).toBeLessThan(at('no').x);
    expect(at('t').x).toBe(at('a').x);
  });

  test('copes with loops, with edges to nothing, and with nothing at all', () => {
    expect(layout({ nodes: [], edges: [] }).size).toBe(0);
    const placed = layout({
      nodes: ['a', 'b'].map(node),
      edges: [
        { source: 'a', target: 'b', hasLabel: false },
        { source: 'b', target: 'a', hasLabel: true },
        { source: 'b', target: 'b', hasLabel: false },
        { source: 'b', target: 'gone', hasLabel: false }
      ]
    });
    expect(placed.size).toBe(2);
  });
});

describe('a remembered layout', () => {
  const shape = (height: number) => ({
    nodes: [
      { id: 'a', size: { width: 264, height } },
      { id: 'b', size: { width: 264, height: 60 } }
    ],
    edges: [{ source: 'a', target: 'b', hasLabel: false }]
  });

  test('is made anew for another shape only', () => {
    const place = rememberedLayout();
    const first = place(shape(60));
    expect(place(shape(60))).toBe(first);
    expect(place(shape(88)).get('b')?.y).toBe((first.get('b')?.y ?? 0) + 28);
  });

  test('is what it would be anew, whatever heights have changed', () => {
    const heights = fc.array(fc.constantFrom(12, 58, 60, 88, 116), { minLength: 12, maxLength: 12 });
    const edge = fc.record({ parent: fc.nat(), hasLabel: fc.boolean() });
    const jump = fc.option(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 })), { nil: null, freq: 4 });
    fc.assert(
      fc.property(
        heights,
        heights,
        fc.array(edge, { minLength: 11, maxLength: 11 }),
        jump,
        (one, other, tree, ghost) => {
          const shape = (all: readonly number[]): Shape => ({
            nodes: all.map((height, at) => ({ id: String(at), size: { width: 264, height } })),
            edges: [
              ...tree.map(({ parent, hasLabel }, at) => ({
                source: String(parent % (at + 1)),
                target: String(at + 1),
                hasLabel
              })),
              ...(ghost ? [{ source: String(ghost[0]), target: String(ghost[1]), hasLabel: true }] : [])
            ]
          });
          const place = rememberedLayout();
          place(shape(one));
          expect(place(shape(other))).toEqual(layout(shape(other)));
        }
      )
    );
  });
});
