import { locale } from './locale.svelte';

/** An instant in epoch milliseconds, or a `Date`. */
export type Instant = number | Date;

type Zoned = { timeZone?: string | undefined };

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  // The narrow no-break space is so narrow in our typeface that 12 480 reads 12480.
  return numberFormat(options).format(value).replaceAll('\u202f', '\u00a0');
}

/** 12 480 becomes 12 k: for places with no room. */
export function compact(value: number): string {
  return number(value, { notation: 'compact', maximumFractionDigits: 1 });
}

export function money({ minor, currency }: { minor: number; currency: string }): string {
  const digits = numberFormat({ style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return number(minor / 10 ** digits, { style: 'currency', currency });
}

/** A ratio: 0.583 is 58 %. */
export function percent(ratio: number, maximumFractionDigits = 0): string {
  return number(ratio, { style: 'percent', maximumFractionDigits });
}

export function date(
  instant: Instant,
  { style = 'medium', timeZone }: Zoned & { style?: 'short' | 'medium' | 'long' | 'full' } = {}
): string {
  return dateFormat({ dateStyle: style, timeZone }).format(instant);
}

/** 'novembre 2026'. */
export function month(instant: Instant, { timeZone }: Zoned = {}): string {
  return dateFormat({ month: 'long', year: 'numeric', timeZone }).format(instant);
}

/** '12 nov.', with the year only when it is not this one. */
export function day(instant: Instant, now: Instant, { timeZone }: Zoned = {}): string {
  const year = dateFormat({ year: 'numeric', timeZone });
  const sameYear = year.format(instant) === year.format(now);
  return dateFormat({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }), timeZone }).format(
    instant
  );
}

export function time(instant: Instant, { timeZone }: Zoned = {}): string {
  return dateFormat({ timeStyle: 'short', timeZone }).format(instant);
}

export function dateTime(instant: Instant, { timeZone }: Zoned = {}): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'short', timeZone }).format(instant);
}

const spans: [Intl.RelativeTimeFormatUnit & Intl.DateTimeFormatPartTypes, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000]
];

/** 'il y a 3 min', 'demain', 'maintenant'. */
export function relative(instant: Instant, now: Instant): string {
  const difference = Number(instant) - Number(now);
  const [unit, size] = spans.find(([, size]) => Math.abs(difference) >= size) ?? ['second', Infinity];
  return relativeFormat().format(Math.trunc(difference / size) || 0, unit);
}

/** '3 jours', '1 h 30 min': the two largest units that say something. */
export function duration(milliseconds: number, unitDisplay: 'long' | 'short' = 'long'): string {
  const parts: string[] = [];
  let left = Math.abs(milliseconds);
  for (const [unit, size] of [...spans.slice(2), ['second', 1000] as const]) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (amount > 0) parts.push(number(amount, { style: 'unit', unit, unitDisplay }));
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || number(0, { style: 'unit', unit: 'second', unitDisplay });
}

/** 'a, b et c'. */
export function list(items: Iterable<string>, type: 'conjunction' | 'disjunction' = 'conjunction'): string {
  return listFormat(type).format(items);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function bytes(count: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3));
  return number(count / 1000 ** power, {
    style: 'unit',
    unit: byteUnits[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power < 2 ? 0 : 1
  });
}

/** Compares as a reader of the language would: accents and case do not part words, 10 follows 9. */
export function compareWords(one: string, other: string): number {
  return cached(
    `collator ${locale()}`,
    () => new Intl.Collator(locale(), { numeric: true, sensitivity: 'base' })
  ).compare(one, other);
}

/** Lower case and without accents, to search in. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

// Making a formatter costs far more than using one, and tables format thousands of cells.
const formatters = new Map<string, unknown>();

function cached<T>(key: string, make: () => T): T {
  const known = formatters.get(key);
  if (known !== undefined) return known as T;
  const made = make();
  formatters.set(key, made);
  return made;
}

/** The chosen language as it is written where the person lives, as far as the browser tells: 12 Nov in London, Nov 12 in Boston. */
function regional(): string {
  const languages = typeof navigator === 'undefined' ? [] : navigator.languages;
  return languages.find((tag) => tag.split('-')[0] === locale()) ?? locale();
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return cached(`number ${locale()} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options));
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = regional();
  return cached(`date ${tag} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(tag, options));
}

function relativeFormat(): Intl.RelativeTimeFormat {
  return cached(
    `relative ${locale()}`,
    () => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'short' })
  );
}

function listFormat(type: 'conjunction' | 'disjunction'): Intl.ListFormat {
  return cached(`list ${locale()} ${type}`, () => new Intl.ListFormat(locale(), { type }));
}
