import { update, type Change } from '$lib/core/changes';
import type { Given } from '$lib/core/ids';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import { wakeKey } from '$lib/core/wakes';
import { words } from '$lib/core/words';
import { joinNeeds, needsNothing, type Needs, type Related } from '$lib/core/related';
import type { Rotation } from '$lib/core/rows/crm';
import type { OutboxRow } from '$lib/core/rows/messages';
import { advance, ended } from '$lib/engine/advance';
import { withoutAhead } from '$lib/engine/ahead';
import type { Advanced, Cause, Surroundings } from '$lib/engine/causes';
import {
  decisive,
  enrolmentId,
  enrolmentPrefix,
  factOf,
  lapOf,
  MOST_LAPS,
  newEnrolment,
  nextOccurrence,
  reentryKey
} from '$lib/engine/enrolments';
import { isHeard, listenersOf, matchingNeeds, type Listeners } from '$lib/engine/listeners';
import { admits, interruption, isAwaited } from '$lib/engine/match';
import type { Transaction } from '$lib/storage/port';
import { addConcerned, limitsIn, noneConcerned, recallUnmeant } from './ahead';
import { countedChanges } from './counting';
import { earned } from './earning';
import { formerJourneys } from './former';
import { withFreeBlocks } from './journal-blocks';
import { keptEvents } from './keeping';
import { onTheirWay } from './on-their-way';
import type { Parts } from './parts';
import { loadRelated } from './related';
import { Touched } from './touched';

export interface TurnInput {
  /** The user's own data, changed along with the events. */
  readonly changes?: readonly Change[];
  /** New events, to be kept and matched. */
  readonly events?: readonly EventRow[];
  /** Events that another tab has kept, to be matched now. */
  readonly kept?: readonly EventRow[];
  /** Enrolments that move by themselves. */
  readonly moves?: readonly { readonly enrolment: Enrolment; readonly cause: Cause }[];
}

/** Events that events cause: a chain longer than this, within one instant, is a loop between automations. */
const LONGEST_CHAIN = 100;

/**
 * One turn of the engine inside one transaction: keeps and matches events, moves enrolments, and does the same with the events
 * which that causes, until nothing more happens at this instant. Data, events, enrolments, journal, statistics and outbox are
 * committed together or not at all.
 */
export async function turn(transaction: Transaction, input: TurnInput, parts: Requirements): Promise<void> {
  await new Turn(transaction, parts).run(input);
}

/** Whether anything listens to events of this type; what nobody hears need not be matched. */
export function heardIn(view: WorkspaceView, parts: Pick<Parts, 'catalogue'>, eventType: string): boolean {
  return isHeard(listenersOf(view, parts.catalogue), eventType);
}

/** An enrolment that cannot go on without more of what belongs to its contact. */
interface NeedyMove {
  readonly enrolment: Enrolment;
  readonly cause: Cause;
  readonly needs: Needs;
}

/** Without providers nothing is handed over ahead. */
type Requirements = Pick<Parts, 'catalogue' | 'render'> & Partial<Pick<Parts, 'providers'>> & Given;

class Turn {
  private view!: WorkspaceView;
  private listeners!: Listeners;
  private readonly contacts = new Map<string, Contact | undefined>();
  private readonly touched = new Touched();
  /** Whose turn it was in the rotations that were met: one of them concerns many contacts. */
  private rotations: ReadonlyMap<string, Rotation> = new Map();
  /** Messages that journeys have handed over, as far as they have come to their step. */
  private outbox: ReadonlyMap<string, OutboxRow | null> = new Map();
  /** What may make a message unwanted that is handed over already. */
  private readonly concerned = noneConcerned();
  /** What filters on the way in, out and back look at, of the contacts of the events that are being matched. */
  private related: (contactId: string) => Related = () => ({});
  private pending: Change[] = [];
  private caused: EventRow[] = [];
  /** How many of these are kept already. */
  private keptOfCaused = 0;

  constructor(
    private readonly transaction: Transaction,
    private readonly parts: Requirements
  ) {}

