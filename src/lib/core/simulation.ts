import type { AutomationSettings, CalendarDuration, Graph } from './graph';
import type { Id } from './ids';
import type { Instant, Milliseconds } from './instants';
import type { EnrolmentStatus, EventFact, JournalEntry, Version } from './rows/automations';
import type { Channel, OutboxStatus } from './rows/messages';
import type { Words } from './words';

/* What the simulator is asked and what it answers: plain data between the worker, where it runs, and the screens. */

/** Who of those in the simulation does something: so many in a hundred of them, by lot, or one. */
export type ScriptWho =
  { readonly of: 'share'; readonly percent: number } | { readonly of: 'contact'; readonly contactId: Id };

/**
 * When: so long after a step was reached (after its message was sent, where it sends one), after the contact entered, after the
 * beginning, or every so many days. `after` null: at once. `spread`: up to so much later, by lot.
 */
export type ScriptWhen =
  | { readonly from: 'step'; readonly stepId: Id; readonly after: CalendarDuration | null; readonly spread: Spread }
  | { readonly from: 'entry' | 'start'; readonly after: CalendarDuration | null; readonly spread: Spread }
  | { readonly from: 'every'; readonly days: number; readonly spread: Spread };
type Spread = CalendarDuration | null;

/** One line of what contacts would do. Properties left out are those of the message that it answers, or the type's own. */
export interface ScriptLine {
  readonly id: Id;
  readonly who: ScriptWho;
  readonly does: { readonly type: string; readonly properties: Readonly<Record<string, unknown>> };
  readonly when: ScriptWhen;
}

/** Whom it is played with; `count` of them at most. `fitting`: those who would enter if the triggers asked now. */
export type SimulatedPeople =
  | { readonly of: 'invented' | 'everybody' | 'fitting'; readonly count: number }
  | { readonly of: 'list' | 'segment'; readonly id: Id; readonly count: number }
  | { readonly of: 'chosen'; readonly ids: readonly Id[] };

/**
 * How they enter: by an event of one of the triggers; directly, whatever the triggers ask; or by what the script and the daily
 * checks bring. `over`: one after another within this span, instead of all at the beginning.
 */
export type SimulatedEntry =
  | {
      readonly by: 'trigger';
      readonly triggerId: Id;
      readonly properties: Readonly<Record<string, unknown>>;
      readonly over: CalendarDuration | null;
    }
  | { readonly by: 'hand'; readonly over: CalendarDuration | null }
  | { readonly by: 'itself' };

/** What runs: the draft as it is saved, or the version in force. */
export type Simulated = 'draft' | 'active';

export interface SimulationRequest {
  readonly automationId: Id;
  readonly runs: Simulated;
  readonly people: SimulatedPeople;
  readonly entry: SimulatedEntry;
  readonly script: readonly ScriptLine[];
  readonly start: Instant;
  /** How long it is followed. */
  readonly days: number;
  /** What is decided by lot follows from it. */
  readonly seed: number;
  /** Whether the other active automations run too, with the journeys these contacts have in them. */
  readonly others: boolean;
}

export const MOST_PEOPLE = 1_000;
export const MOST_DAYS = 365;

export interface SimulatedContact {
  readonly id: Id;
  readonly name: string;
}

export interface SimulatedJourney {
  readonly id: Id;
  readonly contactId: Id;
  readonly status: EnrolmentStatus;
  /** Where it is at the end of the simulation; null: nowhere any more. */
  readonly stepId: Id | null;
  readonly enteredAt: Instant;
  /** The type of the event that let the contact in. */
  readonly enteredBy: string;
  readonly endedAt?: Instant;
  readonly reason?: Words;
  readonly entries: readonly JournalEntry[];
}

/** What somebody did, as the script (`lineId`), the way in or the past said. */
export interface Deed {
  readonly contactId: Id;
  readonly at: Instant;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly lineId: Id | null;
}

/** What would have left. Its content is asked for by its id. */
export interface SimulatedMessage {
  readonly id: Id;
  readonly contactId: Id;
  readonly automationId: Id;
  readonly journeyId: Id;
  readonly stepId: Id;
  readonly channel: Channel;
  readonly title: string;
  readonly status: OutboxStatus;
  readonly at: Instant;
  /** Why it did not leave, or not yet. */
  readonly reason?: Words;
}

export interface Simulation {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
  readonly seed: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly contacts: readonly SimulatedContact[];
  readonly journeys: readonly SimulatedJourney[];
  readonly deeds: readonly Deed[];
  readonly messages: readonly SimulatedMessage[];
  /** Why it ended before its time. */
  readonly cut: Words | null;
  readonly took: Milliseconds;
  /** How many rows it wrote in memory. */
  readonly rows: number;
}

/** How far it has come. */
export interface SimulationProgress {
  readonly at: Instant;
  readonly start: Instant;
  readonly end: Instant;
}

export interface BacktestRequest {
  readonly automationId: Id;
  readonly runs: Simulated;
  /** How many days back; null: as far as there are events that the triggers hear. */
  readonly days: number | null;
}

/** The past gone through again, against what really happened then. */
export interface Backtest {
  readonly simulation: Simulation;
  /** Of this automation and these contacts, as it ran then. */
  readonly really: { readonly entered: number; readonly sent: Readonly<Record<Id, number>> };
  /** Events that were gone through again. */
  readonly events: number;
  /** Answers to messages that would not have been sent: what readers would have done instead cannot be known. */
  readonly unanswered: number;
  /** Contacts that were left out, since there are too many. */
  readonly leftOut: number;
}

/** One line of the journal of a real journey, with what it is about. */
export interface ReplayStep {
  readonly entry: JournalEntry;
  /** The version that it ran on then. */
  readonly versionId: Id;
  readonly event: EventFact | null;
  readonly message: SimulatedMessage | null;
}

/** A real journey, to be gone through again step by step. */
export interface Replay {
  readonly contact: SimulatedContact;
  readonly enteredBy: string;
  readonly versions: readonly Version[];
  readonly steps: readonly ReplayStep[];
}
