import type { Note } from '$lib/core/graph';

/** How far apart notes are put, in px of the canvas. */
const STEP = 32;

/** The first place from a point on, down to the right, where no other note lies on the very spot. */
export function freeSpot(notes: readonly Note[], { x, y }: { x: number; y: number }): { x: number; y: number } {
  let spot = { x: Math.round(x), y: Math.round(y) };
  const isTaken = ({ position }: Note) => Math.abs(position.x - spot.x) < STEP && Math.abs(position.y - spot.y) < STEP;
  while (notes.some(isTaken)) spot = { x: spot.x + STEP, y: spot.y + STEP };
  return spot;
}

/** Where a note goes that is written beside no canvas: in the column left of the way in, below those that lie there. */
export function besideTheWay(notes: readonly Note[]): { x: number; y: number } {
  return freeSpot(notes, { x: -400, y: 0 });
}
