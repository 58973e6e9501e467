/** The limits: the least work that could do the same, written by hand, in a worker as the app's own code is. */
import * as Comlink from 'comlink';
import Dexie from 'dexie';
import * as v from 'valibot';
import { create, update } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import { inboxPage, type InboxItem } from '$lib/core/inbox';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { compileFilter } from '$lib/filters/compile';
import { MemoryStorage } from '$lib/storage/memory';
import { openDatabase, WorkspaceDatabase } from '$lib/storage/dexie/database';
import { firstContacts, NEWEST_FIRST } from '$lib/storage/dexie/queries';
import type { TableName } from '$lib/core/tables';
import { captured } from './captured';
import { fill } from './filled';

const BATCH = 1_000;

const limits = {
  /** Dexie `bulkAdd` of the very rows that the import made (contacts, identities, events), in one relaxed transaction. */
  async bulkAddAgain(name: string, rest: number): Promise<number> {
    const source = await opened(name);
    const rows = {
      contacts: await source.contacts.toArray(),
      identities: await source.identities.toArray(),
      events: await source.events.toArray()
    };
    source.close();
    return onEmptyDatabase(async (database) => {
      await new Promise((resolve) => setTimeout(resolve, rest));
      const begun = performance.now();
      await database.transaction('rw', database.contacts, database.identities, database.events, async () => {
        await Promise.all([
          database.contacts.bulkAdd(rows.contacts),
          database.identities.bulkAdd(rows.identities),
          database.events.bulkAdd(rows.events)
        ]);
      });
      return performance.now() - begun;
    });
  },

  /**
   * For each of three moves: read 1,000 due, write them back, append 1,000 journal rows, until none is due. Relaxed. Ours does more
   * than that: it writes the contacts (two lists and an attribute), an event for each list, and the statistics as well.
   */
  async transactionLoop(count: number): Promise<number> {
    return onEmptyDatabase(async (database) => {
      const enrolments = Array.from({ length: count }, (_, n) => enrolmentRow(n));
      await database.enrolments.bulkAdd(enrolments);
      const begun = performance.now();
      for (let move = 1; move <= 3; move++) {
        for (let left = count; left > 0; left -= BATCH) {
          await database.transaction('rw', database.enrolments, database.journal, async () => {
            const due = await database.enrolments.where('dueAt').between(move, move, true, true).limit(BATCH).toArray();
            await database.enrolments.bulkPut(
              due.map((row) => ({ ...row, stepId: `s${move}`, dueAt: move + 1, seq: move }))
            );
            await database.journal.bulkAdd(
              due.map(({ id, contactId }) => ({
                enrolmentId: id,
                seq: move,
                contactId,
                automationId: 'automation',
                versionId: 'version',
                entries: [{ at: 0, kind: 'moved' as const, stepId: `s${move}`, branch: 'next' }]
              }))
            );
          });
        }
      }
      return performance.now() - begun;
    });
  },

  /** As many rows as a simulation wrote, into memory: half of them journeys that move on, half what happens meanwhile, five a commit. */
  async memoryRows(count: number): Promise<number> {
    const storage = new MemoryStorage();
    const begun = performance.now();
    for (let done = 0, commits = 0; done < count; done += 5, commits++) {
      const move = commits % 20;
      const { id } = enrolmentRow(commits - move);
      await storage.commit([
        ...(move === 0 ? [create('enrolments', id, enrolmentRow(commits))] : []),
        update('enrolments', id, {
          stepId: `s${move}`,
          dueAt: commits,
          entries: [{ at: 0, kind: 'moved', stepId: 's' }]
        }),
        create('events', `e${commits}`, {
          id: `e${commits}`,
          type: 'email.opened',
          contactId: `contact-${commits - move}`,
          occurredAt: commits,
          receivedAt: commits,
          properties: { messageId: id, emailName: 'Bienvenue', tag: '', emailType: 'marketing', machineOpen: false },
          source: 'app'
        }),
        update('enrolments', id, { since: commits, moves: move }),
        update('events', `e${commits}`, { receivedAt: commits + 1 })
      ]);
    }
    return performance.now() - begun;
  },

  /** `fetch` of as many bodies to the same server, six at a time. */
  async fetchLoop(count: number, baseUrl: string, apiKey: string): Promise<number> {
    const html = '<p>Bonjour Léa</p>'.padEnd(4_000, ' ');
    const begun = performance.now();
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < count) {
        const n = next++;
        const body = JSON.stringify({
          sender: { name: 'Léa', email: 'lea@example.com' },
          to: [{ email: `reader${n}@example.com` }],
          subject: `Bienvenue Léa ${n}`,
          htmlContent: html,
          textContent: 'Bonjour Léa',
          headers: { idempotencyKey: crypto.randomUUID() }
        });
        const answer = await fetch(`${baseUrl}/v3/smtp/email`, {
          method: 'POST',
          headers: { 'api-key': apiKey, 'content-type': 'application/json' },
          body
        });
        await answer.json();
      }
    };
    await Promise.all(Array.from({ length: 6 }, lane));
    return performance.now() - begun;
  },

  /** All that waits in the relay: a page is fetched, its items are stored as one relaxed transaction, and let go of. */
  async inboxLoop(url: string, secret: string): Promise<number> {
    const headers = { authorization: `Bearer ${secret}` };
    return onEmptyDatabase(async (database) => {
      const begun = performance.now();
      for (let after = 0; ;) {
        const answer = await fetch(`${url}/inbox?after=${after}&limit=500`, { headers });
        const { items } = v.parse(inboxPage, await answer.json());
        const last = items.at(-1);
        if (!last) return performance.now() - begun;
        await database.events.bulkAdd(items.map(eventRow));
        after = last.seq;
        await fetch(`${url}/inbox/acknowledged`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ upTo: after })
        });
      }
    });
  },

  async eventsOf(name: string, type: string): Promise<number> {
    const database = await opened(name);
    const count = await database.events.filter((event) => event.type === type).count();
    database.close();
    return count;
  },

  /** Five conditions over 100,000 contacts in memory: the compiled tree, and a loop written for them. */
  async segment(): Promise<{ ours: number; limit: number }> {
    const cities = ['Paris', 'Lyon', 'Nantes', 'Lille', 'Marseille', 'Rennes', 'Bordeaux', 'Tours'];
    const contacts: Contact[] = Array.from({ length: 100_000 }, (_, n) => ({
      id: `c${n}`,
      email: `reader${n}@example.com`,
      attributes: {
        CITY: cities[n % 8] ?? '',
        ORDERS: n % 41,
        PLAN: n % 3 === 0 ? 'or' : 'argent',
        BIRTHDAY: `19${60 + (n % 40)}-01-01`
      },
      listIds: n % 2 === 0 ? ['l1', 'l2'] : ['l2'],
      listedAt: {},
      createdAt: n,
      updatedAt: n
    }));
    const attribute = (attributeId: string) => ({ of: 'attribute' as const, attributeId });
    const tree: FilterTree = {
      op: 'all',
      of: [
        { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: ['l1'] },
        { subject: attribute('CITY'), kind: 'text', operator: 'isNot', value: 'Paris' },
        { subject: attribute('ORDERS'), kind: 'number', operator: 'atLeast', value: 3 },
        { subject: attribute('PLAN'), kind: 'text', operator: 'contains', value: 'argent' },
        { subject: attribute('BIRTHDAY'), kind: 'date', operator: 'after', value: '1970-01-01' }
      ]
    };
    const meets = compileFilter(tree, { now: Date.now(), timeZone: 'Europe/Paris' });
    const byHand = (): number => {
      let found = 0;
      for (const { listIds, attributes } of contacts) {
        if (!listIds.includes('l1')) continue;
        if ((attributes.CITY as string).toLowerCase() === 'paris') continue;
        if ((attributes.ORDERS as number) < 3) continue;
        if (!(attributes.PLAN as string).toLowerCase().includes('argent')) continue;
        if ((attributes.BIRTHDAY as string) < '1970-01-02') continue;
        found++;
      }
      return found;
    };
    const ours = (): number => {
      let found = 0;
      for (const contact of contacts) if (meets(contact, null)) found++;
      return found;
    };
    if (byHand() !== ours()) throw new Error('the two do not agree');
    return alternated(7, ours, byHand);
  },

  /** The 50 newest contacts of a list: the table's query, and a cursor of raw IndexedDB over the same index. */
  async page(name: string): Promise<{ ours: number; limit: number }> {
    const database = await opened(name);
    const [list] = await database.lists.toArray();
    const listId = list?.id ?? '';
    const ours = async (): Promise<number> =>
      (await firstContacts(database, { listId, sort: NEWEST_FIRST, limit: 50 })).length;
    const raw = async (): Promise<number> => {
      const store = database.backendDB().transaction('contacts').objectStore('contacts');
      return new Promise((resolve, reject) => {
        const rows: Contact[] = [];
        const request = store.index('listIds').openCursor(IDBKeyRange.only(listId), 'prev');
        request.onerror = () => reject(request.error ?? new Error('cursor'));
        request.onsuccess = () => {
          const cursor = request.result;
          if (cursor) rows.push(cursor.value as Contact);
          if (!cursor || rows.length === 50) resolve(rows.length);
          else cursor.continue();
        };
      });
    };
    const times = await alternated(25, ours, raw);
    database.close();
    return times;
  },

  captured,

  async fillDatabase(name: string, contacts: number, eventsEach: number): Promise<void> {
    const database = await opened(name);
    await fill(database, contacts, eventsEach);
    database.close();
  },

  async sizeOf(name: string, table: TableName): Promise<number> {
    const database = await opened(name);
    const size = await database.table(table).count();
    database.close();
    return size;
  },

  async contactsOnLists(name: string, count: number): Promise<number> {
    const database = await opened(name);
    const found = await database.contacts.filter(({ listIds }) => listIds.length === count).count();
    database.close();
    return found;
  },

  async contactIds(name: string): Promise<string[]> {
    const database = await opened(name);
    const ids = await database.contacts.toCollection().primaryKeys();
    database.close();
    return ids;
  },

  async countOf(name: string, table: 'enrolments' | 'outbox', status: string): Promise<number> {
    const database = await opened(name);
    const rows = await database.table<{ status: string }>(table).toArray();
    database.close();
    return rows.filter((row) => row.status === status).length;
  },

  /** Bytes of the rows as JSON in UTF-8: a heap that held them would need several times as many. */
  async bytesOf(name: string, table: TableName): Promise<number> {
    const database = await opened(name);
    const rows = await database.table(table).toArray();
    database.close();
    return new TextEncoder().encode(JSON.stringify(rows)).byteLength;
  }
};

