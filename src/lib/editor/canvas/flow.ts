import { Position, type Edge, type Node } from '@xyflow/svelte';
import type { Catalogue } from '$lib/core/definitions';
import type { Graph, Note } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { branchName } from '$lib/views/catalogue/units';
import { jumpOf, shownBranches } from '../branches';
import type { Card, Counts, Trail } from '../cards';
import { after, ENTRY, placeKey, stepIn, type Place } from '../places';
import { layout, type Placed, type Shape, type Size } from './layout';
import { CARD_WIDTH, NOTE_WIDTH } from './sizes.svelte';

export const GRID = 8;

export type FlowNode =
  | Node<{ card: Card; isAside: boolean; isHere: boolean }, 'card'>
  | Node<{ note: Note }, 'note'>
  | Node<Record<string, never>, 'end'>
  | Node<{ isFirst: boolean }, 'addTrigger'>;

export type PathData = {
  /** Where a step can be put into this edge; none on jumps. */
  place: Place | null;
  /** Ways in from several triggers share one plus. */
  hasPlus: boolean;
  label: string | null;
  tone: 'good' | 'plain';
  isDashed: boolean;
  count: number;
  /** Of those who came in, who went along it: from 0 to 1. Null where that is not shown. */
  share: number | null;
  isOnTrail: boolean;
  /** In a comparison: the way is new, or there no more. */
  mark?: 'added' | 'removed' | undefined;
};
export type FlowEdge = Edge<PathData, 'path'>;

/** What a comparison adds to a graph: ways that are there no more, and what became of the others. */
export interface Marked {
  readonly ghosts: readonly FlowEdge[];
  readonly markOfWay: (edge: FlowEdge) => PathData['mark'];
}

function marked(edges: readonly FlowEdge[], comparison: Marked | null): FlowEdge[] {
  if (!comparison) return [...edges];
  const shown = edges.map((edge) => {
    const mark = comparison.markOfWay(edge);
    return mark && edge.data ? { ...edge, data: { ...edge.data, mark } } : edge;
  });
  return [...shown, ...comparison.ghosts];
}

/** The node at the end of a branch. */
const endId = (place: Place): string => `end ${placeKey(place)}`;
const ADD_TRIGGER = 'add-trigger';

/** What Svelte Flow draws for a graph: cards, ends and notes with their places, and edges. */
export function flowOf(
  graph: Graph,
  {
    catalogue,
    cards,
    sizes,
    counts,
    trail = null,
    isReadOnly = false,
    comparison = null,
    chosenId,
    place = layout
  }: {
    catalogue: Catalogue;
    cards: ReadonlyMap<Id, Card>;
    sizes: ReadonlyMap<string, Size>;
    counts: Counts;
    trail?: Trail | null;
    isReadOnly?: boolean;
    comparison?: Marked | null;
    chosenId: Id | null;
    place?: (shape: Shape) => Placed;
  }
): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const edges = marked(edgesOf(graph, catalogue, counts, trail), comparison);
  const ends = edges.filter(({ target }) => target.startsWith('end ')).map(({ target }) => target);
  const ids = [...graph.triggers.map(({ id }) => id), ...graph.steps.map(({ id }) => id)];
  const placed = place({
    nodes: [
      ...(graph.triggers.length === 0 ? [{ id: ADD_TRIGGER, size: ADD_TRIGGER_SIZE }] : []),
      ...ids.map((id) => ({ id, size: sizes.get(id) ?? guessedSize(cards.get(id)) })),
      ...ends.map((id) => ({ id, size: END_ROOM }))
    ],
    edges: edges
      .filter(({ data }) => data?.place !== null || data.mark !== undefined)
      .map(({ source, target, data }) => ({ source, target, hasLabel: data?.label !== null }))
  });
  const at = (id: string) => placed.get(id) ?? { x: 0, y: 0 };
  const byHand = new Map(graph.steps.map(({ id, position }) => [id, position]));
  const before = new Map(edges.map(({ source, target }) => [target, source]));
  const fixed = { draggable: false, selectable: false, focusable: false } as const;
  const nodes: FlowNode[] = [
    ...ids.map((id): FlowNode => {
      const card = cards.get(id) as Card;
      const size = sizes.get(id) ?? guessedSize(card);
      return {
        id,
        type: 'card',
        data: { card, isAside: trail !== null && !trail.nodes.has(id), isHere: trail?.at === id },
        position: byHand.get(id) ?? at(id),
        selected: id === chosenId,
        draggable: !isReadOnly && card.kind !== 'trigger',
        measured: size,
        handles: handlesOf(size, card.kind !== 'trigger'),
        focusable: false
      };
    }),
    ...ends.map((id): FlowNode => ({
      id,
      type: 'end',
      data: {},
      position: endPosition(id, before.get(id) ?? '', byHand, at),
      measured: END_SIZE,
      handles: [handle('target', END_SIZE)],
      ...fixed
    })),
    ...graph.notes.map((note): FlowNode => ({
      id: note.id,
      type: 'note',
      data: { note },
      position: note.position,
      measured: sizes.get(note.id) ?? NOTE_SIZE,
      draggable: !isReadOnly,
      focusable: false
    }))
  ];
  if (!isReadOnly) nodes.push(addTriggerNode(graph, nodes, at, fixed));
  return { nodes, edges };
}

