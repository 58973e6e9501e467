import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import type { Attribute, AttributeValue } from '$lib/core/rows/contacts';
import type { Company } from '$lib/core/rows/crm';
import { words } from '$lib/i18n';
import { readValues } from '../attributes/read-values';
import { isAboutName, orSayBug } from '../shared/outcome';

/** What is being typed about a company, and what is wrong with it. */
export class CompanyForm {
  name = $state('');
  ownerId = $state<string | undefined>();
  values = $state<Record<string, AttributeValue | null>>({});
  /** Words by field: `name`, `attribute:<id>`, or '' for the whole. */
  errors = $state<Record<string, string>>({});
  isSaving = $state(false);
  readonly #id: Id | undefined;

  constructor(company: Company | null) {
    this.#id = company?.id;
    this.name = company?.name ?? '';
    this.ownerId = company?.ownerId;
    this.values = { ...company?.attributes };
  }

  /** The company's id, or null while something is wrong: the fields then say what. */
  async save(attributes: readonly Attribute[]): Promise<Id | null> {
    const read = readValues(attributes, $state.snapshot(this.values));
    this.errors = read.errors;
    if (Object.keys(read.errors).length > 0) return null;
    this.isSaving = true;
    try {
      const result = await orSayBug(
        engine().companies.save({
          ...(this.#id === undefined ? {} : { id: this.#id }),
          name: this.name.trim(),
          ownerId: this.ownerId ?? null,
          attributes: read.values
        })
      );
      if (result.ok) return result.value;
      this.errors = { [isAboutName(result.reason) ? 'name' : '']: words(result.reason) };
      return null;
    } finally {
      this.isSaving = false;
    }
  }
}
