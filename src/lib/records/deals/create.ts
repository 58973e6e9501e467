import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { dealCreated } from '$lib/core/events/deals';
import type { Id } from '$lib/core/ids';
import type { Money } from '$lib/core/money';
import type { AttributeValue } from '$lib/core/rows/contacts';
import type { Deal, Task } from '$lib/core/rows/crm';
import { presentValues } from '../attribute-values';
import { causedEvent, type Cause } from '../contacts/cause';

export interface DealFields {
  readonly name: string;
  readonly pipelineId: Id;
  readonly stageId: Id;
  readonly amount: Money | null;
  readonly ownerId: Id | null;
  readonly contactIds: readonly Id[];
  readonly companyId: Id | null;
  /** `YYYY-MM-DD` */
  readonly expectedCloseOn: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue | null>>;
}

/** A new deal: `deal.created` for each contact it is linked to from the start. */
export function createDeal(fields: DealFields, given: Cause): Effect & { readonly deal: Deal } {
  const { amount, ownerId, companyId, expectedCloseOn } = fields;
  const deal: Deal = {
    id: given.newId(),
    name: fields.name,
    pipelineId: fields.pipelineId,
    stageId: fields.stageId,
    stagedAt: given.now,
    ...(amount === null ? {} : { amount }),
    ...(ownerId === null ? {} : { ownerId }),
    contactIds: [...new Set(fields.contactIds)],
    ...(companyId === null ? {} : { companyId }),
    ...(expectedCloseOn === null ? {} : { expectedCloseOn }),
    attributes: presentValues(fields.attributes),
    notes: [],
    createdAt: given.now,
    updatedAt: given.now
  };
  return withEvents(deal, given);
}

/** A new deal with all that the other one has (attributes, notes, linked records), under another name at another stage. */
export function duplicateDeal(
  original: Deal,
  at: Pick<DealFields, 'name' | 'pipelineId' | 'stageId'>,
  given: Cause
): Effect & { readonly deal: Deal } {
  const { now, newId } = given;
  const deal: Deal = {
    ...original,
    ...at,
    id: newId(),
    notes: original.notes.map((note) => ({ ...note, id: newId() })),
    stagedAt: now,
    createdAt: now,
    updatedAt: now
  };
  return withEvents(deal, given);
}

/** The deal goes, and so do its tasks that are nobody else's; those of a contact stay with it. */
export function deleteDeal(deal: Pick<Deal, 'id'>, tasks: readonly Task[]): Effect {
  const changes: Change[] = [
    remove('deals', deal.id),
    ...tasks.map(({ id, contactId }) =>
      contactId === undefined ? remove('tasks', id) : update('tasks', id, { dealId: undefined })
    )
  ];
  return { changes, events: [] };
}

function withEvents(deal: Deal, given: Cause): Effect & { readonly deal: Deal } {
  const { id: dealId, amount = null, pipelineId, stageId } = deal;
  return {
    deal,
    changes: [create('deals', deal.id, deal)],
    events: deal.contactIds.map((contactId) =>
      causedEvent(dealCreated, contactId, { dealId, amount, pipelineId, stageId }, given)
    )
  };
}