const END_SIZE = { width: 12, height: 12 };
/** The name of a branch needs more room than its end. */
const END_ROOM = { width: 104, height: 12 };
const NOTE_SIZE = { width: NOTE_WIDTH, height: 72 };
const ADD_TRIGGER_SIZE = { width: CARD_WIDTH, height: 58 };

/** Until it has been measured. */
function guessedSize(card: Card | undefined): Size {
  const hasBadges = card !== undefined && (card.waiting > 0 || card.sent > 0 || card.problems.length > 0);
  return { width: CARD_WIDTH, height: hasBadges ? 88 : 60 };
}

/** Where edges begin and end, told beforehand: what is out of sight need not be drawn for it. */
function handlesOf(size: Size, hasTarget: boolean): NonNullable<Node['handles']> {
  return [...(hasTarget ? [handle('target', size)] : []), handle('source', size)];
}

/** As the CSS has it: a pixel in the middle of the upper or the lower edge. */
function handle(type: 'target' | 'source', { width, height }: Size): NonNullable<Node['handles']>[number] {
  const [position, y] = type === 'target' ? [Position.Top, 0] : [Position.Bottom, height];
  return { type, position, x: width / 2 - 0.5, y: y - 0.5, width: 1, height: 1 };
}

/** An end hangs below its step, also where that was moved by hand. */
function endPosition(
  id: string,
  source: string,
  byHand: ReadonlyMap<string, { x: number; y: number } | undefined>,
  at: (id: string) => { x: number; y: number }
): { x: number; y: number } {
  const moved = byHand.get(source);
  const x = at(id).x + (END_ROOM.width - END_SIZE.width) / 2;
  if (!moved) return { x, y: at(id).y };
  return { x: moved.x + x - at(source).x, y: moved.y + at(id).y - at(source).y };
}

function addTriggerNode(
  graph: Graph,
  nodes: readonly FlowNode[],
  at: (id: string) => { x: number; y: number },
  fixed: { draggable: false; selectable: false; focusable: false }
): FlowNode {
  const isFirst = graph.triggers.length === 0;
  const lastId = graph.triggers.map(({ id }) => id).sort((left, right) => at(right).x - at(left).x)[0];
  const last = nodes.find(({ id }) => id === lastId);
  const beside = last
    ? { x: last.position.x + CARD_WIDTH + 16, y: last.position.y + (last.measured?.height ?? 58) / 2 - 16 }
    : at(ADD_TRIGGER);
  return {
    id: ADD_TRIGGER,
    type: 'addTrigger',
    data: { isFirst },
    position: isFirst ? at(ADD_TRIGGER) : beside,
    measured: isFirst ? ADD_TRIGGER_SIZE : { width: 32, height: 32 },
    ...fixed
  };
}

function edgesOf(graph: Graph, catalogue: Catalogue, { left, entered }: Counts, trail: Trail | null): FlowEdge[] {
  const fixed = { type: 'path', selectable: false, focusable: false, deletable: false } as const;
  const all = Object.values(entered ?? {}).reduce((sum, count) => sum + count, 0);
  const counted = (count: number) => ({ count, share: entered ? Math.min(1, count / Math.max(1, all)) : null });
  const on = (edge: string) => trail?.edges.has(edge) ?? false;
  const sources = graph.triggers.length === 0 ? [ADD_TRIGGER] : graph.triggers.map(({ id }) => id);
  const entry = sources.map((source, at): FlowEdge => {
    const data: PathData = {
      place: ENTRY,
      hasPlus: at === 0,
      label: null,
      tone: 'plain',
      isDashed: false,
      ...counted(entered?.[source] ?? 0),
      isOnTrail: on(`entry ${source}`)
    };
    return { ...fixed, id: `${source} entry`, source, target: graph.entry ?? endId(ENTRY), data };
  });
  const branches = graph.steps.flatMap((step): FlowEdge[] => {
    const ways = shownBranches(step, catalogue).map(({ branch, isNamed, isDefault }): FlowEdge => {
      const place = after(step.id, branch);
      const data: PathData = {
        place,
        hasPlus: true,
        label: isNamed ? branchName(step.unit, branch, step.fields) : null,
        tone: branch === 'yes' ? 'good' : 'plain',
        isDashed: isDefault,
        ...counted(isNamed || entered ? (left[`${step.id} ${branch}`] ?? 0) : 0),
        isOnTrail: on(placeKey(place))
      };
      return { ...fixed, id: placeKey(place), source: step.id, target: step.next[branch] ?? endId(place), data };
    });
    const jump = jumpOf(step, catalogue);
    if (jump === null || !stepIn(graph, jump)) return ways;
    const data: PathData = {
      place: null,
      hasPlus: false,
      label: null,
      tone: 'plain',
      isDashed: true,
      ...counted(entered ? (left[`${step.id} to`] ?? 0) : 0),
      isOnTrail: on(placeKey(after(step.id, 'to')))
    };
    return [...ways, { ...fixed, id: `${step.id} jump`, source: step.id, target: jump, data }];
  });
  return [...entry, ...branches];
}