  async run({ changes = [], events = [], kept = [], moves = [] }: TurnInput): Promise<void> {
    addConcerned(this.concerned, changes);
    await this.transaction.apply([
      ...changes,
      ...kept.map(({ id, contactId }) => update('events', id, { unmatched: contactId === null ? 2 : undefined })),
      ...(await keptEvents(this.transaction, events))
    ]);
    this.view = await this.transaction.view();
    this.listeners = listenersOf(this.view, this.parts.catalogue);
    await this.moveAll(moves);
    await this.commitRound();
    let ahead = [...kept, ...events, ...this.takeCaused()];
    for (let length = 0; ahead.length > 0; length++) {
      if (length > LONGEST_CHAIN) {
        this.pauseEndless();
        break;
      }
      await this.match(ahead);
      await this.commitRound();
      ahead = this.takeCaused();
    }
    await this.finish();
  }

  /** Automations that set each other off at one instant would never come to an end: they are paused, and say so. */
  private pauseEndless(): void {
    for (const id of this.touched.enteredOften(LONGEST_CHAIN / 10)) this.pause(id);
  }

  private pause(automationId: string): void {
    const problem = words('words.automation.endless');
    this.pending.push(update('automations', automationId, { status: 'paused', problem, updatedAt: this.parts.now }));
    this.concerned.automations.add(automationId);
  }

  private takeCaused(): EventRow[] {
    const caused = this.caused;
    this.caused = [];
    this.keptOfCaused = 0;
    return caused;
  }

  /** What this round changed, so that the next round's queries see it. */
  private async commitRound(): Promise<void> {
    const kept = await keptEvents(this.transaction, this.caused.slice(this.keptOfCaused));
    this.keptOfCaused = this.caused.length;
    const changes = [...this.pending, ...kept];
    this.pending = [];
    await this.transaction.apply(await withFreeBlocks(this.transaction, changes));
  }

  private async moveAll(moves: NonNullable<TurnInput['moves']>): Promise<void> {
    await this.loadContacts(moves.map(({ enrolment }) => enrolment.contactId));
    for (const { enrolment } of moves) this.touched.meet(enrolment);
    await this.advanceAll(moves.flatMap(({ enrolment, cause }) => this.tryAdvance(enrolment, cause, {}) ?? []));
  }

  /** What they need is loaded for all of them at once; two journeys of one contact go one after the other. */
  private async advanceAll(needy: readonly NeedyMove[]): Promise<void> {
    for (let ahead = needy; ahead.length > 0;) {
      const first = new Map(ahead.map((move) => [move.enrolment.contactId, move]).reverse() as [string, NeedyMove][]);
      const now = [...first.values()].reverse();
      const later = ahead.filter((move) => first.get(move.enrolment.contactId) !== move);
      const related = await this.load(now);
      const still = now.flatMap((move) => {
        const again = this.tryAdvance(move.enrolment, move.cause, related(move.enrolment.contactId));
        return again === null ? [] : [{ ...again, needs: joinNeeds(move.needs, again.needs) }];
      });
      ahead = [...still, ...later];
    }
  }

  /** What has changed so far is written first, so that it is seen. */
  private async load(moves: readonly NeedyMove[]): Promise<(contactId: string) => Related> {
    await this.commitRound();
    const needs = joinNeeds(...moves.map((move) => move.needs));
    const missing = (needs.rotations ?? []).filter((id) => !this.rotations.has(id));
    const stored = await this.transaction.getMany('rotations', missing);
    this.rotations = new Map([
      ...this.rotations,
      ...missing.map((id, at) => [id, stored[at] ?? { id, counts: {} }] as const)
    ]);
    await this.loadOutbox(needs.outbox ?? []);
    const contacts = moves.flatMap(({ enrolment }) => this.contacts.get(enrolment.contactId) ?? []);
    return loadRelated(this.transaction, contacts, needs);
  }

  private async loadOutbox(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = await this.transaction.getMany('outbox', ids);
    const away = await onTheirWay(this.transaction);
    const shown = (row: OutboxRow | undefined): OutboxRow | null =>
      row?.status === 'queued' && away.has(row.id) ? { ...row, status: 'sending' } : (row ?? null);
    this.outbox = new Map([...this.outbox, ...ids.map((id, at) => [id, shown(rows[at])] as const)]);
  }

  /** Events in their order. Nothing is awaited that does not read: Dexie loses its transaction over a long row of such awaits. */
  private async match(events: readonly EventRow[]): Promise<void> {
    const heard = events.filter(({ type, contactId }) => contactId !== null && isHeard(this.listeners, type));
    if (heard.length === 0) return;
    await this.loadContacts(heard.flatMap(({ contactId }) => contactId ?? []));
    await this.earn(heard.filter(({ type }) => this.listeners.earning.has(type)));
    await this.loadAwaiting(heard);
    await this.loadLatest(heard);
    await this.loadAsked(heard);
    for (const event of heard) {
      const contact = this.contacts.get(event.contactId ?? '');
      if (!contact) continue;
      await this.advanceAll(this.wokenBy(event, contact));
      await this.advanceAll(this.enteredBy(event));
    }
  }

