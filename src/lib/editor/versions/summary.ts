import type { VersionDiff } from '$lib/engine/version-diff';
import { m, number } from '$lib/i18n';

/** What differs, counted: a line for each kind of difference. */
export function summaryOf({ nodes, edges, settings }: VersionDiff): string[] {
  const of = (change: string) => nodes.filter((node) => node.change === change).length;
  const said = (count: number, text: (params: { count: number; shown: string }) => string): string[] =>
    count === 0 ? [] : [text({ count, shown: number(count) })];
  return [
    ...said(of('added'), m['editor.changes.added']),
    ...said(of('removed'), m['editor.changes.removed']),
    ...said(of('changed'), m['editor.changes.changed']),
    ...said(nodes.length > 0 ? 0 : edges.length, m['versions.ways']),
    ...said(settings.length, m['versions.settings'])
  ];
}
