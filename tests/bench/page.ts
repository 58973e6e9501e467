/** What the benchmark's page can do: drive the app's own worker, and time the limits in a worker of its own. */
import * as Comlink from 'comlink';
import { ContactIndex } from '$lib/app/contact-index';
import { workspaceDatabase } from '$lib/app/database';
import type { Graph } from '$lib/core/graph';
import { defaultSettings } from '$lib/core/graph';
import type { WorkerApi } from '$lib/worker/api';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import type { Limits } from './limits.worker';

type Bench = typeof bench;
declare global {
  interface Window {
    bench: Bench;
  }
}

let worker: Worker | null = null;
let api: WorkerApi | null = null;

let limitThread = newThread();
let limits = Comlink.wrap<Limits>(limitThread);

function newThread(): Worker {
  return new Worker('/__bench/limits.js', { type: 'module' });
}

/** A limit begins in a new worker, as ours does. */
function freshLimits(): Comlink.Remote<Limits> {
  limitThread.terminate();
  limitThread = newThread();
  limits = Comlink.wrap<Limits>(limitThread);
  return limits;
}

function engine(): WorkerApi {
  if (!api) throw new Error('the worker is not started');
  return api;
}

function valueOf<T>(result: { ok: true; value: T } | { ok: false; reason: { key: string } }): T {
  if (!result.ok) throw new Error(result.reason.key);
  return result.value;
}