export type Limits = typeof limits;
Comlink.expose(limits);

function enrolmentRow(n: number): Enrolment {
  return {
    id: `automation/contact-${String(n).padStart(6, '0')}/0`,
    automationId: 'automation',
    versionId: 'version',
    contactId: `contact-${n}`,
    status: 'waiting',
    stepId: 's0',
    visits: {},
    enteredAt: 0,
    since: 0,
    dueAt: 1,
    event: { id: 'e', type: 'contact.added_to_list', occurredAt: 0, properties: { listId: 'l1' } },
    sends: [],
    seed: n,
    seq: 0,
    moves: 0
  };
}

function eventRow({ seq, receivedAt, body }: InboxItem): EventRow {
  const { visitor } = JSON.parse(body) as { visitor: string };
  return {
    id: String(seq),
    type: 'page.visited',
    contactId: visitor,
    occurredAt: receivedAt,
    receivedAt,
    properties: {},
    source: 'limit',
    dedupeKey: `limit:${seq}`
  };
}

async function opened(name: string): Promise<WorkspaceDatabase> {
  const database = new WorkspaceDatabase(name);
  await openDatabase(database);
  return database;
}

async function onEmptyDatabase<T>(work: (database: WorkspaceDatabase) => Promise<T>): Promise<T> {
  await Dexie.delete('limit');
  const database = await opened('limit');
  try {
    return await work(database);
  } finally {
    database.close();
    await Dexie.delete('limit');
  }
}

/** The medians of both, measured in turn, so that whatever else the machine does slows both down. */
async function alternated(
  times: number,
  ours: () => unknown,
  limit: () => unknown
): Promise<{ ours: number; limit: number }> {
  const measured: { ours: number[]; limit: number[] } = { ours: [], limit: [] };
  for (let n = -1; n < times; n++) {
    for (const [name, work] of [
      ['ours', ours],
      ['limit', limit]
    ] as const) {
      const begun = performance.now();
      await work();
      // The first round is to warm up.
      if (n >= 0) measured[name].push(performance.now() - begun);
    }
  }
  return { ours: median(measured.ours), limit: median(measured.limit) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
