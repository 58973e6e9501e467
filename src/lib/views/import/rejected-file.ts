import type { ImportRow } from '$lib/core/rows/contacts';
import { m, words } from '$lib/i18n';
import { csvLine } from '$lib/records/contacts/spreadsheet';

/** The rejected lines with their reasons as CSV, for a spreadsheet: it wants the mark at the start to see the accents. */
export function rejectedFile({ rejected }: Pick<ImportRow, 'rejected'>): string {
  const lines = [
    [m['imports.line'](), m['imports.reason'](), m['imports.content']()],
    ...rejected.map(({ line, raw, ...reason }) => [String(line), words(reason), raw])
  ];
  return `\ufeff${lines.map((fields) => csvLine(fields, ';')).join('\r\n')}\r\n`;
}
