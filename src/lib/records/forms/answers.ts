import { freeName } from '$lib/core/names';
import { failed, ok, type Result } from '$lib/core/result';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';
import { words, type Words } from '$lib/core/words';
import { parseEmail } from '$lib/records/contacts';
import { parsePhone } from '$lib/records/contacts/identity';
import { parseAttributeValue } from '$lib/records/contacts/values';

/** The place of the consent among the problems of a form. */
export const CONSENT = 'consent';

/** What was typed into a form, by the id of the field. */
export interface TypedAnswers {
  readonly values: Readonly<Record<string, unknown>>;
  readonly consent: boolean;
}

/** What is wrong with an answer. `fieldId` is `consent` where that is what is missing. */
export interface AnswerProblem {
  readonly fieldId: string;
  readonly words: Words;
}

/** Answers in order. `shown`: as they are read, by the field's name. What was left empty is in none of them. */
export interface Answers {
  readonly email?: string;
  /** E.164 */
  readonly phone?: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly shown: Readonly<Record<string, AttributeValue>>;
  readonly consent: boolean;
}

/** Reads what was typed. Whatever it is, markup too, is text. `country`: ISO 3166, of phone numbers without a prefix. */
export function readAnswers(
  form: Form,
  { values, consent }: TypedAnswers,
  known: ReadonlyMap<string, Attribute>,
  country: string
): Result<Answers, readonly AnswerProblem[]> {
  const problems: AnswerProblem[] = [];
  const read: { email?: string; phone?: string } = {};
  const attributes: Record<string, AttributeValue> = {};
  const shown: Record<string, AttributeValue> = {};
  for (const field of form.fields) {
    const value = values[field.id];
    const isEmpty = isNothing(value);
    const answer = isEmpty ? null : readAnswer(field, value, known, country);
    if (answer && !answer.ok) problems.push({ fieldId: field.id, words: answer.reason });
    const given = answer?.ok ? answer.value : null;
    if (given === null) {
      if ((isEmpty || answer?.ok) && isRequired(form, field))
        problems.push({ fieldId: field.id, words: words('words.form.missing') });
      continue;
    }
    const { asks } = field;
    if (asks.for === 'attribute') attributes[asks.attributeId] = given;
    else read[asks.for] = String(given);
    const attribute = asks.for === 'attribute' ? known.get(asks.attributeId) : undefined;
    // Two fields may have one name: both answers are kept.
    const name = freeName(field.label.trim() || (attribute?.name ?? asks.for), (taken) => taken in shown);
    shown[name] = readable(attribute, given);
  }
  if (problems.length === 0 && read.email === undefined && read.phone === undefined) {
    const first = form.fields.find(({ asks }) => asks.for !== 'attribute');
    problems.push({ fieldId: first?.id ?? '', words: words('words.form.missing') });
  }
  if (form.consent.trim() !== '' && !consent)
    problems.push({ fieldId: CONSENT, words: words('words.form.consent_missing') });
  return problems.length > 0 ? failed(problems) : ok({ ...read, attributes, shown, consent });
}

function readAnswer(
  { asks }: FormField,
  value: unknown,
  known: ReadonlyMap<string, Attribute>,
  country: string
): Result<AttributeValue | null> {
  if (asks.for === 'email') {
    const email = parseEmail(plain(value));
    return email.ok ? ok(email.value.shown) : email;
  }
  if (asks.for === 'phone') return parsePhone(plain(value), country);
  const attribute = known.get(asks.attributeId);
  return attribute ? parseAttributeValue(attribute, value) : ok(null);
}

/** Who is known by an address alone has to give it, and so has whoever has to confirm it. */
export function isRequired(
  { type, confirmation }: Pick<Form, 'type' | 'confirmation'>,
  { asks, required }: Pick<FormField, 'asks' | 'required'>
): boolean {
  return required || (asks.for === 'email' && (type !== 'sign_up' || confirmation !== undefined));
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)
  );
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Choices by their names. */
export function readable(attribute: Attribute | undefined, value: AttributeValue): AttributeValue {
  const nameOf = (id: string): string => attribute?.options?.find((option) => option.id === id)?.name ?? id;
  if (attribute?.kind === 'choice') return nameOf(String(value));
  return Array.isArray(value) ? value.map(nameOf) : value;
}
