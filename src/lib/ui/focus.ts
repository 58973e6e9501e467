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
