import { SECOND } from '$lib/core/instants';

/** Who is still there by then has stayed. */
const STAYS = 2 * SECOND;

/**
 * Tells when the page is about to be left, and when it has stayed after all. Only in WebKit, where it matters (see `Leaving`), and before
 * the page is hidden, when it is too late for what needs a moment.
 */
export function whenLeaving(on: { left: () => void; stayed: () => void }): void {
  if (!navigator.vendor.startsWith('Apple')) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  addEventListener('beforeunload', () => {
    clearTimeout(timer);
    on.left();
    timer = setTimeout(on.stayed, STAYS);
  });
}
