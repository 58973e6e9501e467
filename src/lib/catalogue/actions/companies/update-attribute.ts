import { defineAction } from '$lib/core/definitions';
import { assignment } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import type { Company } from '$lib/core/rows/crm';
import { words } from '$lib/core/words';
import { assignable } from '$lib/records/assignable';
import { assignedValue } from '$lib/records/assigned';
import { companyPatch, companyValue, updateCompany } from '$lib/records/companies';
import { assignedWords, assignmentProblems, assignmentSentence } from '../../assignments';
import { timeZoneOf } from '../../names';

const company: Company = { id: 'co1', name: 'Atelier', attributes: { SIZE: 3 }, createdAt: 0, updatedAt: 0 };

export default defineAction({
  id: 'company.update_attribute',
  group: 'contacts',
  icon: 'building-2',
  version: 1,
  fields: { assignment: assignment('company') },
  sentence: ({ fields, view }) => assignmentSentence('company', fields.assignment, view),
  check: ({ fields, view }) => assignmentProblems('company', fields.assignment, view),
  needs: () => ({ parts: ['company'] }),
  apply: ({ fields, contact, event, view, related, now }) => {
    const target = assignable('company', view).get(fields.assignment.attributeId);
    if (!target) return failed(words('words.step.attribute_gone'));
    const { company } = related;
    if (!company) return ok({ changes: [], events: [], words: words('words.step.no_company') });
    const next = assignedValue(target, fields.assignment.value, {
      present: companyValue(company, target.id),
      event: event.properties,
      attributes: contact.attributes,
      timeZone: timeZoneOf(view),
      now
    });
    if (!next.ok) return next;
    return ok({
      ...updateCompany(company, companyPatch(target.id, next.value), { now }),
      words: assignedWords(target, next.value)
    });
  },
  examples: [
    {
      fields: { assignment: { attributeId: 'SIZE', value: { from: 'add', amount: 2 } } },
      contact: { companyId: 'co1' },
      related: { company },
      branch: 'next',
      changes: ['companies']
    },
    {
      fields: { assignment: { attributeId: 'ownerId', value: { from: 'fixed', value: 'u1' } } },
      related: { company },
      branch: 'next',
      changes: ['companies']
    },
    {
      fields: { assignment: { attributeId: 'name', value: { from: 'attribute', attributeId: 'CITY' } } },
      contact: { attributes: { CITY: 'Lyon' } },
      related: { company },
      branch: 'next',
      changes: ['companies']
    },
    {
      fields: { assignment: { attributeId: 'SIZE', value: { from: 'fixed', value: 5 } } },
      related: { company: null },
      branch: 'next',
      changes: []
    }
  ]
});
