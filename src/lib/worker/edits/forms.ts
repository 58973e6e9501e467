import { create, remove, update } from '$lib/core/changes';
import { formMarkup } from '$lib/core/form-markup';
import { markup } from '$lib/core/markup';
import { failed, ok, type Result } from '$lib/core/result';
import type { Form } from '$lib/core/rows/forms';
import { words } from '$lib/core/words';
import { formRefusal, publishedForm, type AnswerProblem } from '$lib/records/forms';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk } from '../desk';
import type { Removals } from '../removals';
import { submitted } from '../submissions';
import { relayIn } from '../through-relay';
import { namedRefusal } from './names';

export function formEdits(desk: Desk, removals: Removals): WorkerApi['forms'] {
  return {
    // What everybody may fill in is said apart: whoever builds a form may have begun before it was.
    save: ({ id, isPublic: _, ...draft }) =>
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
    publish: (id, isPublic) =>
      desk.tryEdit(async (transaction) => {
        if (!(await transaction.get('forms', id))) return failed(words('words.form.gone'));
        const change = update('forms', id, { isPublic: isPublic ? true : undefined });
        return ok({ effect: { changes: [change], events: [] }, value: undefined });
      }),
    embed: (id) =>
      desk.parts.storage.read(async (reader) => {
        const { forms, accounts, attributes, settings } = await reader.view();
        const form = forms.get(id);
        const pages = relayIn({ accounts })?.pages;
        if (!form || !pages) return null;
        const language = settings.get('workspace')?.language ?? 'fr';
        const texts = desk.parts.pageTexts(language).form;
        const address = `${pages.url}/f/${id}`;
        const html = formMarkup(publishedForm(form, attributes, language, texts), texts, { action: address }).text;
        return { address, html, script: markup`<script src="${pages.url}/forms.js" defer></script>`.text };
      }),
    submit: (id, typed) =>
      desk.edit<Result<void, readonly AnswerProblem[]>>(async (transaction, given) => {
        const effect = await submitted(transaction, id, typed, given, desk.parts);
        return effect.ok
          ? { effect: effect.value, value: ok(undefined) }
          : { effect: NO_EFFECT, value: failed(effect.reason) };
      })
  };
}
