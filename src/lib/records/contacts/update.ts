import { create, remove, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Contact } from '$lib/core/rows/contacts';
import { attributePatch } from './attributes';
import { NOTHING, type Cause } from './cause';
import type { ContactFields } from './contact-fields';
import { identitiesOf, identityKey } from './identity';

/** Address, phone and id that are left out stay as they are; null takes one away. */
export type ContactPatch = {
  readonly [Property in 'email' | 'phone' | 'externalId']?: string | null;
} & Pick<ContactFields, 'attributes'>;

/** The contact becomes what the fields say, and so do its identities. What is the same already changes nothing. */
export function updateContact(contact: Contact, patch: ContactPatch, given: Cause): Effect {
  const set = attributePatch(contact, patch.attributes);
  const after: { -readonly [Property in keyof Contact]: Contact[Property] } = { ...contact };
  for (const property of ['email', 'phone', 'externalId'] as const) {
    const value = patch[property];
    if (value === undefined || (value ?? undefined) === contact[property]) continue;
    if (value === null) delete after[property];
    else after[property] = value;
    set[property] = value ?? undefined;
  }
  if (Object.keys(set).length === 0) return NOTHING;
  return {
    changes: [...identityChanges(contact, after), update('contacts', contact.id, { ...set, updatedAt: given.now })],
    events: []
  };
}

function identityChanges(before: Contact, after: Contact): Change[] {
  const old = identitiesOf(before);
  const next = identitiesOf(after);
  const isIn = (list: typeof old, { kind, value }: (typeof old)[number]): boolean =>
    list.some((other) => other.kind === kind && other.value === value);
  return [
    ...old.filter((identity) => !isIn(next, identity)).map((identity) => remove('identities', identityKey(identity))),
    ...next
      .filter((identity) => !isIn(old, identity))
      .map((identity) => create('identities', identityKey(identity), identity))
  ];
}
