import * as v from 'valibot';

/**
 * Something to be said to a person: a message key with its parameters, never text, so that the language can change later.
 * The key exists in `src/lib/i18n/messages` under `words.*` (or another topic).
 */
export const wordsSchema = v.object({
  key: v.string(),
  params: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()])))
});
export type Words = v.InferOutput<typeof wordsSchema>;

export function words(key: string, params?: Words['params']): Words {
  return params === undefined ? { key } : { key, params };
}
