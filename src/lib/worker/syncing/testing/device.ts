import type { Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { SyncStanding } from '$lib/core/rows/events';
import { TABLE_NAMES, keyOf, type TableName, type Tables } from '$lib/core/tables';
import { MemoryStorage } from '$lib/storage/memory';
import { packed, unpacked, type Batch } from '$lib/sync/batches';
import { syncCapture } from '$lib/sync/capture';
import { leavesOf } from '$lib/sync/leaves';
import { markSent, unsentPart } from '$lib/sync/sending';
import { newStanding } from '$lib/sync/standing';
import { isDerivedKey, SYNCED } from '$lib/sync/synced';
import { applyBatch, foldAll } from '../applying';

/** A device with storage of its own, which makes batches and takes them in; how these get to others is the test's affair. */
export class Device {
  readonly storage: MemoryStorage;
  private ids = 0;
  private number = 0;

  constructor(
    readonly name: string,
    private readonly now: () => Instant
  ) {
    const newId = (): string => `${name}-${String(++this.ids).padStart(6, '0')}`;
    this.storage = new MemoryStorage({ capture: syncCapture(() => ({ now: now(), newId })) });
  }

  async begin(...changes: Change[]): Promise<void> {
    await this.storage.commit(changes);
    await this.storage.commit([{ table: 'runtime', id: 'sync', create: newStanding(this.name, 1) }]);
  }

  async write(...changes: Change[]): Promise<void> {
    await this.storage.commit(changes);
  }

  /** What others have not been told; null where that is nothing. */
  async batch(): Promise<Batch | null> {
    const { entries, rows } = await this.storage.transact(async (transaction) => {
      const greatest = await foldAll(transaction, await standingIn(transaction));
      await transaction.apply([{ table: 'runtime', id: 'sync', set: { greatest } }]);
      return unsentPart(transaction);
    });
    await this.storage.transact((transaction) => markSent(transaction, rows));
    if (entries.length === 0) return null;
    const batch = { version: 1 as const, device: this.name, number: this.number++, attempt: '', greatest: null };
    const bytes = await packed({ ...batch, entries: [...entries] });
    const opened = await unpacked(new Uint8Array(bytes));
    if (!opened.ok) throw new Error(opened.reason.key);
    return opened.value;
  }

  async take(batch: Batch): Promise<void> {
    await this.storage.transact(async (transaction) => {
      const greatest = await applyBatch(transaction, batch, await standingIn(transaction), {
        now: this.now(),
        runs: true
      });
      await transaction.apply([{ table: 'runtime', id: 'sync', set: { greatest } }]);
    });
  }

  rows<T extends TableName>(table: T): Promise<Tables[T][]> {
    return this.storage.read((reader) => reader.query(table, {}));
  }

  /** All that must be the same on every device: sets in no order. */
  async shown(): Promise<Record<string, unknown>> {
    const tables: Record<string, unknown> = {};
    for (const table of TABLE_NAMES.filter((name) => SYNCED[name] !== 'own')) {
      const all = await this.rows(table);
      // Who is known by which address is the same everywhere, whoever has worked it out; how far this device has read its own mailbox is not.
      const rows = table === 'cursors' ? all.filter((row) => !isDerivedKey(table, keyOf(table, row as never))) : all;
      const parts = rows.map((row) => [String(keyOf(table, row)), [...leavesOf(table, row)].sort(byName)] as const);
      tables[table] = Object.fromEntries(parts);
    }
    return tables;
  }
}

async function standingIn(transaction: { get: MemoryStorageGet }): Promise<SyncStanding> {
  const row = await transaction.get('runtime', 'sync');
  if (row?.id !== 'sync') throw new Error('it does not sync');
  return row;
}

type MemoryStorageGet = (table: 'runtime', id: 'sync') => Promise<Tables['runtime'] | undefined>;

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
