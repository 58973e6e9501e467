import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { Form } from '$lib/core/rows/forms';
import type { OptIn } from '$lib/core/rows/opt-ins';
import type { HandedIn } from '$lib/core/sources';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import {
  needsConfirmation,
  readAnswers,
  submit,
  type AnswerProblem,
  type Answers,
  type Submitted,
  type TypedAnswers
} from '$lib/records/forms';
import type { Reader } from '$lib/storage/port';
import {
  askedToConfirm,
  effectOfConfirmation,
  effectOfRefusal,
  meantOptIn,
  type ConfirmDeed,
  type Unconfirmed
} from './opt-ins';
import { leftOf } from './merged';
import type { Parts } from './parts';
import { resubscribed } from './resubscribing';

type Problems = readonly AnswerProblem[];

const NOTHING: Effect = { changes: [], events: [] };

/**
 * What a form does with what somebody has typed into it, or what is wrong with that. Without a `post` it was typed on this device, which
 * its owner has handed over; anybody may have typed what is posted.
 */
export async function submitted(
  reader: Reader,
  id: Id,
  typed: TypedAnswers,
  given: Given,
  parts: Pick<Parts, 'confirmationTexts'>,
  post?: Unconfirmed['post']
): Promise<Result<Effect, Problems>> {
  const view = await reader.view();
  const form = view.forms.get(id);
  if (!form) return failed([{ fieldId: '', words: words('words.form.gone') }]);
  const answers = answersTo(form, typed, view);
  if (!answers.ok) return answers;
  const { email } = answers.value;
  const isTheirs = post === undefined;
  const known = await ownerOf(reader, 'email', email?.toLowerCase());
  if (email === undefined || !needsConfirmation(form, answers.value, known, isTheirs)) {
    const { contactId: _, ...effect } = await effectOf(reader, form, answers.value, isTheirs, given);
    return ok(effect);
  }
  const unconfirmed: Unconfirmed = {
    form,
    typed,
    answers: answers.value,
    email,
    knownId: known?.id,
    ...(post ? { post } : {})
  };
  return ok(await askedToConfirm(reader, unconfirmed, given, parts));
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
  if (deed.page === 'confirm' || deed.page === 'refuse' || deed.page === 'own')
    return confirmation(reader, deed, { ...given, now }, given.now);
  const dedupeKey = `form:${post.id}`;
  const known = await reader.query('events', { index: 'dedupeKey', equals: dedupeKey, limit: 1 });
  if (known.length > 0) return ok(NOTHING);
  if (deed.page === 'profile') return profile(reader, deed, { ...given, now }, { at: given.now, dedupeKey });
  const { formId, values, consent } = deed;
  const source = { id: post.id, dedupeKey, takenInAt: given.now };
  const effect = await submitted(reader, formId, { values, consent }, { ...given, now }, parts, source);
  return effect.ok ? ok(received(effect.value, given.now, dedupeKey)) : failed(firstOf(effect.reason));
}

/** Filled in by the reader of an email of ours, as long as the address it went to is theirs. Who has been erased is nobody. */
async function profile(
  reader: Reader,
  { formId, outboxId, values, consent }: Extract<HandedIn, { page: 'profile' }>,
  given: Given,
  { at, dedupeKey }: { readonly at: number; readonly dedupeKey: string }
): Promise<Result<Effect>> {
  const row = await reader.get('outbox', outboxId);
  if (row?.request.channel !== 'email') return failed(words('words.form.not_their_link'));
  const contactId = (await leftOf(reader, [row.contactId]))(row.contactId);
  const contact = contactId === undefined ? undefined : await reader.get('contacts', contactId);
  if (!contact) return ok(NOTHING);
  const address = row.request.to.email;
  if ((await ownerOf(reader, 'email', address.toLowerCase()))?.id !== contact.id)
    return failed(words('words.form.not_their_link'));
  const view = await reader.view();
  const form = view.forms.get(formId);
  if (form?.type !== 'profile_update') return failed(words(form ? 'words.form.no_profile' : 'words.form.gone'));
  const typed = { values: withAddress(form, values, contact.email ?? address), consent };
  const answers = answersTo(form, typed, view);
  if (!answers.ok) return failed(firstOf(answers.reason));
  const { contactId: _, ...effect } = await effectOf(reader, form, answers.value, true, given);
  return ok(received(effect, at, dedupeKey));
}

async function confirmation(
  reader: Reader,
  deed: ConfirmDeed,
  given: Given,
  receivedAt: number
): Promise<Result<Effect>> {
  const optIn = await meantOptIn(reader, deed);
  if (optIn === null) return ok(NOTHING);
  if (deed.page === 'refuse') return ok(await effectOfRefusal(reader, optIn, given.now));
  const view = await reader.view();
  const form = view.forms.get(optIn.formId);
  if (!form) return failed(words('words.form.gone'));
  const typed = deed.page === 'own' ? ownAnswers(form, deed, optIn, given.now) : optIn;
  const answers = answersTo(form, typed, view);
  if (!answers.ok) return failed(firstOf(answers.reason));
  const effect = await effectOf(reader, form, answers.value, true, given);
  const confirmed = await effectOfConfirmation(reader, effect, typed, given.now);
  return ok(received(confirmed, receivedAt, optIn.dedupeKey));
}

/** What its reader has handed in instead of what they were asked about, and agreed to right then. */
function ownAnswers(
  form: Form,
  { values, consent }: Extract<ConfirmDeed, { page: 'own' }>,
  optIn: OptIn,
  now: Instant
): OptIn {
  return { ...optIn, values: withAddress(form, values, optIn.address), consent, handedInAt: now };
}

/** Whose address is known is not asked for it. */
function withAddress(form: Form, values: TypedAnswers['values'], address: string): TypedAnswers['values'] {
  const asked = form.fields.find(({ asks }) => asks.for === 'email')?.id;
  return asked === undefined ? values : { ...values, [asked]: address };
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

async function effectOf(
  reader: Reader,
  stored: Form,
  answers: Answers,
  isTheirs: boolean,
  given: Given
): Promise<Submitted> {
  const { lists } = await reader.view();
  const form = { ...stored, listIds: stored.listIds.filter((listId) => lists.has(listId)) };
  const { email, phone } = answers;
  const byEmail = await ownerOf(reader, 'email', email?.toLowerCase());
  const byPhone = await ownerOf(reader, 'phone', phone);
  const known = byEmail ?? (email === undefined ? byPhone : null);
  const isFree = byPhone === null || byPhone.id === known?.id;
  return submit(form, answers, { known, isFree, isTheirs }, given);
}

function firstOf(problems: Problems) {
  return problems[0]?.words ?? words('words.form.broken');
}

async function ownerOf(reader: Reader, kind: 'email' | 'phone', value: string | undefined): Promise<Contact | null> {
  if (value === undefined) return null;
  const identity = await reader.get('identities', [kind, value]);
  return identity === undefined ? null : ((await reader.get('contacts', identity.contactId)) ?? null);
}
