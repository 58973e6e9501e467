import { refusedPassphrase } from '$lib/core/passphrases';
import { m, words } from '$lib/i18n';

/** What is wrong with a passphrase that somebody chooses, by the field that says so. */
export function passphraseProblem(chosen: string, again: string): { passphrase?: string; again?: string } {
  const refused = refusedPassphrase(chosen);
  if (refused !== null) return { passphrase: words(refused) };
  return chosen === again ? {} : { again: m['settings.security.different']() };
}
