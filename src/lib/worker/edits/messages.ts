import { create, remove, update, type Change } from '$lib/core/changes';
import type { Render } from '$lib/core/definitions';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { parseEmail } from '$lib/records/contacts';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { inventedContact } from './invented';
import { namedRefusal } from './names';

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
    preview: ({ subject, html }, contactId) =>
      desk.parts.storage.read(async (reader) => {
        const view = await reader.view();
        const now = desk.parts.now();
        const contact =
          (contactId === null ? undefined : await reader.get('contacts', contactId)) ?? inventedContact(now);
        const template = {
          id: 'preview',
          name: '',
          channel: 'email' as const,
          subject,
          preheader: '',
          source: { editor: 'html' as const },
          html,
          createdAt: now,
          updatedAt: now
        };
        const sender = [...view.senders.values()][0] ?? {
          id: '',
          name: '',
          email: 'contact@example.com',
          accountId: null,
          createdAt: now
        };
        const event = { id: '', type: '', occurredAt: now, properties: {} };
        return render.email({ template, sender, kind: 'marketing', contact, event, view, now });
      })
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
