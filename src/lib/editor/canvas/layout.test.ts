import { describe, expect, test } from 'vitest';
import { layout, rememberedLayout } from './layout';

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
});
