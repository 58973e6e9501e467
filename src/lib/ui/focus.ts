/**
 * Where the focus goes as a dialog opens: into its first field, to type at once; on the dialog itself where there is
 * none, or where a field would call up the keyboard of a touch screen.
 */
export function focusOnOpen(event: Event): void {
  const dialog = event.currentTarget instanceof HTMLElement ? event.currentTarget : event.target;
  if (!(dialog instanceof HTMLElement)) return;
  event.preventDefault();
  const touch = typeof matchMedia === 'function' && matchMedia('(pointer: coarse)').matches;
  const field = touch ? null : dialog.querySelector<HTMLElement>('input:not([type=hidden]):enabled, textarea, select');
  (field ?? dialog).focus();
}
