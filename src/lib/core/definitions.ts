import type { Change } from './changes';
import type { EventType } from './events/define';
import type { Fields, ValuesOf } from './fields';
import type { NewId } from './ids';
import type { Instant } from './instants';
import type { FilterTree } from './filter-tree';
import type { Needs, Related } from './related';
import type { Result } from './result';
import type { Enrolment, EventFact } from './rows/automations';
import type { Contact } from './rows/contacts';
import type { EventRow } from './rows/events';
import type { OutboundRequest, Sender, Template } from './rows/messages';
import type { TableName, WorkspaceView } from './tables';
import type { Words } from './words';

/*
 * The definition API. A unit of the catalogue is one declarative value; palette, forms, validation,
 * help, JSON Schema and the engine's behaviour derive from it. Names and helps are messages made from the id:
 * `catalogue.<id>.name`, `.help`, `.sentence`, `.fields.<field>.label`, `.branches.<branch>`.
 */

export const GROUPS = [
  'contacts', 'forms', 'emails', 'messages', 'ecommerce', 'conversations', 'deals', 'meetings', 'loyalty', 'phone', 'payments',
  'push', 'website', 'custom', 'webhook', 'automations', 'wallet', 'rules'
] as const; // prettier-ignore
export type UnitGroup = (typeof GROUPS)[number];

interface Unit<F extends Fields> {
  /** Stable: it is in users' exported files. */
  readonly id: string;
  readonly group: UnitGroup;
  /** A Lucide name. */
  readonly icon: string;
  readonly version: number;
  readonly fields: F;
  /** Parameters of the sentence on the step's card (`catalogue.<id>.sentence`); null while the settings say nothing yet. */
  readonly sentence?: (args: { fields: ValuesOf<F>; view: WorkspaceView }) => Words | null;
  /** Problems that the fields' schemas and references cannot tell. */
  readonly check?: (args: {
    fields: ValuesOf<F>;
    view: WorkspaceView;
    automationId: string;
  }) => readonly FieldProblem[];
  /** Turns the fields of an older version into this one's. */
  readonly upgrade?: (fields: Readonly<Record<string, unknown>>, from: number) => Record<string, unknown>;
}

export interface FieldProblem {
  readonly field: string;
  readonly words: Words;
}

/** What the user's own data becomes, and the events which that causes. */
export interface Effect {
  readonly changes: readonly Change[];
  readonly events: readonly EventRow[];
}

export interface TriggerDefinition<F extends Fields = Fields, E extends Fields = Fields> extends Unit<F> {
  readonly kind: 'trigger';
  readonly event: EventType<E>;
  /** Beyond the filters of the field `filters`, which the engine tests itself. `nodeId`: the trigger, or the step that waits for it. */
  readonly admits?: (args: {
    fields: ValuesOf<F>;
    properties: ValuesOf<E>;
    automationId: string;
    nodeId: string;
  }) => boolean;
  /** Its events come from no outside cause but from looking at all contacts, day by day: how. */
  readonly daily?: (args: { fields: ValuesOf<F>; view: WorkspaceView }) => DailyCheck;
  /**
   * Contacts that meet it already when the automation is activated; null: nobody can. Left out: whoever has had such an event that
   * met the filters.
   */
  readonly already?: (args: { fields: ValuesOf<F>; view: WorkspaceView }) => FilterTree | null;
  readonly examples: readonly {
    readonly fields: Partial<ValuesOf<F>>;
    readonly properties: Partial<ValuesOf<E>> & Readonly<Record<string, unknown>>;
    readonly enters: boolean;
  }[];
}

/**
 * A look at all contacts at an hour of each day. `each`: whoever is found, each day; `joining`: whoever the check before had not
 * found. After days on which the app was closed, `latest` looks once, `every` makes up for each day, within its grace.
 */
export interface DailyCheck {
  /** `HH:MM` */
  readonly time: string;
  /** IANA; null: the workspace's */
  readonly timeZone: string | null;
  readonly finds: 'each' | 'joining';
  readonly missed: 'latest' | 'every';
  /** Who may be found at all: the scheduler then looks at fewer. Null: anybody. */
  readonly among: FilterTree | null;
  /** What has to be loaded for each contact. */
  readonly needs: (now: Instant) => Needs;
  /**
   * The look of one calendar date, `YYYY-MM-DD`: the properties of the event of a contact that is found, null for others.
   */
  readonly look: (
    date: string,
    now: Instant
  ) => (contact: Contact, related: Related) => Readonly<Record<string, unknown>> | null;
}

/** What a step may look at. `at`: the instant from which it counts (when the step before was due or done); `now`: the clock. */
export interface StepArgs<F extends Fields> {
  readonly fields: ValuesOf<F>;
  readonly contact: Contact;
  /** The event that let the contact in. */
  readonly event: EventFact;
  readonly enrolment: Enrolment;
  readonly stepId: string;
  readonly visit: number;
  /** What it has asked for in `needs`. */
  readonly related: Related;
  readonly view: WorkspaceView;
  readonly at: Instant;
  readonly now: Instant;
  readonly newId: NewId;
}

