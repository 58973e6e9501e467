import { create, remove, update, type Change } from '$lib/core/changes';
import type { MessagePlace, Render } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { parsePhone } from '$lib/records/contacts';
import type { WorkerApi } from '../api';
import type { Removal } from '../drafts';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { inventedPlace } from './invented';
import { namedRefusal } from './names';

/** Ten messages in GSM letters, as the step allows. */
const LONGEST_SMS = 1_530;
const LONGEST_PUSH = 2_000;

export function smsTemplateEdits(desk: Desk, removals: Removals, render: Render): WorkerApi['smsTemplates'] {
  return {
    save: ({ id, name, text }) => {
      if (text.trim() === '') return Promise.resolve(failed(words('words.step.empty_message')));
      if (text.length > LONGEST_SMS)
        return Promise.resolve(failed(words('words.step.sms_too_long', { most: LONGEST_SMS })));
      return saveTemplate(desk, 'smsTemplates', id, name, { text });
    },
    remove: (id) => removeRow(removals, 'smsTemplates', id),
    preview: async (liquid, kind, contactId) => {
      const place = await placeOf(desk, contactId);
      return render.sms({ ...place, liquid, kind });
    }
  };
}

export function pushTemplateEdits(desk: Desk, removals: Removals, render: Render): WorkerApi['pushTemplates'] {
  return {
    save: ({ id, name, title, body, url, imageUrl }) => {
      if (body.trim() === '') return Promise.resolve(failed(words('words.step.empty_message')));
      if (title.length + body.length > LONGEST_PUSH) return Promise.resolve(failed(words('words.template.too_large')));
      return saveTemplate(desk, 'pushTemplates', id, name, { title, body, url, imageUrl });
    },
    remove: (id) => removeRow(removals, 'pushTemplates', id),
    preview: async ({ title, body }, contactId) => {
      const place = await placeOf(desk, contactId);
      const [shownTitle, shownBody] = [
        render.text({ ...place, liquid: title }),
        render.text({ ...place, liquid: body })
      ];
      if (!shownTitle.ok) return shownTitle;
      return shownBody.ok ? ok({ title: shownTitle.value, body: shownBody.value }) : shownBody;
    }
  };
}

/** A number, or up to eleven letters and digits of which one is a letter: what networks show. A Twilio messaging service too. */
const SENDER_NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$|^MG[0-9a-f]{32}$/;

export function smsSenderEdits(desk: Desk, removals: Removals): WorkerApi['smsSenders'] {
  return {
    save: ({ id, name, accountId }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const { accounts, smsSenders, settings } = await transaction.view();
        const tidy = name.trim();
        const number = parsePhone(tidy, settings.get('workspace')?.country ?? 'FR');
        if (!number.ok && !SENDER_NAME.test(tidy)) return failed(words('words.sender.not_an_sms_sender'));
        const shown = number.ok ? number.value : tidy;
        const refused = namedRefusal([...smsSenders.values()], shown, id);
        if (refused) return failed(refused);
        if (accountId !== null && !accounts.has(accountId)) return failed(words('words.account.gone'));
        const value = id ?? newId();
        const fields = { name: shown, accountId };
        const change: Change =
          id === undefined
            ? create('smsSenders', value, { ...fields, id: value, createdAt: now })
            : update('smsSenders', id, fields);
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) => removeRow(removals, 'smsSenders', id)
  };
}

type Content = { readonly smsTemplates: { text: string }; readonly pushTemplates: { title: string; body: string; url: string; imageUrl: string } }; // prettier-ignore

function saveTemplate<T extends keyof Content>(
  desk: Desk,
  table: T,
  id: Id | undefined,
  name: string,
  content: Content[T]
): Promise<Result<Id>> {
  return desk.tryEdit(async (transaction, { now, newId }) => {
    const view = await transaction.view();
    const refused = namedRefusal([...view[table].values()], name, id);
    if (refused) return failed(refused);
    const value = id ?? newId();
    const fields = { ...content, name: name.trim(), updatedAt: now };
    const made = { ...fields, id: value, createdAt: now };
    const change = (id === undefined ? { table, id: value, create: made } : update(table, id, fields)) as Change;
    return ok({ effect: { changes: [change], events: [] }, value });
  });
}

function removeRow(removals: Removals, table: keyof Content | 'smsSenders', id: Id): Promise<Result<Removal>> {
  return removals.remove((step) =>
    step(async (transaction) => {
      if (!(await transaction.get(table, id)))
        return failed(words(table === 'smsSenders' ? 'words.sender.gone' : 'words.template.gone'));
      return ok({ effect: { changes: [remove(table, id) as Change], events: [] }, value: undefined });
    })
  );
}

function placeOf({ parts }: Desk, contactId: Id | null): Promise<MessagePlace> {
  return parts.storage.read((reader) => inventedPlace(reader, contactId, parts.now()));
}
