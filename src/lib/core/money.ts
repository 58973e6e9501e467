import * as v from 'valibot';

/** An amount in the currency's smallest unit (cents for EUR, yen for JPY) and its ISO 4217 code. */
export const moneySchema = v.object({
  minor: v.pipe(v.number(), v.safeInteger()),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))
});
export type Money = v.InferOutput<typeof moneySchema>;
