/** Markup of our own. All else is text. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | Html | readonly Html[];

/** html`<p>${text}</p>`: what is put in is escaped, in elements and in quoted attributes alike, unless it is `Html` itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, at) => (at === 0 ? part : markupOf(values[at - 1] ?? '') + part)).join(''));
}

export const NOTHING = new Html('');

/** Text whose lines stay lines. */
export function lines(text: string): Html {
  return new Html(
    text
      .split(/\r\n|\r|\n/)
      .map(escaped)
      .join('<br>')
  );
}

function markupOf(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  return value instanceof Html ? value.markup : value.map(({ markup }) => markup).join('');
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}
