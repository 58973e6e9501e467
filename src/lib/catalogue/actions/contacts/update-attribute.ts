import { defineAction } from '$lib/core/definitions';
import { assignment } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { assignable } from '$lib/records/assignable';
import { assignedValue } from '$lib/records/assigned';
import { setAttribute } from '$lib/records/contacts/attributes';
import { assignedWords, assignmentProblems, assignmentSentence } from '../../assignments';
import { timeZoneOf } from '../../names';

export default defineAction({
  id: 'contact.update_attribute',
  group: 'contacts',
  icon: 'tag',
  version: 1,
  fields: { assignment: assignment() },
  sentence: ({ fields, view }) => assignmentSentence('contact', fields.assignment, view),
  check: ({ fields, view }) => assignmentProblems('contact', fields.assignment, view),
  apply: ({ fields, contact, event, view, now, newId }) => {
    const target = assignable('contact', view).get(fields.assignment.attributeId);
    if (!target) return failed(words('words.step.attribute_gone'));
    const next = assignedValue(target, fields.assignment.value, {
      present: contact.attributes[target.id],
      event: event.properties,
      attributes: contact.attributes,
      timeZone: timeZoneOf(view),
      now
    });
    if (!next.ok) return next;
    return ok({
      ...setAttribute(contact, target.id, next.value, { via: 'automation', now, newId }),
      words: assignedWords(target, next.value)
    });
  },
  examples: [
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'fixed', value: 'Lyon' } } },
      branch: 'next',
      becomes: { attributes: { CITY: 'Lyon' } }
    },
    {
      fields: { assignment: { attributeId: 'POINTS', value: { from: 'add', amount: 5 } } },
      contact: { attributes: { POINTS: 2 } },
      branch: 'next',
      becomes: { attributes: { POINTS: 7 } }
    },
    {
      fields: { assignment: { attributeId: 'POINTS', value: { from: 'subtract', amount: 5 } } },
      branch: 'next',
      becomes: { attributes: { POINTS: -5 } }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'clear' } } },
      contact: { attributes: { CITY: 'Lyon' } },
      branch: 'next',
      becomes: { attributes: {} }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'event', property: 'city' } } },
      event: { properties: { city: 'Nantes' } },
      branch: 'next',
      becomes: { attributes: { CITY: 'Nantes' } }
    },
    {
      fields: { assignment: { attributeId: 'SEEN', value: { from: 'event', property: 'startsAt' } } },
      event: { properties: { startsAt: Date.UTC(2027, 0, 11, 23, 30) } },
      branch: 'next',
      becomes: { attributes: { SEEN: '2027-01-12' } }
    },
    {
      fields: { assignment: { attributeId: 'CITY', value: { from: 'attribute', attributeId: 'FIRSTNAME' } } },
      contact: { attributes: { FIRSTNAME: 'Léa' } },
      branch: 'next',
      becomes: { attributes: { FIRSTNAME: 'Léa', CITY: 'Léa' } }
    },
    {
      fields: { assignment: { attributeId: 'TOPICS', value: { from: 'addChoices', values: ['b'] } } },
      contact: { attributes: { TOPICS: ['a'] } },
      branch: 'next',
      becomes: { attributes: { TOPICS: ['a', 'b'] } }
    },
    {
      fields: { assignment: { attributeId: 'TOPICS', value: { from: 'removeChoices', values: ['a'] } } },
      contact: { attributes: { TOPICS: ['a', 'b'] } },
      branch: 'next',
      becomes: { attributes: { TOPICS: ['b'] } }
    },
    {
      fields: { assignment: { attributeId: 'SEEN', value: { from: 'now' } } },
      branch: 'next',
      becomes: { attributes: { SEEN: '2027-01-05' } }
    }
  ]
});
