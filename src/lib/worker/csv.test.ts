import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { openCsv, type CsvRecord } from './csv';

async function read(content: BlobPart): Promise<{ headers: string[]; delimiter: string; records: CsvRecord[] }> {
  const opened = await openCsv(new Blob([content]));
  if (!opened.ok) throw new Error(opened.reason.key);
  const { headers, delimiter } = opened.value;
  const records: CsvRecord[] = [];
  for await (const some of opened.value.records) records.push(...some);
  return { headers, delimiter, records };
}
const fieldsOf = (records: readonly CsvRecord[]) =>
  records.map((record) => ('fields' in record ? record.fields : null));

describe('a file of separated values', () => {
  it.each([',', ';', '\t', '|'])('is split by %j', async (delimiter) => {
    const content = `E-mail${delimiter}Nom\nlea@x.fr${delimiter}Léa, "la" ${delimiter === ',' ? '' : 'x'}\n`.replace(
      'Léa, "la" ',
      '"Léa, ; la"'
    );
    const file = await read(content);
    expect(file.delimiter).toBe(delimiter);
    expect(file.headers).toEqual(['E-mail', 'Nom']);
  });

  it('is one column where nothing separates', async () => {
    const { headers, records } = await read('email\nlea@x.fr\nmax@x.fr');
    expect(headers).toEqual(['email']);
    expect(fieldsOf(records)).toEqual([['lea@x.fr'], ['max@x.fr']]);
  });

  it('may begin with a mark, end lines in any way, and hold quotes, separators and line ends in quotes', async () => {
    const { headers, records } = await read('\ufeffa,b\r\n"1, ""un""","x\r\ny"\r\n\r\n2,z\rlast,"q"');
    expect(headers).toEqual(['a', 'b']);
    expect(records).toEqual([
      { line: 2, fields: ['1, "un"', 'x\ny'] },
      { line: 5, fields: ['2', 'z'] },
      { line: 6, fields: ['last', 'q'] }
    ]);
  });

  it('is read as Windows writes it where it is not UTF-8, and as UTF-16 by its mark', async () => {
    const latin = new Uint8Array(Array.from('nom\nLéa\n', (letter) => letter.charCodeAt(0)));
    expect(fieldsOf((await read(latin)).records)).toEqual([['Léa']]);
    const wide = new Uint8Array(
      Array.from('\ufeffnom\nLéa €\n', (letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8]).flat()
    );
    expect(fieldsOf((await read(wide)).records)).toEqual([['Léa €']]);
  });

  it('numbers its records by the line they begin on', async () => {
    const { records } = await read('a,b\n1,"x\ny\nz"\n\n,\n2,3\n');
    expect(records.map(({ line }) => line)).toEqual([2, 7]);
  });

  it('gives up one line where a quote is never closed, and goes on', async () => {
    const { records } = await read('a,b\n1,2\n3,"4\n5,6\n7,8');
    expect(records).toEqual([
      { line: 2, fields: ['1', '2'] },
      { line: 3, broken: 'unclosed_quote', raw: '3,"4' },
      { line: 4, fields: ['5', '6'] },
      { line: 5, fields: ['7', '8'] }
    ]);
  });

  it('gives up one line for an unclosed quote in the middle of a large file, without holding the rest', async () => {
    const lines = Array.from({ length: 200_000 }, (_, at) => `${at},name ${at}`);
    lines[1_000] = '1000,"oops';
    const { records } = await read(['a,b', ...lines].join('\n'));
    expect(records).toHaveLength(200_000);
    expect(records[1_000]).toEqual({ line: 1_002, broken: 'unclosed_quote', raw: '1000,"oops' });
    expect(records[199_999]).toEqual({ line: 200_001, fields: ['199999', 'name 199999'] });
  });

  it('says of a malformed quote which line it is on', async () => {
    const { records } = await read('a,b\n1,"x"y\n2,z\n');
    expect(records.map((record) => [record.line, 'broken' in record])).toEqual([[2, true], [3, false]]); // prettier-ignore
  });

  it('names each column once', async () => {
    expect((await read('Nom,,Nom\n1,2,3')).headers).toEqual(['Nom', '#2', 'Nom (2)']);
  });

  it.each([
    ['words.import.empty_file', ''],
    ['words.import.empty_file', ' \n\n'],
    ['words.import.not_text', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0])]
  ])('is refused with %s', async (key, content) => {
    const opened = await openCsv(new Blob([content]));
    expect(opened).toMatchObject({ ok: false, reason: { key } });
  });

  it('gives back what was written, wherever the pieces are cut', async () => {
    const field = fc.oneof(
      fc.constantFrom('é', '"', '\n', ',', ';', '\r\n', '€uro', '𝄞', ' a '),
      fc.string({ maxLength: 5 }).map((text) => text.replaceAll('\0', ''))
    );
    const rows = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 4_000 }), async (data, pad) => {
        // A long first field moves the limit of the first piece into the rows.
        const filler = 'x'.repeat((1 << 20) - pad);
        const content = Papa.unparse([['h1', 'h2', 'h3'], [filler.slice(0, 200_000), filler.slice(0, 200_000), 'y'], [filler.slice(0, 200_000), filler.slice(0, 200_000), 'y'], [filler.slice(0, 200_000 - pad), 'z', 'y'], ...data], { quotes: true, newline: '\n' }); // prettier-ignore
        const { records } = await read(content);
        const expected = data
          .map((fields) => fields.map((value) => value.replace(/\r\n?/g, '\n')))
          .filter((fields) => fields.some((value) => value !== ''));
        expect(fieldsOf(records.slice(3))).toEqual(expected);
      }),
      { numRuns: 30 }
    );
  });
});
