import { majorUnits, moneyOf } from '$lib/core/money';
import type { AttributeValue } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import type { WorkspaceView } from '$lib/core/tables';
import { stageById } from '../pipelines';
import type { DealPatch } from './update';

/** Currency of amounts that have none yet, by the workspace's country. */
const CURRENCIES: Readonly<Record<string, string>> = {
  CA: 'CAD',
  CH: 'CHF',
  GB: 'GBP',
  JP: 'JPY',
  MA: 'MAD',
  US: 'USD'
};

function currencyOf(view: Pick<WorkspaceView, 'settings'>): string {
  return CURRENCIES[view.settings.get('workspace')?.country ?? ''] ?? 'EUR';
}

/** What the deal has where an assignment sets it: an amount counts by its major unit. */
export function dealValue(deal: Deal, target: string): AttributeValue | undefined {
  switch (target) {
    case 'amount':
      return deal.amount === undefined ? undefined : majorUnits(deal.amount);
    case 'name':
    case 'ownerId':
    case 'stageId':
    case 'expectedCloseOn':
      return deal[target];
    default:
      return deal.attributes[target];
  }
}

/** The patch that sets it (a value that the target takes; null takes it away). A stage of another pipeline brings the pipeline. */
export function dealPatch(deal: Deal, target: string, value: AttributeValue | null, view: WorkspaceView): DealPatch {
  switch (target) {
    case 'amount':
      return {
        amount: typeof value === 'number' ? moneyOf(value, deal.amount?.currency ?? currencyOf(view)) : null
      };
    case 'name':
      return value === null ? {} : { name: String(value) };
    case 'stageId': {
      const found = stageById(view, String(value));
      return found ? { pipelineId: found.pipeline.id, stageId: found.stage.id } : {};
    }
    case 'ownerId':
    case 'expectedCloseOn':
      return { [target]: value === null ? null : String(value) };
    default:
      return { attributes: { [target]: value } };
  }
}
