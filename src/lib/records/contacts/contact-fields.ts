import { failed, ok, type Result } from '$lib/core/result';
import type { AttributeValue, Identity } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { identitiesOf, identityKey, parseEmail, parsePhone } from './identity';

/** What a person, a form or a file says of a contact: read and in order. Attributes that are null are taken away. */
export interface ContactFields {
  readonly email?: string;
  /** E.164 */
  readonly phone?: string;
  readonly externalId?: string;
  readonly attributes: Readonly<Record<string, AttributeValue | null>>;
}

/** The same as it was typed. An empty text says nothing. */
export interface TypedContact {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly externalId?: string | undefined;
  readonly attributes: Readonly<Record<string, AttributeValue | null>>;
}

/** Puts what was typed in order. A contact must be known by an address, a number or an id. */
export function readContact(typed: TypedContact, country: string): Result<ContactFields> {
  const fields: { email?: string; phone?: string; externalId?: string } = {};
  if (typed.email?.trim()) {
    const email = parseEmail(typed.email);
    if (!email.ok) return email;
    fields.email = email.value.shown;
  }
  if (typed.phone?.trim()) {
    const phone = parsePhone(typed.phone, country);
    if (!phone.ok) return phone;
    fields.phone = phone.value;
  }
  if (typed.externalId?.trim()) fields.externalId = typed.externalId.trim();
  if (fields.email === undefined && fields.phone === undefined && fields.externalId === undefined)
    return failed(words('words.contact.unknown_by_anything'));
  return ok({ ...fields, attributes: typed.attributes });
}

/** Keys of the rows in `identities` that decide whether somebody has these already: read them in the transaction. */
export function identityKeysOf(fields: ContactFields): (readonly [string, string])[] {
  return identitiesOf({ id: '', ...fields }).map(identityKey);
}

/** Refuses what is already another contact's. `found`: the rows of `identityKeysOf`, as the transaction has read them. */
export function refuseTaken(
  fields: ContactFields,
  found: readonly (Identity | undefined)[],
  contactId: string | null
): Result<ContactFields> {
  const taken = found.find((identity) => identity !== undefined && identity.contactId !== contactId);
  return taken === undefined
    ? ok(fields)
    : failed(
        words(`words.contact.taken_${taken.kind === 'external' ? 'external_id' : taken.kind}`, { value: taken.value })
      );
}
