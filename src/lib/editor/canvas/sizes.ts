import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Size } from './layout';

/** How large the nodes are drawn: the automatic layout follows. */
export class Sizes {
  readonly measured = new SvelteMap<string, Size>();

  measure(id: string, width: number, height: number | undefined): void {
    if (height && this.measured.get(id)?.height !== height) this.measured.set(id, { width, height });
  }
}

export const [getSizes, setSizes] = createContext<Sizes>();
