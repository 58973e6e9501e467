import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { HandedIn } from '$lib/core/sources';
import { words } from '$lib/core/words';
import { readAnswers, submit, type AnswerProblem, type TypedAnswers } from '$lib/records/forms';
import type { Reader } from '$lib/storage/port';

/** What a form does with what somebody has typed into it, or what is wrong with that. */
export async function submitted(
  reader: Reader,
  id: Id,
  typed: TypedAnswers,
  given: Given
): Promise<Result<Effect, readonly AnswerProblem[]>> {
  const view = await reader.view();
  const stored = view.forms.get(id);
  if (!stored) return failed([{ fieldId: '', words: words('words.form.gone') }]);
  const form = { ...stored, listIds: stored.listIds.filter((listId) => view.lists.has(listId)) };
  const answers = readAnswers(form, typed, view.attributes, view.settings.get('workspace')?.country ?? 'FR');
  if (!answers.ok) return answers;
  const { email, phone } = answers.value;
  const byEmail = await ownerOf(reader, 'email', email?.toLowerCase());
  const byPhone = await ownerOf(reader, 'phone', phone);
  const known = byEmail ?? (email === undefined ? byPhone : null);
  const isFree = byPhone === null || byPhone.id === known?.id;
  const { contactId: _, ...effect } = submit(form, answers.value, known, isFree, given);
  return ok(effect);
}

/**
 * The same of a form that was filled in on a page, at the time at which it was; nothing where it is here already. Failed with the first of
 * what is wrong: the form may have changed since it was shown.
 */
export async function handedIn(
  reader: Reader,
  { formId, values, consent, post }: HandedIn,
  given: Given
): Promise<Result<Effect>> {
  const dedupeKey = `form:${post.id}`;
  const known = await reader.query('events', { index: 'dedupeKey', equals: dedupeKey, limit: 1 });
  if (known.length > 0) return ok({ changes: [], events: [] });
  const at = Math.min(post.receivedAt, given.now);
  const effect = await submitted(reader, formId, { values, consent }, { ...given, now: at });
  if (!effect.ok) return failed(effect.reason[0]?.words ?? words('words.form.broken'));
  const { changes, events } = effect.value;
  const last = events.length - 1;
  return ok({
    changes,
    events: events.map((event, index) => ({
      ...event,
      receivedAt: given.now,
      ...(index === last ? { dedupeKey } : {})
    }))
  });
}

async function ownerOf(reader: Reader, kind: 'email' | 'phone', value: string | undefined): Promise<Contact | null> {
  if (value === undefined) return null;
  const identity = await reader.get('identities', [kind, value]);
  return identity === undefined ? null : ((await reader.get('contacts', identity.contactId)) ?? null);
}
