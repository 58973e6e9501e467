/** Text as filters compare it: without case, without accents, with `œ`, `æ` and `ß` spelt out. */
export function fold(text: string): string {
  let hasCapital = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > LAST_ASCII) return withoutMarks(text.toLowerCase());
    if (isCapital(code)) hasCapital = true;
  }
  return hasCapital ? text.toLowerCase() : text;
}

/** Whether `fold(text)` is this text, mostly without making it. */
export function foldsTo(text: string, folded: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > LAST_ASCII || code === CIRCUMFLEX || code === GRAVE) return fold(text) === folded;
    if ((isCapital(code) ? code + TO_SMALL : code) !== folded.charCodeAt(at)) return false;
  }
  return text.length === folded.length;
}

const LAST_ASCII = 127;
const TO_SMALL = 32;
/** Signs of ASCII that are marks in a text with others. */
const CIRCUMFLEX = 94;
const GRAVE = 96;

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function withoutMarks(lower: string): string {
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
