import { defineAction } from '$lib/core/definitions';
import { reference } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { removeFromList } from '$lib/records/contacts/membership';
import { nameOf } from '../../names';

export default defineAction({
  id: 'contact.remove_from_list',
  group: 'contacts',
  icon: 'list-minus',
  version: 1,
  fields: { listId: reference('lists', { required: true }) },
  sentence: ({ fields, view }) => {
    const list = nameOf(view.lists, fields.listId);
    return list === null ? null : words('catalogue.contact.remove_from_list.sentence', { list });
  },
  apply: ({ fields, contact, view, now, newId }) => {
    const list = view.lists.get(fields.listId ?? '');
    if (!list) return failed(words('words.step.list_gone'));
    const there = contact.listIds.includes(list.id);
    return ok({
      ...removeFromList(contact, list.id, { via: 'automation', now, newId }),
      words: words(there ? 'words.step.removed_from_list' : 'words.step.not_on_list', { list: list.name })
    });
  },
  examples: [
    { fields: { listId: 'l1' }, contact: { listIds: ['l1', 'l2'] }, branch: 'next', becomes: { listIds: ['l2'] } },
    { fields: { listId: 'l1' }, contact: { listIds: ['l2'] }, branch: 'next', becomes: { listIds: ['l2'] } }
  ]
});