  /** What events earn is there before any automation hears of them. */
  private async earn(events: readonly EventRow[]): Promise<void> {
    if (events.length === 0) return;
    const { now, newId } = this.parts;
    const effect = await earned(this.transaction, events, this.contacts, this.view, { now, newId });
    this.pending.push(...effect.changes);
    this.caused.push(...effect.events);
    await this.commitRound();
  }

  /** Wakes, ends and restarts journeys; returns the moves that need the contact's events first. */
  private wokenBy(event: EventRow, contact: Contact): NeedyMove[] {
    const { now } = this.parts;
    return this.touched.awaiting(contact.id, event.type).flatMap((enrolment): NeedyMove | never[] => {
      const version = this.view.versions.get(enrolment.versionId);
      if (!version || enrolment.status !== 'waiting' || enrolment.event.id === event.id) return [];
      const interrupted = interruption(version, event, contact, this.related(contact.id), this.view, now);
      if (interrupted === 'exit') {
        this.take(ended(enrolment, { now, contact }, 'exited', words('words.engine.exit_condition'), event.id));
        return [];
      }
      if (interrupted === 'restart') {
        const lap = lapOf(enrolment, event, now);
        if (lap <= MOST_LAPS) return this.tryAdvance(this.restarted(enrolment, event, lap), { by: 'entry' }, {}) ?? [];
        this.pause(enrolment.automationId);
        return [];
      }
      if (!isAwaited(enrolment, event) || !this.isRunning(enrolment)) return [];
      return this.tryAdvance(enrolment, { by: 'event', event }, {}) ?? [];
    });
  }

  /** Back to the first step, as if it had just entered; what it had done stays done. */
  private restarted(enrolment: Enrolment, event: EventRow, lap: number): Enrolment {
    const { wait: _wait, dueAt: _dueAt, wakes: _wakes, lap: _lap, ...rest } = withoutAhead(enrolment);
    const { now } = this.parts;
    this.touched.note(enrolment.id, [{ at: now, kind: 'restarted', stepId: enrolment.stepId, eventId: event.id }]);
    return {
      ...rest,
      status: 'active',
      stepId: null,
      since: now,
      moves: 0,
      event: factOf(event),
      sends: [],
      ...(lap === 0 ? {} : { lap })
    };
  }

  private enteredBy(event: EventRow): NeedyMove[] {
    const { now } = this.parts;
    return (this.listeners.entrances.get(event.type) ?? []).flatMap((entrance): NeedyMove | never[] => {
      const contact = this.contacts.get(event.contactId ?? '');
      if (!contact || !admits(entrance, event, contact, this.related(contact.id), this.view, now)) return [];
      const { automation, version } = entrance;
      const { reentry } = version.settings;
      const key = reentryKey(reentry, event);
      const been = this.touched.been(enrolmentPrefix(automation.id, contact.id, key));
      const occurrence = nextOccurrence(reentry, been, now, this.timeZone());
      if (occurrence === null) return [];
      const lap = lapOf(decisive(been), event, now);
      if (lap > MOST_LAPS) {
        this.pause(automation.id);
        return [];
      }
      const id = enrolmentId(automation.id, contact.id, key, occurrence);
      const enrolment = newEnrolment(id, version, contact, event, { now, lap });
      this.touched.begin(enrolment);
      return this.tryAdvance(enrolment, { by: 'entry' }, {}) ?? [];
    });
  }

  /** Null when it has advanced; else the move with what it needs. A bug harms it alone. */
  private tryAdvance(enrolment: Enrolment, cause: Cause, loaded: Related): NeedyMove | null {
    const contact = this.contacts.get(enrolment.contactId);
    // Hidden within this turn: the journey is held, and goes with its contact.
    if (!contact || (contact.hiddenAt !== undefined && cause.by === 'time')) return null;
    const { catalogue, render, now, newId, providers } = this.parts;
    const related = { ...loaded, rotations: this.rotations, outbox: this.outbox };
    const surroundings: Surroundings = {
      ...{ catalogue, view: this.view, render, now, newId, contact, related },
      ...(providers ? { ahead: limitsIn(this.view, providers) } : {})
    };
    try {
      const outcome = advance(enrolment, cause, surroundings);
      if ('needs' in outcome) return { enrolment, cause, needs: outcome.needs };
      if (outcome.related?.rotations) this.rotations = outcome.related.rotations;
      this.take(outcome);
    } catch (error) {
      console.error(error);
      const problem = error instanceof Error ? error.name : 'unknown';
      this.take(ended(enrolment, surroundings, 'failed', words('words.engine.bug', { problem })));
    }
    return null;
  }

