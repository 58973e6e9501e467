import type { RemoteDefinition } from './definition';

// One file a kind of remote: adding one is adding a file.
const files = import.meta.glob<{ default: RemoteDefinition }>(
  ['./*.ts', '!./definition.ts', '!./registry.ts', '!./*.test.ts'],
  { eager: true }
);

/** All kinds of remotes, by id. */
export const remotes: ReadonlyMap<string, RemoteDefinition> = new Map(
  Object.values(files)
    .map((file) => file.default)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((remote) => [remote.id, remote])
);
