import type { FilterTree } from '$lib/core/filter-tree';
import type { Instant } from '$lib/core/instants';
import { needsNothing, type Needs, type Related } from '$lib/core/related';
import type { Contact } from '$lib/core/rows/contacts';
import { compileFilter, type FilterTime } from '$lib/filters/compile';
import { needsOf } from '$lib/filters/needs';
import { planFilter, type Access, type Plan } from '$lib/filters/plan';
import { filterTime } from '$lib/filters/time';
import type { Reader, Storage } from '$lib/storage/port';
import { loadRelated } from './related';

/** Contacts read at once: writes must get their turn in between. */
const BATCH = 2_000;

/** A contact with what was asked for of what belongs to it. */
export interface Found {
  readonly contact: Contact;
  readonly related: Related;
}

/** All contacts that a tree may hold for, with what is needed of them, in batches. Hidden and merged ones are left out. */
export async function* contactsAmong(
  storage: Storage,
  tree: FilterTree | null,
  now: Instant,
  needs: (time: FilterTime) => Needs
): AsyncIterable<Found[]> {
  const { time, access } = await storage.read(async (reader) => {
    const view = await reader.view();
    const asked = filterTime(view, now);
    return { time: asked, access: (await cheapest(reader, planFilter(tree, asked))).accesses };
  });
  const asked = needs(time);
  if (access === null) {
    for await (const batch of storage.batches('contacts', BATCH))
      yield withRelated(storage, batch.filter(isShown), asked, true);
    return;
  }
  const ids = await storage.read((reader) => idsOf(reader, access));
  for (let start = 0; start < ids.length; start += BATCH) {
    const some = ids.slice(start, start + BATCH);
    const contacts = await storage.read((reader) => reader.getMany('contacts', some));
    yield withRelated(
      storage,
      contacts.flatMap((contact) => (contact && isShown(contact) ? [contact] : [])),
      asked,
      false
    );
  }
}

/** Ids of the contacts that meet a tree, in batches, with how many were looked at. */
export async function* matchingContacts(
  storage: Storage,
  tree: FilterTree | null,
  now: Instant
): AsyncIterable<{ readonly ids: readonly string[] }> {
  const time = await storage.read(async (reader) => filterTime(await reader.view(), now));
  const meets = compileFilter(tree, time);
  for await (const batch of contactsAmong(storage, tree, now, () => needsOf(tree, time)))
    yield {
      ids: batch.filter(({ contact, related }) => meets(contact, null, related)).map(({ contact }) => contact.id)
    };
}

function isShown({ hiddenAt, mergedInto }: Contact): boolean {
  return hiddenAt === undefined && mergedInto === undefined;
}

async function withRelated(storage: Storage, contacts: Contact[], needs: Needs, inRow: boolean): Promise<Found[]> {
  if (needsNothing(needs)) return contacts.map((contact) => ({ contact, related: {} }));
  const related = await storage.read((reader) => loadRelated(reader, contacts, needs, inRow));
  return contacts.map((contact) => ({ contact, related: related(contact.id) }));
}

/** Null: everywhere. */
interface Cost {
  readonly rows: number;
  readonly accesses: readonly Access[] | null;
}

/** Of the places that each hold all, the one with the fewest rows; a place that holds half of the contacts is no short cut. */
async function cheapest(reader: Reader, plan: Plan): Promise<Cost> {
  const all: Cost = { rows: (await reader.count('contacts')) / 2, accesses: null };
  const best = await costOf(reader, plan, all);
  return best.rows < all.rows ? best : all;
}

async function costOf(reader: Reader, plan: Plan, all: Cost): Promise<Cost> {
  if (plan === null) return all;
  if ('by' in plan) return { rows: await countOf(reader, plan), accesses: [plan] };
  const parts = await Promise.all(
    ('either' in plan ? plan.either : plan.union).map((part) => costOf(reader, part, all))
  );
  if ('either' in plan) return parts.reduce((one, other) => (other.rows < one.rows ? other : one), all);
  if (parts.some(({ accesses }) => accesses === null)) return all;
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    accesses: parts.flatMap(({ accesses }) => accesses ?? [])
  };
}

async function countOf(reader: Reader, access: Access): Promise<number> {
  switch (access.by) {
    case 'lists':
      return reader.count('contacts', { index: 'listIds', anyOf: access.ids });
    case 'companies':
      return reader.count('contacts', { index: 'companyId', anyOf: access.ids });
    case 'events':
      return reader.count('events', { index: 'type', equals: access.type });
    default:
      return reader.count(access.by);
  }
}

async function idsOf(reader: Reader, accesses: readonly Access[]): Promise<string[]> {
  const found = await Promise.all(accesses.map((access) => contactIdsOf(reader, access)));
  return [...new Set(found.flat())].sort();
}

async function contactIdsOf(reader: Reader, access: Access): Promise<string[]> {
  switch (access.by) {
    case 'lists':
      return (await reader.query('contacts', { index: 'listIds', anyOf: access.ids })).map(({ id }) => id);
    case 'companies':
      return (await reader.query('contacts', { index: 'companyId', anyOf: access.ids })).map(({ id }) => id);
    case 'events':
      return (await reader.query('events', { index: 'type', equals: access.type })).flatMap(
        ({ contactId }) => contactId ?? []
      );
    case 'deals':
      return (await reader.query('deals', {})).flatMap(({ contactIds }) => contactIds);
    default:
      return (await reader.query(access.by, {})).flatMap(({ contactId }) => contactId ?? []);
  }
}
