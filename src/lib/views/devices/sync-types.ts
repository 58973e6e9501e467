import type { engine } from '$lib/app/engine';

type Sync = ReturnType<typeof engine>['sync'];

/** A kind of remote, as its form and its guide need it. */
export type RemoteKind = Awaited<ReturnType<Sync['kinds']>>[number];
/** A remote of the user's, secret fields in plain. */
export type RemotePlace = Parameters<Sync['examine']>[0];
/** Both sides of one part of an automation. */
export type SyncConflict = Awaited<ReturnType<Sync['conflicts']>>[number];
/** What a device gives to connect. */
export type Given = Parameters<Sync['connect']>[1];
