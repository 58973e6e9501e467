import { create, remove, update, type Change } from '$lib/core/changes';
import type { Render } from '$lib/core/definitions';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { parseEmail } from '$lib/records/contacts';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { inventedPlace } from './invented';
import { namedRefusal } from './names';
import { inventedSender, renderTyped, testSending } from './test-messages';

/** A template this large is cut by mail programs long before. In characters. */
export const LARGEST_HTML = 1_000_000;

export function templateEdits(desk: Desk, removals: Removals, render: Render): WorkerApi['templates'] {
  return {
    save: ({ id, ...template }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const { templates } = await transaction.view();
        const refused = namedRefusal([...templates.values()], template.name, id);
        if (refused) return failed(refused);
        if (template.html.length > LARGEST_HTML) return failed(words('words.template.too_large'));
        const value = id ?? newId();
        const fields = { ...template, name: template.name.trim(), updatedAt: now };
        const change: Change =
          id === undefined
            ? create('templates', value, { ...fields, id: value, createdAt: now })
            : update('templates', id, fields);
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          if (!(await transaction.get('templates', id))) return failed(words('words.template.gone'));
          return ok({ effect: { changes: [remove('templates', id)], events: [] }, value: undefined });
        })
      ),
    preview: (email, contactId) =>
      desk.parts.storage.read(async (reader) => {
        const place = await inventedPlace(reader, contactId, desk.parts.now(), { pictures: true });
        const [sender] = place.view.senders.values();
        return renderTyped(render, email, sender ?? inventedSender(place.now), place);
      }),
    sendTest: testSending(desk, render)
  };
}

export function senderEdits(desk: Desk, removals: Removals): WorkerApi['senders'] {
  return {
    save: ({ id, ...sender }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        if (sender.name.trim() === '') return failed(words('words.name.empty'));
        const email = parseEmail(sender.email);
        if (!email.ok) return email;
        const { accounts } = await transaction.view();
        if (sender.accountId !== null && !accounts.has(sender.accountId)) return failed(words('words.account.gone'));
        const value = id ?? newId();
        const fields = { ...sender, name: sender.name.trim(), email: email.value.shown };
        const change: Change =
          id === undefined
            ? create('senders', value, { ...fields, id: value, createdAt: now })
            : update('senders', id, fields);
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          if (!(await transaction.get('senders', id))) return failed(words('words.sender.gone'));
          return ok({ effect: { changes: [remove('senders', id)], events: [] }, value: undefined });
        })
      )
  };
}
