import type { Graph } from '$lib/core/graph';
import { words, type Words } from '$lib/core/words';

/** What a draft changes against the version that runs, counted. */
export function versionChanges(before: Graph | undefined, after: Graph): Words[] {
  if (!before) return [];
  const old = new Map([...before.triggers, ...before.steps].map((node) => [node.id, JSON.stringify(shape(node))]));
  const nodes = [...after.triggers, ...after.steps];
  const now = new Set(nodes.map(({ id }) => id));
  const added = nodes.filter(({ id }) => !old.has(id)).length;
  const removed = [...old.keys()].filter((id) => !now.has(id)).length;
  const changed = nodes.filter((node) => old.has(node.id) && old.get(node.id) !== JSON.stringify(shape(node))).length;
  const said = (key: string, count: number): Words[] =>
    count === 0 ? [] : [words(`editor.changes.${key}`, { count, shown: String(count) })];
  return [...said('added', added), ...said('removed', removed), ...said('changed', changed)];
}

/** Where a card lies changes nothing. */
function shape(node: Graph['triggers'][number] | Graph['steps'][number]): unknown {
  return { unit: node.unit, fields: node.fields, next: 'next' in node ? node.next : null };
}
