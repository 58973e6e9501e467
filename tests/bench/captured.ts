import { create, update, type Change } from '$lib/core/changes';
import { openStorage, type DexieStorage } from '$lib/storage/dexie/storage';
import { contactRow, enrolmentRow, eventRow } from '$lib/storage/testing/rows';
import { syncCapture } from '$lib/sync/capture';
import { foldLog } from '$lib/sync/folding';
import { markSent, unsentPart } from '$lib/sync/sending';

/** As long as names of devices are. */
const DEVICE = 'a1b2c3d4';
const COMMITS = 10;
const ROWS = 1_000;

/** Writes as an import makes them, then as the engine does, with capture or without. In ms; share: what is kept beside the rows, by bytes. */
export async function captured(isOn: boolean): Promise<{ time: number; share: number }> {
  const name = `captured-${crypto.randomUUID()}`;
  const given = () => ({ now: Date.now(), newId: () => crypto.randomUUID() });
  const storage = await openStorage({ name, capture: syncCapture(given) });
  if (isOn) await storage.commit([create('runtime', 'sync', standing)]);
  const ids = Array.from({ length: COMMITS }, () => Array.from({ length: ROWS }, () => crypto.randomUUID()));
  const begun = performance.now();
  for (const some of ids) await storage.commit(some.flatMap(imported));
  for (const some of ids) await storage.commit(some.flatMap(moved));
  const time = performance.now() - begun;
  const share = isOn ? await shareOf(storage) : 0;
  await storage.database.delete();
  return { time, share };
}

function imported(id: string, at: number): Change[] {
  const email = `lecteur-${id}@exemple.fr`;
  const attributes = { FIRSTNAME: 'Camille', LASTNAME: 'Moreau', CITY: 'Lyon', PLAN: 'annuel', ORDERS: at };
  return [
    create('contacts', id, contactRow({ id, email, attributes, listIds: ['l1'], listedAt: { l1: Date.now() } })),
    create('identities', ['email', email], { kind: 'email', value: email, contactId: id }),
    create('events', `e-${id}`, eventRow({ id: `e-${id}`, contactId: id, type: 'contact.added_to_list' })),
    create('enrolments', `n-${id}`, enrolmentRow({ id: `n-${id}`, contactId: id, status: 'waiting', dueAt: at }))
  ];
}

function moved(id: string, at: number): Change[] {
  return [
    update('enrolments', `n-${id}`, { stepId: 's2', dueAt: at + 1, entries: [{ at, kind: 'moved', stepId: 's1' }] }),
    { table: 'contacts', id, addToSet: { listIds: ['l2'] }, set: { 'attributes.CITY': 'Paris', 'listedAt.l2': at } },
    create('events', `f-${id}`, eventRow({ id: `f-${id}`, contactId: id, type: 'contact.added_to_list' }))
  ];
}

/** The more of what waits for a remote, and of what is kept once others have been told. */
async function shareOf(storage: DexieStorage): Promise<number> {
  const waiting = await bytesOf(storage, ['syncLog']);
  for (let isMore = true; isMore;)
    isMore = await storage.transact(async (transaction) => (await foldLog(transaction, null, DEVICE)).isMore);
  for (let isMore = true; isMore;) {
    const { rows: told } = await storage.read(unsentPart);
    await storage.transact((transaction) => markSent(transaction, told));
    isMore = told.length > 0;
  }
  const kept = await bytesOf(storage, ['syncRows']);
  const rows = await bytesOf(storage, ['contacts', 'identities', 'events', 'enrolments']);
  return Math.max(waiting, kept) / rows;
}

async function bytesOf(storage: DexieStorage, tables: readonly string[]): Promise<number> {
  const rows = await Promise.all(tables.map((table) => storage.database.table(table).toArray()));
  return new TextEncoder().encode(JSON.stringify(rows)).byteLength;
}

const standing = {
  id: 'sync' as const,
  device: DEVICE,
  greatest: null,
  generation: 1,
  cursor: null,
  peers: {},
  next: 0,
  attempt: null,
  baseline: null
};
