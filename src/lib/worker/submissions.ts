import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { Form } from '$lib/core/rows/forms';
import type { HandedIn } from '$lib/core/sources';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import {
  needsConfirmation,
  readAnswers,
  submit,
  type AnswerProblem,
  type Submitted,
  type TypedAnswers
} from '$lib/records/forms';
import type { Reader } from '$lib/storage/port';
import { askedToConfirm, confirmedOptIn, effectOfConfirmation, type SignUp } from './opt-ins';
import type { Parts } from './parts';
import { resubscribed } from './resubscribing';

type Answers = Parameters<typeof needsConfirmation>[1];
type Problems = readonly AnswerProblem[];

/** What a form does with what somebody has typed into it, or what is wrong with that. */
export async function submitted(
  reader: Reader,
  id: Id,
  typed: TypedAnswers,
  given: Given,
  parts: Pick<Parts, 'confirmationTexts'>,
  post?: SignUp['post']
): Promise<Result<Effect, Problems>> {
  const view = await reader.view();
  const form = view.forms.get(id);
  if (!form) return failed([{ fieldId: '', words: words('words.form.gone') }]);
  const answers = answersTo(form, typed, view);
  if (!answers.ok) return answers;
  const { email } = answers.value;
  const { confirmation } = form;
  if (!confirmation || email === undefined || !needsConfirmation(form, answers.value)) {
    const { contactId: _, ...effect } = await effectOf(reader, form, answers.value, given);
    return ok(effect);
  }
  const knownId = (await ownerOf(reader, 'email', email.toLowerCase()))?.id;
  const signUp: SignUp = { form: { ...form, confirmation }, typed, email, knownId, ...(post ? { post } : {}) };
  return ok(await askedToConfirm(reader, signUp, given, parts));
}

/**
 * The same of what was done on a page, at the time at which it was; nothing where it is here already. Failed with the first of what is
 * wrong: the form may have changed since it was shown.
 */
export async function handedIn(
  reader: Reader,
  deed: HandedIn,
  given: Given,
  parts: Pick<Parts, 'confirmationTexts'>
): Promise<Result<Effect>> {
  const { post } = deed;
  const now = Math.min(post.receivedAt, given.now);
  if (deed.page === 'resubscribe') return ok(await resubscribed(reader, deed, { ...given, now }));
  if (deed.page === 'confirm') return confirmation(reader, deed, { ...given, now }, given.now);
  const dedupeKey = `form:${post.id}`;
  const known = await reader.query('events', { index: 'dedupeKey', equals: dedupeKey, limit: 1 });
  if (known.length > 0) return ok({ changes: [], events: [] });
  const { formId, values, consent } = deed;
  const source = { id: post.id, dedupeKey, takenInAt: given.now };
  const effect = await submitted(reader, formId, { values, consent }, { ...given, now }, parts, source);
  return effect.ok ? ok(received(effect.value, given.now, dedupeKey)) : failed(firstOf(effect.reason));
}

async function confirmation(
  reader: Reader,
  deed: Extract<HandedIn, { page: 'confirm' }>,
  given: Given,
  receivedAt: number
): Promise<Result<Effect>> {
  const found = await confirmedOptIn(reader, deed);
  if (!found.ok) return found;
  if (found.value === null) return ok({ changes: [], events: [] });
  const { optIn, form } = found.value;
  const answers = answersTo(form, optIn, await reader.view());
  if (!answers.ok) return failed(firstOf(answers.reason));
  const effect = await effectOf(reader, form, answers.value, given);
  const confirmed = await effectOfConfirmation(reader, effect, optIn, given.now);
  return ok(received(confirmed, receivedAt, optIn.dedupeKey));
}

/** The last of the events is that the form was handed in. */
function received({ changes, events }: Effect, receivedAt: number, dedupeKey: string | undefined): Effect {
  const last = events.length - 1;
  return {
    changes,
    events: events.map((event, at) => ({
      ...event,
      receivedAt,
      ...(at === last && dedupeKey !== undefined ? { dedupeKey } : {})
    }))
  };
}

function answersTo(
  form: Form,
  typed: TypedAnswers,
  { attributes, settings }: WorkspaceView
): Result<Answers, Problems> {
  return readAnswers(form, typed, attributes, settings.get('workspace')?.country ?? 'FR');
}

async function effectOf(reader: Reader, stored: Form, answers: Answers, given: Given): Promise<Submitted> {
  const { lists } = await reader.view();
  const form = { ...stored, listIds: stored.listIds.filter((listId) => lists.has(listId)) };
  const { email, phone } = answers;
  const byEmail = await ownerOf(reader, 'email', email?.toLowerCase());
  const byPhone = await ownerOf(reader, 'phone', phone);
  const known = byEmail ?? (email === undefined ? byPhone : null);
  const isFree = byPhone === null || byPhone.id === known?.id;
  return submit(form, answers, known, isFree, given);
}

function firstOf(problems: Problems) {
  return problems[0]?.words ?? words('words.form.broken');
}

async function ownerOf(reader: Reader, kind: 'email' | 'phone', value: string | undefined): Promise<Contact | null> {
  if (value === undefined) return null;
  const identity = await reader.get('identities', [kind, value]);
  return identity === undefined ? null : ((await reader.get('contacts', identity.contactId)) ?? null);
}
