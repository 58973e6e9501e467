import { isLoaded, loadTexts, locales, type Locale } from './texts.svelte';

const key = 'ricochet.language';

// Every message asks for the locale as it is rendered; since the answer is a rune, a change re-renders the words and
// nothing else: no reload, no lost input.
let current = $state<Locale>(initialLocale());
markDocument();

/** The language of the interface. Reactive in components. */
export function locale(): Locale {
  return current;
}

/** Changes the language, everywhere and for the next visit, as soon as its texts are there. Rejects where they cannot be had. */
export async function setLocale(next: Locale): Promise<void> {
  if (!isLoaded(next)) await loadTexts(next);
  current = next;
  if (typeof localStorage !== 'undefined') localStorage.setItem(key, next);
  markDocument();
}

function initialLocale(): Locale {
  if (typeof localStorage === 'undefined') return locales[0];
  const stored = localStorage.getItem(key);
  if (isLocale(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLocale) ?? locales[0];
}

function isLocale(tag: string | null): tag is Locale {
  return locales.some((one) => one === tag);
}

function markDocument(): void {
  if (typeof document !== 'undefined') document.documentElement.lang = current;
}
