import type { Id } from '$lib/core/ids';
import type { Instant, Milliseconds } from '$lib/core/instants';
import type { Enrolment, JournalBlock, JournalEntry } from '$lib/core/rows/automations';

/** From the first instant, up to and without the second. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** What became of the messages that a step sent within a period: how many were opened, clicked … at any time since. */
export interface MessageStatistics {
  sent: number;
  opened: number;
  clicked: number;
  unsubscribed: number;
  bounced: number;
}

/** What the journal of an automation says of a period, over all its versions. */
export interface PeriodStatistics {
  entered: number;
  completed: number;
  exited: number;
  failed: number;
  /** event type → how many it let in */
  enteredBy: Record<string, number>;
  /** `${stepId} ${branch}` → how often the step was left that way */
  left: Record<string, number>;
  /** Day (`YYYY-MM-DD`) → how many came in and how many reached the end. */
  days: Record<string, { entered: number; completed: number }>;
  /** How long those took, in the middle, who reached the end; null where none did. */
  medianDuration: Milliseconds | null;
  /** By the step that sent. */
  messages: Record<Id, MessageStatistics>;
}

/** The facts about messages that statistics tell, by their event type. */
export const MESSAGE_FACTS = {
  'email.opened': 'opened',
  'email.link_clicked': 'clicked',
  'email.unsubscribed': 'unsubscribed',
  'email.bounced': 'bounced'
} as const;
export type MessageFact = keyof typeof MESSAGE_FACTS;

/** Adds up enrolments, the earlier blocks of their journals and what is known of their messages, in any order. */
export class PeriodCounter {
  private readonly counted: Omit<PeriodStatistics, 'medianDuration'> = {
    entered: 0,
    completed: 0,
    exited: 0,
    failed: 0,
    enteredBy: {},
    left: {},
    days: {},
    messages: {}
  };
  private readonly durations: Milliseconds[] = [];
  /** message id → the step that sent it */
  private readonly stepOf = new Map<string, Id>();
  /** Each fact about a message counts once. */
  private readonly known = new Set<string>();

  /** `dayOf`: the day of an instant where the user lives, as `YYYY-MM-DD`. */
  constructor(
    private readonly period: Period,
    private readonly dayOf: (at: Instant) => string
  ) {}

  enrolment({ event, enteredAt, endedAt, status, sends, entries = [] }: Enrolment): void {
    this.entries(entries);
    if (this.isWithin(enteredAt)) add(this.counted.enteredBy, event.type);
    if (status === 'completed' && endedAt !== undefined && this.isWithin(endedAt))
      this.durations.push(endedAt - enteredAt);
    for (const { stepId, messageId, at } of sends) {
      if (!this.isWithin(at)) continue;
      this.stepOf.set(messageId, stepId);
      this.messagesOf(stepId).sent++;
    }
  }

  block({ entries }: Pick<JournalBlock, 'entries'>): void {
    this.entries(entries);
  }

  /** Whether any message left in the period: without one, no fact about messages needs to be read. */
  get hasMessages(): boolean {
    return this.stepOf.size > 0;
  }

  /** A fact about a message; told after the enrolments. */
  fact(type: MessageFact, messageId: unknown): void {
    if (typeof messageId !== 'string') return;
    const stepId = this.stepOf.get(messageId);
    const key = `${type} ${messageId}`;
    if (stepId === undefined || this.known.has(key)) return;
    this.known.add(key);
    this.messagesOf(stepId)[MESSAGE_FACTS[type]]++;
  }

  result(): PeriodStatistics {
    return { ...this.counted, medianDuration: median(this.durations) };
  }

  private entries(entries: readonly JournalEntry[]): void {
    for (const { at, kind, stepId, branch = 'next' } of entries) {
      if (!this.isWithin(at)) continue;
      if (kind === 'moved') add(this.counted.left, `${stepId ?? ''} ${branch}`);
      else if (kind === 'entered' || kind === 'completed') {
        this.counted[kind]++;
        this.dayAt(at)[kind]++;
      } else if (kind === 'exited' || kind === 'failed') this.counted[kind]++;
    }
  }

  private dayAt(at: Instant): { entered: number; completed: number } {
    return (this.counted.days[this.dayOf(at)] ??= { entered: 0, completed: 0 });
  }

  private messagesOf(stepId: Id): MessageStatistics {
    return (this.counted.messages[stepId] ??= { sent: 0, opened: 0, clicked: 0, unsubscribed: 0, bounced: 0 });
  }

  private isWithin(at: Instant): boolean {
    return at >= this.period.from && at < this.period.to;
  }
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle] ?? null;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
