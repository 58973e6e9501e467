import { date, dateTime, number } from './format';
import type { Locale } from './locale.svelte';
import { m } from './paraglide/messages.js';

export { m };
export { locale, locales, setLocale, type Locale } from './locale.svelte';
export * from './format';

/** What data keeps instead of text: the key of a message and what goes into it. */
export type Words = { key: string; params?: Record<string, unknown> | undefined };

// Each message knows its own parameters; a key from data cannot promise to fit them.
const byKey: Partial<Record<string, (params: never) => string>> = m;

// Moments and numbers inside words: written as the language writes them.
const written: Partial<Record<string, (params: Record<string, unknown>) => string>> = {
  'format.instant': ({ at }) => dateTime(Number(at)),
  'format.date': ({ at }) => date(Number(at)),
  'format.number': ({ value }) => number(Number(value))
};

/** The text of a key known only at run time, words inside it too; the key itself when a newer version wrote it. */
export function words({ key, params = {} }: Words): string {
  const write = written[key];
  if (write) return write(params);
  const texts = Object.entries(params).map(([name, value]) => [name, isWords(value) ? words(value) : value]);
  return byKey[key]?.(Object.fromEntries(texts) as never) ?? key;
}

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null && 'key' in value;
}

/** The text of a key in a language that need not be the interface's, as content is made in; null where there is none. */
export function textIn(language: Locale, key: string): string | null {
  const message = byKey[key] as ((params: object, options: { locale: Locale }) => string) | undefined;
  return message?.({}, { locale: language }) ?? null;
}

export function hasWords(key: string): boolean {
  return byKey[key] !== undefined;
}
