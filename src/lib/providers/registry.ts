import type { ProviderDefinition } from '$lib/core/providers';

// One file an adapter: adding one is adding a file.
const files = import.meta.glob<{ default: ProviderDefinition }>(['./*/*.ts', '!./**/*.test.ts'], { eager: true });

/** All adapters, by id. */
export const providers: ReadonlyMap<string, ProviderDefinition> = new Map(
  Object.values(files)
    .map((file) => file.default)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((provider) => [provider.id, provider])
);
