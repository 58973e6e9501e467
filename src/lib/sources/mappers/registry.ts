import type { MapperDefinition } from '$lib/core/sources';
import type { InboxKind } from '$lib/core/inbox';

// One file a service: adding one is adding a file.
const files = import.meta.glob<{ default: MapperDefinition }>(
  [
    './*.ts',
    '!./registry.ts',
    '!./payload.ts',
    '!./email-events.ts',
    '!./notification.ts',
    '!./newcomer.ts',
    '!./bought.ts',
    '!./*.test.ts'
  ],
  { eager: true }
);

/** What posts mean, by who posts them. */
export const mappers: ReadonlyMap<InboxKind, MapperDefinition> = new Map(
  Object.values(files).map((file) => [file.default.kind, file.default])
);
