import { addToRollups } from '$lib/core/rollups';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { TableName, Tables } from '$lib/core/tables';
import Dexie, { type DexieOptions, type Table, type Transaction } from 'dexie';
import { StorageFailure, toStorageFailure } from '../failures';

/** One version of the database: what its indexes become, and what is done to the rows there are. */
export interface SchemaVersion {
  readonly version: number;
  /** Tables whose indexes change; null: the table goes. */
  readonly stores: Readonly<Record<string, string | null>>;
  readonly upgrade?: (transaction: Transaction) => Promise<void>;
}

/**
 * All versions, oldest first: a database of any of them is brought to the last one when it is opened. A published version is
 * never changed; `SCHEMA` is what they come to.
 */
export const VERSIONS: readonly SchemaVersion[] = [
  {
    version: 1,
    stores: {
      settings: 'id',
      contacts: 'id, email, *listIds, hiddenAt, mergedInto',
      identities: '[kind+value], contactId',
      lists: 'id',
      attributes: 'id',
      tombstones: 'id',
      imports: 'id',
      importBlocks: '[importId+seq]',
      templates: 'id',
      senders: 'id',
      accounts: 'id',
      secrets: 'id',
      automations: 'id',
      versions: 'id, automationId',
      enrolments: 'id, dueAt, *wakes, contactId, [automationId+status], [versionId+stepId]',
      journal: '[enrolmentId+seq], contactId',
      statistics: 'id, automationId',
      events: 'id, &dedupeKey, [contactId+occurredAt], type, unmatched',
      outbox: 'id, [status+dueAt], contactId, messageId',
      reactions: 'id, outboxId',
      cursors: 'sourceId',
      runtime: 'id'
    }
  },
  // The records behind the whole catalogue: deals, loyalty, forms, segments, and what contacts have done, by type.
  {
    version: 2,
    stores: {
      contacts: 'id, email, *listIds, hiddenAt, mergedInto, companyId',
      segments: 'id',
      companyAttributes: 'id',
      dealAttributes: 'id',
      users: 'id',
      companies: 'id',
      pipelines: 'id',
      deals: 'id, *contactIds, companyId, stageId',
      taskTypes: 'id',
      tasks: 'id, contactId, dealId',
      rotations: 'id',
      forms: 'id',
      programs: 'id',
      memberships: 'id, contactId, programId, dueAt',
      ledger: 'id, contactId, [membershipId+at], dueAt',
      vouchers: 'id, contactId, programId, code, dueAt',
      smsTemplates: 'id',
      pushTemplates: 'id',
      smsSenders: 'id',
      rollups: '[contactId+type]',
      checks: 'id, dueAt',
      checkMembers: '[checkId+contactId], contactId',
      intents: 'id'
    },
    upgrade: rollUpEvents
  },
  // Who may post to the inbox, and what was posted and not understood.
  { version: 3, stores: { inboxSources: 'id', quarantine: 'id, receivedAt' } },
  // Sign-ups whose address is not confirmed yet.
  { version: 4, stores: { optIns: 'id, address, dueAt' } },
  // What other devices have still to be told.
  { version: 5, stores: { syncLog: 'id', syncRows: '[table+key], unsent' } },
  // That the user has called a message off is said by the row itself, no longer by the words of its reason.
  { version: 6, stores: {}, upgrade: sayCalledOff },
  // What was sent in one call, and is in doubt, is found again.
  { version: 7, stores: { outbox: 'id, [status+dueAt], contactId, messageId, batchKey' } }
];

async function rollUpEvents(transaction: Transaction): Promise<void> {
  const rollups = new Map<string, Rollup>();
  await transaction.table<EventRow>('events').each((event) => addToRollups(rollups, event));
  await transaction.table<Rollup>('rollups').bulkPut([...rollups.values()]);
}

async function sayCalledOff(transaction: Transaction): Promise<void> {
  const outbox = transaction.table<OutboxRow>('outbox');
  const among = (status: OutboxRow['status']) =>
    outbox.where('[status+dueAt]').between([status, Dexie.minKey], [status, Dexie.maxKey]);
  await among('cancelled')
    .filter(({ reason }) => reason?.key === 'words.outbox.cancelled_by_you')
    .modify({ calledOff: true });
  for (const status of ['recalling', 'recalled'] as const)
    await among(status)
      .filter(({ byHand }) => byHand === true)
      .modify((row) => {
        delete row.byHand;
        row.calledOff = true;
      });
}

