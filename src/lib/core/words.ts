/**
 * Something to be said to a person: a message key with its parameters, never text, so that the language can change later. The key
 * exists in `src/lib/i18n/messages`. A parameter may be words in turn; the keys `format.instant` and `format.date` (parameter `at`,
 * in ms) stand for a moment, `format.number` (parameter `value`) for a number, as the chosen language writes it.
 */
export interface Words {
  key: string;
  params?: Record<string, Parameter> | undefined;
}
export type Parameter = string | number | boolean | null | Words;

export function words(key: string, params?: Record<string, Parameter>): Words {
  return params === undefined ? { key } : { key, params };
}

/** An instant inside words, in ms. */
export function instantWords(at: number): Words {
  return words('format.instant', { at });
}

/** A span inside words, such as '3 days'. */
export function durationWords(duration: { amount: number; unit: string }): Words {
  return words(`words.duration.${duration.unit}`, { count: duration.amount });
}
