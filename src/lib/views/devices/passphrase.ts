import { m, words } from '$lib/i18n';

/** As the worker asks for (`Keys`). */
export const SHORTEST = 8;

/** What is wrong with a passphrase that somebody chooses, by the field that says so. */
export function passphraseProblem(chosen: string, again: string): { passphrase?: string; again?: string } {
  if (chosen.length < SHORTEST)
    return { passphrase: words({ key: 'words.keys.passphrase_too_short', params: { least: SHORTEST } }) };
  return chosen === again ? {} : { again: m['settings.security.different']() };
}
