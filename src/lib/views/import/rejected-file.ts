import type { ImportRow } from '$lib/core/rows/contacts';
import { m, words } from '$lib/i18n';

/** The rejected lines with their reasons as CSV, for a spreadsheet: it wants the mark at the start to see the accents. */
export function rejectedFile({ rejected }: Pick<ImportRow, 'rejected'>): string {
  const lines = [
    [m['imports.line'](), m['imports.reason'](), m['imports.content']()],
    ...rejected.map(({ line, raw, ...reason }) => [String(line), words(reason), raw])
  ];
  return `\ufeff${lines.map((fields) => fields.map(quoted).join(';')).join('\r\n')}\r\n`;
}

/** What begins like a formula is kept from being one. */
function quoted(field: string): string {
  const safe = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
  return /["\n\r;,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
