import * as v from 'valibot';
import { moneyOf, type Money } from '$lib/core/money';

/** An amount as shops write it, `"19.90"` or `19.9`. */
export const amount = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.number(), v.finite());

/** A vendor's id, a number to some: as text. */
export const textId = v.pipe(v.union([v.string(), v.number()]), v.transform(String));

interface Line {
  readonly id: string | null;
  readonly name: string;
  readonly price: number | null;
  readonly quantity: number;
  readonly image?: string | null | undefined;
}

/** A product as events have it. */
export function product({ id, name, price, quantity, image }: Line, currency: string) {
  return { id: id ?? '', name, price: priced(price, currency), quantity, url: '', image: image ?? '' };
}

/** Null without an amount, or without a currency that it could be of. */
export function priced(major: number | null, currency: string): Money | null {
  return major === null || !/^[A-Z]{3}$/.test(currency) ? null : moneyOf(major, currency);
}
