import Dexie, { type Table } from 'dexie';
import type { BackupSchedule } from '$lib/core/backup';
import type { SealingKey } from '../keys/ciphers';

/** What the device's key and the passphrase's key are kept as; see `keys.ts`. */
export interface KeptKey {
  readonly id: string;
  readonly [part: string]: unknown;
}

interface CurrentName {
  readonly id: 'workspace';
  readonly name: string;
  /** Another one wherever the browser has begun anew with empty databases. Absent in what older versions of the app have written. */
  readonly birth?: string;
  /** A database that is being restored into: swept away on opening if it never became the current one. */
  readonly incoming?: string;
  /** Databases that were replaced, until they are deleted. */
  readonly outgoing?: readonly string[];
}

/** Backups that are saved by themselves; see `worker/backup/scheduled.ts`. */
export interface KeptSchedule extends BackupSchedule {
  readonly id: 'schedule';
  /** Where they go; null: nowhere, the person is reminded, unless `isShared`. */
  readonly folder: FileSystemDirectoryHandle | null;
  /** They go to the remote that devices share, under its key. */
  readonly isShared?: boolean;
  /** The id of the one that was begun there, and is not known to be whole or gone. */
  readonly begun?: string | null;
  /** That of the key under which the last one lies there. */
  readonly generation?: number;
  /** What they are encrypted under; null: they are not. */
  readonly key: SealingKey | null;
}

const META = 'ricochet-meta';
const FIRST = 'ricochet-1';

/**
 * The tiny database that says which database is the workspace, and holds the keys of this device. Replacing the workspace is
 * changing that name.
 */
export class MetaDatabase extends Dexie {
  declare readonly names: Table<CurrentName, string>;
  declare readonly keys: Table<KeptKey, string>;
  declare readonly backups: Table<KeptSchedule, string>;

  constructor(name: string = META) {
    super(name, { cache: 'disabled', chromeTransactionDurability: 'strict' });
    this.version(1).stores({ names: 'id', keys: 'id' });
    this.version(2).stores({ backups: 'id' });
  }

  /** The name of the workspace's database. The first call settles it. */
  async currentName(): Promise<string> {
    const current = await this.names.get('workspace');
    return current?.name ?? (await this.#change((before) => before)).name;
  }

  /** What tells this workspace's place on the disk from one that the browser began anew; a restore keeps it. */
  async birth(): Promise<string> {
    const current = (await this.names.get('workspace')) ?? (await this.#change((before) => before));
    return current.birth ?? current.name;
  }

  /** Remembers that a database is being filled, so that it can be swept away if that never ends. */
  async announce(incoming: string): Promise<void> {
    await this.#change((before) => ({ ...before, incoming }));
  }

  /** The database that was announced is gone again. */
  async retract(name: string): Promise<void> {
    await this.#change(({ incoming, ...before }) =>
      incoming === undefined || incoming === name ? before : { ...before, incoming }
    );
  }

  /** From now on the workspace is the announced database. Returns the name of the one before. */
  async switchTo(name: string): Promise<string> {
    let replaced = '';
    await this.#change(({ incoming: _, ...before }) => {
      replaced = before.name;
      return { ...before, name, outgoing: [...(before.outgoing ?? []), before.name] };
    });
    return replaced;
  }

  /** Deletes databases that were replaced, or filled in part by a restore that was interrupted. */
  async sweep(): Promise<void> {
    const current = await this.names.get('workspace');
    const leftovers = [...(current?.outgoing ?? []), ...(current?.incoming ? [current.incoming] : [])];
    for (const name of leftovers) if (name !== current?.name) await Dexie.delete(name);
    if (leftovers.length > 0) await this.#change(({ incoming: _, outgoing: __, ...rest }) => rest);
  }

  #change(next: (before: CurrentName) => CurrentName): Promise<CurrentName> {
    return this.transaction('rw', this.names, async () => {
      const after = next((await this.names.get('workspace')) ?? first());
      await this.names.put(after);
      return after;
    });
  }
}

const first = (): CurrentName => ({ id: 'workspace', name: FIRST, birth: crypto.randomUUID() });
