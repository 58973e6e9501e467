import { ok, failed, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { CsvFile, CsvRecord } from './csv';

/*
 * Files of vCards (2.1, RFC 2426, RFC 6350) as rows under columns, so that they are imported as any other file. What a card may hold
 * several of has a column each: Email, Email 2, Email 3.
 */

/** Bytes. Photos take the most. */
const LARGEST = 200_000_000;
const MOST_OF_A_KIND = 3;

const COLUMNS = [
  'First name',
  'Last name',
  'Full name',
  ...numbered('Email'),
  ...numbered('Phone'),
  'Company',
  'Job title',
  'City',
  'Postcode',
  'Country',
  'Birthday',
  'Website',
  'Categories',
  'Note',
  'UID'
] as const;

/** The values of a card by column. */
type Card = Readonly<Record<string, string>>;

interface Property {
  readonly name: string;
  /** In capitals: types and other parameters, as `TYPE=HOME` or, in 2.1, `HOME` alone. */
  readonly parameters: readonly string[];
  readonly value: string;
}

export async function isVcards(file: File): Promise<boolean> {
  const start = new TextDecoder().decode(await file.slice(0, 200).arrayBuffer());
  return /^\ufeff?\s*BEGIN:VCARD\s/i.test(start);
}

/** The cards as rows, under the columns that some card fills. Refused with words: a file that is too large. */
export async function openVcards(file: File): Promise<Result<CsvFile>> {
  if (file.size > LARGEST) return failed(words('words.import.file_too_large'));
  const text = decoded(await file.arrayBuffer());
  const cards = cardsOf(text);
  const headers = COLUMNS.filter((column) => cards.some((card) => 'card' in card && card.card[column]));
  const records = cards.map((card): CsvRecord =>
    'card' in card ? { line: card.line, fields: headers.map((header) => card.card[header] ?? '') } : card
  );
  return ok({ delimiter: '', headers, records: inOne(records) });
}

async function* inOne(records: CsvRecord[]): AsyncIterable<CsvRecord[]> {
  if (records.length > 0) yield records;
}

type Broken = Extract<CsvRecord, { broken: unknown }>;

/** All cards of a text, each with the line on which it begins. */
export function cardsOf(text: string): ({ readonly line: number; readonly card: Card } | Broken)[] {
  const cards: ({ line: number; card: Card } | Broken)[] = [];
  let open: { line: number; depth: number; properties: Property[] } | null = null;
  for (const { line, text: content } of contentLines(text)) {
    const property = propertyOf(content);
    const edge = property?.value.trim().toUpperCase() === 'VCARD' ? property.name : null;
    if (edge === 'BEGIN') {
      // A card within a card is an agent's.
      if (open) open.depth++;
      else open = { line, depth: 1, properties: [] };
    } else if (edge === 'END' && open) {
      if (--open.depth > 0) continue;
      cards.push({ line: open.line, card: cardOf(open.properties) });
      open = null;
    } else if (property && open?.depth === 1) open.properties.push(property);
  }
  if (open) cards.push({ line: open.line, broken: 'unclosed_card', raw: 'BEGIN:VCARD' });
  return cards;
}

/** Lines as they were before they were folded; those of quoted-printable values, which fold otherwise, too. */
function* contentLines(text: string): Iterable<{ line: number; text: string }> {
  const lines = text.split(/\r\n|\n|\r/);
  let at = 0;
  while (at < lines.length) {
    const line = at + 1;
    const parts = [lines[at++] ?? ''];
    const isQuoted = /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(parts[0] ?? '');
    if (isQuoted) while (parts.at(-1)?.endsWith('=') && at < lines.length) parts.push(lines[at++] ?? '');
    const quoted = isQuoted ? parts.map((part) => part.replace(/=$/, '')) : parts;
    while (/^[ \t]/.test(lines[at] ?? '')) quoted.push((lines[at++] ?? '').slice(1));
    const joined = quoted.join('');
    if (joined.trim() !== '') yield { line, text: joined };
  }
}

/** `item1.EMAIL;TYPE=work:lea@x.fr`. Null for a line that is none. */
function propertyOf(line: string): Property | null {
  // A colon within quotes belongs to a parameter.
  const match = /^((?:[^":]|"[^"]*")+):(.*)$/s.exec(line);
  if (!match) return null;
  const [head = '', ...parameters] = (match[1] ?? '').split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const name = head
    .slice(head.lastIndexOf('.') + 1)
    .trim()
    .toUpperCase();
  const given = parameters.map((parameter) => parameter.trim().replaceAll('"', ''));
  const value = given.some((parameter) => /^(ENCODING=)?QUOTED-PRINTABLE$/i.test(parameter))
    ? fromQuotedPrintable(match[2] ?? '', given)
    : (match[2] ?? '');
  return { name, parameters: given.map((parameter) => parameter.toUpperCase()), value };
}

function fromQuotedPrintable(value: string, parameters: readonly string[]): string {
  const charset = parameters.find((parameter) => /^CHARSET=/i.test(parameter))?.slice('CHARSET='.length);
  const bytes = new Uint8Array(value.length * 3);
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const code = /^=([0-9A-F]{2})/i.exec(value.slice(at, at + 3))?.[1];
    if (code === undefined) length += new TextEncoder().encodeInto(value.charAt(at), bytes.subarray(length)).written;
    else {
      bytes[length++] = parseInt(code, 16);
      at += 2;
    }
  }
  return decoded(bytes.slice(0, length).buffer, charset);
}

/** By the name given; without one as UTF-8 where it is that, else as Windows writes. */
function decoded(bytes: ArrayBuffer, charset?: string): string {
  try {
    return new TextDecoder(charset ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function cardOf(properties: readonly Property[]): Card {
  const all = (name: string): Property[] => properties.filter((property) => property.name === name);
  const text = (name: string): string => unescaped(all(name)[0]?.value ?? '').trim();
  const parts = (name: string): string[] => partsOf(all(name)[0]?.value ?? '', ';');
  const [last = '', first = ''] = parts('N');
  const home = byPreference(all('ADR'))[0];
  const [, , , city = '', , postcode = '', country = ''] = partsOf(home?.value ?? '', ';');
  const emails = byPreference(all('EMAIL')).map(({ value }) => unescaped(value).replace(/^mailto:/i, ''));
  const phones = byPreference(all('TEL').filter(({ parameters }) => !has(parameters, 'FAX', 'PAGER'))).map(
    ({ value }) => unescaped(value).replace(/^tel:/i, '').replace(/;.*$/, '')
  );
  return {
    'First name': first,
    'Last name': last,
    'Full name': text('FN'),
    ...several('Email', emails),
    ...several('Phone', phones),
    Company: parts('ORG')[0] ?? '',
    'Job title': text('TITLE'),
    City: city,
    Postcode: postcode,
    Country: country,
    Birthday: dateOf(text('BDAY')),
    Website: text('URL'),
    Categories: partsOf(all('CATEGORIES')[0]?.value ?? '', ',').join(', '),
    Note: text('NOTE'),
    UID: text('UID')
  };
}

function numbered(name: string): string[] {
  return Array.from({ length: MOST_OF_A_KIND }, (_, at) => (at === 0 ? name : `${name} ${at + 1}`));
}

/** Different values under `Email`, `Email 2` … */
function several(name: string, values: readonly string[]): Card {
  const different = [...new Set(values.map((value) => value.trim()).filter(Boolean))];
  return Object.fromEntries(numbered(name).map((column, at) => [column, different[at] ?? '']));
}

/** Preferred ones first (`PREF` of 2.1 and 3.0, the smallest `PREF=` of 4.0), then mobile phones, then in the order of the file. */
function byPreference(properties: readonly Property[]): Property[] {
  const rank = ({ parameters }: Property): number => {
    const preference = parameters.find((parameter) => /^PREF=\d+$/.test(parameter));
    if (preference) return Number(preference.slice('PREF='.length));
    if (has(parameters, 'PREF')) return 1;
    return has(parameters, 'CELL') ? 200 : 300;
  };
  return [...properties].sort((one, other) => rank(one) - rank(other));
}

function has(parameters: readonly string[], ...types: string[]): boolean {
  return parameters.some((parameter) =>
    parameter
      .replace(/^TYPE=/, '')
      .split(',')
      .some((type) => types.includes(type))
  );
}

/** The parts of a value that holds several. */
function partsOf(value: string, separator: ';' | ','): string[] {
  return value.split(separator === ';' ? /(?<!\\);/ : /(?<!\\),/).map((part) => unescaped(part).trim());
}

function unescaped(value: string): string {
  return value.replace(/\\([\\;,:nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

/** `19600415` and `1960-04-15T…` as `1960-04-15`; '' for a day without a year. */
function dateOf(value: string): string {
  const date = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(value);
  return date ? date.slice(1).join('-') : '';
}
