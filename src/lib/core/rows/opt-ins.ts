import * as v from 'valibot';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

/** How long an address may be confirmed, in ms. What was handed in with it is forgotten then. */
export const OPT_IN_LASTS = 7 * 24 * 3_600_000;

/**
 * A sign-up whose address has still to be confirmed by whoever reads its mail: nobody is made a contact, and nothing is told of it, until
 * then. One for each email that asks: what its link confirms is what it was written about.
 */
export const optInSchema = v.object({
  id,
  formId: id,
  /** In lower case. */
  address: v.string(),
  /** As they were typed, by the ids of the form's fields. */
  values: v.record(v.string(), v.unknown()),
  consent: v.boolean(),
  /** When it was handed in, and agreed to. */
  handedInAt: instant,
  /** Of the post that brought it; none where it was typed on this device. */
  dedupeKey: v.optional(v.string()),
  /** How many emails have asked for the confirmation (one, but of older versions), and when the last one was written. */
  asked: v.number(),
  askedAt: instant,
  /** When it lapses. */
  dueAt: instant,
  /** Whoever reads the address says that it was not them: their answers are gone, and until it lapses the form asks them no more. */
  refusedAt: v.optional(instant)
});
export type OptIn = v.InferOutput<typeof optInSchema>;
