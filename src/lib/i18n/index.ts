import { date, dateTime, number } from './format';
import { locale } from './locale.svelte';
import { isLoaded, messageIn, type Locale } from './texts.svelte';

export { locale, setLocale } from './locale.svelte';
export { loadTexts, locales, type Locale } from './texts.svelte';
export * from './format';

type Messages = typeof import('./paraglide/shell/messages.js') &
  typeof import('./paraglide/content/messages.js') &
  typeof import('./paraglide/screens/messages.js');

/** Every message by its key, in the language of the interface: `m['nav.home']()`; empty while it is being loaded. */
export const m = new Proxy({} as Messages, {
  get: (_, key) => (inputs: object) => messageIn(locale(), String(key))?.(inputs) ?? ''
});

/** What data keeps instead of text: the key of a message and what goes into it. */
export type Words = { key: string; params?: Record<string, unknown> | undefined };

// Moments and numbers inside words: written as the language writes them.
const written: Partial<Record<string, (params: Record<string, unknown>) => string>> = {
  'format.instant': ({ at }) => dateTime(Number(at)),
  'format.date': ({ at }) => date(Number(at)),
  'format.number': ({ value }) => number(Number(value))
};

/**
 * The text of a key known only at run time, words inside it too; the key itself when a newer version wrote it, empty while it is being
 * loaded.
 */
export function words({ key, params = {} }: Words): string {
  const write = written[key];
  if (write) return write(params);
  const texts = Object.entries(params).map(([name, value]) => [name, isWords(value) ? words(value) : value] as const);
  const message = messageIn(locale(), key);
  return message?.(Object.fromEntries(texts)) ?? (isLoaded(locale()) ? key : '');
}

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && 'key' in value;
}

/**
 * The text of a key in a language that need not be the interface's, as content is made in; null where there is none, empty while it is
 * being loaded. Reactive; who is not waits for `loadTexts` first.
 */
export function textIn(language: Locale, key: string): string | null {
  return messageIn(language, key)?.({}) ?? (isLoaded(language) ? null : '');
}

/** Whether all that can be said is there: what was made from words before may lack some. Reactive. */
export function isTextReady(): boolean {
  return isLoaded(locale());
}

export function hasWords(key: string): boolean {
  return messageIn(locale(), key) !== undefined;
}
