import * as v from 'valibot';

/** An amount in the currency's smallest unit (cents for EUR, yen for JPY) and its ISO 4217 code. */
export const moneySchema = v.object({
  minor: v.pipe(v.number(), v.safeInteger()),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))
});
export type Money = v.InferOutput<typeof moneySchema>;

const digitsKept = new Map<string, number>();

/** How many decimals the currency has: 2 for EUR, 0 for JPY; 2 where it is not known. */
export function currencyDigits(currency: string): number {
  let digits = digitsKept.get(currency);
  if (digits === undefined) {
    try {
      digits =
        new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      digits = 2;
    }
    digitsKept.set(currency, digits);
  }
  return digits;
}

/** The amount as people write it: 3990 cents are 39.9. */
export function majorUnits({ minor, currency }: Money): number {
  return minor / 10 ** currencyDigits(currency);
}

/** An amount as people write it, rounded to the currency's smallest unit. */
export function moneyOf(major: number, currency: string): Money {
  return { minor: Math.round(major * 10 ** currencyDigits(currency)), currency };
}
