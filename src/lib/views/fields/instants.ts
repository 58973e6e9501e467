/** An instant as a `datetime-local` input has it, in the zone of this device; empty for none. */
export function localOf(value: unknown): string {
  if (typeof value !== 'number') return '';
  const at = new Date(value);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function instantOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
