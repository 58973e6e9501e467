import { defineTrigger } from '$lib/core/definitions';
import { contactAddedToList } from '$lib/core/events/contacts';
import { references } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { namesOf } from '../../names';

export default defineTrigger({
  id: 'contact.added_to_list',
  group: 'contacts',
  icon: 'list-plus',
  version: 1,
  fields: { listIds: references('lists', { required: true }) },
  event: contactAddedToList,
  admits: ({ fields, properties }) =>
    !properties.moved && properties.listId !== null && fields.listIds.includes(properties.listId),
  already: ({ fields }) => ({
    subject: { of: 'lists' },
    kind: 'choices',
    operator: 'anyOf',
    value: [...fields.listIds]
  }),
  sentence: ({ fields, view }) =>
    fields.listIds.length === 0
      ? null
      : words('catalogue.contact.added_to_list.sentence', { lists: namesOf(view.lists, fields.listIds) }),
  examples: [
    { fields: { listIds: ['l1', 'l2'] }, properties: { listId: 'l2', via: 'import' }, enters: true },
    { fields: { listIds: ['l1'] }, properties: { listId: 'l2' }, enters: false },
    { fields: { listIds: ['l1'] }, properties: { listId: 'l1', moved: true }, enters: false }
  ]
});
