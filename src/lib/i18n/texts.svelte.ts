import { SvelteMap } from 'svelte/reactivity';

/** The languages of the interface, and of what the app itself writes into a workspace. */
export const locales = ['fr', 'en'] as const;
export type Locale = (typeof locales)[number];

/** Messages of one language, by key: what goes in, the text that comes out. */
type Texts = Readonly<Partial<Record<string, (inputs: never) => string>>>;

/** What is loaded apart: the frame and the home screen do with the first alone, the worker with the second. */
const parts = ['shell', 'content', 'screens'] as const;
type Part = (typeof parts)[number];

const sources: Record<`${Part}.${Locale}`, () => Promise<Texts>> = {
  'shell.fr': () => import('./paraglide/shell/messages/fr-by-key.js'),
  'shell.en': () => import('./paraglide/shell/messages/en-by-key.js'),
  'content.fr': () => import('./paraglide/content/messages/fr-by-key.js'),
  'content.en': () => import('./paraglide/content/messages/en-by-key.js'),
  'screens.fr': () => import('./paraglide/screens/messages/fr-by-key.js'),
  'screens.en': () => import('./paraglide/screens/messages/en-by-key.js')
};

const loaded = new SvelteMap<keyof typeof sources, Texts>();
const onTheWay = new Map<keyof typeof sources, Promise<void>>();

/** Loads the texts of a language, all or one part, once. Rejects where they cannot be had; the next call tries again. */
export async function loadTexts(language: Locale, which: readonly Part[] = parts): Promise<void> {
  await Promise.all(which.map((part) => load(`${part}.${language}`)));
}

function load(name: keyof typeof sources): Promise<void> {
  const known = onTheWay.get(name);
  if (known) return known;
  const loading = sources[name]()
    .then((texts) => void loaded.set(name, texts))
    .catch((error: unknown) => {
      onTheWay.delete(name);
      throw error;
    });
  onTheWay.set(name, loading);
  return loading;
}

/** Whether everything that can be said in a language is there. Reactive. */
export function isLoaded(language: Locale): boolean {
  return parts.every((part) => loaded.has(`${part}.${language}`));
}

/**
 * The message of a key; undefined where there is none. Reactive: what is not there yet is sent for, and whoever asked is answered anew
 * when it comes.
 */
export function messageIn(language: Locale, key: string): ((inputs: object) => string) | undefined {
  for (const part of parts) {
    const message = loaded.get(`${part}.${language}`)?.[key];
    // Each message knows its own parameters; a key from data cannot promise to fit them.
    if (message) return message as (inputs: object) => string;
  }
  if (!isLoaded(language)) void loadTexts(language);
  return undefined;
}
