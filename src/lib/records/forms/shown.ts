import type { PageLanguage, ShownAnswers } from '$lib/core/pages';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';
import { readable, type Answers } from './answers';

/** How the answers are called that their form does not name, and those that are a tick. */
export interface AnswerTexts {
  readonly phone: string;
  readonly yes: string;
  readonly no: string;
}

/** In bytes, as JSON: what is shown travels in a link, and mail programs break those beyond some 2,000 characters. */
const MOST = 800;
/** In characters, of a question and of an answer: the first of these with which all fits. */
const LENGTHS = [
  [80, 120],
  [60, 60],
  [40, 30],
  [25, 20]
] as const;

/**
 * The answers as whoever reads the address is asked about them: each on one line, cut short, since anybody may have typed them, and an
 * advertisement as a first name too. Without the address itself, at which they read it.
 */
export function shownAnswers(
  { fields }: Pick<Form, 'fields'>,
  answers: Answers,
  attributes: ReadonlyMap<string, Attribute>,
  language: PageLanguage,
  texts: AnswerTexts
): ShownAnswers {
  const all = fields.flatMap((field) => shownAnswer(field, answers, attributes, language, texts) ?? []);
  let cut = all;
  for (const [question, answer] of LENGTHS) {
    cut = all.map(([asked, given]) => [oneLine(asked, question), oneLine(given, answer)] as [string, string]);
    if (fits(cut)) return { answers: cut, hasMore: false };
  }
  while (!fits(cut)) cut = cut.slice(0, -1);
  return { answers: cut, hasMore: true };
}

function shownAnswer(
  { asks, label }: FormField,
  { phone, attributes: given }: Answers,
  attributes: ReadonlyMap<string, Attribute>,
  language: PageLanguage,
  texts: AnswerTexts
): [string, string][] | null {
  if (asks.for === 'email') return null;
  if (asks.for === 'phone') return phone === undefined ? null : [[label.trim() || texts.phone, phone]];
  const attribute = attributes.get(asks.attributeId);
  const value = given[asks.attributeId];
  if (!attribute || value === undefined) return null;
  return [[label.trim() || attribute.name, textOf(attribute, value, language, texts)]];
}

function textOf(attribute: Attribute, given: AttributeValue, language: PageLanguage, texts: AnswerTexts): string {
  const value = readable(attribute, given);
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number')
    return new Intl.NumberFormat(language, { maximumFractionDigits: 10, useGrouping: false }).format(value);
  if (typeof value !== 'string') return value.join(', ');
  const day = attribute.kind === 'date' ? Date.parse(`${value}T00:00:00Z`) : NaN;
  return Number.isNaN(day)
    ? value
    : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
}

/** Without what breaks a line or turns its direction. */
function oneLine(text: string, most: number): string {
  const signs = Array.from(text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim());
  return signs.length <= most
    ? signs.join('')
    : `${signs
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

function fits(answers: ShownAnswers['answers']): boolean {
  // Each sign that is not ASCII counts as its bytes in UTF-8: three to a character at most, six where it is written as \uXXXX.
  return encodeURIComponent(JSON.stringify(answers)).replace(/%[0-9A-F]{2}/g, '.').length <= MOST;
}
