import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import type { Money } from '$lib/core/money';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import { words } from '$lib/i18n';
import { readValues } from '../attributes/read-values';
import { orSayBug } from '../shared/outcome';

/** Which field each refusal belongs to; the others stand above the form. */
const FIELD_OF: Readonly<Record<string, string>> = {
  'words.name.empty': 'name',
  'words.name.too_long': 'name',
  'words.deal.not_an_amount': 'amount',
  'words.deal.not_a_date': 'expectedCloseOn',
  'words.step.stage_gone': 'stageId'
};

/** What a new deal starts with. */
export interface DealStart {
  readonly stageId: Id;
  readonly contactIds?: readonly Id[];
  readonly companyId?: Id | undefined;
}

/** What is being typed about a deal, and what is wrong with it. */
export class DealForm {
  name = $state('');
  stageId = $state('');
  amount = $state<Money | null>(null);
  ownerId = $state<string | undefined>();
  contactIds = $state<string[]>([]);
  companyId = $state<string | undefined>();
  expectedCloseOn = $state('');
  values = $state<Record<string, AttributeValue | null>>({});
  /** Words by field: `name`, `amount` ..., `attribute:<id>`, or '' for the whole. */
  errors = $state<Record<string, string>>({});
  isSaving = $state(false);
  readonly #id: Id | undefined;

  constructor(deal: Deal | null, start: DealStart) {
    this.#id = deal?.id;
    this.name = deal?.name ?? '';
    this.stageId = deal?.stageId ?? start.stageId;
    this.amount = deal?.amount ?? null;
    this.ownerId = deal?.ownerId;
    this.contactIds = [...(deal?.contactIds ?? start.contactIds ?? [])];
    this.companyId = deal ? deal.companyId : start.companyId;
    this.expectedCloseOn = deal?.expectedCloseOn ?? '';
    this.values = { ...deal?.attributes };
  }

  /** The deal's id, or null while something is wrong: the fields then say what. */
  async save(attributes: readonly Attribute[]): Promise<Id | null> {
    const read = readValues(attributes, $state.snapshot(this.values));
    this.errors = read.errors;
    if (Object.keys(read.errors).length > 0) return null;
    this.isSaving = true;
    try {
      const result = await orSayBug(
        engine().deals.save({
          ...(this.#id === undefined ? {} : { id: this.#id }),
          name: this.name.trim(),
          stageId: this.stageId,
          amount: $state.snapshot(this.amount),
          ownerId: this.ownerId ?? null,
          contactIds: [...this.contactIds],
          companyId: this.companyId ?? null,
          expectedCloseOn: this.expectedCloseOn || null,
          attributes: read.values
        })
      );
      if (result.ok) return result.value;
      this.errors = { [FIELD_OF[result.reason.key] ?? '']: words(result.reason) };
      return null;
    } finally {
      this.isSaving = false;
    }
  }
}
