/** Without case or accents, as texts are compared. */
export function folded(text: string): string {
  const lower = text.toLowerCase();
  for (let at = 0; at < lower.length; at++)
    if (lower.charCodeAt(at) > 127) return lower.normalize('NFD').replace(/\p{M}/gu, '');
  return lower;
}
