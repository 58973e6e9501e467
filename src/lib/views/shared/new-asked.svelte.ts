import { goto } from '$app/navigation';
import { page } from '$app/state';

/** An address that ends in `?new` asks a screen for the form of a new row: it is opened, and the address is the screen's again. */
export function whenNewIsAsked(show: () => void): void {
  $effect(() => {
    if (!page.url.searchParams.has('new')) return;
    const address = new URL(page.url);
    address.searchParams.delete('new');
    show();
    void goto(address, { replaceState: true, keepFocus: true, noScroll: true });
  });
}
