import { create, remove, update } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { Form } from '$lib/core/rows/forms';
import { words } from '$lib/core/words';
import { formRefusal, readAnswers, submit, type AnswerProblem, type TypedAnswers } from '$lib/records/forms';
import type { Transaction } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk, type Edited } from '../desk';
import type { Removals } from '../removals';
import { namedRefusal } from './names';

export function formEdits(desk: Desk, removals: Removals): WorkerApi['forms'] {
  return {
    save: ({ id, ...draft }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const { forms, attributes } = await transaction.view();
        const refused = namedRefusal([...forms.values()], draft.name, id);
        if (refused) return failed(refused);
        const before = id === undefined ? undefined : forms.get(id);
        if (id !== undefined && !before) return failed(words('words.form.gone'));
        const value = id ?? newId();
        const fields = { ...draft, name: draft.name.trim(), updatedAt: now };
        const row: Form = { ...fields, id: value, createdAt: before?.createdAt ?? now };
        const wrong = formRefusal(row, attributes);
        if (wrong) return failed(wrong);
        const change = before ? update('forms', value, fields) : create('forms', value, row);
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          if (!(await transaction.get('forms', id))) return failed(words('words.form.gone'));
          return ok({ effect: { changes: [remove('forms', id)], events: [] }, value: undefined });
        })
      ),
    submit: (id, typed) => desk.edit((transaction, given) => submitted(transaction, id, typed, given))
  };
}

async function submitted(
  transaction: Transaction,
  id: Id,
  typed: TypedAnswers,
  given: Given
): Promise<Edited<Result<void, readonly AnswerProblem[]>>> {
  const refused = (problems: readonly AnswerProblem[]) => ({ effect: NO_EFFECT, value: failed(problems) });
  const view = await transaction.view();
  const stored = view.forms.get(id);
  if (!stored) return refused([{ fieldId: '', words: words('words.form.gone') }]);
  const form = { ...stored, listIds: stored.listIds.filter((listId) => view.lists.has(listId)) };
  const answers = readAnswers(form, typed, view.attributes, view.settings.get('workspace')?.country ?? 'FR');
  if (!answers.ok) return refused(answers.reason);
  const { email, phone } = answers.value;
  const byEmail = await ownerOf(transaction, 'email', email?.toLowerCase());
  const byPhone = await ownerOf(transaction, 'phone', phone);
  const known = byEmail ?? (email === undefined ? byPhone : null);
  const isFree = byPhone === null || byPhone.id === known?.id;
  const { contactId: _, ...effect } = submit(form, answers.value, known, isFree, given);
  return { effect, value: ok(undefined) };
}

async function ownerOf(
  transaction: Transaction,
  kind: 'email' | 'phone',
  value: string | undefined
): Promise<Contact | null> {
  if (value === undefined) return null;
  const identity = await transaction.get('identities', [kind, value]);
  return identity === undefined ? null : ((await transaction.get('contacts', identity.contactId)) ?? null);
}
