import { SECOND } from '$lib/core/instants';

/** Who is still there by then has stayed. */
const STAYS = 2 * SECOND;

/**
 * Tells when the page is about to be left, and when it has stayed after all. Only in WebKit, where it matters (see `Leaving`), and before
 * the page is hidden, when it is too late for what needs a moment. Not where somebody is asked first: what is not saved yet is being saved.
 */
export function whenLeaving(on: { left: () => void; stayed: () => void }): void {
  if (!navigator.vendor.startsWith('Apple')) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const decide = (event: BeforeUnloadEvent): void => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    on.left();
    timer = setTimeout(on.stayed, STAYS);
  };
  // The last to be called knows whether any of the others asks.
  addEventListener('beforeunload', () => addEventListener('beforeunload', decide, { once: true }), { capture: true });
}
