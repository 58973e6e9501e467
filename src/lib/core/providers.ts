import type { Fetch } from './fetch';
import type { Fields, ValuesOf } from './fields';
import type { Instant, Milliseconds } from './instants';
import type { Result } from './result';
import type { Channel, OutboundRequest } from './rows/messages';
import type { Words } from './words';

// Where messages leave: each provider is one declarative value, from which its form, its test and its sending derive.

/** What a call came to. `unknown`: it may or may not have been accepted. `account`: the whole account is concerned, not this row. */
export type SendResult =
  | { readonly status: 'accepted'; readonly messageId?: string; readonly answer?: unknown }
  | { readonly status: 'rejected'; readonly scope: 'recipient' | 'account'; readonly reason: Words }
  /** `after`: in ms, as the provider asks; null: as our back-off says. `at`: the instant that it names instead. */
  | {
      readonly status: 'retry';
      readonly scope: 'recipient' | 'account';
      readonly after: Milliseconds | null;
      readonly at?: Instant;
      readonly reason: Words;
    }
  | { readonly status: 'unknown'; readonly reason: Words };

/**
 * What a provider knows of a call of ours: the ids of messages that may be the one, newest first. An empty list proves nothing while
 * the report may lag behind. With a reason: it could not be asked.
 */
export type LookUp = { readonly messageIds: readonly string[] } | { readonly reason: Words };

/**
 * What came of taking back a message that was handed over to leave later. `late`: it has left, or cannot be stopped any more. `retry` and
 * `unknown`: ask again; what was taken back already is taken back.
 */
export type CancelResult =
  | { readonly status: 'cancelled' }
  | { readonly status: 'late'; readonly reason: Words }
  | { readonly status: 'retry'; readonly after: Milliseconds | null; readonly at?: Instant; readonly reason: Words }
  | { readonly status: 'unknown'; readonly reason: Words };

/** How a provider takes messages that are to leave later, all in ms. Only whoever can also take them back has this. */
export interface Ahead<F extends Fields = Fields> {
  /** A message is handed over at least so long before it leaves. */
  readonly least: Milliseconds;
  /** And at most so long before. */
  readonly horizon: Milliseconds;
  /** It can be taken back until so long before it leaves. */
  readonly cancelBefore: Milliseconds;
  /** Whether it does so for a sender (of an SMS: name or number; of an email: address). Left out: for all. */
  readonly takesFrom?: (from: string) => boolean;
  /**
   * Takes a message back, by the id with which it was accepted or by the key of its sending. Repeated, it comes to the same. Does not
   * throw for anything that the outside does.
   */
  readonly cancel: (args: {
    fields: ValuesOf<F>;
    messageId: string | undefined;
    key: string;
    fetch: Fetch;
  }) => Promise<CancelResult>;
}

/**
 * How a provider takes several messages in one call, under one key that it remembers for its `idempotencyWindow`. Only whoever says of each
 * message what became of it has this.
 */
export interface Batches<F extends Fields = Fields, C extends Channel = Channel> {
  /** Messages of one call at most. */
  readonly most: number;
  /** Calls of several under way at once: where the app is closed meanwhile, what is in them is in doubt. */
  readonly concurrency: number;
  /** Messages for which it is the same may be in one call; null: it goes by itself. `hasOwnHeaders`: some of its headers name its reader. */
  readonly groupOf: (request: Extract<OutboundRequest, { channel: C }>, hasOwnHeaders: boolean) => string | null;
  /**
   * What became of each, in their order; or one result, which is that of the call: `rejected` for its `recipient`, the call was refused for
   * what is in it, and nothing of it was taken. Does not throw for anything that the outside does.
   */
  readonly send: (args: {
    fields: ValuesOf<F>;
    requests: readonly Extract<OutboundRequest, { channel: C }>[];
    key: string;
    fetch: Fetch;
    now: Instant;
  }) => Promise<SendResult | readonly SendResult[]>;
}

/** What the user can have an account at. */
export interface ServiceDefinition<F extends Fields = Fields> {
  readonly id: string;
  /** The brand, the same in all languages. */
  readonly name: string;
  readonly fields: F;
  /** The vendor's page on the API. */
  readonly documentation: string;
  /** Whether the account works, in words. */
  readonly test: (args: { fields: ValuesOf<F>; fetch: Fetch }) => Promise<Result<Words>>;
}

export interface ProviderDefinition<
  F extends Fields = Fields,
  C extends Channel = Channel
> extends ServiceDefinition<F> {
  readonly kind: 'provider';
  readonly channel: C;
  /** How long the provider remembers an idempotency key, in ms; null: it has none. */
  readonly idempotencyWindow: Milliseconds | null;
  /** Calls under way at once. */
  readonly concurrency: number;
  /** Whether the content stays in the outbox after sending: the Sandbox's mailbox. */
  readonly keepsContent?: boolean;
  /** Its API answers no calls from web pages (CORS): they go through the user's relay. */
  readonly refusesBrowsers?: true;
  /** Left out: it takes no messages that leave later, or cannot take them back. */
  readonly ahead?: Ahead<F>;
  /** Left out: it takes one message a call. */
  readonly batches?: Batches<F, C>;
  /**
   * Fields of kind secret arrive decrypted. `leavesAt`: where `ahead` allows it, the provider lets the message leave then. Does not
   * throw for anything that the outside does.
   */
  readonly send: (args: {
    fields: ValuesOf<F>;
    request: Extract<OutboundRequest, { channel: C }>;
    key: string;
    fetch: Fetch;
    now: Instant;
    leavesAt?: Instant | undefined;
  }) => Promise<SendResult>;
  /**
   * Looks for a call whose answer was lost: made at `since` or after. What it finds settles the matter; what it does not find is the
   * user's to decide.
   */
  readonly lookUp?: (args: {
    fields: ValuesOf<F>;
    request: Extract<OutboundRequest, { channel: C }>;
    key: string;
    since: Instant;
    now: Instant;
    fetch: Fetch;
  }) => Promise<LookUp>;
}

export function defineProvider<F extends Fields, const C extends Channel>(
  definition: Omit<ProviderDefinition<F, C>, 'kind'>
): ProviderDefinition {
  return { kind: 'provider', ...definition } as unknown as ProviderDefinition;
}
