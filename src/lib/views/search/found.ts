import { compareWords, folded } from '$lib/i18n';

/** What can be searched by what it is called. */
export interface Searchable {
  readonly label: string;
  /** Further words by which it is found. */
  readonly also?: string | undefined;
}

/**
 * Those that hold all the words of the query, best first: where the label begins with the first word, then where a word of it does,
 * then the others; of equals the shorter name.
 */
export function search<T extends Searchable>(items: readonly T[], query: string, limit: number): T[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const [first] = words;
  if (first === undefined) return [];
  const found: { item: T; rank: number }[] = [];
  for (const item of items) {
    const label = folded(item.label);
    const text = item.also === undefined ? label : `${label} ${folded(item.also)}`;
    if (words.every((word) => text.includes(word))) found.push({ item, rank: rankOf(label, first) });
  }
  found.sort(
    (one, other) =>
      one.rank - other.rank ||
      one.item.label.length - other.item.label.length ||
      compareWords(one.item.label, other.item.label)
  );
  return found.slice(0, limit).map(({ item }) => item);
}

function rankOf(label: string, word: string): number {
  const at = label.indexOf(word);
  if (at === 0) return 0;
  if (at > 0 && /[\s'’«(-]/.test(label.charAt(at - 1))) return 1;
  return at > 0 ? 2 : 3;
}
