import type { Change } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import type { Contact, IdentityKind } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { IncomingFact, Newcomer, ReachablePerson } from '$lib/core/sources';
import { createContact, parseEmail, type ContactFields } from '$lib/records/contacts';
import { identitiesOf, identityKey, parsePhone } from '$lib/records/contacts/identity';
import { toldAttributes } from '$lib/records/contacts/told-attributes';
import type { Reader } from '$lib/storage/port';

/** Whose addresses and numbers these are, and the contacts that were made of those who bought, paid or booked. */
export interface Reached {
  /** Null where nobody has it. */
  ownerOf(person: ReachablePerson): Id | null;
  readonly changes: readonly Change[];
  readonly events: readonly EventRow[];
  readonly made: readonly Contact[];
}

type ReachedFact = IncomingFact & { readonly person: ReachablePerson };

/** `made`: contacts that are made along with these facts already, such as of visitors. */
export async function reachedPeople(
  reader: Reader,
  facts: readonly IncomingFact[],
  made: readonly Contact[],
  given: Given
): Promise<Reached> {
  const people = facts.filter(isReached).map(({ person }) => person);
  const owners = await ownersBefore(reader, people, made);
  const makers = people.flatMap((person) =>
    'newcomer' in person && person.newcomer && !owners.has(textOf(person))
      ? [[person.email, person.newcomer] as const]
      : []
  );
  const changes: Change[] = [];
  const events: EventRow[] = [];
  const newcomers: Contact[] = [];
  if (makers.length > 0) {
    const { attributes, settings } = await reader.view();
    const country = settings.get('workspace')?.country ?? 'FR';
    const takenPhones = await phonesTaken(reader, makers, made, country);
    for (const [email, newcomer] of makers) {
      const key = textOf({ email });
      const fields = owners.has(key) ? null : fieldsOf(email, newcomer, country, takenPhones);
      if (fields === null) continue;
      const values = toldAttributes(newcomer.attributes, attributes);
      const effect = createContact({ ...fields, attributes: values }, [], { ...given, via: 'api' });
      if (fields.phone !== undefined) takenPhones.add(fields.phone);
      changes.push(...effect.changes);
      events.push(...effect.events);
      newcomers.push(effect.contact);
      owners.set(key, effect.contact.id);
    }
  }
  return { ownerOf: (person) => owners.get(textOf(person)) ?? null, changes, events, made: newcomers };
}

function isReached(fact: IncomingFact): fact is ReachedFact {
  return !('messageId' in fact.person) && !('visitor' in fact.person) && !('outboxId' in fact.person);
}

async function ownersBefore(
  reader: Reader,
  people: readonly ReachablePerson[],
  made: readonly Contact[]
): Promise<Map<string, Id>> {
  const keys = new Map(people.map((person) => [textOf(person), identityKey(identityOf(person))]));
  const identities = keys.size === 0 ? [] : await reader.getMany('identities', [...keys.values()]);
  const known = [...made.flatMap(identitiesOf), ...identities.flatMap((identity) => identity ?? [])];
  return new Map(known.map(({ kind, value, contactId }) => [`${kind}:${value}`, contactId]));
}

async function phonesTaken(
  reader: Reader,
  makers: readonly (readonly [string, Newcomer])[],
  made: readonly Contact[],
  country: string
): Promise<Set<string>> {
  const phones = new Set(makers.flatMap(([, newcomer]) => phoneOf(newcomer, country) ?? []));
  const found = await reader.getMany(
    'identities',
    [...phones].map((value) => identityKey({ kind: 'phone', value }))
  );
  return new Set([...found.flatMap((row) => row?.value ?? []), ...made.flatMap(({ phone }) => phone ?? [])]);
}

/** Null for what is no address. A number that somebody has stays theirs. */
function fieldsOf(
  email: string,
  newcomer: Newcomer,
  country: string,
  takenPhones: ReadonlySet<string>
): Omit<ContactFields, 'attributes'> | null {
  const address = parseEmail(email);
  if (!address.ok) return null;
  const phone = phoneOf(newcomer, country);
  return { email: address.value.shown, ...(phone === undefined || takenPhones.has(phone) ? {} : { phone }) };
}

function phoneOf({ phone }: Newcomer, country: string): string | undefined {
  const parsed = phone === undefined ? undefined : parsePhone(phone, country);
  return parsed?.ok ? parsed.value : undefined;
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
