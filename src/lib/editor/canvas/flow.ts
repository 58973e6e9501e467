import { Position, type Node } from '@xyflow/svelte';
import type { Catalogue } from '$lib/core/definitions';
import type { Graph, Note, StepNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { isTextReady, locale } from '$lib/i18n';
import { jumpOf } from '../branches';
import type { Card, Counts, Trail } from '../cards';
import { keeping, remembering } from '../kept';
import { stepIn } from '../places';
import { rememberedLayout, type Size } from './layout';
import { CARD_WIDTH, NOTE_WIDTH } from './sizes.svelte';
import { allEntered, entryFrom, waysFrom, type FlowEdge, type PathData } from './ways';

export const GRID = 8;

export type FlowNode =
  | Node<{ card: Card; isAside: boolean; isHere: boolean }, 'card'>
  | Node<{ note: Note }, 'note'>
  | Node<Record<string, never>, 'end'>
  | Node<{ isFirst: boolean }, 'addTrigger'>;

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

/** Where ways begin: at triggers, or where the first one is asked for. */
interface Source {
  readonly id: Id;
}
const NO_TRIGGER: Source = { id: 'add-trigger' };

export interface Flow {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

export interface FlowGiven {
  readonly catalogue: Catalogue;
  readonly cards: ReadonlyMap<Id, Card>;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly counts: Counts;
  readonly trail?: Trail | null;
  readonly isReadOnly?: boolean;
  readonly comparison?: Marked | null;
  readonly chosenId: Id | null;
}

const FIXED = { draggable: false, selectable: false, focusable: false } as const;

/**
 * What Svelte Flow draws for a graph: cards, ends and notes with their places, and edges. Nodes and edges that are as they were the time
 * before are the very objects, which Svelte Flow then leaves alone.
 */
export function flowMaker(): (graph: Graph, given: FlowGiven) => Flow {
  const place = rememberedLayout();
  const entryOf = remembering<Source, FlowEdge>();
  const waysOf = remembering<StepNode, FlowEdge[]>();
  const cardNode = remembering<Card, FlowNode>();
  const endNode = remembering<FlowEdge, FlowNode>();
  const noteNode = remembering<Note, FlowNode>();
  const adder = remembering<Source, FlowNode>();
  const keptNodes = keeping<FlowNode>();
  const keptEdges = keeping<FlowEdge>();

  return (
    graph,
    { catalogue, cards, sizes, counts, trail = null, isReadOnly = false, comparison = null, chosenId }
  ) => {
    const around = { catalogue, counts, all: allEntered(counts), trail };
    const sources: readonly Source[] = graph.triggers.length === 0 ? [NO_TRIGGER] : graph.triggers;
    const entries = sources.map((source, at) =>
      entryOf(source, [...Object.values(around), graph.entry, at === 0], () =>
        entryFrom(source.id, graph.entry, at === 0, around)
      )
    );
    const branches = graph.steps.flatMap((step) => {
      const jump = jumpOf(step, catalogue);
      const target = jump !== null && stepIn(graph, jump) ? jump : null;
      const madeWith = [...Object.values(around), target, locale(), isTextReady()];
      return waysOf(step, madeWith, () => waysFrom(step, target, around));
    });
    const edges = marked([...entries, ...branches], comparison);
    const toEnds = edges.filter(({ target }) => target.startsWith('end '));
    const ids = [...graph.triggers.map(({ id }) => id), ...graph.steps.map(({ id }) => id)];
    const placed = place({
      nodes: [
        ...(graph.triggers.length === 0 ? [{ id: NO_TRIGGER.id, size: ADD_TRIGGER_SIZE }] : []),
        ...ids.map((id) => ({ id, size: sizes.get(id) ?? guessedSize(cards.get(id)) })),
        ...toEnds.map(({ target }) => ({ id: target, size: END_ROOM }))
      ],
      edges: edges
        .filter(({ data }) => data?.place !== null || data.mark !== undefined)
        .map(({ source, target, data }) => ({ source, target, hasLabel: data?.label !== null }))
    });
    const at = (id: string) => placed.get(id) ?? NOWHERE;
    const byHand = new Map(graph.steps.map(({ id, position }) => [id, position]));
    const nodes: FlowNode[] = [
      ...ids.map((id): FlowNode => {
        const card = cards.get(id) as Card;
        const size = sizes.get(id);
        const isAside = trail !== null && !trail.nodes.has(id);
        const isHere = trail?.at === id;
        const position = byHand.get(id) ?? at(id);
        const selected = id === chosenId;
        return cardNode(card, [size, isAside, isHere, position, selected, isReadOnly], () => {
          const measured = size ?? guessedSize(card);
          return {
            id,
            type: 'card',
            data: { card, isAside, isHere },
            position,
            selected,
            draggable: !isReadOnly && card.kind !== 'trigger',
            measured,
            handles: handlesOf(measured, card.kind !== 'trigger'),
            focusable: false
          };
        });
      }),
      ...toEnds.map((edge): FlowNode => {
        const { source, target: id } = edge;
        const { x, y } = endPosition(id, source, byHand, at);
        return endNode(edge, [x, y], () => ({
          id,
          type: 'end',
          data: {},
          position: { x, y },
          measured: END_SIZE,
          handles: [handle('target', END_SIZE)],
          ...FIXED
        }));
      }),
      ...graph.notes.map((note): FlowNode => {
        const measured = sizes.get(note.id) ?? NOTE_SIZE;
        return noteNode(note, [measured, isReadOnly], () => ({
          id: note.id,
          type: 'note',
          data: { note },
          position: note.position,
          measured,
          draggable: !isReadOnly,
          focusable: false
        }));
      })
    ];
    if (!isReadOnly) {
      const { x, y } = adderPosition(graph, nodes, at);
      const isFirst = graph.triggers.length === 0;
      nodes.push(adder(NO_TRIGGER, [x, y, isFirst], () => adderAt({ x, y }, isFirst)));
    }
    return { nodes: keptNodes(nodes), edges: keptEdges(edges) };
  };
}

const NOWHERE = { x: 0, y: 0 };
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

/** Beside the last trigger, or where the first one will be. */
function adderPosition(
  graph: Graph,
  nodes: readonly FlowNode[],
  at: (id: string) => { x: number; y: number }
): { x: number; y: number } {
  const lastId = graph.triggers.map(({ id }) => id).sort((left, right) => at(right).x - at(left).x)[0];
  const last = nodes.find(({ id }) => id === lastId);
  if (!last) return at(NO_TRIGGER.id);
  return { x: last.position.x + CARD_WIDTH + 16, y: last.position.y + (last.measured?.height ?? 58) / 2 - 16 };
}

function adderAt(position: { x: number; y: number }, isFirst: boolean): FlowNode {
  return {
    id: NO_TRIGGER.id,
    type: 'addTrigger',
    data: { isFirst },
    position,
    measured: isFirst ? ADD_TRIGGER_SIZE : { width: 32, height: 32 },
    ...FIXED
  };
}
