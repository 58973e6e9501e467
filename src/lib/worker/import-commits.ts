import { create, update } from '$lib/core/changes';
import type { Id, NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import type { Contact, ImportRow } from '$lib/core/rows/contacts';
import type { Words } from '$lib/core/words';
import {
  contactsMeant,
  importBatch,
  importedRow,
  type BatchEffect,
  type ImportedRow,
  type Owners
} from '$lib/records/contacts/import/batch';
import type { ContactFields } from '$lib/records/contacts/contact-fields';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import { Conflict, type Storage, type Transaction } from '$lib/storage/port';
import type { CsvRecord } from './csv';
import type { Accept } from './imports';
import { LostLease } from './lease';

export interface CommitPorts {
  readonly storage: Storage;
  readonly now: () => Instant;
  readonly newId: NewId;
  readonly accept: Accept;
  readonly read: (fields: readonly string[]) => Result<ContactFields>;
}

/** Some records of the file, read. `from`: how many records of the file come before them. */
interface Batch {
  readonly from: number;
  readonly size: number;
  readonly rows: readonly ImportedRow[];
  readonly rejected: readonly Rejected[];
}
type Rejected = ImportRow['rejected'][number];

/** `owners`: null where each batch looks for those it needs. `toCome`: batches on their way that will still add to them. */
interface Known {
  owners: Owners | null;
  toCome: number;
}

/** The row in `imports` is not where this batch starts: the one before was not committed. */
class OutOfOrder extends Error {}
/** The person cancelled. */
class Stopped extends Error {}

/** Another tab has taken somebody's address, or the engine, or the batch before was not committed: the batch looks for itself. */
function canBeTriedAgain(error: unknown): boolean {
  return error instanceof Conflict || error instanceof OutOfOrder || error instanceof LostLease;
}

const KEPT_REJECTIONS = 1_000;
/** Up to as many identities are read into memory once; beyond, each batch asks for its own. */
const FEW_IDENTITIES = 300_000;

/**
 * Commits the batches in their order. While one is being written, the next is read and handed over already: it finds out in its own
 * transaction whether the one before was committed. Who has which address is known beforehand where that fits into memory; that
 * nobody else took one in the meantime is for the primary key of `identities` to say, in which case the batch looks for itself.
 */
export async function commitImport(
  ports: CommitPorts,
  row: ImportRow,
  batches: AsyncIterable<readonly CsvRecord[]>
): Promise<'done' | 'stopped'> {
  const known: Known = { owners: await knownOwners(ports.storage), toCome: 0 };
  let from = row.rowsDone;
  let before: { batch: Batch; committed: Promise<void> } | null = null;

  const settle = async (): Promise<void> => {
    if (before === null) return;
    const { batch, committed } = before;
    before = null;
    try {
      await committed;
    } catch (error) {
      if (!canBeTriedAgain(error)) throw error;
      known.owners = null;
      await commitBatch(ports, row, batch, known);
    }
  };

  try {
    for await (const records of batches) {
      const batch = readBatch(ports, records, from);
      from += batch.size;
      const committed = commitBatch(ports, row, batch, known);
      // Its failure is dealt with in its turn.
      committed.catch(() => undefined);
      await settle();
      before = { batch, committed };
    }
    await settle();
    return 'done';
  } catch (error) {
    // Still out of order: another tab runs the same import.
    if (error instanceof Stopped || error instanceof OutOfOrder) return 'stopped';
    throw error;
  }
}

function readBatch({ read }: CommitPorts, records: readonly CsvRecord[], from: number): Batch {
  const rows: ImportedRow[] = [];
  const rejected: Rejected[] = [];
  for (const record of records) {
    if ('broken' in record) {
      rejected.push({ line: record.line, key: `words.import.${record.broken}`, raw: record.raw });
      continue;
    }
    const result = read(record.fields);
    if (result.ok) rows.push(importedRow(record.line, result.value));
    else rejected.push(rejection(record.line, result.reason, record.fields));
  }
  return { from, size: records.length, rows, rejected };
}

function commitBatch(ports: CommitPorts, row: ImportRow, batch: Batch, known: Known): Promise<void> {
  const { storage, newId, accept } = ports;
  const given = { now: ports.now(), newId, via: 'import' as const };
  // Where all rows are new, which is the rule, there is nothing to wait for: all is made before the transaction begins.
  const { owners } = known;
  const isNew = owners !== null && known.toCome === 0 && contactsMeant(batch.rows, owners).size === 0;
  const made = isNew ? importBatch(batch.rows, { owners, found: NOBODY }, row, given) : null;
  if (!made) known.toCome++;
  return storage.transact(async (transaction) => {
    const present = await transaction.get('imports', row.id);
    if (present?.status !== 'running') throw new Stopped();
    if (present.rowsDone !== batch.from) throw new OutOfOrder();
    const isListGone = row.listId !== null && !(await transaction.get('lists', row.listId));
    // What was made for that list is void: the batch is made anew, for none.
    if (isListGone && made) throw new OutOfOrder();
    const settings = isListGone ? { ...row, listId: null } : row;
    const effect = made ?? (await madeInside(transaction, settings, batch, owners, given));
    if (!made) known.toCome--;
    await accept(transaction, withProgress(effect, present, batch));
  });
}

const NOBODY: ReadonlyMap<Id, Contact> = new Map();

async function madeInside(
  transaction: Transaction,
  row: ImportRow,
  batch: Batch,
  known: Owners | null,
  given: Parameters<typeof importBatch>[3]
): Promise<BatchEffect> {
  const owners = known ?? (await ownersWithin(transaction, batch.rows));
  const ids = row.duplicates === 'skip' ? [] : [...contactsMeant(batch.rows, owners)];
  const contacts = await transaction.getMany('contacts', ids);
  const found = new Map(contacts.filter((contact) => contact !== undefined).map((contact) => [contact.id, contact]));
  return importBatch(batch.rows, { owners, found }, row, given);
}

function withProgress(effect: BatchEffect, present: ImportRow, batch: Batch) {
  const { created, listed, updated, skipped } = effect;
  const raws = new Map(batch.rows.map((imported) => [imported.line, imported.fields]));
  const rejected = [
    ...batch.rejected,
    ...effect.rejected.map(({ line, reason }) => {
      const { email, phone, externalId } = raws.get(line) ?? {};
      return rejection(
        line,
        reason,
        [email, phone, externalId].filter((value) => value !== undefined)
      );
    })
  ];
  const progress = {
    rowsDone: batch.from + batch.size,
    created: present.created + created.length,
    updated: present.updated + updated,
    skipped: present.skipped + skipped,
    ...(rejected.length === 0
      ? {}
      : {
          rejectedCount: present.rejectedCount + rejected.length,
          rejected: [...present.rejected, ...rejected].slice(0, KEPT_REJECTIONS)
        })
  };
  const block = { importId: present.id, seq: batch.from, created: [...created], listed: [...listed] };
  const changes = [
    ...effect.changes,
    update('imports', present.id, progress),
    create('importBlocks', [present.id, batch.from], block)
  ];
  return { changes, events: effect.events };
}

function rejection(line: number, { key, params }: Words, fields: readonly string[]): Rejected {
  const plain = Object.entries(params ?? {}).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number'
  );
  const raw = fields.join(' | ').slice(0, 1_000);
  return plain.length === 0 ? { line, key, raw } : { line, key, params: Object.fromEntries(plain), raw };
}

/** Null where there are too many: each batch then looks for those it needs. */
async function knownOwners(storage: Storage): Promise<Owners | null> {
  if ((await storage.read((reader) => reader.count('identities'))) > FEW_IDENTITIES) return null;
  const owners: Owners = new Map();
  for await (const batch of storage.batches('identities', 10_000))
    for (const { kind, value, contactId } of batch) owners.set(`${kind} ${value}`, contactId);
  return owners;
}

async function ownersWithin(transaction: Transaction, rows: readonly ImportedRow[]): Promise<Owners> {
  const keys = rows.flatMap(({ fields }) => identitiesOf({ id: '', ...fields }).map(identityKey));
  const found = await transaction.getMany('identities', keys);
  const owners: Owners = new Map();
  for (const identity of found)
    if (identity !== undefined) owners.set(`${identity.kind} ${identity.value}`, identity.contactId);
  return owners;
}
