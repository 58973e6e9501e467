import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';

type SketchKind = 'trigger' | 'action' | 'rule';

export interface SketchNode {
  readonly id: Id;
  readonly kind: SketchKind;
  /** Column and row, from 0. Columns may be halves. */
  readonly x: number;
  readonly y: number;
}

interface Sketch {
  readonly nodes: readonly SketchNode[];
  readonly edges: readonly (readonly [SketchNode, SketchNode])[];
  readonly columns: number;
  readonly rows: number;
}

const TOP = 'trigger';

/** The path of an automation as a small drawing, top-down: a step stands below all that lead to it, and between those it leads to. */
export function sketchOf({ entry, steps }: Pick<Graph, 'entry' | 'steps'>): Sketch {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const nextOf = (id: Id): Id[] => {
    const next = id === TOP ? [entry] : Object.values(byId.get(id)?.next ?? {});
    return [...new Set(next.flatMap((target) => target ?? []))];
  };
  const rows = new Map<Id, number>();
  const fall = (id: Id, row: number): void => {
    // A way back would fall for ever.
    if (row > steps.length || row <= (rows.get(id) ?? -1)) return;
    rows.set(id, row);
    for (const target of nextOf(id)) fall(target, row + 1);
  };
  fall(TOP, 0);

  const placed = new Map<Id, SketchNode>();
  let columns = 0;
  const place = (id: Id): number => {
    const before = placed.get(id);
    if (before) return before.x;
    const node = { id, kind: kindOf(byId.get(id)?.unit), x: 0, y: rows.get(id) ?? 0 };
    placed.set(id, node);
    const own = nextOf(id).filter((target) => !placed.has(target));
    const below = own.map(place);
    node.x = below.length === 0 ? columns++ : (Math.min(...below) + Math.max(...below)) / 2;
    return node.x;
  };
  place(TOP);

  const edges = [...placed.values()].flatMap((node) =>
    nextOf(node.id).flatMap((target) => {
      const below = placed.get(target);
      return below ? [[node, below] as const] : [];
    })
  );
  return { nodes: [...placed.values()], edges, columns, rows: Math.max(...rows.values()) + 1 };
}

function kindOf(unit: string | undefined): SketchKind {
  if (unit === undefined) return 'trigger';
  return unit.startsWith('rule.') ? 'rule' : 'action';
}
