import { update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { dealStageUpdated } from '$lib/core/events/deals';
import type { Id } from '$lib/core/ids';
import type { Money } from '$lib/core/money';
import type { Deal } from '$lib/core/rows/crm';
import { attributePatch } from '../contacts/attributes';
import { causedEvent, NOTHING, type Cause } from '../contacts/cause';
import type { DealFields } from './create';

/** What is left out stays as it is; null takes away what may be missing. */
export type DealPatch = Partial<DealFields>;

/**
 * The deal becomes what the patch says; another stage causes `deal.stage_updated` for each contact it is then linked to. A contact
 * that is linked later is told of nothing. What is the same already changes nothing.
 */
export function updateDeal(deal: Deal, patch: DealPatch, given: Cause): Effect {
  const set = attributePatch(deal, patch.attributes ?? {});
  for (const property of ['name', 'pipelineId', 'stageId', 'ownerId', 'companyId', 'expectedCloseOn'] as const) {
    const value = patch[property];
    if (value !== undefined && (value ?? undefined) !== deal[property]) set[property] = value ?? undefined;
  }
  if (patch.amount !== undefined && !sameMoney(patch.amount, deal.amount ?? null))
    set.amount = patch.amount ?? undefined;
  if (patch.contactIds !== undefined && !sameMembers(patch.contactIds, deal.contactIds))
    set.contactIds = [...new Set(patch.contactIds)];
  if (Object.keys(set).length === 0) return NOTHING;
  const isMoved = 'stageId' in set;
  return {
    changes: [update('deals', deal.id, { ...set, ...(isMoved ? { stagedAt: given.now } : {}), updatedAt: given.now })],
    events: isMoved ? stageEvents(deal, patch, given) : []
  };
}

/** To another stage, of this pipeline or of another. */
export function moveDeal(deal: Deal, to: { readonly pipelineId: Id; readonly stageId: Id }, given: Cause): Effect {
  return updateDeal(deal, to, given);
}

function stageEvents(deal: Deal, patch: DealPatch, given: Cause) {
  const properties = {
    dealId: deal.id,
    amount: patch.amount === undefined ? (deal.amount ?? null) : patch.amount,
    pipelineId: patch.pipelineId ?? deal.pipelineId,
    fromStageId: deal.stageId,
    toStageId: patch.stageId ?? deal.stageId
  };
  return [...new Set(patch.contactIds ?? deal.contactIds)].map((contactId) =>
    causedEvent(dealStageUpdated, contactId, properties, given)
  );
}

function sameMoney(left: Money | null, right: Money | null): boolean {
  return left?.minor === right?.minor && left?.currency === right?.currency;
}

function sameMembers(left: readonly Id[], right: readonly Id[]): boolean {
  return left.length === right.length && left.every((id) => right.includes(id));
}
