import { baseLocale, isLocale, locales, overwriteGetLocale, type Locale } from './paraglide/runtime.js';

export { locales, type Locale };

const key = 'ricochet.language';
let current = $state<Locale>(initialLocale());

// Every message asks for the locale as it is rendered; since the answer is a rune, a change re-renders the words and
// nothing else: no reload, no lost input.
overwriteGetLocale(() => current);
markDocument();

/** The language of the interface. Reactive in components. */
export function locale(): Locale {
  return current;
}

/** Changes the language at once, everywhere, and for the next visit. */
export function setLocale(next: Locale): void {
  current = next;
  if (typeof localStorage !== 'undefined') localStorage.setItem(key, next);
  markDocument();
}

function initialLocale(): Locale {
  if (typeof localStorage === 'undefined') return baseLocale;
  const stored = localStorage.getItem(key);
  if (isLocale(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLocale) ?? baseLocale;
}

function markDocument(): void {
  if (typeof document !== 'undefined') document.documentElement.lang = current;
}
