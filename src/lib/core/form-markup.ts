import { markup, Markup, NO_MARKUP } from './markup';
import { CONSENT_FIELD, TRAP_FIELD, type FormTexts, type PublishedField, type PublishedForm } from './pages';

/** What was given before, by the name of the field, and what is wrong with it. */
export interface Given {
  readonly answers: Readonly<Record<string, readonly string[]>>;
  readonly problems: Readonly<Record<string, string>>;
}

const NOTHING_GIVEN: Given = { answers: {}, problems: {} };

/**
 * A form as HTML that works without a script, on the relay's page and on a site of the user's. `action`: where it posts to. `time`: the
 * signed time at which the relay made it; a form on a site has none.
 */
export function formMarkup(
  form: PublishedForm,
  texts: FormTexts,
  { action, time, given = NOTHING_GIVEN }: { action: string; time?: string; given?: Given }
): Markup {
  return markup`<form method="post" action="${action}" data-ricochet-form>
${form.fields.map((field) => fieldMarkup(field, texts, given))}${consentMarkup(form, given)}<p hidden><label>${texts.trap} <input name="${TRAP_FIELD}" tabindex="-1" autocomplete="off"></label></p>
${time === undefined ? NO_MARKUP : markup`<input type="hidden" name="t" value="${time}">\n`}<button>${form.button}</button>
</form>
`;
}

function fieldMarkup(field: PublishedField, texts: FormTexts, given: Given): Markup {
  const { id, label, help, required, input, options = [] } = field;
  const answers = given.answers[id] ?? [];
  const notes = notesOf(id, help, given.problems[id]);
  const name = required ? markup`${label}` : markup`${label} <small>${texts.optional}</small>`;
  if (input === 'choices') {
    const boxes = options.map((option) => boxOf(id, option.id, option.name, answers.includes(option.id)));
    return markup`<fieldset${notes.described}><legend>${name}</legend>${boxes}${notes.shown}</fieldset>\n`;
  }
  if (input === 'yesNo')
    return markup`<p>${boxOf(id, 'yes', label, answers.includes('yes'), notes.described)}${notes.shown}</p>\n`;
  const attributes = markup`id="f-${id}" name="${id}"${required ? markup` required` : NO_MARKUP}${notes.described}`;
  const control =
    input === 'choice'
      ? markup`<select ${attributes}><option value=""></option>${options.map((option) => optionOf(option, answers))}</select>`
      : markup`<input ${attributes} type="${TYPES[input]}"${COMPLETE[input] ?? NO_MARKUP} value="${answers[0] ?? ''}">`;
  return markup`<p><label for="f-${id}">${name}</label>${control}${notes.shown}</p>\n`;
}

function consentMarkup({ consent }: PublishedForm, { answers, problems }: Given): Markup {
  if (consent === '') return NO_MARKUP;
  const notes = notesOf(CONSENT_FIELD, '', problems[CONSENT_FIELD]);
  const isChecked = (answers[CONSENT_FIELD] ?? []).includes('yes');
  const attributes = markup` required${notes.described}`;
  return markup`<p>${boxOf(CONSENT_FIELD, 'yes', consent, isChecked, attributes)}${notes.shown}</p>\n`;
}

const TYPES = { text: 'text', email: 'email', tel: 'tel', number: 'number', date: 'date' } as const;
const COMPLETE: Partial<Record<PublishedField['input'], Markup>> = {
  email: new Markup(' autocomplete="email"'),
  tel: new Markup(' autocomplete="tel"'),
  number: new Markup(' step="any"')
};

/** Help, and what is wrong, which the control names as its description. */
function notesOf(id: string, help: string, problem: string | undefined): { shown: Markup; described: Markup } {
  const notes = [
    ...(help === '' ? [] : [markup`<small id="h-${id}">${help}</small>`]),
    ...(problem === undefined ? [] : [markup`<strong id="e-${id}">${problem}</strong>`])
  ];
  const ids = [...(help === '' ? [] : [`h-${id}`]), ...(problem === undefined ? [] : [`e-${id}`])].join(' ');
  const invalid = problem === undefined ? NO_MARKUP : markup` aria-invalid="true"`;
  return {
    shown: new Markup(notes.map(({ text }) => text).join('')),
    described: ids === '' ? NO_MARKUP : markup` aria-describedby="${ids}"${invalid}`
  };
}

function boxOf(name: string, value: string, label: string, isChecked: boolean, attributes = NO_MARKUP): Markup {
  const checked = isChecked ? markup` checked` : NO_MARKUP;
  return markup`<label><input type="checkbox" name="${name}" value="${value}"${checked}${attributes}> ${label}</label>`;
}

function optionOf({ id, name }: { id: string; name: string }, answers: readonly string[]): Markup {
  return markup`<option value="${id}"${answers.includes(id) ? markup` selected` : NO_MARKUP}>${name}</option>`;
}
