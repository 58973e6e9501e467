import { defineAction } from '$lib/core/definitions';
import { text } from '$lib/core/fields';
import { ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { eraseSoon } from '$lib/records/contacts/erase';

/** What has to be typed, in any of the languages: an automation keeps working when its owner's language changes. */
const CONFIRMATIONS: readonly string[] = ['supprimer', 'delete'];

/** Nothing follows it: the contact is erased with all its journeys, this one too. Anonymous counts stay. */
export default defineAction({
  id: 'contact.delete',
  group: 'contacts',
  icon: 'trash-2',
  version: 1,
  branches: [],
  fields: { confirm: text({ required: true, max: 40 }) },
  check: ({ fields }) =>
    CONFIRMATIONS.includes(fields.confirm.trim().toLowerCase())
      ? []
      : [{ field: 'confirm', words: words('words.problem.not_confirmed') }],
  sentence: () => words('catalogue.contact.delete.sentence'),
  apply: ({ contact }) => ok({ ...eraseSoon(contact), words: words('words.step.contact_erased') }),
  examples: [{ fields: { confirm: 'SUPPRIMER' }, branch: 'next', becomes: { hiddenAt: 0 } }]
});
