import { expect, test } from 'vitest';
import type { Card } from '../cards';
import type { FlowNode } from './flow';
import { drawMap } from './map';

const card = (kind: Card['kind'], x: number, y: number): FlowNode => ({
  id: `${x} ${y}`,
  type: 'card',
  data: { card: { kind } as Card, isAside: false, isHere: false },
  position: { x, y },
  measured: { width: 264, height: 60 }
});
const room = { width: 168, height: 120 };

test('the map holds every card, in its own proportions', () => {
  const { view, paths } = drawMap([card('trigger', 0, 0), card('rule', 0, 400), card('rule', -300, 800)], room);
  expect(view.width / view.height).toBeCloseTo(room.width / room.height);
  expect(view.x).toBeLessThan(-300);
  expect(view.x + view.width).toBeGreaterThan(264);
  expect(view.y).toBeLessThan(0);
  expect(view.y + view.height).toBeGreaterThan(860);
  expect([...paths]).toEqual([
    ['trigger', 'M0 0h264v60h-264z'],
    ['rule', 'M0 400h264v60h-264zM-300 800h264v60h-264z']
  ]);
});

test('cards of a very large graph stay visible; one card alone, or none, is a map too', () => {
  const { view, paths } = drawMap([card('rule', 0, 0), card('rule', 46_000, 0)], room);
  const height = Number(/v(\d+)/.exec(paths.get('rule') ?? '')?.[1]);
  expect((height / view.height) * room.height).toBeCloseTo(2, 1);
  for (const nodes of [[], [card('action', 0, 0)]]) {
    const drawing = drawMap(nodes, room);
    expect(Object.values(drawing.view).every(Number.isFinite)).toBe(true);
  }
});
