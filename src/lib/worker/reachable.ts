import type { Id } from '$lib/core/ids';
import type { IdentityKind } from '$lib/core/rows/contacts';
import type { ReachablePerson } from '$lib/core/sources';
import { identityKey } from '$lib/records/contacts/identity';
import type { Reader } from '$lib/storage/port';

/** Who has these addresses and numbers: null where nobody has one. */
export async function reachedContacts(
  reader: Reader,
  people: readonly ReachablePerson[]
): Promise<(person: ReachablePerson) => Id | null> {
  const keys = new Map(people.map((person) => [textOf(person), identityKey(identityOf(person))]));
  const identities = keys.size === 0 ? [] : await reader.getMany('identities', [...keys.values()]);
  const contactIds = new Map([...keys.keys()].map((text, index) => [text, identities[index]?.contactId ?? null]));
  return (person) => contactIds.get(textOf(person)) ?? null;
}

function identityOf(person: ReachablePerson): { kind: IdentityKind; value: string } {
  return 'email' in person
    ? { kind: 'email', value: person.email.trim().toLowerCase() }
    : { kind: 'phone', value: person.phone };
}

function textOf(person: ReachablePerson): string {
  const { kind, value } = identityOf(person);
  return `${kind}:${value}`;
}
