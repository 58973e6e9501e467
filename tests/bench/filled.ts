import type { Contact, Identity } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceDatabase } from '$lib/storage/dexie/database';
import { addToRollups } from '$lib/core/rollups';
import type { Rollup } from '$lib/core/rows/events';
import { contactRow, eventRow } from '$lib/storage/testing/rows';

const SOME = 2_000;

/** A workspace of so many contacts, each with so many events, as if it had been there for long. */
export async function fill(database: WorkspaceDatabase, contacts: number, eventsEach: number): Promise<void> {
  for (let first = 0; first < contacts; first += SOME) {
    const rows = Array.from({ length: Math.min(SOME, contacts - first) }, (_, at) => contactOf(first + at));
    const events = rows.flatMap(({ id }) => Array.from({ length: eventsEach }, (_, at) => eventOf(id, at)));
    const rollups = new Map<string, Rollup>();
    for (const event of events) addToRollups(rollups, event);
    const identities = rows.map(({ id, email = '' }): Identity => ({ kind: 'email', value: email, contactId: id }));
    const { contacts: people, identities: known, events: facts, rollups: counts } = database;
    await database.transaction('rw', people, known, facts, counts, async () => {
      await people.bulkAdd(rows);
      await known.bulkAdd(identities);
      await facts.bulkAdd(events);
      await counts.bulkAdd([...rollups.values()]);
    });
  }
}

function contactOf(n: number): Contact {
  const id = `contact-${String(n).padStart(6, '0')}`;
  return contactRow({
    id,
    email: `lecteur-${n}@exemple.fr`,
    attributes: { FIRSTNAME: 'Camille', LASTNAME: `Moreau ${n}`, CITY: 'Lyon', PLAN: 'annuel', ORDERS: n % 30 },
    listIds: ['lettre'],
    listedAt: { lettre: 1_700_000_000_000 + n },
    createdAt: 1_700_000_000_000 + n,
    updatedAt: 1_700_000_000_000 + n
  });
}

function eventOf(contactId: string, n: number): EventRow {
  const at = 1_750_000_000_000 + n * 86_400_000;
  return eventRow({
    id: `${contactId}-${n}`,
    contactId,
    type: 'page.visited',
    occurredAt: at,
    receivedAt: at,
    properties: { url: `https://atelier.exemple.fr/produits/${n}`, title: 'Bols et tasses' },
    source: 'tracker'
  });
}
