import type { Given } from '$lib/core/form-markup';
import { CONSENT_FIELD, TRAP_FIELD, type FormTexts, type PublishedField, type PublishedForm } from '$lib/core/pages';
import { jsonOf } from '../bodies';

/** In characters, of one answer; nothing that a person types is longer. */
const LONGEST = 5_000;

/** What was handed in: as it was given, and as it is kept. */
export interface Read extends Given {
  readonly values: Readonly<Record<string, string | string[]>>;
  readonly consent: boolean;
  /** The time signed by the relay; undefined where the form stands on a site. */
  readonly time: string | undefined;
  readonly trap: string;
}

/** What of a body the form asks for, and what is wrong with it; null where it is neither form-encoded nor JSON. */
export function readForm(text: string | null, contentType: string, form: PublishedForm, texts: FormTexts): Read | null {
  const given = text === null ? null : givenIn(text, contentType);
  if (given === null) return null;
  const answers: Record<string, readonly string[]> = {};
  const values: Record<string, string | string[]> = {};
  const problems: Record<string, string> = {};
  for (const field of form.fields) {
    const all = given(field.id).map((one) => one.slice(0, LONGEST + 1));
    answers[field.id] = all;
    const filled = all.map((one) => one.trim()).filter((one) => one !== '');
    const problem = problemOf(field, filled, texts);
    if (problem !== null) problems[field.id] = problem;
    else if (filled.length > 0) values[field.id] = field.input === 'choices' ? filled : (filled[0] ?? '');
  }
  const consent = given(CONSENT_FIELD).includes('yes');
  if (consent) answers[CONSENT_FIELD] = ['yes'];
  if (form.consent !== '' && !consent) problems[CONSENT_FIELD] = texts.consentMissing;
  return { answers, problems, values, consent, time: given('t')[0], trap: given(TRAP_FIELD).join('') };
}

export function isTrapped({ trap }: Read): boolean {
  return trap !== '';
}

type Answered = (name: string) => readonly string[];

function givenIn(text: string, contentType: string): Answered | null {
  if (contentType.includes('json') || contentType.startsWith('text/plain')) {
    const body = jsonOf(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
    const entries = new Map(Object.entries(body));
    return (name) => [entries.get(name)].flat().flatMap(plain);
  }
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return null;
  const parameters = new URLSearchParams(text);
  return (name) => parameters.getAll(name);
}

function plain(value: unknown): string[] {
  if (value === true) return ['yes'];
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

function problemOf(
  { input, required, options = [] }: PublishedField,
  filled: readonly string[],
  texts: FormTexts
): string | null {
  if (filled.length === 0) return required ? texts.missing : null;
  if (filled.some((one) => one.length > LONGEST)) return texts.notFitting;
  switch (input) {
    case 'email':
      return filled.every((one) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(one)) ? null : texts.notEmail;
    case 'choice':
    case 'choices':
      return filled.every((one) => options.some(({ id }) => id === one)) ? null : texts.notFitting;
    case 'date':
      return filled.every((one) => /^\d{4}-\d{2}-\d{2}$/.test(one)) ? null : texts.notFitting;
    default:
      return null;
  }
}
