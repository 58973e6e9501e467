import { words, type Words } from '$lib/core/words';

const LONGEST_NAME = 200;

/** Why nothing can have this name; null where it can. Other rows may have it too. */
export function nameRefusal(name: string): Words | null {
  const wanted = name.trim();
  if (wanted === '') return words('words.name.empty');
  return wanted.length > LONGEST_NAME ? words('words.name.too_long', { most: LONGEST_NAME }) : null;
}

/** Why a row cannot have this name; null where it can. */
export function namedRefusal(
  rows: readonly { id: string; name: string }[],
  name: string,
  id: string | undefined
): Words | null {
  const wanted = name.trim();
  const refused = nameRefusal(name);
  if (refused) return refused;
  const isTaken = rows.some((row) => row.id !== id && row.name.trim().toLowerCase() === wanted.toLowerCase());
  return isTaken ? words('words.name.taken', { name: wanted }) : null;
}
