import { defineAction } from '$lib/core/definitions';
import { reference, text } from '$lib/core/fields';
import { failed, ok } from '$lib/core/result';
import type { Deal } from '$lib/core/rows/crm';
import { words } from '$lib/core/words';
import { duplicateDeal } from '$lib/records/deals';
import { placeOf, stageProblems } from '../../deals';

const deal: Deal = {
  id: 'd1',
  name: 'Atelier',
  pipelineId: 'p1',
  stageId: 'won',
  stagedAt: 0,
  contactIds: ['c1', 'c2'],
  attributes: {},
  notes: [],
  createdAt: 0,
  updatedAt: 0
};

export default defineAction({
  id: 'deal.duplicate',
  group: 'deals',
  icon: 'copy',
  version: 1,
  fields: {
    pipelineId: reference('pipelines', { required: true }),
    stageId: reference('stages', { required: true }),
    namePrefix: text({ max: 200 })
  },
  sentence: ({ fields, view }) => {
    const place = placeOf(fields, view);
    return (
      place && words('catalogue.deal.duplicate.sentence', { pipeline: place.pipeline.name, stage: place.stage.name })
    );
  },
  check: ({ fields, view }) => stageProblems(fields, view),
  needs: () => ({ parts: ['deals'] }),
  apply: ({ fields, related, view, now, newId }) => {
    const place = placeOf(fields, view);
    if (!place) return failed(words('words.step.stage_gone'));
    const original = related.deals?.at(-1);
    if (!original) return ok({ changes: [], events: [], words: words('words.step.no_deal') });
    const { deal, changes, events } = duplicateDeal(
      original,
      {
        name: [fields.namePrefix.trim(), original.name].filter(Boolean).join(' '),
        pipelineId: place.pipeline.id,
        stageId: place.stage.id
      },
      { via: 'automation', now, newId }
    );
    return ok({
      changes,
      events,
      words: words('words.step.deal_created', { deal: deal.name, stage: place.stage.name })
    });
  },
  examples: [
    {
      fields: { pipelineId: 'p1', stageId: 'new', namePrefix: 'Copie de' },
      related: { deals: [deal] },
      branch: 'next',
      changes: ['deals'],
      causes: ['deal.created', 'deal.created']
    },
    { fields: { pipelineId: 'p1', stageId: 'new' }, related: { deals: [] }, branch: 'next', changes: [] }
  ]
});
