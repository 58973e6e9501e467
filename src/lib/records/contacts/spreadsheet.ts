/** What a spreadsheet would take for a formula; plain numbers, and phone numbers among them, do nothing. */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'+[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** The text as it may stand in a spreadsheet: an apostrophe before it keeps it from being a formula (OWASP, CSV injection). */
export function guarded(text: string): string {
  return FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}

/** The text that was guarded. */
export function unguarded(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

/** One line of separated values (RFC 4180), without its end; nothing in it is a formula. */
export function csvLine(fields: readonly string[], delimiter: string): string {
  return fields.map((field) => quoted(guarded(field), delimiter)).join(delimiter);
}

function quoted(field: string, delimiter: string): string {
  const isPlain = !/["\n\r]|^\s|\s$/.test(field) && !field.includes(delimiter);
  return isPlain ? field : `"${field.replaceAll('"', '""')}"`;
}
