import { beforeNavigate, goto } from '$app/navigation';
import { page } from '$app/state';

/** So long a person may pause between two letters. In milliseconds. */
const PAUSE = 250;

/**
 * A word of the address's query that a screen changes, so that a link, going back and loading again show the same: what is searched
 * for, how it is sorted. Left out of the address while it is as usual. To be made while a component is.
 */
export function inAddress(name: string, usual = ''): { value: string } {
  /** What the person has chosen, until the address says it. */
  let chosen = $state.raw<string | null>(null);
  let waiting: ReturnType<typeof setTimeout> | undefined;

  async function write(next: string): Promise<void> {
    const address = new URL(page.url);
    if (next === usual) address.searchParams.delete(name);
    else address.searchParams.set(name, next);
    await goto(address, { replaceState: true, keepFocus: true, noScroll: true });
    if (chosen === next) chosen = null;
  }

  // Whoever is on the way to another page goes there: the address of this one would call them back.
  beforeNavigate(() => clearTimeout(waiting));
  $effect(() => () => clearTimeout(waiting));

  return {
    get value() {
      return chosen ?? page.url.searchParams.get(name) ?? usual;
    },
    set value(next) {
      if (next === this.value) return;
      chosen = next;
      clearTimeout(waiting);
      waiting = setTimeout(() => void write(next), PAUSE);
    }
  };
}
