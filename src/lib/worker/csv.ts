import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import Papa from 'papaparse';

/** One record of the file: its fields, or why it has none. `line` counts from 1, where the record begins. */
export type CsvRecord =
  | { readonly line: number; readonly fields: string[] }
  | {
      readonly line: number;
      readonly broken: 'unclosed_quote' | 'malformed_quote' | 'unclosed_card';
      readonly raw: string;
    };

export interface CsvFile {
  readonly delimiter: string;
  /** Each once: a second `Nom` is `Nom (2)`, a column without a name is `#3`. */
  readonly headers: string[];
  /** The records under the headers, without empty ones, as they are read. */
  readonly records: AsyncIterable<CsvRecord[]>;
}

const CHUNK_BYTES = 1 << 20;
/** A record that is longer has a quote that nothing closes. */
const LONGEST_RECORD = 1 << 18;
const DELIMITERS = [',', ';', '\t', '|'];

/** Opens a file of separated values, whatever its separator and encoding. Refused with words: a spreadsheet, an empty file. */
export async function openCsv(file: Blob): Promise<Result<CsvFile>> {
  const encoding = await encodingOf(file);
  if (encoding === null) return failed(words('words.import.not_text'));
  const sample = (await textOf(file.slice(0, CHUNK_BYTES), encoding)).trimStart();
  if (sample === '') return failed(words('words.import.empty_file'));
  const delimiter = delimiterOf(sample);
  const records = recordsOf(file, encoding, delimiter)[Symbol.asyncIterator]();
  let first: CsvRecord[] = [];
  while (first.length === 0) {
    const next = await records.next();
    if (next.done) return failed(words('words.import.empty_file'));
    first = next.value;
  }
  const [header, ...others] = first;
  if (header === undefined || !('fields' in header)) return failed(words('words.import.broken_header'));
  return ok({ delimiter, headers: named(header.fields), records: continued(others, records) });
}

async function* continued(first: CsvRecord[], others: AsyncIterator<CsvRecord[]>): AsyncIterable<CsvRecord[]> {
  if (first.length > 0) yield first;
  for (let next = await others.next(); !next.done; next = await others.next()) yield next.value;
}

/** UTF-16 by its mark, UTF-8 where every byte fits it, else what Windows writes; null: no text at all. */
async function encodingOf(file: Blob): Promise<string | null> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isUtf8 = true;
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    const bytes = new Uint8Array(await file.slice(offset, offset + CHUNK_BYTES).arrayBuffer());
    // Spreadsheets and other binary files have zero bytes at once.
    if (offset === 0 && bytes.subarray(0, 4_096).includes(0)) return null;
    if (!isUtf8) break;
    try {
      decoder.decode(bytes, { stream: offset + CHUNK_BYTES < file.size });
    } catch {
      isUtf8 = false;
    }
  }
  return isUtf8 ? 'utf-8' : 'windows-1252';
}

async function textOf(part: Blob, encoding: string): Promise<string> {
  return new TextDecoder(encoding).decode(await part.arrayBuffer());
}

/** The separator that splits the first lines into the same number of fields, and into most. */
function delimiterOf(sample: string): string {
  const lines = sample.replace(/\r\n?/g, '\n');
  let best = { delimiter: ',', steadiness: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const { data } = new Papa.Parser({ delimiter, newline: '\n', preview: 30 }).parse(lines, 0, false) as {
      data: string[][];
    };
    const rows = data.filter((fields) => fields.length > 1 || fields[0] !== '');
    const width = rows[0]?.length ?? 1;
    const steadiness = rows.filter((fields) => fields.length === width).length / Math.max(1, rows.length);
    const isBetter = steadiness > best.steadiness || (steadiness === best.steadiness && width > best.width);
    if (width > 1 && (best.width === 1 || isBetter)) best = { delimiter, steadiness, width };
  }
  return best.delimiter;
}

async function* recordsOf(file: Blob, encoding: string, delimiter: string): AsyncIterable<CsvRecord[]> {
  const decoder = new TextDecoder(encoding);
  const cutter = new Cutter(delimiter);
  let next = file.slice(0, CHUNK_BYTES).arrayBuffer();
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    const bytes = await next;
    const end = offset + CHUNK_BYTES;
    if (end < file.size) next = file.slice(end, end + CHUNK_BYTES).arrayBuffer();
    const records = cutter.cut(decoder.decode(bytes, { stream: end < file.size }), end >= file.size);
    if (records.length > 0) yield records;
  }
}

/** Cuts text that comes in pieces into records. */
class Cutter {
  #rest = '';
  #line = 1;
  readonly #parser: { parse(text: string, base: number, ignoreLast: boolean): unknown };

  constructor(private readonly delimiter: string) {
    this.#parser = new Papa.Parser({ delimiter, newline: '\n', quoteChar: '"' });
  }

  cut(text: string, isLast: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    this.#rest += text;
    // A line may end in the next piece.
    const held = !isLast && this.#rest.endsWith('\r') ? '\r' : '';
    if (held) this.#rest = this.#rest.slice(0, -1);
    if (this.#rest.includes('\r')) this.#rest = this.#rest.replace(/\r\n?/g, '\n');
    this.#take(records, true);
    while (this.#rest.length > (isLast ? 0 : LONGEST_RECORD)) {
      if (isLast && this.#take(records, false)) break;
      if (!isLast && !this.#rest.includes('\n')) break;
      this.#dropLine(records);
      this.#take(records, true);
    }
    this.#rest += held;
    return records;
  }

  /** Takes the records that are whole; with `open` the last one may go on in the next piece. False: a quote is never closed. */
  #take(records: CsvRecord[], open: boolean): boolean {
    const { data, errors, meta } = this.#parser.parse(this.#rest, 0, open) as {
      data: string[][];
      errors: { code: string; row: number }[];
      meta: { cursor: number };
    };
    if (errors.some(({ code }) => code === 'MissingQuotes')) return false;
    const malformed = new Set(errors.map(({ row }) => row));
    const hasQuotes = this.#rest.includes('"');
    data.forEach((fields, row) => {
      const line = this.#line;
      this.#line += 1 + (hasQuotes ? linesWithin(fields) : 0);
      if (malformed.has(row)) records.push({ line, broken: 'malformed_quote', raw: this.#rawOf(fields) });
      else if (fields.some((field) => field !== '')) records.push({ line, fields });
    });
    this.#rest = open ? this.#rest.slice(meta.cursor) : '';
    return true;
  }

  /** Gives up the line on which a quote opens that nothing closes. */
  #dropLine(records: CsvRecord[]): void {
    const end = this.#rest.indexOf('\n');
    const raw = end < 0 ? this.#rest : this.#rest.slice(0, end);
    records.push({ line: this.#line++, broken: 'unclosed_quote', raw: raw.slice(0, 1_000) });
    this.#rest = end < 0 ? '' : this.#rest.slice(end + 1);
  }

  #rawOf(fields: readonly string[]): string {
    return fields.join(this.delimiter).slice(0, 1_000);
  }
}

function linesWithin(fields: readonly string[]): number {
  let lines = 0;
  for (const field of fields) for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) lines++;
  return lines;
}

function named(fields: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field, at) => {
    const name = field.trim() || `#${at + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