export interface EmailContent {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a message is made from. */
export interface MessagePlace {
  readonly contact: Contact;
  readonly event: EventFact;
  readonly view: WorkspaceView;
  readonly now: Instant;
}

/** Renders messages; handed in by the composition root (`messages/`). Synchronous, since it runs inside a transaction. */
export interface Render {
  email(
    args: MessagePlace & { template: Template; sender: Sender; kind: 'marketing' | 'transactional' }
  ): Result<EmailContent>;
  text(args: MessagePlace & { liquid: string }): Result<string>;
  /** A promotional one says how to stop. */
  sms(args: MessagePlace & { liquid: string; kind: 'promotional' | 'transactional' }): Result<string>;
}

interface Asking<F extends Fields> {
  /** What has to be loaded before the step can be carried out. */
  readonly needs?: (args: {
    fields: ValuesOf<F>;
    view: WorkspaceView;
    now: Instant;
    automationId: string;
    stepId: string;
  }) => Needs;
}

/** An action on the user's own data: done in the transaction, exactly once. */
export interface OwnAction<F extends Fields> extends Asking<F> {
  readonly apply: (args: StepArgs<F>) => Result<Effect & { readonly words?: Words }>;
}

/** A call to the outside: an outbox row, made later by the dispatcher. */
export interface OutboundAction<F extends Fields> extends Asking<F> {
  readonly request: (args: StepArgs<F> & { readonly render: Render }) => Outgoing;
  /** What the answer changes, beyond the branch it goes by (`sent` or `failed`; what was skipped goes on by `sent`). */
  readonly settle?: (args: StepArgs<F> & { readonly result: Settled }) => Effect;
}

export type Outgoing =
  /** `at`: not before this instant; at once where it is left out. */
  | { readonly send: OutboundRequest; readonly accountId: string | null; readonly at?: Instant }
  | { readonly skip: Words }
  | { readonly fail: Words };

export type Settled =
  /** `at`: when it has left, where that was not just now. */
  | { readonly status: 'sent'; readonly messageId?: string; readonly answer?: unknown; readonly at?: Instant }
  | { readonly status: 'skipped'; readonly reason: Words }
  | { readonly status: 'failed'; readonly reason: Words };

/** A way out that the fields name: the contact goes to that step. */
export interface JumpAction<F extends Fields> {
  readonly leadsTo: (fields: ValuesOf<F>) => string | null;
}

/** Settings, and what the step then does to a contact: run by the tests of every action and rule. */
export interface StepExample<F extends Fields> {
  readonly fields: Partial<ValuesOf<F>>;
  readonly contact?: Partial<Contact>;
  readonly event?: Partial<EventFact>;
  readonly related?: Related;
  /** The branch it leaves by; null when it waits. */
  readonly branch: string | null;
  /** What the contact has become, in part. */
  readonly becomes?: Partial<Contact>;
  /** Tables of the rows that it changes beside the contact, and types of the events that it causes. */
  readonly changes?: readonly TableName[];
  readonly causes?: readonly string[];
}

export type ActionDefinition<F extends Fields = Fields> = Unit<F> & {
  readonly kind: 'action';
  readonly branches: readonly string[];
  readonly examples: readonly StepExample<F>[];
} & (OwnAction<F> | OutboundAction<F> | JumpAction<F>);

/** What a rule may ask beside its arguments: whether an event would let the contact in by this trigger with these settings. */
export interface RuleArgs<F extends Fields> extends StepArgs<F> {
  readonly admits: (trigger: string, fields: Readonly<Record<string, unknown>>, event: EventRow) => boolean;
}

export interface RuleDefinition<F extends Fields = Fields> extends Unit<F>, Asking<F> {
  readonly kind: 'rule';
  readonly branches: (fields: ValuesOf<F>) => readonly string[];
  /** Whether time always passes in it: a loop needs such a step. */
  readonly passesTime: boolean;
  /** A contact arrives. */
  readonly enter: (args: RuleArgs<F>) => RuleOutcome;
  /** The event it waited for, or its instant, has come. */
  readonly wake?: (args: RuleArgs<F> & { readonly cause: WakeCause }) => RuleOutcome;
  readonly examples: readonly StepExample<F>[];
}

/** `unread`: the name of a source that could still deliver the awaited event, but has been unreachable for too long. */
export type WakeCause =
  { readonly by: 'time'; readonly unread?: string } | { readonly by: 'event'; readonly event: EventRow };

/** `at`: the instant from which the next step counts; the present one where it is left out. */
export type RuleOutcome =
  | { readonly branch: string; readonly at?: Instant; readonly words?: Words; readonly eventId?: string }
  | { readonly wait: NonNullable<Enrolment['wait']>; readonly words?: Words }
  /** It must know more first. */
  | { readonly needs: Needs };

export type StepDefinition = ActionDefinition | RuleDefinition;
export type UnitDefinition = TriggerDefinition | StepDefinition;

/** All units, by id. Handed to the engine, which never imports the catalogue. */
export interface Catalogue {
  readonly triggers: ReadonlyMap<string, TriggerDefinition>;
  readonly steps: ReadonlyMap<string, StepDefinition>;
}

type WithoutKind<T> = T extends unknown ? Omit<T, 'kind'> : never;

export function defineTrigger<F extends Fields, E extends Fields>(
  definition: Omit<TriggerDefinition<F, E>, 'kind'>
): TriggerDefinition {
  return { kind: 'trigger', ...definition } as unknown as TriggerDefinition;
}

export function defineAction<F extends Fields>(
  definition: Omit<Unit<F>, never> & {
    readonly branches?: readonly string[];
    readonly examples: readonly StepExample<F>[];
  } & WithoutKind<OwnAction<F> | OutboundAction<F> | JumpAction<F>>
): ActionDefinition {
  const branches = 'request' in definition ? ['sent', 'failed'] : 'leadsTo' in definition ? [] : ['next'];
  return { kind: 'action', branches, ...definition } as unknown as ActionDefinition;
}

export function defineRule<F extends Fields>(definition: Omit<RuleDefinition<F>, 'kind'>): RuleDefinition {
  return { kind: 'rule', ...definition } as unknown as RuleDefinition;
}

/** The branches of a step with these settings, in the order in which they are drawn. */
export function branchesOf(definition: StepDefinition, fields: Readonly<Record<string, unknown>>): readonly string[] {
  return definition.kind === 'rule' ? definition.branches(fields) : definition.branches;
}