const bench = {
  /** A new workspace, and the app's worker on it. */
  async begin(workerUrl: string): Promise<void> {
    bench.end();
    for (const { name } of await indexedDB.databases()) if (name) await deleted(name);
    bench.resume(workerUrl);
    await engine().settle();
    await until(async () => (await engine().status()).runner === 'here');
  },

  resume(workerUrl: string): void {
    worker = new Worker(workerUrl, { type: 'module' });
    api = Comlink.wrap(worker) as unknown as WorkerApi;
  },

  end(): void {
    worker?.terminate();
    worker = null;
    api = null;
  },

  async databaseName(): Promise<string> {
    const meta = new MetaDatabase();
    const name = await meta.currentName();
    meta.close();
    return name;
  },

  /** Imports `rows` contacts from a CSV of 12 columns into a list; returns the time in ms. */
  async importCsv(rows: number): Promise<number> {
    const listId = valueOf(await engine().lists.save({ name: 'Lettre' }));
    const texts = ['FIRSTNAME', 'LASTNAME', 'CITY', 'COUNTRY', 'PLAN', 'SOURCE', 'NOTE'];
    for (const id of texts) valueOf(await engine().attributes.save({ id, name: id, kind: 'text' }));
    valueOf(await engine().attributes.save({ id: 'ORDERS', name: 'ORDERS', kind: 'number' }));
    valueOf(await engine().attributes.save({ id: 'BIRTHDAY', name: 'BIRTHDAY', kind: 'date' }));
    const file = new File([csv(rows)], 'contacts.csv', { type: 'text/csv' });
    const targets = [
      'email',
      'phone',
      'externalId',
      ...[...texts, 'ORDERS', 'BIRTHDAY'].map((id) => `attribute:${id}` as const)
    ] as const;
    const mapping = Object.fromEntries(HEADERS.map((header, index) => [header, targets[index] ?? null]));
    const begun = performance.now();
    const row = valueOf(await engine().imports.run(file, { listId, mapping, duplicates: 'update' }));
    const time = performance.now() - begun;
    if (row.created !== rows) throw new Error(`${row.created} of ${rows} created`);
    return time;
  },

  async importLimit(rest: number): Promise<number> {
    await engine().settle();
    return freshLimits().bulkAddAgain(await bench.databaseName(), rest);
  },

  /** `count` contacts through list → attribute → list → end; returns the time in ms. */
  async runEngine(count: number): Promise<number> {
    const { lists, contactIds } = await contactsWithoutList(count);
    await activate({
      triggers: [{ id: 't', unit: 'contact.added_to_list', version: 1, fields: { listIds: [lists[0]] } }],
      entry: 'a',
      steps: [
        step('a', 'contact.add_to_list', { listId: lists[1] }, { next: 'b' }),
        step(
          'b',
          'contact.update_attribute',
          { assignment: { attributeId: 'CITY', value: { from: 'fixed', value: 'Lyon' } } },
          { next: 'c' }
        ),
        step('c', 'contact.add_to_list', { listId: lists[2] }, { next: null })
      ],
      notes: []
    });
    await engine().settle();
    const begun = performance.now();
    await engine().contacts.addToList({ ids: contactIds }, lists[0]);
    await engine().settle();
    const time = performance.now() - begun;
    await expectCount('enrolments', 'completed', count);
    return time;
  },

  /** With capture, or without. */
  async captured(isOn: boolean): Promise<{ time: number; share: number }> {
    return freshLimits().captured(isOn);
  },

  /** In the database of the workspace that has begun, while the app is away. */
  async fillWorkspace(contacts: number, eventsEach: number): Promise<void> {
    const name = await bench.databaseName();
    await engine().settle();
    await freshLimits().fillDatabase(name, contacts, eventsEach);
  },

  /** Shares a CouchDB with others, and comes back once all is told and taken in. */
  async connect({ url, database }: { url: string; database: string }): Promise<void> {
    const fields = { url, database, user: '', password: null };
    const given = { passphrase: 'correct horse battery staple', name: 'bench' };
    valueOf(await engine().sync.connect({ remote: 'couchdb', fields }, given));
    valueOf(await engine().sync.now());
  },

  async expectFilled(contacts: number, events: number): Promise<void> {
    const name = await bench.databaseName();
    const counts = [await limits.sizeOf(name, 'contacts'), await limits.sizeOf(name, 'events')];
    if (counts[0] !== contacts || counts[1] !== events) throw new Error(`${counts.join(' and ')} rows are there`);
  },

  /** So many contacts come into a list, and others are told at once. */
  async changeContacts(count: number): Promise<void> {
    const listId = valueOf(await engine().lists.save({ name: 'Nouveautés' }));
    const ids = (await limits.contactIds(await bench.databaseName())).slice(0, count);
    await engine().contacts.addToList({ ids }, listId);
    valueOf(await engine().sync.now());
  },

  async catchUp(): Promise<void> {
    valueOf(await engine().sync.now());
  },

  async expectCaughtUp(count: number): Promise<void> {
    const changed = await limits.contactsOnLists(await bench.databaseName(), 2);
    if (changed !== count) throw new Error(`${changed} of ${count} have changed`);
  },

  async engineLimit(count: number): Promise<number> {
    return freshLimits().transactionLoop(count);
  },

  /** All that waits in the relay is taken in, matched and let go of; `pages` of it are visits. Returns the time in ms. */
  async runInbox(pages: number, url: string, secret: string): Promise<number> {
    const listId = valueOf(await engine().lists.save({ name: 'Visiteurs' }));
    await activate({
      triggers: [{ id: 't', unit: 'page.visited', version: 1, fields: { filters: null } }],
      entry: 'a',
      steps: [step('a', 'contact.add_to_list', { listId }, { next: null })],
      notes: []
    });
    await engine().settle();
    const begun = performance.now();
    valueOf(
      await engine().accounts.save({
        provider: 'relay',
        name: 'Relais',
        fields: { url },
        throughRelay: false,
        secrets: { secret }
      })
    );
    await until(async () => !(await isWaiting(url, secret)), 50);
    await engine().settle();
    const time = performance.now() - begun;
    const found = await limits.eventsOf(await bench.databaseName(), 'page.visited');
    if (found !== pages) throw new Error(`${found} of ${pages} visits`);
    return time;
  },

  async inboxLimit(url: string, secret: string): Promise<number> {
    return freshLimits().inboxLoop(url, secret);
  },

  /** `count` contacts added to a list, each an email at the loopback provider; returns the time in ms. */
  async runSends(count: number, baseUrl: string, apiKey: string): Promise<number> {
    const { lists, contactIds } = await contactsWithoutList(count);
    const accountId = valueOf(
      await engine().accounts.save({
        provider: 'email.brevo',
        name: 'Brevo',
        fields: { baseUrl },
        throughRelay: false,
        secrets: { apiKey }
      })
    );
    const senderId = valueOf(await engine().senders.save({ name: 'Léa', email: 'lea@example.com', accountId }));
    const html = '<p>Bonjour {{ contact.FIRSTNAME }}</p>'.padEnd(4_000, ' ');
    const templateId = valueOf(
      await engine().templates.save({
        name: 'Bienvenue',
        channel: 'email',
        subject: 'Bienvenue {{ contact.FIRSTNAME }}',
        preheader: '',
        source: { editor: 'html' },
        html
      })
    );
    await activate({
      triggers: [{ id: 't', unit: 'contact.added_to_list', version: 1, fields: { listIds: [lists[0]] } }],
      entry: 'a',
      steps: [
        step(
          'a',
          'email.send',
          { templateId, senderId, type: 'marketing', tag: '', onFailure: 'wait' },
          { sent: null, failed: null }
        )
      ],
      notes: []
    });
    await engine().settle();
    const begun = performance.now();
    await engine().contacts.addToList({ ids: contactIds }, lists[0]);
    await engine().settle();
    const time = performance.now() - begun;
    await expectCount('outbox', 'sent', count);
    return time;
  },

  async sendLimit(count: number, baseUrl: string, apiKey: string): Promise<number> {
    return freshLimits().fetchLoop(count, baseUrl, apiKey);
  },

  /**
   * Ninety days of 100 made-up contacts who come in over 30 days: three emails, two waits, a split, with a script of three lines.
   * Returns the time in ms as the page sees it, and how many rows were written.
   */
  async simulate(): Promise<{ time: number; rows: number }> {
    const { lists } = await contactsWithoutList(1);
    const senderId = valueOf(await engine().senders.save({ name: 'Léa', email: 'lea@example.com', accountId: null }));
    const html = '<p>Bonjour {{ contact.FIRSTNAME }}</p>'.padEnd(4_000, ' ');
    const templateId = valueOf(
      await engine().templates.save({
        name: 'Bienvenue',
        channel: 'email',
        subject: 'Bienvenue {{ contact.FIRSTNAME }}',
        preheader: '',
        source: { editor: 'html' },
        html
      })
    );
    const id = await engine().automations.create('bench');
    const graph = seriesGraph(lists, { templateId, senderId });
    valueOf(await engine().automations.saveDraft(id, { graph, settings: defaultSettings() }));
    const answer = (stepId: string, type: string, percent: number) => ({
      id: `${stepId} ${type}`,
      who: { of: 'share', percent } as const,
      does: { type, properties: {} },
      when: {
        from: 'step',
        stepId,
        after: { amount: 2, unit: 'hours' },
        spread: { amount: 1, unit: 'days' }
      } as const
    });
    await engine().settle();
    const begun = performance.now();
    const { simulation } = valueOf(
      await engine().simulator.run({
        automationId: id,
        runs: 'draft',
        people: { of: 'invented', count: 100 },
        entry: { by: 'trigger', triggerId: 't', properties: { listId: lists[0] }, over: { amount: 30, unit: 'days' } },
        script: [
          answer('b', 'email.opened', 40),
          answer('f', 'email.opened', 30),
          answer('b', 'email.link_clicked', 10)
        ],
        start: Date.now(),
        days: 90,
        seed: 1,
        others: false
      })
    );
    const time = performance.now() - begun;
    if (simulation.journeys.length !== 100 || simulation.journeys.some(({ status }) => status !== 'completed'))
      throw new Error('not all have gone through');
    return { time, rows: simulation.rows };
  },

  async simulateLimit(rows: number): Promise<number> {
    return freshLimits().memoryRows(rows);
  },

  async segment(): Promise<{ ours: number; limit: number }> {
    return limits.segment();
  },

  /** The slowest of some searches among the contacts, by their texts in memory; the limit reads as many contacts by their ids. */
  async search(): Promise<{ ours: number; limit: number }> {
    const index = await ContactIndex.open();
    await index.refresh();
    const database = await workspaceDatabase();
    const ids = await database.contacts.limit(6).primaryKeys();
    let ours = 0;
    let limit = 0;
    for (const words of ['l', 'reader99', 'lea 12 paris', 'martin or', 'nobody']) {
      const begun = performance.now();
      await index.find(words, 6);
      const found = performance.now();
      await database.contacts.bulkGet(ids);
      ours = Math.max(ours, found - begun);
      limit = Math.max(limit, performance.now() - found);
    }
    return { ours, limit };
  },

  async page(): Promise<{ ours: number; limit: number }> {
    return limits.page(await bench.databaseName());
  },

  async rowBytes(): Promise<number> {
    return limits.bytesOf(await bench.databaseName(), 'contacts');
  },

  async settle(): Promise<void> {
    await engine().settle();
  }
};

