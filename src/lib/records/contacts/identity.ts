import { failed, ok, type Result } from '$lib/core/result';
import type { Contact, Identity, IdentityKind } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** An address as it is shown, and as it says who somebody is: in lower case. */
export interface EmailAddress {
  readonly shown: string;
  readonly value: string;
}

const INVISIBLE = /[\u200b-\u200d\u2060\ufeff]/g;
const LOCAL = /^[^\s@"(),:;<>[\]\\]+$/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*[\p{L}\p{N}]$/u;

/** Refuses what no mail server would take; a quoted local part too, which nobody has. */
export function parseEmail(text: string): Result<EmailAddress> {
  const shown = text.replace(INVISIBLE, '').trim();
  const at = shown.lastIndexOf('@');
  const local = shown.slice(0, at);
  const domain = shown.slice(at + 1);
  const isSane =
    at > 0 &&
    at <= 64 &&
    shown.length <= 254 &&
    LOCAL.test(local) &&
    !local.startsWith('.') &&
    !local.endsWith('.') &&
    !local.includes('..') &&
    DOMAIN.test(domain);
  if (!isSane) return failed(words('words.contact.not_an_email', { value: text.trim().slice(0, 80) }));
  const lowerDomain = domain.toLowerCase();
  return ok({ shown: `${local}@${lowerDomain}`, value: `${local.toLowerCase()}@${lowerDomain}` });
}

const LIKE_E164 = /^\+[1-9]\d{6,14}$/;

/** A phone number as E.164. `country`: ISO 3166 code of numbers without a prefix. */
export function parsePhone(text: string, country: string): Result<string> {
  // `+33 (0)6` has a digit too many for it.
  const compact = text.replace(/[\s.\-\u00a0\u202f]/g, '');
  if (LIKE_E164.test(compact)) return ok(compact);
  const number = parsePhoneNumberFromString(text, country as CountryCode);
  return number?.isPossible()
    ? ok(number.number)
    : failed(words('words.contact.not_a_phone', { value: text.trim().slice(0, 80) }));
}

/** What the contact is known by: a row in `identities` each. */
export function identitiesOf(contact: Pick<Contact, 'id' | 'email' | 'phone' | 'externalId'>): Identity[] {
  const { id: contactId, email, phone, externalId } = contact;
  const identities: Identity[] = [];
  if (email !== undefined) identities.push({ kind: 'email', value: email.toLowerCase(), contactId });
  if (phone !== undefined) identities.push({ kind: 'phone', value: phone, contactId });
  if (externalId !== undefined) identities.push({ kind: 'external', value: externalId, contactId });
  return identities;
}

/** The primary key of an identity. */
export function identityKey({ kind, value }: { kind: IdentityKind; value: string }): readonly [IdentityKind, string] {
  return [kind, value];
}
