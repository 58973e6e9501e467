import * as v from 'valibot';
import type { IncomingFact } from '$lib/core/sources';
import { failed, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';

type Facts = Result<readonly IncomingFact[]>;

/**
 * The facts of a JSON body that is as the vendor documents it. What is no JSON, or lacks what the schema asks for, is failed with the
 * path of what is wrong.
 */
export function factsOfJson<S extends v.GenericSchema>(
  body: string,
  schema: S,
  facts: (payload: v.InferOutput<S>) => Facts
): Facts {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return failed(words('words.inbox.no_json'));
  }
  return factsOf(value, schema, facts);
}

/** The same of a part that is read already, which is at `place` of the post. */
export function factsOf<S extends v.GenericSchema>(
  value: unknown,
  schema: S,
  facts: (part: v.InferOutput<S>) => Facts,
  place?: string
): Facts {
  const checked = v.safeParse(schema, value);
  if (checked.success) return facts(checked.output);
  return failed(unlike(checked.issues[0], place));
}

/** What is wrong with a post: a field of it, or all of it. */
export function unlike(issue: v.BaseIssue<unknown>, place?: string): Words {
  const path = [place, v.getDotPath(issue)].filter(Boolean).join('.');
  return path === '' ? words('words.inbox.unlike_documented') : words('words.inbox.not_as_documented', { path });
}

/** Where the vendor may leave it out, or say null. */
export const optionalText = v.nullish(v.string(), null);

/** An instant as ISO 8601 writes it, in epoch ms. */
export const isoInstant = v.pipe(
  v.string(),
  v.transform((text) => Date.parse(text)),
  v.number(),
  v.check((at) => !Number.isNaN(at))
);
