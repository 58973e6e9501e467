import type { Control } from '$lib/core/fields';
import type { Id } from '$lib/core/ids';
import type { Result } from '$lib/core/result';
import type { SyncConflict } from './conflicts';

/** A kind of remote as its form and its guide need it. */
export interface RemoteKind {
  readonly id: string;
  readonly name: string;
  readonly documentation: string;
  readonly fields: readonly {
    readonly name: string;
    readonly control: Control;
    readonly required: boolean;
    readonly initial: unknown;
  }[];
  /** In their order; `copy`: what is to be put there. Their words: `remotes.<id>.steps.<name>`. */
  readonly steps: readonly { readonly name: string; readonly copy?: string }[];
}

/** A remote of the user's: the id of its kind, and its fields, secret ones in plain. */
export interface RemotePlace {
  readonly remote: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How this device shares a remote with others. How it stands is in the database (`syncStanding`). */
export interface SyncApi {
  /** `origin`: the app's address, as the remote must let it in. */
  kinds(origin: string): Promise<readonly RemoteKind[]>;
  /** Tries all that sync needs there, and says what is there: nothing yet, or a workspace. Refused with what is wrong. */
  examine(place: RemotePlace): Promise<Result<'nothing' | 'workspace'>>;
  /** Begins there, or joins the workspace that is there. `name`: of this device. Refused where the passphrase is not that of what is there. */
  connect(place: RemotePlace, given: { passphrase: string; name: string }): Promise<Result<void>>;
  /** This device goes on alone, with all that it has; nothing is taken from the remote. */
  disconnect(): Promise<Result<void>>;
  /** The place, secrets too: for the link by which another device joins. Refused while keys are locked. */
  place(): Promise<Result<RemotePlace>>;
  /** Where the remote has a new key. */
  openAnew(passphrase: string): Promise<Result<void>>;
  changePassphrase(passphrases: { from: string; to: string }): Promise<Result<void>>;
  /** A new key, of which that device knows nothing. */
  revoke(device: string, passphrase: string): Promise<Result<void>>;
  rename(name: string): Promise<Result<void>>;
  /** Takes over the journeys; where the remote cannot be asked, they run here all the same (`forced`) until it can. */
  runHere(): Promise<Result<void>>;
  /** The user says that this device's clock is right, where others have told of what is ahead of it; then as `now`. */
  trustClock(): Promise<Result<void>>;
  /** Takes in what other devices have told, and tells them what they do not know. */
  now(): Promise<Result<void>>;
  /** Parts of an automation that two devices have written without knowledge of each other: the last one holds until it is chosen. */
  conflicts(automationId: Id): Promise<readonly SyncConflict[]>;
  choose(automationId: Id, side: { pointer: string; stamp: string }): Promise<Result<void>>;
}
