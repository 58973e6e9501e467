import type { Instant } from '$lib/core/instants';
import type { Storage } from '$lib/storage/port';
import type { Remote } from '$lib/sync/remote';
import type { Seal } from '$lib/sync/seal';
import type { Vault } from './vault';

export interface PassParts {
  readonly storage: Storage;
  readonly remote: Remote;
  readonly seal: Seal;
  readonly vault: Vault;
  readonly now: () => Instant;
  /** Whether this device runs the journeys. */
  readonly runs: () => boolean;
  /** A name for a device that nobody has: of small letters and digits. */
  readonly newDevice: () => string;
}
