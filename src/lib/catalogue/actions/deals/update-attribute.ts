import { defineAction } from '$lib/core/definitions';
import { assignment, choice } from '$lib/core/fields';
import { moneySchema } from '$lib/core/money';
import { failed, ok } from '$lib/core/result';
import type { Deal } from '$lib/core/rows/crm';
import { words } from '$lib/core/words';
import { assignable } from '$lib/records/assignable';
import { assignedValue } from '$lib/records/assigned';
import { dealPatch, dealValue, updateDeal } from '$lib/records/deals';
import { assignedWords, assignmentProblems, assignmentSentence } from '../../assignments';
import { timeZoneOf } from '../../names';
import * as v from 'valibot';

const deal = (id: string): Deal => ({
  id,
  name: 'Atelier',
  pipelineId: 'p1',
  stageId: 'new',
  stagedAt: 0,
  amount: { minor: 50_000, currency: 'EUR' },
  contactIds: ['c1'],
  attributes: {},
  notes: [],
  createdAt: 0,
  updatedAt: 0
});
const deals = [deal('d1'), deal('d2')];

export default defineAction({
  id: 'deal.update_attribute',
  group: 'deals',
  icon: 'square-pen',
  version: 1,
  fields: {
    /** The contact's most recent deal, or the one that the event in hand is about. */
    deal: choice(['latest', 'event'], 'latest'),
    assignment: assignment('deal')
  },
  sentence: ({ fields, view }) => assignmentSentence('deal', fields.assignment, view),
  check: ({ fields, view }) => assignmentProblems('deal', fields.assignment, view),
  needs: () => ({ parts: ['deals'] }),
  apply: ({ fields, contact, event, related, view, now, newId }) => {
    const target = assignable('deal', view).get(fields.assignment.attributeId);
    if (!target) return failed(words('words.step.attribute_gone'));
    const deal =
      fields.deal === 'latest'
        ? related.deals?.at(-1)
        : related.deals?.find(({ id }) => id === event.properties.dealId);
    if (!deal)
      return ok({
        changes: [],
        events: [],
        words: words(fields.deal === 'latest' ? 'words.step.no_deal' : 'words.step.no_deal_in_event')
      });
    const next = assignedValue(target, fields.assignment.value, {
      present: dealValue(deal, target.id),
      event: event.properties,
      attributes: contact.attributes,
      timeZone: timeZoneOf(view),
      now
    });
    if (!next.ok) return next;
    const patch = dealPatch(deal, target.id, next.value, view);
    if (patch.amount && !v.is(moneySchema, patch.amount)) return failed(words('words.deal.not_an_amount'));
    return ok({
      ...updateDeal(deal, patch, { via: 'automation', now, newId }),
      words: assignedWords(target, next.value)
    });
  },
  examples: [
    {
      fields: { assignment: { attributeId: 'amount', value: { from: 'add', amount: 100 } } },
      related: { deals },
      branch: 'next',
      changes: ['deals']
    },
    {
      fields: { assignment: { attributeId: 'stageId', value: { from: 'fixed', value: 'signed' } } },
      related: { deals },
      branch: 'next',
      changes: ['deals'],
      causes: ['deal.stage_updated']
    },
    {
      fields: { deal: 'event', assignment: { attributeId: 'name', value: { from: 'fixed', value: 'Devis' } } },
      event: { properties: { dealId: 'd1' } },
      related: { deals },
      branch: 'next',
      changes: ['deals']
    },
    {
      fields: { deal: 'event', assignment: { attributeId: 'name', value: { from: 'fixed', value: 'Devis' } } },
      related: { deals },
      branch: 'next',
      changes: []
    },
    {
      fields: { assignment: { attributeId: 'BUDGET', value: { from: 'fixed', value: 3 } } },
      related: { deals: [] },
      branch: 'next',
      changes: []
    },
    {
      fields: { assignment: { attributeId: 'expectedCloseOn', value: { from: 'now' } } },
      related: { deals },
      branch: 'next',
      changes: ['deals']
    }
  ]
});
