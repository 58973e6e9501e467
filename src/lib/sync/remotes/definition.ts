import type { Fields, ValuesOf } from '$lib/core/fields';
import type { Remote } from '../remote';

/** As `fetch` of the platform. */
export type RemoteFetch = (url: string, init: RequestInit) => Promise<Response>;

/** One thing to be done at the remote before it can be used, and what is to be copied there, for an app at this origin. */
export interface SetUpStep {
  readonly name: string;
  readonly copy?: (origin: string) => string;
}

/** A kind of place where devices of one user leave what they tell each other: from it derive its form, its guide and the adapter. */
export interface RemoteDefinition<F extends Fields = Fields> {
  readonly id: string;
  /** The brand, the same in all languages. */
  readonly name: string;
  readonly fields: F;
  /** The vendor's page on what web pages need there. */
  readonly documentation: string;
  /** Their words are the messages `remotes.<id>.steps.<name>`. */
  readonly steps: readonly SetUpStep[];
  /** Fields of kind secret arrive decrypted. Calls nobody yet. */
  readonly connect: (fields: ValuesOf<F>, fetch: RemoteFetch) => Remote;
}

export function defineRemote<F extends Fields>(definition: RemoteDefinition<F>): RemoteDefinition {
  return definition as unknown as RemoteDefinition;
}
