import type { Id } from '$lib/core/ids';
import { SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import type { EventRow } from '$lib/core/rows/events';
import type { Cancel } from '$lib/core/timers';
import { StorageFailure } from '$lib/storage/failures';
import { Checks } from './checks';
import { Dispatcher } from './dispatcher';
import { doDuties, nextDuty } from './duties';
import { enterExisting } from './entering';
import { eraseHidden, nextErasing } from './erasing';
import { Forgetting } from './forgetting';
import { HandedOver } from './handed-over';
import { LostLease, type Right } from './lease';
import { LookingUp } from './looking-up';
import type { Move } from './marking';
import { givenBy, type Parts, type Transact } from './parts';
import { Publishing } from './publishing';
import { Reading } from './reading';
import { Recalling } from './recalling';
import { switchJourneys } from './switching';
import { endAllRivals } from './syncing/rivals';
import { turn, type TurnInput } from './turn';

/** Enrolments and events in one transaction: many, since each commit costs, and few enough not to hold up an edit. */
const BATCH = 1_000;

/** The longest time between two looks: a machine that slept, or a clock that was set, is noticed after it. */
const LONGEST_LOOK = 30 * SECOND;

/**
 * The one worker that may run the engine: matches what other tabs have kept, moves what is due, reads the sources before time
 * limits fire, and hands the outbox to the dispatcher. One timer is set to whatever comes next.
 */
export class Runner {
  private cancelTimer: Cancel = () => undefined;
  private looking: Promise<void> | null = null;
  /** Journeys that were due by then have moved, or are held. */
  private movedUpTo: Instant = 0;
  /** Whether what the runner before has left is sorted out. */
  private isRecovered = false;
  private again = false;
  private lookAgain: () => void = () => undefined;

  /** One transaction of the engine: it reads the epoch, and is void when another runner has taken over. */
  readonly transact: Transact = (work, durability = 'relaxed') =>
    this.parts.storage.transact(
      async (transaction) => {
        await this.lease.check(transaction);
        return work(transaction);
      },
      { durability }
    );

  private readonly reading: Reading;
  private readonly checks: Checks;
  private readonly dispatcher: Dispatcher;
  private readonly lookingUp: LookingUp;
  private readonly handedOver: HandedOver;
  private readonly recalling: Recalling;
  private readonly publishing: Publishing;
  private readonly forgetting: Forgetting;

  constructor(
    private readonly parts: Parts,
    private readonly lease: Right
  ) {
    this.reading = new Reading(parts, this.transact, () => void this.look());
    this.checks = new Checks(parts, this.transact);
    this.lookingUp = new LookingUp(parts, this.transact);
    this.handedOver = new HandedOver(parts, this.transact);
    this.recalling = new Recalling(parts, this.transact);
    this.publishing = new Publishing(parts, this.transact);
    this.forgetting = new Forgetting(parts, this.transact);
    this.dispatcher = new Dispatcher(parts, this.transact, lease);
  }

  /** Called once the lease is held: the first look, before which what a crash has left is sorted out. */
  async begin(): Promise<void> {
    this.isRecovered = false;
    this.reading.forceAll();
    await this.look();
  }

  /** No look by itself from now on. */
  end(): void {
    this.cancelTimer();
  }

  /** Another has the lease: what was about to leave from here is that one's now. */
  lost(): void {
    this.end();
    this.dispatcher.abandon();
  }

  /** Does all that is due at this instant, then sets the timer. Calls while one is under way make it look once more. */
  look(): Promise<void> {
    if (!this.lease.isHeld) return Promise.resolve();
    if (this.looking) {
      this.again = true;
      this.lookAgain();
      return this.looking;
    }
    this.looking = this.lookUntilQuiet().finally(() => {
      this.looking = null;
      if (this.again) void this.look();
    });
    return this.looking;
  }

  async turn(input: TurnInput): Promise<void> {
    await this.transact((transaction) => turn(transaction, input, { ...this.parts, ...givenBy(this.parts) }));
  }

  private async lookUntilQuiet(): Promise<void> {
    this.cancelTimer();
    try {
      for (let isQuiet = false; !isQuiet;) {
        this.again = false;
        await this.recoverOnce();
        await this.eraseHidden();
        await this.reading.readDue();
        await doDuties(this.transact, this.parts);
        await this.forgetting.run();
        await this.matchKept();
        const view = await this.parts.storage.read((reader) => reader.view());
        await this.checks.run(view);
        await enterExisting(this.parts, this.transact, view);
        await switchJourneys(this.parts, this.transact, view);
        await this.moveDue();
        await this.handedOver.run();
        await this.sendUntilAsked();
        isQuiet = !this.hasBeenAsked() && !(await this.isWorkLeft());
      }
      this.lookIn(await this.untilNext());
    } catch (error) {
      // Closed: another tab replaces the workspace or upgrades it, and has every page loaded anew. There is nothing to run here any more.
      if (error instanceof LostLease || (error instanceof StorageFailure && error.reason === 'closed')) {
        this.lease.lost();
        return;
      }
      this.lookIn(LONGEST_LOOK);
      throw error;
    }
  }

  /** Journeys are not held up by sending, which may take long: it goes on while somebody asks for a look, or something is due. */
  private async sendUntilAsked(): Promise<void> {
    const sent = Promise.all([
      this.dispatcher.run(),
      this.lookingUp.run(),
      this.recalling.run(),
      this.publishing.run()
    ]);
    // Where the race is lost, the next round meets the failure.
    sent.catch(() => undefined);
    const asked = new Promise<void>((resolve) => (this.lookAgain = resolve));
    if (this.hasBeenAsked()) return;
    this.lookIn(await this.untilNext());
    await Promise.race([sent, asked]);
    this.cancelTimer();
  }

  private lookIn(delay: Milliseconds): void {
    this.cancelTimer();
    this.cancelTimer = this.parts.timers.after(delay, () => void this.look());
  }

  private async recoverOnce(): Promise<void> {
    if (this.isRecovered) return;
    await this.dispatcher.recover();
    await endAllRivals(this.transact, this.parts.now());
    this.isRecovered = true;
  }

  private async eraseHidden(): Promise<void> {
    while ((await this.transact((transaction) => eraseHidden(transaction, this.parts.now()))) > 0);
  }

  private hasBeenAsked(): boolean {
    return this.again;
  }

  private async isWorkLeft(): Promise<boolean> {
    const now = this.parts.now();
    return this.parts.storage.read(
      async (reader) =>
        (await reader.count('events', { index: 'unmatched', equals: 1 })) > 0 ||
        (await nextErasing(reader)) <= now ||
        (await this.handedOver.hasDue(reader, now)) ||
        (await this.dispatcher.hasDue(reader, now))
    );
  }

  private async matchKept(): Promise<void> {
    for (;;) {
      const found = await this.transact(async (transaction): Promise<EventRow[]> => {
        const kept = await transaction.query('events', { index: 'unmatched', equals: 1, limit: BATCH });
        if (kept.length > 0) await turn(transaction, { kept }, { ...this.parts, ...givenBy(this.parts) });
        return kept;
      });
      if (found.length < BATCH) return;
    }
  }

  /**
   * In the order of their due time; of one contact, what is due later waits until all that the earlier has caused is done. What must
   * be held stays due and is passed over until the next look.
   */
  private async moveDue(): Promise<void> {
    const held = new Set<string>();
    for (;;) {
      const more = await this.transact(async (transaction) => {
        const now = this.parts.now();
        this.movedUpTo = now;
        const limit = BATCH + held.size;
        const due = (await transaction.query('enrolments', { index: 'dueAt', from: 0, to: now, limit })).filter(
          ({ id }) => !held.has(id)
        );
        const moves: Move[] = [];
        const firstDue = new Map<Id, Instant>();
        const limitOf = await this.reading.limits(transaction, now);
        const { automations } = await transaction.view();
        const contacts = await transaction.getMany(
          'contacts',
          due.map(({ contactId }) => contactId)
        );
        for (const [index, enrolment] of due.entries()) {
          const isHidden = contacts[index]?.hiddenAt !== undefined;
          const isRunning = automations.get(enrolment.automationId)?.status === 'active';
          const { isHeld, unread } = limitOf(enrolment);
          const { id, contactId, dueAt = now } = enrolment;
          const first = firstDue.get(contactId) ?? dueAt;
          if (!isRunning || isHidden || isHeld) held.add(id);
          else if (dueAt === first) {
            firstDue.set(contactId, dueAt);
            moves.push({ enrolment, cause: { by: 'time', ...(unread === undefined ? {} : { unread }) } });
          }
        }
        if (moves.length > 0) await turn(transaction, { moves }, { ...this.parts, now, newId: this.parts.newId });
        return due.length > 0;
      });
      if (!more) return;
    }
  }

  private async untilNext(): Promise<number> {
    return Math.max(50, Math.min(LONGEST_LOOK, (await this.nextDue()) - this.parts.now()));
  }

  /** When something is due next, once all that is due now is done. */
  async nextDue(): Promise<Instant> {
    const now = this.parts.now();
    return this.parts.storage.read(async (reader): Promise<Instant> => {
      // What has become due during this look is met by the next one, not overlooked.
      const [enrolment] = await reader.query('enrolments', { index: 'dueAt', from: this.movedUpTo + 1, limit: 1 });
      return Math.min(
        enrolment?.dueAt ?? Infinity,
        await this.dispatcher.nextDue(reader, now),
        await this.lookingUp.nextDue(reader, now),
        await this.handedOver.nextDue(reader, now),
        await this.recalling.nextDue(reader, now),
        this.reading.nextDue(),
        this.publishing.nextDue(),
        await nextErasing(reader),
        await this.checks.nextDue(reader),
        await nextDuty(reader),
        await this.forgetting.nextDue(reader, now)
      );
    });
  }
}
