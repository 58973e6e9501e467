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
  let made = '';
  let placed: Placed = new Map();
  return (shape) => {
    const key = JSON.stringify(shape);
    if (key !== made) {
      placed = layout(shape);
      made = key;
    }
    return placed;
  };
}

/**
 * Places nodes top-down; returns the top left corner of each. Edges with a label get room for it. The first node keeps its place, so
 * that what is added does not move everything.
 */
export function layout({ nodes, edges }: Shape): Placed {
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
  const at = (id: string) => graph.node(id) as { x: number; y: number };
  const origin = nodes[0] ? at(nodes[0].id).x : 0;
  return new Map(
    nodes.map(({ id, size }) => {
      const { x, y } = at(id);
      return [id, { x: Math.round(x - origin - size.width / 2), y: Math.round(y - size.height / 2) }];
    })
  );
}
