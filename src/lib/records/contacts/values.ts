import { isDate } from '$lib/core/calendar';
import { failed, ok, type Result } from '$lib/core/result';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import { words, type Words } from '$lib/core/words';

const LONGEST_TEXT = 10_000;

/** What takes a value: an attribute, or a property of a row that is treated as one (its name is then in words). */
export type Described = Pick<Attribute, 'kind' | 'options'> & { readonly name: string | Words };

/**
 * The value that an attribute takes from what a person typed, a file holds or an event brought; null where there is nothing. Numbers
 * may be written the French or the English way, dates as `YYYY-MM-DD` or day first, choices by id or by name.
 */
export function parseAttributeValue(attribute: Described, given: unknown): Result<AttributeValue | null> {
  const value = typeof given === 'string' ? given.trim() : given;
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
    return ok(null);
  const refused = (key: string) => failed(words(key, { attribute: attribute.name, value: shown(value).slice(0, 80) }));
  if (typeof value === 'object' && !Array.isArray(value)) return refused('words.value.not_a_value');
  switch (attribute.kind) {
    case 'text': {
      const text = shown(value);
      return text.length > LONGEST_TEXT
        ? failed(words('words.value.too_long', { attribute: attribute.name, most: LONGEST_TEXT }))
        : ok(text);
    }
    case 'number': {
      const number = typeof value === 'number' ? value : typeof value === 'string' ? parseNumber(value) : NaN;
      if (!Number.isFinite(number)) return refused('words.value.not_a_number');
      return Math.abs(number) > Number.MAX_SAFE_INTEGER ? refused('words.value.number_too_large') : ok(number);
    }
    case 'date': {
      const date = typeof value === 'string' ? parseDate(value) : null;
      return date === null ? refused('words.value.not_a_date') : ok(date);
    }
    case 'yesNo': {
      const answer = typeof value === 'boolean' ? value : ANSWERS.get(shown(value).toLowerCase());
      return answer === undefined ? refused('words.value.not_yes_or_no') : ok(answer);
    }
    case 'choice': {
      const option = optionOf(attribute, value);
      return option === undefined ? refused('words.value.not_an_option') : ok(option);
    }
    case 'choices': {
      const parts = Array.isArray(value)
        ? (value as unknown[])
        : shown(value)
            .split(/[,;|]/)
            .map((part) => part.trim())
            .filter(Boolean);
      const options = parts.map((part) => optionOf(attribute, part));
      if (options.includes(undefined)) return refused('words.value.not_an_option');
      return ok([...new Set(options as string[])]);
    }
  }
}

const ANSWERS: ReadonlyMap<string, boolean> = new Map([
  ...['oui', 'o', 'yes', 'y', 'true', 'vrai', '1', 'x'].map((word) => [word, true] as const),
  ...['non', 'n', 'no', 'false', 'faux', '0'].map((word) => [word, false] as const)
]);

function optionOf({ options }: Pick<Attribute, 'options'>, value: unknown): string | undefined {
  const wanted = shown(value).toLowerCase();
  return options?.find(({ id, name }) => id === value || name.toLowerCase() === wanted)?.id;
}

/** A plain value as text; a list by commas. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * A number as people write it: `1 234,5`, `1.234,5`, `1,234.5`, `-12`. Of two kinds of separator the last is the decimal one; a
 * single comma or point is decimal, several of one kind group thousands. NaN for anything else.
 */
export function parseNumber(text: string): number {
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, '').replace(/[€$£%]$/, '');
  if (!/^[+-]?[\d.,]+$/.test(compact) && !/^[+-]?\d+(\.\d+)?e[+-]?\d+$/i.test(compact)) return NaN;
  const comma = compact.lastIndexOf(',');
  const point = compact.lastIndexOf('.');
  if (comma >= 0 && point >= 0) {
    const grouping = comma > point ? '.' : ',';
    return Number(compact.replaceAll(grouping, '').replace(',', '.'));
  }
  const separator = comma >= 0 ? ',' : '.';
  const parts = compact.split(separator);
  if (parts.length > 2) return parts.slice(1).every((part) => part.length === 3) ? Number(parts.join('')) : NaN;
  return Number(parts.join('.'));
}

/** A date as people write it, day first: `2027-01-05`, `05/01/2027`, `5.1.2027`; a time after it is left out. Null for none. */
export function parseDate(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text);
  const dayFirst = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : dayFirst ? [dayFirst[3], dayFirst[2], dayFirst[1]] : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}
