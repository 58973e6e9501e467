import { createContext } from 'svelte';
import type { Size } from './layout';

/** How large the nodes are drawn: the automatic layout follows. */
export class Sizes {
  measured = $state.raw<ReadonlyMap<string, Size>>(new Map());
  #next: Map<string, Size> | null = null;

  /** What is measured in one go is laid out once, however many nodes that are. */
  measure(id: string, width: number, height: number | undefined): void {
    if (!height || (this.#next ?? this.measured).get(id)?.height === height) return;
    if (!this.#next) {
      this.#next = new Map(this.measured);
      queueMicrotask(() => {
        this.measured = this.#next ?? this.measured;
        this.#next = null;
      });
    }
    this.#next.set(id, { width, height });
  }
}

export const [getSizes, setSizes] = createContext<Sizes>();