/** The workspace's database. Screens read from it in live queries; only `openStorage` writes. */
export class WorkspaceDatabase extends Dexie {
  declare readonly settings: Table<Tables['settings'], string>;
  declare readonly contacts: Table<Tables['contacts'], string>;
  declare readonly identities: Table<Tables['identities'], [string, string]>;
  declare readonly lists: Table<Tables['lists'], string>;
  declare readonly segments: Table<Tables['segments'], string>;
  declare readonly attributes: Table<Tables['attributes'], string>;
  declare readonly companyAttributes: Table<Tables['companyAttributes'], string>;
  declare readonly dealAttributes: Table<Tables['dealAttributes'], string>;
  declare readonly users: Table<Tables['users'], string>;
  declare readonly companies: Table<Tables['companies'], string>;
  declare readonly pipelines: Table<Tables['pipelines'], string>;
  declare readonly deals: Table<Tables['deals'], string>;
  declare readonly taskTypes: Table<Tables['taskTypes'], string>;
  declare readonly tasks: Table<Tables['tasks'], string>;
  declare readonly rotations: Table<Tables['rotations'], string>;
  declare readonly forms: Table<Tables['forms'], string>;
  declare readonly optIns: Table<Tables['optIns'], string>;
  declare readonly programs: Table<Tables['programs'], string>;
  declare readonly memberships: Table<Tables['memberships'], string>;
  declare readonly ledger: Table<Tables['ledger'], string>;
  declare readonly vouchers: Table<Tables['vouchers'], string>;
  declare readonly tombstones: Table<Tables['tombstones'], string>;
  declare readonly imports: Table<Tables['imports'], string>;
  declare readonly importBlocks: Table<Tables['importBlocks'], [string, number]>;
  declare readonly templates: Table<Tables['templates'], string>;
  declare readonly smsTemplates: Table<Tables['smsTemplates'], string>;
  declare readonly pushTemplates: Table<Tables['pushTemplates'], string>;
  declare readonly senders: Table<Tables['senders'], string>;
  declare readonly smsSenders: Table<Tables['smsSenders'], string>;
  declare readonly accounts: Table<Tables['accounts'], string>;
  declare readonly secrets: Table<Tables['secrets'], string>;
  declare readonly automations: Table<Tables['automations'], string>;
  declare readonly versions: Table<Tables['versions'], string>;
  declare readonly enrolments: Table<Tables['enrolments'], string>;
  declare readonly journal: Table<Tables['journal'], [string, number]>;
  declare readonly statistics: Table<Tables['statistics'], string>;
  declare readonly events: Table<Tables['events'], string>;
  declare readonly rollups: Table<Tables['rollups'], [string, string]>;
  declare readonly checks: Table<Tables['checks'], string>;
  declare readonly checkMembers: Table<Tables['checkMembers'], [string, string]>;
  declare readonly intents: Table<Tables['intents'], string>;
  declare readonly outbox: Table<Tables['outbox'], string>;
  declare readonly reactions: Table<Tables['reactions'], string>;
  declare readonly cursors: Table<Tables['cursors'], string>;
  declare readonly inboxSources: Table<Tables['inboxSources'], string>;
  declare readonly quarantine: Table<Tables['quarantine'], string>;
  declare readonly runtime: Table<Tables['runtime'], string>;
  declare readonly syncLog: Table<Tables['syncLog'], string>;
  declare readonly syncRows: Table<Tables['syncRows'], [string, string]>;
  /** The last version that this code knows. */
  readonly newest: number;

  /**
   * `durability`: of its transactions. Not open yet, and never opened by itself: that would make an empty database where this one
   * was replaced. Dexie's cache is off: it would show what a transaction has written before it is committed.
   */
  constructor(name: string, durability: 'relaxed' | 'strict' = 'relaxed', versions = VERSIONS) {
    const options: DexieOptions = { autoOpen: false, cache: 'disabled', chromeTransactionDurability: durability };
    super(name, options);
    for (const { version, stores, upgrade } of versions) {
      const declared = this.version(version).stores({ ...stores });
      if (upgrade) declared.upgrade(upgrade);
    }
    this.newest = versions[versions.length - 1]?.version ?? 0;
    // `false` keeps Dexie's own handlers, which warn on the console, from running.
    this.on('versionchange', () => {
      this.close({ disableAutoOpen: true });
      return false;
    });
  }

  rowsOf<T extends TableName>(table: T): Table<Tables[T], string | (string | number)[]> {
    return this.table(table);
  }
}

/**
 * Opens it. Rejects with `StorageFailure`: `newer` where a newer version of the app has written it, `blocked` where another tab
 * holds an older version of it for longer than `patience` ms.
 */
export async function openDatabase(database: WorkspaceDatabase, patience = 10_000): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const blocked = new Promise<never>((_, reject) => {
    database.on('blocked', () => {
      timer ??= setTimeout(() => reject(new StorageFailure('blocked', null)), patience);
      return false;
    });
  });
  try {
    if (await isNewer(database)) throw new StorageFailure('newer', null);
    await Promise.race([database.open(), blocked]);
  } catch (error) {
    database.close({ disableAutoOpen: true });
    throw toStorageFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Dexie would open it all the same, and add tables that this version knows. Its native versions are ten times ours. */
async function isNewer(database: WorkspaceDatabase): Promise<boolean> {
  const installed = (await indexedDB.databases()).find(({ name }) => name === database.name);
  return Math.floor((installed?.version ?? 0) / 10) > database.newest;
}
