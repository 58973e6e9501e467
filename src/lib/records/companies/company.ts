import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import type { AttributeValue } from '$lib/core/rows/contacts';
import type { Company } from '$lib/core/rows/crm';
import { presentValues } from '../attribute-values';
import { attributePatch } from '../contacts/attributes';
import { NOTHING } from '../contacts/cause';

export interface CompanyFields {
  readonly name: string;
  readonly ownerId: Id | null;
  readonly attributes: Readonly<Record<string, AttributeValue | null>>;
}

/** A new company. Companies cause no events. */
export function createCompany(fields: CompanyFields, { now, newId }: Given): Effect & { readonly company: Company } {
  const company: Company = {
    id: newId(),
    name: fields.name,
    attributes: presentValues(fields.attributes),
    ...(fields.ownerId === null ? {} : { ownerId: fields.ownerId }),
    createdAt: now,
    updatedAt: now
  };
  return { company, changes: [create('companies', company.id, company)], events: [] };
}

/** What is left out stays as it is; an owner or attribute that is null is taken away. What is the same already changes nothing. */
export function updateCompany(company: Company, patch: Partial<CompanyFields>, { now }: Pick<Given, 'now'>): Effect {
  const set = attributePatch(company, patch.attributes ?? {});
  if (patch.name !== undefined && patch.name !== company.name) set.name = patch.name;
  if (patch.ownerId !== undefined && (patch.ownerId ?? undefined) !== company.ownerId)
    set.ownerId = patch.ownerId ?? undefined;
  if (Object.keys(set).length === 0) return NOTHING;
  return { changes: [update('companies', company.id, { ...set, updatedAt: now })], events: [] };
}

/** The company goes; its contacts and deals stay, without it. These are given in parts where they are many. */
export function deleteCompany(company: Pick<Company, 'id'>): Effect {
  return { changes: [remove('companies', company.id)], events: [] };
}

/** Rows that were with a company are with none from now on. */
export function unlinkCompany(table: 'contacts' | 'deals', ids: readonly Id[]): Effect {
  return { changes: ids.map((id) => update(table, id, { companyId: undefined }) as Change), events: [] };
}
