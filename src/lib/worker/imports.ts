import { create, update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Id, NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { ImportRow } from '$lib/core/rows/contacts';
import { words, type Words } from '$lib/core/words';
import { suggestMapping, type ImportMapping } from '$lib/records/contacts/import/mapping';
import { rowReader } from '$lib/records/contacts/import/row-reader';
import { StorageFailure } from '$lib/storage/failures';
import type { Storage, Transaction } from '$lib/storage/port';
import type { FilePreview, ImportPlan } from './drafts';
import { openCsv, type CsvFile, type CsvRecord } from './csv';
import { isVcards, openVcards } from './vcard';
import { commitImport } from './import-commits';
import { undoImport } from './import-undo';

/** Applies the changes and takes in the events, within the transaction. */
export type Accept = (transaction: Transaction, effect: Effect) => Promise<void>;

export interface ImportPorts {
  readonly storage: Storage;
  readonly now: () => Instant;
  readonly newId: NewId;
  /** Default: the events wait for the runner. */
  readonly accept?: Accept;
  /** Rows of the file in one transaction. */
  readonly batch?: number;
}

/** The events are stored with the changes that caused them, and wait for the runner to match them. */
export const leaveToRunner: Accept = async (transaction, { changes, events }) => {
  const stored = events.map((event) => create('events', event.id, { ...event, unmatched: 1 }));
  await transaction.apply([...changes, ...stored]);
};

const PREVIEW_ROWS = 8;
const BATCH = 4_000;

async function openContacts(file: File): Promise<Result<CsvFile>> {
  return (await isVcards(file)) ? openVcards(file) : openCsv(file);
}

/** What the file holds and what its columns most likely are. */
export async function previewImport(storage: Storage, file: File): Promise<Result<FilePreview>> {
  const opened = await openContacts(file);
  if (!opened.ok) return opened;
  const { headers, delimiter, records } = opened.value;
  const rows: string[][] = [];
  for await (const some of records) {
    for (const record of some) if ('fields' in record && rows.length < PREVIEW_ROWS) rows.push(record.fields);
    if (rows.length >= PREVIEW_ROWS) break;
  }
  const { attributes } = await storage.read((reader) => reader.view());
  const suggested = suggestMapping(headers, [...attributes.values()]);
  const format = (await isVcards(file)) ? 'cards' : 'values';
  return ok({ fileName: file.name, format, delimiter, headers, rows, suggested });
}

/**
 * Imports a file of contacts under a row in `imports`, batch by batch: each batch, its events and the row's progress are one
 * transaction, so that an interrupted import resumes after the last batch that is whole.
 */
export async function runImport(ports: ImportPorts, file: File, plan: ImportPlan): Promise<Result<ImportRow>> {
  const opened = await openContacts(file);
  if (!opened.ok) return opened;
  if (
    !Object.values(plan.mapping).some((target) => target === 'email' || target === 'phone' || target === 'externalId')
  )
    return failed(words('words.import.nothing_to_know_by'));
  const row: ImportRow = {
    id: ports.newId(),
    fileName: file.name,
    status: 'running',
    listId: plan.listId,
    duplicates: plan.duplicates,
    mapping: plan.mapping,
    rowsDone: 0,
    created: 0,
    updated: 0,
    skipped: 0,
    rejectedCount: 0,
    rejected: [],
    startedAt: ports.now()
  };
  await ports.storage.commit([create('imports', row.id, row)]);
  return carryOn(ports, opened.value, row);
}

/** Goes on after the rows that are committed. Refused with words: an import that is not interrupted, another file. */
export async function resumeImport(ports: ImportPorts, importId: Id, file: File): Promise<Result<ImportRow>> {
  const row = await ports.storage.read((reader) => reader.get('imports', importId));
  if (row === undefined || (row.status !== 'running' && row.status !== 'failed'))
    return failed(words('words.import.not_interrupted'));
  const opened = await openContacts(file);
  if (!opened.ok) return opened;
  const isSame = opened.value.headers.every((header) => header in row.mapping) && file.name === row.fileName;
  if (!isSame) return failed(words('words.import.another_file', { fileName: row.fileName }));
  if (row.status === 'failed') await ports.storage.commit([update('imports', importId, { status: 'running' })]);
  return carryOn(ports, opened.value, { ...row, status: 'running' });
}

/** The batch on its way is still committed or not at all; what was imported before stays. */
export async function cancelImport({ storage, now }: ImportPorts, importId: Id): Promise<void> {
  await storage.transact(async (transaction) => {
    const row = await transaction.get('imports', importId);
    if (row?.status === 'running' || row?.status === 'failed')
      await transaction.apply([update('imports', importId, { status: 'cancelled', endedAt: now() })]);
  });
}

export { undoImport };

async function carryOn(ports: ImportPorts, file: CsvFile, row: ImportRow): Promise<Result<ImportRow>> {
  const { storage, now, newId, accept = leaveToRunner, batch = BATCH } = ports;
  const view = await storage.read((reader) => reader.view());
  const read = rowReader({
    headers: file.headers,
    // The row keeps what the plan said: its keys are the file's headers.
    mapping: row.mapping as ImportMapping,
    attributes: view.attributes,
    country: view.settings.get('workspace')?.country ?? 'FR'
  });
  try {
    const batches = inBatches(file.records, row.rowsDone, batch);
    const end = await commitImport({ storage, now, newId, accept, read }, row, batches);
    if (end === 'done') await storage.commit([update('imports', row.id, { status: 'done', endedAt: now() })]);
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    return failed(await markFailed(ports, row.id, error.words));
  }
  return ok((await storage.read((reader) => reader.get('imports', row.id))) as ImportRow);
}

/** The row can be resumed. Where there is no room even to say so, it stays as running, which can be resumed too. */
async function markFailed({ storage, now }: ImportPorts, importId: Id, reason: Words): Promise<Words> {
  await storage.commit([update('imports', importId, { status: 'failed', endedAt: now() })]).catch(() => undefined);
  return reason;
}

async function* inBatches(
  records: AsyncIterable<CsvRecord[]>,
  skip: number,
  size: number
): AsyncIterable<readonly CsvRecord[]> {
  let left = skip;
  let waiting: CsvRecord[] = [];
  for await (const some of records) {
    const fresh = left > 0 ? some.slice(left) : some;
    left = Math.max(0, left - some.length);
    waiting = waiting.length === 0 ? fresh : [...waiting, ...fresh];
    let start = 0;
    for (; waiting.length - start >= size; start += size) yield waiting.slice(start, start + size);
    waiting = waiting.slice(start);
  }
  if (waiting.length > 0) yield waiting;
}
