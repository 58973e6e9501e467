import type { SourceDefinition } from '$lib/core/sources';

// One file a source: adding one is adding a file.
const files = import.meta.glob<{ default: SourceDefinition }>(
  ['./*.ts', '!./registry.ts', '!./report.ts', '!./*.test.ts'],
  {
    eager: true
  }
);

/** All sources, by id. */
export const sources: ReadonlyMap<string, SourceDefinition> = new Map(
  Object.values(files)
    .map((file) => file.default)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((source) => [source.id, source])
);