window.bench = bench;

const HEADERS = [
  'Email',
  'Téléphone',
  'Référence',
  'Prénom',
  'Nom',
  'Ville',
  'Pays',
  'Offre',
  'Origine',
  'Note',
  'Commandes',
  'Naissance'
];

function csv(rows: number): string {
  const lines = [HEADERS.join(';')];
  const cities = ['Paris', 'Lyon', 'Nantes', 'Lille', 'Marseille', 'Rennes', 'Bordeaux', 'Tours'];
  for (let n = 0; n < rows; n++) {
    const day = String((n % 28) + 1).padStart(2, '0');
    lines.push(
      `reader${n}@example.com;+336${String(10_000_000 + n)};ref-${n};Léa ${n % 977};"Martin; ${n % 1_663}";${cities[n % 8]};France;${n % 3 === 0 ? 'or' : 'argent'};site;Note numéro ${n};${n % 41};19${60 + (n % 40)}-0${(n % 9) + 1}-${day}`
    );
  }
  return lines.join('\n');
}

async function contactsWithoutList(count: number): Promise<{ lists: [string, string, string]; contactIds: string[] }> {
  for (const id of ['FIRSTNAME', 'CITY']) valueOf(await engine().attributes.save({ id, name: id, kind: 'text' }));
  const lists: string[] = [];
  for (const name of ['A', 'B', 'C']) lists.push(valueOf(await engine().lists.save({ name })));
  const lines = ['email;prénom', ...Array.from({ length: count }, (_, n) => `reader${n}@example.com;Léa ${n}`)];
  const file = new File([lines.join('\n')], 'contacts.csv');
  valueOf(
    await engine().imports.run(file, {
      listId: null,
      mapping: { email: 'email', prénom: 'attribute:FIRSTNAME' },
      duplicates: 'skip'
    })
  );
  await engine().settle();
  const contactIds = await limits.contactIds(await bench.databaseName());
  return { lists: lists as [string, string, string], contactIds };
}

