import type { Catalogue, Render } from '$lib/core/definitions';
import type { ProviderDefinition } from '$lib/core/providers';
import type { SourceDefinition } from '$lib/core/sources';
import type { Fetch } from '$lib/core/fetch';
import type { Given, NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { PageLanguage, SiteTexts } from '$lib/core/pages';
import type { FormType } from '$lib/core/rows/forms';
import type { Timers } from '$lib/core/timers';
import type { ConfirmationTexts } from '$lib/messages/confirmation';
import type { AnswerTexts } from '$lib/records/forms';
import type { Durability, Storage, Transaction } from '$lib/storage/port';

/** What the composition root puts together: the app with the platform's clock and network, a test or the simulation with its own. */
export interface Parts {
  readonly storage: Storage;
  readonly catalogue: Catalogue;
  readonly providers: ReadonlyMap<string, ProviderDefinition>;
  readonly sources: ReadonlyMap<string, SourceDefinition>;
  readonly render: Render;
  /** What the relay's public pages say. */
  readonly pageTexts: (language: PageLanguage) => SiteTexts;
  /** What emails that ask for a confirmation say. */
  readonly confirmationTexts: (language: PageLanguage, type: FormType) => ConfirmationTexts & AnswerTexts;
  readonly fetch: Fetch;
  readonly now: () => Instant;
  readonly timers: Timers;
  readonly newId: NewId;
  readonly isOnline: () => boolean;
  /** The value of a secret; null where it is gone, or locked. */
  readonly openSecret: (id: string) => Promise<string | null>;
}

export function givenBy({ now, newId }: Pick<Parts, 'now' | 'newId'>): Given {
  return { now: now(), newId };
}

/** Runs a transaction of the engine. */
export type Transact = <T>(work: (transaction: Transaction) => Promise<T>, durability?: Durability) => Promise<T>;
