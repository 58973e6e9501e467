import { words, type Words } from './words';

/** The fewest characters that a passphrase may have. */
export const SHORTEST_PASSPHRASE = 8;

/** Why a passphrase that is chosen is refused; null: it is not. */
export function refusedPassphrase(chosen: string): Words | null {
  return chosen.length < SHORTEST_PASSPHRASE
    ? words('words.keys.passphrase_too_short', { least: SHORTEST_PASSPHRASE })
    : null;
}
