import type { Milliseconds } from '$lib/core/instants';
import type { Result } from '$lib/core/result';

/** A name under which a remote keeps something: letters, digits, '-', parts joined by '/'. Opaque: says nothing about the user. */
export type RemoteName = string;

/** Where devices of one user leave what they tell each other. What a failure says is worth trying again unless it says what to change. */
export interface Remote {
  /** Creates; never overwrites: 'exists' where there is such a name already. */
  put(name: RemoteName, bytes: Uint8Array): Promise<Result<'stored' | 'exists'>>;
  get(name: RemoteName): Promise<Result<Uint8Array | null>>;
  remove(name: RemoteName): Promise<Result<void>>;
  /** The names of all that lies right in a folder (named in full, without a slash at the end), by name; documents lie in none. */
  list(folder: string): Promise<Result<readonly RemoteName[]>>;
  /**
   * What was put since the cursor (opaque; null: from the beginning). What appears late is told late, never missed. `wait`: ms that the
   * answer may be held back where there is nothing new (remotes that can't hold it answer at once).
   */
  changes(
    cursor: string | null,
    options: { readonly wait: Milliseconds; readonly signal: AbortSignal }
  ): Promise<Result<{ readonly names: readonly RemoteName[]; readonly cursor: string; readonly isMore: boolean }>>;
  /** A small document with its revision; null where there is none. */
  read(name: RemoteName): Promise<Result<{ readonly bytes: Uint8Array; readonly revision: string } | null>>;
  /** Only where the document is still at `over` (null: is not there). */
  write(
    name: RemoteName,
    bytes: Uint8Array,
    over: string | null
  ): Promise<Result<{ readonly revision: string } | 'conflict'>>;
}
