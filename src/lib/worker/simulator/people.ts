import type { FilterTree } from '$lib/core/filter-tree';
import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import { MOST_PEOPLE, type SimulatedPeople } from '$lib/core/simulation';
import { alreadyMeeting } from '$lib/engine/already';
import type { Storage } from '$lib/storage/port';
import { matchingContacts } from '../matching';
import type { Parts } from '../parts';
import { chance } from './chance';

const EVERYBODY: FilterTree = { op: 'all', of: [] };

/** Those with whom a simulation is played: a sample by lot where there are more than asked for. */
export async function peopleFor(
  people: SimulatedPeople,
  given: { storage: Storage; catalogue: Parts['catalogue']; graph: Graph; now: Instant; seed: number }
): Promise<Contact[]> {
  if (people.of === 'invented') return inventedContacts(Math.min(people.count, MOST_PEOPLE), given.seed, given.now);
  if (people.of === 'chosen') return contactsOf(given.storage, people.ids.slice(0, MOST_PEOPLE));
  const tree = await treeOf(people, given);
  if (tree === null) return [];
  const found: Id[] = [];
  for await (const { ids } of matchingContacts(given.storage, tree, given.now)) found.push(...ids);
  return contactsOf(given.storage, sample(found, Math.min(people.count, MOST_PEOPLE), given.seed));
}

async function treeOf(
  people: Exclude<SimulatedPeople, { readonly of: 'chosen' }>,
  { storage, catalogue, graph }: { storage: Storage; catalogue: Parts['catalogue']; graph: Graph }
): Promise<FilterTree | null> {
  switch (people.of) {
    case 'list':
      return { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: [people.id] };
    case 'segment':
      return storage.read(async (reader) => (await reader.view()).segments.get(people.id)?.filters ?? null);
    case 'fitting':
      return storage.read(async (reader) => alreadyMeeting(graph, catalogue, await reader.view()));
    case 'everybody':
    case 'invented':
      return EVERYBODY;
  }
}

/** In the order of the ids, whichever were drawn. */
function sample(ids: readonly Id[], count: number, seed: number): Id[] {
  if (ids.length <= count) return [...ids].sort();
  const drawn = ids.map((id) => [chance(seed, 'sample', id), id] as const).sort(([one], [other]) => one - other);
  return drawn
    .slice(0, count)
    .map(([, id]) => id)
    .sort();
}

async function contactsOf(storage: Storage, ids: readonly Id[]): Promise<Contact[]> {
  const found = await storage.read((reader) => reader.getMany('contacts', ids));
  return found.flatMap((contact) =>
    contact && contact.hiddenAt === undefined && contact.mergedInto === undefined ? [contact] : []
  );
}

const FIRST = [
  'Léa', 'Camille', 'Théo', 'Inès', 'Hugo', 'Zoé', 'Naïm', 'Élise', 'Jules', 'Maud', 'Sacha', 'Ambre', 'Louis', 'Chloé', 'Noé',
  'Lina', 'Adam', 'Rose', 'Gabin', 'Mila'
]; // prettier-ignore
const LAST = [
  'Martin',
  'Durand',
  'Petit',
  'Moreau',
  'Bernard',
  'Garnier',
  'Lemoine',
  'Haddad',
  'Colin',
  'Perrin',
  'Roux'
];

/** Made-up contacts with a name, an address and a number that nobody has. */
function inventedContacts(count: number, seed: number, now: Instant): Contact[] {
  return Array.from({ length: count }, (_, at): Contact => {
    const id = `invented-${seed}-${String(at + 1).padStart(4, '0')}`;
    const first = FIRST[at % FIRST.length] ?? '';
    const last = LAST[Math.floor(at / FIRST.length + at) % LAST.length] ?? '';
    return {
      id,
      email: `${plain(first)}.${plain(last)}.${at + 1}@lecteurs.example`,
      phone: `+3363998${String(at).padStart(4, '0')}`,
      attributes: { FIRSTNAME: first, LASTNAME: last },
      listIds: [],
      listedAt: {},
      createdAt: now,
      updatedAt: now
    };
  });
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\P{Letter}/gu, '')
    .toLowerCase();
}
