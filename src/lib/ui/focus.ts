import { tick } from 'svelte';

/**
 * Where the focus goes as a dialog opens: into its first field, to type at once; on the dialog itself where there is
 * none, or where a field would call up the keyboard of a touch screen.
 */
export function focusOnOpen(event: Event, dialog: HTMLElement | null): void {
  if (!dialog) return;
  event.preventDefault();
  const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;
  // What floats has its place, and can be focused, a frame later.
  requestAnimationFrame(() => {
    if (dialog.contains(document.activeElement)) return;
    const field = touch ? null : dialog.querySelector<HTMLElement>('input:enabled, textarea, select');
    (field ?? dialog).focus({ preventScroll: true });
  });
}

/** To the first field that says that something is wrong with it, which may be out of sight, and is found by ear alone otherwise. */
export async function focusOnWrong(form: HTMLElement | null): Promise<void> {
  await tick();
  form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
}

const STOPS =
  'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [contenteditable=true], [tabindex]';

/**
 * Tab goes round inside what is open. Bits UI sees to that, but not while a tooltip is shown, which it takes for a layer of its own
 * above: from a button with a tooltip at either end the focus left the dialog.
 */
export function goRound(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== 'Tab' || event.defaultPrevented) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)].filter(
    (stop) => stop.tabIndex >= 0 && stop.checkVisibility({ visibilityProperty: true })
  );
  const [end, start] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  // Backwards from the dialog itself, which has the focus where there is no field, leads out too.
  const isBefore = event.shiftKey && document.activeElement === event.currentTarget;
  if (end === undefined || !(isBefore || document.activeElement === end)) return;
  event.preventDefault();
  start?.focus();
}
