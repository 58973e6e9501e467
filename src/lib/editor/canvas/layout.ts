import { Graph, layout as dagreLayout } from '@dagrejs/dagre';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is to be placed, the nodes in the order in which they are met, and where ways lead. */
export interface Shape {
  readonly nodes: readonly { id: string; size: Size }[];
  readonly edges: readonly { source: string; target: string; hasLabel: boolean }[];
}
export type Placed = ReadonlyMap<string, { x: number; y: number }>;

/** A layout that is made anew only for another shape: what is chosen or counted moves nothing, and a large graph takes its time. */
export function rememberedLayout(): (shape: Shape) => Placed {
  let before: { heights: string; ways: string; shape: Shape; made: Laid } | null = null;
  return (shape) => {
    const heights = JSON.stringify(shape.nodes.map(({ size }) => size.height));
    const ways = JSON.stringify([shape.nodes.map(({ id, size }) => [id, size.width]), shape.edges]);
    if (before?.ways !== ways) before = { heights, ways, shape, made: laid(shape) };
    else if (before.heights !== heights)
      before = { heights, ways, shape, made: withHeights(before.made, before.shape, shape) ?? laid(shape) };
    return before.made.placed;
  };
}

/**
 * Places nodes top-down; returns the top left corner of each. Edges with a label get room for it. The first node keeps its place, so
 * that what is added does not move everything.
 */
export function layout(shape: Shape): Placed {
  return laid(shape).placed;
}

/** Where nodes are, and in which row each is. */
interface Laid {
  readonly placed: Placed;
  readonly rows: ReadonlyMap<string, number>;
}

function laid({ nodes, edges }: Shape): Laid {
  const graph = new Graph({ multigraph: true });
  // 'tight-tree': of a tree it makes what the thorough 'network-simplex' does, in half the time.
  graph.setGraph({ rankdir: 'TB', nodesep: 44, ranksep: 56, edgesep: 24, rankalign: 'top', ranker: 'tight-tree' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, size } of nodes) graph.setNode(id, { ...size });
  edges.forEach(({ source, target, hasLabel }, at) => {
    if (graph.hasNode(source) && graph.hasNode(target) && source !== target)
      graph.setEdge(source, target, hasLabel ? { width: 8, height: 40, labelpos: 'c' } : {}, String(at));
  });
  // In the order in which branches are given, rather than in the one with the fewest crossings.
  dagreLayout(graph, { disableOptimalOrderHeuristic: true });
  const at = (id: string) => graph.node(id) as { x: number; y: number; rank: number };
  const origin = nodes[0] ? at(nodes[0].id).x : 0;
  const placed = new Map(
    nodes.map(({ id, size }) => {
      const { x, y } = at(id);
      return [id, { x: Math.round(x - origin - size.width / 2), y: Math.round(y - size.height / 2) }];
    })
  );
  return { placed, rows: new Map(nodes.map(({ id }) => [id, at(id).rank])) };
}

/** Rows of nodes are this far apart: between two of them is one of labels. */
const NEXT_ROW = 2;

/**
 * The layout of a shape of which only heights differ from the one before, as a letter typed may make a card taller: rows move down or
 * up, in a moment. Null where a way passes by rows, whose height it may decide.
 */
function withHeights({ placed, rows }: Laid, before: Shape, now: Shape): Laid | null {
  const rowOf = (id: string) => rows.get(id) ?? 0;
  const isDirect = ({ source, target }: Shape['edges'][number]) =>
    !rows.has(source) || !rows.has(target) || rowOf(target) - rowOf(source) === NEXT_ROW;
  if (!now.edges.every(isDirect)) return null;
  const [were, are] = [tallest(before, rowOf), tallest(now, rowOf)];
  const moved = new Map<number, number>();
  let by = 0;
  for (const row of [...are.keys()].sort((one, other) => one - other)) {
    moved.set(row, by);
    by += (are.get(row) ?? 0) - (were.get(row) ?? 0);
  }
  return {
    rows,
    placed: new Map([...placed].map(([id, { x, y }]) => [id, { x, y: y + (moved.get(rowOf(id)) ?? 0) }]))
  };
}

/** The height of the tallest node of each row. */
function tallest({ nodes }: Shape, rowOf: (id: string) => number): Map<number, number> {
  const heights = new Map<number, number>();
  for (const { id, size } of nodes) heights.set(rowOf(id), Math.max(heights.get(rowOf(id)) ?? 0, size.height));
  return heights;
}
