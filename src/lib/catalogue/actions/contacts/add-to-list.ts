import { defineAction } from '$lib/core/definitions';
import { reference } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { addToList } from '$lib/records/contacts/membership';
import { nameOf } from '../../names';

export default defineAction({
  id: 'contact.add_to_list',
  group: 'contacts',
  icon: 'list-plus',
  version: 1,
  fields: { listId: reference('lists', { required: true }) },
  sentence: ({ fields, view }) => {
    const list = nameOf(view.lists, fields.listId);
    return list === null ? null : words('catalogue.contact.add_to_list.sentence', { list });
  },
  apply: ({ fields, contact, view, now, newId }) => {
    const list = view.lists.get(fields.listId ?? '');
    if (!list) return failed(words('words.step.list_gone'));
    const already = contact.listIds.includes(list.id);
    return ok({
      ...addToList(contact, list.id, { via: 'automation', now, newId }),
      words: words(already ? 'words.step.already_on_list' : 'words.step.added_to_list', { list: list.name })
    });
  },
  examples: [
    { fields: { listId: 'l1' }, branch: 'next', becomes: { listIds: ['l1'] } },
    {
      fields: { listId: 'l1' },
      contact: { listIds: ['l1'], listedAt: { l1: 0 } },
      branch: 'next',
      becomes: { listIds: ['l1'], listedAt: { l1: 0 } }
    }
  ]
});
