import { instantFromText } from '$lib/core/calendar';
import type { Field, Fields } from '$lib/core/fields';
import { moneyOf } from '$lib/core/money';

/** What is needed to read texts: the currency of amounts that name none, the zone of dates that name none. */
export interface Reading {
  readonly currency: string;
  readonly timeZone: string;
}

/**
 * Values as files and people write them ('39,90', '2027-01-05 10:00', 'oui') as the properties of the event have them. What cannot be
 * read stays as it is: its schema then refuses it. Properties that the type does not know are guessed at (`guessed`).
 */
export function givenProperties(
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
  timeZone: string
): Record<string, unknown> {
  const named = given.currency;
  const currency = typeof named === 'string' && /^[A-Z]{3}$/.test(named.trim()) ? named.trim() : 'EUR';
  const entries = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    if (value === '' && name in fields) return [];
    const field = fields[name];
    return [[name, field ? givenValue(field, value, { currency, timeZone }) : guessed(value)]];
  });
  return Object.fromEntries(entries);
}

/** A number or yes and no as JSON has them, for names that nobody has described; else the text itself. */
export function guessed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  // A leading zero or a plus sign belongs to a code, not to a number.
  return /^-?(0|[1-9]\d{0,14})([.,]\d+)?$/.test(text) ? numberOf(text) : text;
}

const YES: ReadonlySet<string> = new Set(['true', 'yes', 'oui', 'vrai', '1']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'non', 'faux', '0']);

function givenValue({ control }: Field, value: unknown, reading: Reading): unknown {
  switch (control.kind) {
    case 'number':
      return typeof value === 'string' ? (numberOf(value) ?? value) : value;
    case 'money':
      return moneyGiven(value, reading.currency);
    case 'instant':
      return typeof value === 'string' ? (instantFromText(value, reading.timeZone) ?? value) : value;
    case 'yesNo':
      return typeof value === 'string' ? yesOrNo(value) : value;
    case 'items':
      return itemsGiven(control.of, value, reading);
    case 'json':
      return typeof value === 'string' ? (parsed(value) ?? value) : value;
    default:
      return typeof value === 'number' ? String(value) : value;
  }
}

function moneyGiven(value: unknown, currency: string): unknown {
  if (typeof value === 'number') return moneyOf(value, currency);
  if (typeof value !== 'string') return value;
  const [, before = '', amount = '', after = ''] =
    /^\s*([A-Z]{3})?\s*([\d\s.,-]+?)\s*([A-Z]{3}|€)?\s*$/.exec(value) ?? [];
  const major = numberOf(amount);
  const named = [before, after].find((code) => /^[A-Z]{3}$/.test(code));
  return major === null ? (parsed(value) ?? value) : moneyOf(major, named ?? (after === '€' ? 'EUR' : currency));
}

function itemsGiven(fields: Fields, value: unknown, reading: Reading): unknown {
  const list = typeof value === 'string' ? (parsed(value) ?? value) : value;
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) =>
    typeof item === 'object' && item !== null
      ? Object.fromEntries(
          Object.entries(item).map(([name, inner]: [string, unknown]) => {
            const field = fields[name];
            return [name, field ? givenValue(field, inner, reading) : inner];
          })
        )
      : item
  );
}

function yesOrNo(text: string): unknown {
  const folded = text.trim().toLowerCase();
  return YES.has(folded) ? true : NO.has(folded) ? false : text;
}

/** With a comma or a point before the decimals, and spaces between thousands. Null where it is none. */
function numberOf(text: string): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
