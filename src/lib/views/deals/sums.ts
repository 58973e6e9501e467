import type { Money } from '$lib/core/money';
import { list, money } from '$lib/i18n';

/** What deals are worth together, by currency: 'EUR 1,200 and CHF 90'; undefined where none has an amount. */
export function sumText(deals: readonly { readonly amount?: Money | undefined }[]): string | undefined {
  const sums = new Map<string, number>();
  for (const { amount } of deals)
    if (amount) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.minor);
  return sums.size === 0 ? undefined : list([...sums].map(([currency, minor]) => money({ minor, currency })));
}