/** Delay, email, wait for the open; who opens gets a second email after a week and a wait, the others a split and a third one. */
function seriesGraph(lists: readonly string[], email: { templateId: string; senderId: string }): Graph {
  const send = (id: string, next: string | null) =>
    step(id, 'email.send', { ...email, type: 'marketing', tag: '', onFailure: 'branch' }, { sent: next, failed: null });
  const delay = (id: string, amount: number, unit: string, next: string) =>
    step(id, 'rule.delay', { duration: { amount, unit }, window: null }, { next });
  const wait = (id: string, event: string, yes: string, no: string) => ({
    ...step(
      id,
      'rule.wait_for_event',
      { event, settings: {}, limit: { amount: 3, unit: 'days' }, window: 'auto' },
      { yes, no }
    ),
    version: 2
  });
  const inParis = { subject: { of: 'attribute', attributeId: 'CITY' }, kind: 'text', operator: 'is', value: 'Paris' };
  const branches = [
    { id: 'a', name: 'Paris', filters: inParis },
    { id: 'b', name: 'Lyon', filters: { ...inParis, value: 'Lyon' } }
  ];
  return {
    triggers: [{ id: 't', unit: 'contact.added_to_list', version: 1, fields: { listIds: [lists[0]] } }],
    entry: 'a',
    steps: [
      delay('a', 1, 'hours', 'b'),
      send('b', 'c'),
      wait('c', 'email.opened', 'd', 'g'),
      step('d', 'contact.add_to_list', { listId: lists[1] }, { next: 'e' }),
      delay('e', 7, 'days', 'f'),
      send('f', 'h'),
      step('g', 'rule.split', { branches }, { a: 'e', b: 'e', default: 'i' }),
      wait('h', 'email.link_clicked', 'j', 'i'),
      delay('i', 2, 'weeks', 'k'),
      step('j', 'contact.add_to_list', { listId: lists[2] }, { next: null }),
      send('k', null)
    ],
    notes: []
  };
}

async function activate(graph: Graph): Promise<void> {
  const id = await engine().automations.create('bench');
  valueOf(await engine().automations.saveDraft(id, { graph, settings: defaultSettings() }));
  valueOf(await engine().automations.publish(id));
}

function step(
  id: string,
  unit: string,
  fields: Record<string, unknown>,
  next: Record<string, string | null>
): Graph['steps'][number] {
  return { id, unit, version: 1, fields, next };
}

/** The work is done, and all of it. Looked at after the time was taken: reading a whole table would disturb it. */
async function expectCount(table: 'enrolments' | 'outbox', status: string, count: number): Promise<void> {
  const found = await limits.countOf(await bench.databaseName(), table, status);
  if (found !== count) throw new Error(`${found} of ${count} ${table} are ${status}`);
}

async function isWaiting(url: string, secret: string): Promise<boolean> {
  const answer = await fetch(`${url}/inbox?limit=1`, { headers: { authorization: `Bearer ${secret}` } });
  const { items, more } = (await answer.json()) as { items: unknown[]; more: boolean };
  // What is let go of while it is asked for is in no page, though others wait.
  return items.length > 0 || more;
}

async function until(condition: () => Promise<boolean>, rest = 5): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, rest));
}

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error(name));
  });
}
