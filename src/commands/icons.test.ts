import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { iconsFile, strokeOf } from './icons.mjs';

it('what the app draws is what `npm run icons` writes', () => {
  const quotes = (text: string): string => text.replaceAll("'", '').replace(/\s+/g, ' ').replace(/, }/g, ' }');
  expect(quotes(readFileSync('src/lib/ui/icons.ts', 'utf8'))).toBe(quotes(iconsFile()));
});

it('shapes become paths', () => {
  expect(strokeOf('path', { d: 'm5 12 7-7 2 1' })).toBe('M5 12l7-7 2 1');
  expect(strokeOf('path', { d: 'm5-12-7-7' })).toBe('M5 -12l-7-7');
  expect(strokeOf('path', { d: 'm16.71 13.88.7.71' })).toBe('M16.71 13.88l.7.71');
  expect(strokeOf('path', { d: 'm15.5 9h3' })).toBe('M15.5 9h3');
  expect(strokeOf('path', { d: 'M5 12 7 7' })).toBe('M5 12 7 7');
  expect(strokeOf('line', { x1: 1, y1: '2', x2: 3, y2: 4 })).toBe('M1 2L3 4');
  expect(strokeOf('polyline', { points: '1 2 3 4' })).toBe('M1 2 3 4');
  expect(strokeOf('circle', { cx: '12', cy: '12', r: '3' })).toBe('M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z');
  expect(strokeOf('rect', { width: 8, height: 4, x: 3, y: 5, rx: 1 })).toBe(
    'M4 5h6a1 1 0 0 1 1 1v2a1 1 0 0 1 -1 1h-6a1 1 0 0 1 -1 -1v-2a1 1 0 0 1 1 -1z'
  );
});
