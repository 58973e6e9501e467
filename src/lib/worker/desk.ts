import type { Effect, Settled } from '$lib/core/definitions';
import type { Given } from '$lib/core/ids';
import { failed, type Result } from '$lib/core/result';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import type { Transaction } from '$lib/storage/port';
import { addConcerned, noneConcerned, recallUnmeant } from './ahead';
import { LostLease, type Right } from './lease';
import { keptEvents } from './keeping';
import { givenBy, type Parts } from './parts';
import { heardIn, turn } from './turn';

/** What an edit comes to: what it changes, and what it answers; or a refusal, with nothing changed. */
export type Edited<T> = { readonly effect: Effect; readonly value: T };

/**
 * Where every write of a person enters. In the tab that runs the engine its events are matched in the same transaction; in any
 * other they are kept with the mark `unmatched`, and the runner is told.
 */
export class Desk {
  constructor(
    readonly parts: Parts,
    private readonly lease: Pick<Right, 'isHeld' | 'check' | 'lost'>,
    /** Lets the runner look again, in whichever tab it is. */
    readonly nudge: () => void
  ) {}

  /** One transaction. `work` awaits nothing but the transaction. */
  async edit<T>(work: (transaction: Transaction, given: Given) => Promise<Edited<T>>): Promise<T> {
    const once = (): Promise<T> =>
      this.parts.storage.transact(async (transaction) => {
        const given = givenBy(this.parts);
        const edited = await work(transaction, given);
        await this.accept(transaction, edited.effect, given);
        return edited.value;
      });
    const value = await once().catch((error: unknown) => {
      if (!(error instanceof LostLease)) throw error;
      // What was edited here is kept for the tab that has taken over.
      return once();
    });
    this.nudge();
    return value;
  }

  /** An edit that may be refused: `work` returns the words why. */
  async tryEdit<T>(work: (transaction: Transaction, given: Given) => Promise<Result<Edited<T>>>): Promise<Result<T>> {
    try {
      const value = await this.edit(async (transaction, given) => {
        const result = await work(transaction, given);
        if (!result.ok) throw new Refused(result.reason);
        return result.value;
      });
      return { ok: true, value };
    } catch (error) {
      if (error instanceof Refused) return failed(error.reason);
      throw error;
    }
  }

  /** Moves on the enrolments that wait for these rows of the outbox, as if the provider had answered so. */
  async moveOn(transaction: Transaction, rows: readonly OutboxRow[], result: Settled): Promise<void> {
    const enrolments = await transaction.getMany(
      'enrolments',
      rows.map(({ enrolmentId }) => enrolmentId)
    );
    const moves = enrolments.flatMap((enrolment, index) => {
      const isWaiting = enrolment?.wait?.for === 'outbox' && enrolment.wait.outboxId === rows[index]?.id;
      return isWaiting ? [{ enrolment, cause: { by: 'outbox', result } as const }] : [];
    });
    await turn(transaction, { moves }, { ...this.parts, ...givenBy(this.parts) });
  }

  /**
   * Commits changes and the events they cause, inside the caller's transaction. Throws `LostLease` where another tab has taken over
   * while this one slept: tried again, they are kept for that one to match.
   */
  async accept(transaction: Transaction, { changes, events }: Effect, given: Given): Promise<void> {
    if (this.lease.isHeld) {
      await this.checkLease(transaction);
      await turn(transaction, { changes, events }, { ...this.parts, ...given });
      return;
    }
    await transaction.apply(changes);
    const concerned = noneConcerned();
    addConcerned(concerned, changes);
    await recallUnmeant(transaction, concerned, this.parts, given.now);
    if (events.length === 0) return;
    const view = await transaction.view();
    const kept = events.map((event) =>
      heardIn(view, this.parts, event.type) ? { ...event, unmatched: 1 as const } : event
    );
    await transaction.apply(await keptEvents(transaction, kept));
  }

  private async checkLease(transaction: Transaction): Promise<void> {
    try {
      await this.lease.check(transaction);
    } catch (error) {
      if (error instanceof LostLease) this.lease.lost();
      throw error;
    }
  }
}

class Refused extends Error {
  constructor(readonly reason: Words) {
    super(reason.key);
  }
}

export const NO_EFFECT: Effect = { changes: [], events: [] };
