import type { CardKind } from '../cards';
import type { FlowNode } from './flow';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the small map shows: a part of the canvas of its own proportions, and of each kind of card one path. */
export interface MapDrawing {
  readonly view: Box;
  /** Where the cards are. */
  readonly bounds: Box;
  readonly paths: ReadonlyMap<CardKind, string>;
}

/** Cards are shown at least so large, in px of the map: of hundreds they would be specks. */
const SMALLEST = 2;
const MARGIN = 6;

/** `room`: how large the map is, in px. Svelte Flow's own draws a component for every node, which is felt with hundreds. */
export function drawMap(nodes: readonly FlowNode[], room: { width: number; height: number }): MapDrawing {
  const cards = nodes.filter((node) => node.type === 'card').map((node) => ({ kind: node.data.card.kind, ...boxOf(node) })); // prettier-ignore
  const left = Math.min(...cards.map(({ x }) => x), 0);
  const top = Math.min(...cards.map(({ y }) => y), 0);
  const right = Math.max(...cards.map(({ x, width }) => x + width), left + 1);
  const bottom = Math.max(...cards.map(({ y, height }) => y + height), top + 1);
  const scale = Math.max((right - left) / (room.width - 2 * MARGIN), (bottom - top) / (room.height - 2 * MARGIN));
  const [width, height] = [room.width * scale, room.height * scale];
  const view = { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height };
  const bounds = { x: left, y: top, width: right - left, height: bottom - top };
  const paths = new Map<CardKind, string>();
  for (const card of cards) {
    const [w, h] = [Math.max(card.width, SMALLEST * scale), Math.max(card.height, SMALLEST * scale)].map(Math.round);
    const rectangle = `M${Math.round(card.x)} ${Math.round(card.y)}h${w}v${h}h-${w}z`;
    paths.set(card.kind, (paths.get(card.kind) ?? '') + rectangle);
  }
  return { view, bounds, paths };
}

function boxOf({ position, measured }: FlowNode): Box {
  return { ...position, width: measured?.width ?? 0, height: measured?.height ?? 0 };
}
