import type { Id } from '$lib/core/ids';
import type { Contact, ImportBlock, ImportRow } from '$lib/core/rows/contacts';
import type { Deal } from '$lib/core/rows/crm';
import { isAbout, linesAbout, mentions, type SharedRows } from '$lib/records/contacts/traces';
import type { Reader } from '$lib/storage/port';
import { askingRows } from './opt-ins';

/** The rows of the workspace, or of others, that hold something of these contacts. */
export async function sharedRows(
  reader: Reader,
  contacts: readonly Contact[],
  deals: readonly Deal[],
  outboxIds: ReadonlySet<Id>
): Promise<SharedRows> {
  const addresses = contacts.flatMap(({ email }) => email?.toLowerCase() ?? []);
  const [imports, intents, kept, posts, optIns, dealTasks] = await Promise.all([
    reader.query('imports', {}),
    reader.query('intents', {}),
    reader.query('events', { index: 'unmatched', from: 1, to: 2 }),
    reader.query('quarantine', {}),
    reader.query('optIns', { index: 'address', anyOf: addresses }),
    reader.query('tasks', { index: 'dealId', anyOf: deals.map(({ id }) => id) })
  ]);
  const about = mentions(contacts);
  return {
    imports: imports.filter((row) => linesAbout(row, about).length > 0),
    importBlocks: await blocksNaming(reader, imports, contacts),
    intents: intents.filter((intent) => intent.outboxIds.some((id) => outboxIds.has(id))),
    events: kept.filter((event) => isAbout(event, about)),
    quarantine: posts.filter(({ body }) => about(body)),
    optIns,
    asking: await askingRows(reader, optIns),
    deals: [...new Map(deals.map((deal) => [deal.id, deal])).values()],
    dealTasks
  };
}

/**
 * Blocks are looked through for those imports alone that were under way when one of the contacts was made, or that may have added one to
 * their list: whoever has been on it for longer was not; whoever is on it since later may have left and come back.
 */
async function blocksNaming(
  reader: Reader,
  imports: readonly ImportRow[],
  contacts: readonly Contact[]
): Promise<ImportBlock[]> {
  const found: ImportBlock[] = [];
  for (const { id, startedAt, endedAt = Infinity, listId } of imports) {
    const wasListed = ({ listIds, listedAt }: Contact): boolean =>
      listId !== null && (!listIds.includes(listId) || (listedAt[listId] ?? Infinity) >= startedAt);
    const may = contacts.filter(
      (contact) => (contact.createdAt >= startedAt && contact.createdAt <= endedAt) || wasListed(contact)
    );
    if (may.length === 0) continue;
    const ids = new Set(may.map((contact) => contact.id));
    const blocks = await reader.query('importBlocks', { from: [id, 0], to: [id, Infinity] });
    found.push(...blocks.filter(({ created, listed }) => [...created, ...listed].some((one) => ids.has(one))));
  }
  return found;
}
