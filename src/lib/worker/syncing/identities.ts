import { create, remove, update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Contact, Identity } from '$lib/core/rows/contacts';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import type { Reader, Transaction } from '$lib/storage/port';
import type { Received } from '$lib/sync/receiving';
import { leftOf } from '../merged';

/** Two contacts that are one person: `kept` was there first. */
export interface Pair {
  readonly kept: Contact;
  readonly other: Contact;
}

/** Who a contact is by now: itself, or whom it has become one with. */
type Now = (contact: Contact) => Contact | undefined;

/**
 * Who is known by which address after contacts were received: of two who have one, whoever was there first. Returns those who share an
 * email address or an external id, and so are one person; a telephone may be a family's.
 */
export async function settleIdentities(transaction: Transaction, received: readonly Received[]): Promise<Pair[]> {
  const contacts = received.filter(({ table }) => table === 'contacts');
  if (contacts.length === 0) return [];
  const present = (
    await transaction.getMany(
      'contacts',
      contacts.map(({ key }) => key)
    )
  ).flatMap((contact) => contact ?? []);
  const former = contacts.flatMap(({ before }) => (before === undefined ? [] : identitiesOf(before as Contact)));
  const wanted = present.flatMap((contact) => identitiesOf(contact).map((identity) => ({ identity, contact })));
  const keys = [...former, ...wanted.map(({ identity }) => identity)].map(identityKey);
  const stored = await transaction.getMany('identities', keys);
  const holders = await holdersOf(transaction, stored);
  const nowOf = await nowIn(transaction, [...present, ...holders.values()]);
  const changes = new Map<string, Change>();
  const given = new Map<string, Contact>();
  const pairs: Pair[] = [];
  for (const [index, { identity, contact }] of wanted.entries()) {
    const name = nameOf(identity);
    const mine = nowOf(contact);
    if (mine === undefined) continue;
    const holder = stored[former.length + index];
    const other = given.get(name) ?? (await claimant(transaction, identity, holder && holders.get(holder.contactId)));
    const rival = other && nowOf(other);
    const owner = rival !== undefined && isOlder(rival, mine) ? rival : mine;
    if (rival !== undefined && rival.id !== mine.id && identity.kind !== 'phone')
      pairs.push({ kept: owner, other: owner === mine ? rival : mine });
    given.set(name, owner);
    const key = identityKey(identity);
    if (holder === undefined) changes.set(name, create('identities', key, { ...identity, contactId: owner.id }));
    else changes.set(name, update('identities', key, { contactId: owner.id }));
  }
  for (const [index, identity] of former.entries()) {
    const holder = stored[index];
    if (given.has(nameOf(identity)) || holder === undefined) continue;
    if ((await claimant(transaction, identity, holders.get(holder.contactId))) === undefined)
      changes.set(nameOf(identity), remove('identities', identityKey(identity)));
  }
  await transaction.apply([...changes.values()]);
  return pairs;
}

async function holdersOf(reader: Reader, stored: readonly (Identity | undefined)[]): Promise<ReadonlyMap<Id, Contact>> {
  const ids = [...new Set(stored.flatMap((one) => one?.contactId ?? []))];
  return new Map((await reader.getMany('contacts', ids)).flatMap((one) => (one ? [[one.id, one] as const] : [])));
}

async function nowIn(reader: Reader, contacts: readonly Contact[]): Promise<Now> {
  const merged = contacts.filter(({ mergedInto }) => mergedInto !== undefined).map(({ id }) => id);
  const left = await leftOf(reader, merged);
  const others = new Map((await reader.getMany('contacts', merged.map((id) => left(id) ?? ''))).flatMap((one) => (one ? [[one.id, one]] : []))); // prettier-ignore
  return (contact) => (contact.mergedInto === undefined ? contact : others.get(left(contact.id) ?? ''));
}

/** The holder of an identity, where it still has it itself, or by one that it has become one with. */
async function claimant(reader: Reader, identity: Identity, holder: Contact | undefined): Promise<Contact | undefined> {
  if (holder === undefined || has(holder, identity)) return holder;
  const merged = await reader.query('contacts', { index: 'mergedInto', equals: holder.id });
  return merged.some((one) => has(one, identity)) ? holder : undefined;
}

function has(contact: Contact, identity: Identity): boolean {
  return identitiesOf(contact).some((one) => nameOf(one) === nameOf(identity));
}

/** The same on every device: who was made first, else by the ids. */
export function isOlder(one: Pick<Contact, 'id' | 'createdAt'>, other: Pick<Contact, 'id' | 'createdAt'>): boolean {
  return one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.id < other.id);
}

function nameOf({ kind, value }: Identity): string {
  return `${kind} ${value}`;
}
