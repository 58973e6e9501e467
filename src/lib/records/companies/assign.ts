import type { AttributeValue } from '$lib/core/rows/contacts';
import type { Company } from '$lib/core/rows/crm';
import type { CompanyFields } from './company';

/** What the company has where an assignment sets it. */
export function companyValue(company: Company, target: string): AttributeValue | undefined {
  return target === 'name' || target === 'ownerId' ? company[target] : company.attributes[target];
}

/** The patch that sets it: a value that the target takes; null takes it away. */
export function companyPatch(target: string, value: AttributeValue | null): Partial<CompanyFields> {
  if (target === 'name') return value === null ? {} : { name: String(value) };
  if (target === 'ownerId') return { ownerId: value === null ? null : String(value) };
  return { attributes: { [target]: value } };
}
