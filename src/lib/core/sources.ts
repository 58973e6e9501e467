import type { Fetch } from './fetch';
import type { Fields, ValuesOf } from './fields';
import type { GenericMapping } from './generic-mapping';
import type { InboxItem, InboxKind } from './inbox';
import type { Instant, Milliseconds } from './instants';
import type { ServiceDefinition } from './providers';
import type { Result } from './result';
import type { PagePost } from './pages';
import type { OutboxRow, Reaction } from './rows/messages';
import type { Words } from './words';

// Where facts come from: each source, and each kind of post to an inbox, is one declarative value.

/**
 * What a post tells of whoever bought, paid or booked: where nobody has the address yet, it makes a contact. `phone` as it was written,
 * `attributes` by the ids of the workspace's: what it does not have, or does not take so, is left out.
 */
export interface Newcomer {
  readonly phone?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Whoever has the address or, where only that is told, the number as E.164. `email` may be written in any case. */
export type ReachablePerson = { readonly email: string; readonly newcomer?: Newcomer } | { readonly phone: string };

/**
 * A visitor of the user's own site, by the random id of their browser. What says who they are makes all that they do theirs: an address,
 * or the token of a link in an email of ours. `attributes`: by the ids of the workspace's, as the page gave them.
 */
export interface TrackedPerson {
  readonly visitor: string;
  readonly email?: string;
  readonly token?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** The reader of a message, by ids of our own: the message may be gone by now. */
export interface KnownPerson {
  readonly contactId: string;
  readonly outboxId: string;
}

/**
 * A fact from outside. `person` says whose it is: the reader of a message of ours, a visitor of the site, or whoever can be reached so.
 */
export interface IncomingFact {
  readonly type: string;
  readonly occurredAt: Instant;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dedupeKey: string;
  readonly person:
    { readonly messageId: string; readonly email?: string } | TrackedPerson | ReachablePerson | KnownPerson;
}

/**
 * `watermark`: everything that occurred up to it has been read. `more`: read again at once. `strange`: what could not be understood,
 * which is kept in the quarantine.
 */
export type SourceReading = Result<{
  readonly facts: readonly IncomingFact[];
  readonly strange?: readonly Strange[];
  /** What was done on pages of ours, and is more than a fact. */
  readonly handedIn?: readonly HandedIn[];
  /** When each of those who may post to the inbox last did, by the ids in `inboxSources`. */
  readonly heard?: ReadonlyMap<string, Instant>;
  readonly cursor: string | null;
  readonly watermark: Instant;
  readonly more: boolean;
}>;

/** What came from outside and is not as it should be: in ms, and as it came. */
export interface Strange {
  readonly id: string;
  readonly kind: InboxKind;
  readonly receivedAt: Instant;
  readonly contentType: string;
  readonly body: string;
  readonly reason: Words;
}

/** What somebody has done on a page of the workspace, and the post that brought it. */
export type HandedIn = PageDeed & { readonly post: Omit<Strange, 'reason'> };

/** A form that was filled in, or an address that was confirmed. */
export type PageDeed = Exclude<PagePost, { page: 'unsubscribe' }>;

export interface SourceDefinition<F extends Fields = Fields> {
  readonly kind: 'source';
  readonly id: string;
  /** The provider whose accounts it reads: one reading for each account. Or its own service, whose id it then is. */
  readonly provider: string;
  readonly service?: ServiceDefinition<F>;
  /** Event types it may yield: time limits on these wait for its watermark. */
  readonly delivers: readonly string[];
  /** How long between two readings, in ms. */
  readonly every: Milliseconds;
  readonly documentation: string;
  readonly read: (args: {
    fields: ValuesOf<F>;
    cursor: string | null;
    /** Nothing before this instant is of interest. */
    since: Instant;
    now: Instant;
    fetch: Fetch;
    /** What posts to the inbox mean, by the id of who posts: for those of no known vendor. */
    mappings?: ReadonlyMap<string, GenericMapping>;
    /** Of the account that is read, where there is one. */
    accountId?: string;
    /** The Sandbox's mailbox: what readers did after a reaction, and the message meant. */
    mailbox: { reactionsAfter(id: string | null): Promise<readonly { reaction: Reaction; message: OutboxRow }[]> };
  }) => Promise<SourceReading>;
}

export function defineSource<F extends Fields>(definition: Omit<SourceDefinition<F>, 'kind'>): SourceDefinition {
  return { kind: 'source', ...definition } as unknown as SourceDefinition;
}

/**
 * What one kind of post means. Posts that the vendor documents and that tell of nothing here yield no facts; what is not as the vendor
 * documents it is failed with the reason, and waits in the quarantine for somebody to look at it.
 */
export interface MapperDefinition {
  readonly kind: InboxKind;
  /** The brand, the same in all languages. */
  readonly name: string;
  /** Event types that it may yield. */
  readonly delivers: readonly string[];
  /** The vendor's page on its webhooks. */
  readonly documentation: string;
  /** Whether it signs what it posts, with a secret that it shows or asks for. */
  readonly signs: boolean;
  /** `mapping`: the user's own, of a source of no known vendor. */
  readonly facts: (
    item: Pick<InboxItem, 'body' | 'contentType' | 'receivedAt'>,
    mapping?: GenericMapping
  ) => Result<readonly IncomingFact[]>;
}

export function defineMapper(definition: MapperDefinition): MapperDefinition {
  return definition;
}
