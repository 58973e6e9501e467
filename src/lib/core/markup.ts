/** Markup of our own. All else is text. */
export class Markup {
  constructor(readonly text: string) {}
}

type Value = string | Markup | readonly Markup[];

/** markup`<p>${text}</p>`: what is put in is escaped, in elements and in quoted attributes alike, unless it is `Markup` itself. */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, at) => (at === 0 ? part : textOf(values[at - 1] ?? '') + part)).join(''));
}

export const NO_MARKUP = new Markup('');

/** Text whose lines stay lines. */
export function lines(text: string): Markup {
  return new Markup(
    text
      .split(/\r\n|\r|\n/)
      .map(escaped)
      .join('<br>')
  );
}

function textOf(value: Value): string {
  if (typeof value === 'string') return escaped(value);
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}
