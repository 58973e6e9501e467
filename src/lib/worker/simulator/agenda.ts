import type { Instant } from '$lib/core/instants';
import type { Deed } from '$lib/core/simulation';

/** A deed that is still to be done. `message`: the one it answers, by its id in the outbox, where that is known. */
export interface Planned extends Deed {
  readonly message?: string;
  /** The row of a past event that is gone through again, which keeps its id. */
  readonly eventId?: string;
}

/** What contacts are going to do, by its time; of one instant in the order in which it was planned. A binary heap. */
export class Agenda {
  readonly #heap: { readonly order: number; readonly deed: Planned }[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  get nextAt(): Instant {
    return this.#heap[0]?.deed.at ?? Infinity;
  }

  plan(deed: Planned): void {
    const heap = this.#heap;
    heap.push({ order: this.#order++, deed });
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Takes out all that is due by an instant. */
  takeDue(now: Instant): Planned[] {
    const due: Planned[] = [];
    while (this.nextAt <= now) due.push(this.#take());
    return due;
  }

  #take(): Planned {
    const heap = this.#heap;
    const [first] = heap as [{ order: number; deed: Planned }];
    const last = heap.pop();
    if (heap.length > 0 && last) {
      heap[0] = last;
      for (let at = 0; ;) {
        const left = 2 * at + 1;
        const least = [left, left + 1].reduce((best, one) => (this.#isBefore(one, best) ? one : best), at);
        if (least === at) break;
        this.#swap(at, least);
        at = least;
      }
    }
    return first.deed;
  }

  #isBefore(one: number, other: number): boolean {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    if (!left || !right) return false;
    return left.deed.at < right.deed.at || (left.deed.at === right.deed.at && left.order < right.order);
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap;
    const kept = heap[one] as (typeof heap)[number];
    heap[one] = heap[other] as (typeof heap)[number];
    heap[other] = kept;
  }
}
