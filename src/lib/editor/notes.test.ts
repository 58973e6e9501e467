import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Note } from '$lib/core/graph';
import { besideTheWay, freeSpot } from './notes';

test('a note is put where it is asked for, and never onto another one', () => {
  expect(freeSpot([], { x: 10.4, y: -3.6 })).toEqual({ x: 10, y: -4 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ x: fc.integer({ min: -200, max: 200 }), y: fc.integer({ min: -200, max: 200 }) })),
      (asked) => {
        const notes: Note[] = [];
        asked.forEach((at, index) => notes.push({ id: `n${index}`, text: '', position: freeSpot(notes, at) }));
        notes.push({ id: 'beside', text: '', position: besideTheWay(notes) });
        const spots = notes.map(({ position }) => `${position.x} ${position.y}`);
        expect(new Set(spots).size).toBe(notes.length);
      }
    )
  );
});
