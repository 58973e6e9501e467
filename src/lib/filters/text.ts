const ASCII = /^[\x00-\x7f]*$/;

/** Text as filters compare it: without case, without accents, with `œ`, `æ` and `ß` spelt out. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss');
}

/** A test for a pattern with the wildcards `*` (any text) and `?` (one character); all else stands for itself. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = fold(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 'su');
  return (text) => expression.test(fold(text));
}
