import { SvelteSet } from 'svelte/reactivity';
import type { Id } from '$lib/core/ids';
import type { ContactChoice, ContactFilter } from './choice';

/** Which contacts are chosen: some, or all that the table shows. */
export class Selection {
  readonly #ids = new SvelteSet<Id>();
  #isAll = $state(false);
  #last: number | null = null;

  get isAll(): boolean {
    return this.#isAll;
  }

  has(id: Id): boolean {
    return this.#isAll || this.#ids.has(id);
  }

  /** `total`: how many the table shows. */
  count(total: number): number {
    return this.#isAll ? total : this.#ids.size;
  }

  clear(): void {
    this.#ids.clear();
    this.#isAll = false;
    this.#last = null;
  }

  all(isAll: boolean): void {
    this.clear();
    this.#isAll = isAll;
  }

  /** `range`: with all since the last one. */
  pick(order: readonly Id[], index: number, isPicked: boolean, range: boolean): void {
    if (this.#isAll) {
      this.#isAll = false;
      for (const id of order) this.#ids.add(id);
    }
    const from = range && this.#last !== null ? Math.min(this.#last, index) : index;
    const to = range && this.#last !== null ? Math.max(this.#last, index) : index;
    for (const id of order.slice(from, to + 1)) {
      if (isPicked) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    this.#last = index;
  }

  /** As the engine takes it. */
  choice(filter: ContactFilter): ContactChoice {
    return this.#isAll ? filter : { ids: [...this.#ids] };
  }
}
