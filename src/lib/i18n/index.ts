import { m } from './paraglide/messages.js';

export { m };
export { locale, locales, setLocale, type Locale } from './locale.svelte';
export * from './format';

/** What data keeps instead of text: the key of a message and what goes into it. */
export type Words = { key: string; params?: Record<string, unknown> | undefined };

// Each message knows its own parameters; a key from data cannot promise to fit them.
const byKey: Partial<Record<string, (params: never) => string>> = m;

/** The text of a key known only at run time; the key itself when a newer version wrote it. */
export function words({ key, params }: Words): string {
  return byKey[key]?.((params ?? {}) as never) ?? key;
}

export function hasWords(key: string): boolean {
  return byKey[key] !== undefined;
}
