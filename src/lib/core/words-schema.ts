import * as v from 'valibot';
import type { Words } from './words';

/** What words read from a file must be. */
export const wordsSchema: v.GenericSchema<Words> = v.object({
  key: v.string(),
  params: v.optional(
    v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null(), v.lazy(() => wordsSchema)]))
  )
});