  private take({ enrolment, contact, changes, events, entries }: Advanced): void {
    this.touched.remember(enrolment);
    this.contacts.set(contact.id, contact);
    this.pending.push(...changes);
    this.caused.push(...events);
    this.touched.note(enrolment.id, entries);
    addConcerned(this.concerned, changes);
  }

  private isRunning({ automationId }: Enrolment): boolean {
    return this.view.automations.get(automationId)?.status === 'active';
  }

  private async loadContacts(ids: readonly string[]): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.contacts.has(id));
    if (missing.length === 0) return;
    const found = await this.transaction.getMany('contacts', missing);
    for (const [index, id] of missing.entries()) this.contacts.set(id, found[index]);
  }

  /** The enrolments that these events may wake, end or restart. */
  private async loadAwaiting(events: readonly EventRow[]): Promise<void> {
    const keys = new Set(
      events
        .filter(({ type }) => this.listeners.awaited.has(type))
        .map(({ contactId, type }) => wakeKey(contactId ?? '', type))
    );
    if (keys.size === 0) return;
    for (const enrolment of await this.transaction.query('enrolments', { index: 'wakes', anyOf: [...keys] }))
      this.touched.meet(enrolment);
  }

  /** The latest journey of each contact through each automation that it may enter. */
  private async loadLatest(events: readonly EventRow[]): Promise<void> {
    const byId = new Set<string>();
    const byPrefix = new Set<string>();
    for (const event of events) {
      for (const { automation, version } of this.listeners.entrances.get(event.type) ?? []) {
        const key = reentryKey(version.settings.reentry, event);
        const prefix = enrolmentPrefix(automation.id, event.contactId ?? '', key);
        if (this.touched.knows(prefix)) continue;
        if (version.settings.reentry.mode === 'after_leaving') byPrefix.add(prefix);
        else byId.add(enrolmentId(automation.id, event.contactId ?? '', key, 0));
      }
    }
    const [found, latest] = await Promise.all([
      byId.size === 0 ? [] : this.transaction.getMany('enrolments', [...byId]),
      Promise.all(
        [...byPrefix].map((prefix) =>
          this.transaction.query('enrolments', { from: prefix, to: `${prefix}~`, reverse: true, limit: 1 })
        )
      )
    ]);
    for (const enrolment of [...found, ...latest.flat()]) if (enrolment) this.touched.meet(enrolment);
    const contacts = events.map(({ contactId }) => this.contacts.get(contactId ?? ''));
    for (const [prefix, former] of await formerJourneys(this.transaction, contacts))
      for (const enrolment of former) this.touched.meetFormer(prefix, enrolment);
  }

  /** What the filters look at by which these events let in, end and restart. */
  private async loadAsked(events: readonly EventRow[]): Promise<void> {
    const types = new Set(events.map(({ type }) => type));
    const needs = joinNeeds(
      ...[...types].map((type) => matchingNeeds(this.listeners, type, this.view, this.parts.now))
    );
    const contacts = [...new Set(events.map(({ contactId }) => contactId ?? ''))].flatMap(
      (id) => this.contacts.get(id) ?? []
    );
    this.related = needsNothing(needs) ? () => ({}) : await loadRelated(this.transaction, contacts, needs);
  }

  private timeZone(): string {
    return this.view.settings.get('workspace')?.timeZone ?? 'UTC';
  }

  private async finish(): Promise<void> {
    const { changes, counts } = this.touched.written();
    const journalled = await withFreeBlocks(this.transaction, [...this.pending, ...changes]);
    await this.transaction.apply([...journalled, ...(await countedChanges(this.transaction, counts))]);
    const { providers, now } = this.parts;
    for (const id of this.touched.letGo()) this.concerned.rows.add(id);
    if (providers) await recallUnmeant(this.transaction, this.concerned, { providers }, now);
  }
}
