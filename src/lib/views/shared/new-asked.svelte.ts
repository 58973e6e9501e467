import { goto } from '$app/navigation';
import { page } from '$app/state';

/** An address that ends in `?new` asks a screen for the form of a new row: it is opened, and the address is the screen's again. */
export function whenNewIsAsked(show: () => void): void {
  whenAsked('new', show);
}

/** The same for anything else that an address may ask for. */
export function whenAsked(name: string, show: () => void): void {
  $effect(() => {
    if (!page.url.searchParams.has(name)) return;
    const address = new URL(page.url);
    address.searchParams.delete(name);
    show();
    void goto(address, { replaceState: true, keepFocus: true, noScroll: true });
  });
}
