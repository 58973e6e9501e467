import { catalogue } from '$lib/catalogue/registry';
import { create, type Change } from '$lib/core/changes';
import type { Fetch } from '$lib/core/fetch';
import type { ProviderDefinition } from '$lib/core/providers';
import { defaultSettings, type AutomationSettings, type Graph } from '$lib/core/graph';
import { MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Automation, Enrolment, JournalEntry, Version, WorkspaceSettings } from '$lib/core/rows/automations';
import type { Attribute, Contact, List } from '$lib/core/rows/contacts';
import type { Account, OutboxRow, Sender, Template } from '$lib/core/rows/messages';
import { journalOf } from '$lib/engine/journal';
import { createRender } from '$lib/messages/render';
import { providers } from '$lib/providers/registry';
import { addToList } from '$lib/records/contacts/membership';
import { sources } from '$lib/sources/registry';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { Desk, NO_EFFECT } from '../desk';
import { Lease, type Locks, type Right } from '../lease';
import { confirmationTexts, pageTexts } from '../page-texts';
import type { Parts } from '../parts';
import { Runner } from '../runner';
import type { SharedRight } from '../syncing/shared-right';

type EngineRight = Right & Partial<Pick<SharedRight, 'maySend' | 'tabGained' | 'tabLost'>>;

/** 5 January 2027, 9:00 in Paris. */
export const START: Instant = Date.UTC(2027, 0, 5, 8);

/** A whole engine with a clock, a network and ids of the test's own: no timer of it ever has to be waited for. */
export class World {
  now: Instant = START;
  isOnline = true;
  /** No secret can be read until the passphrase is given. */
  isLocked = false;
  readonly calls: { url: string; init: Parameters<Fetch>[1] }[] = [];
  answer: (
    url: string,
    init: Parameters<Fetch>[1]
  ) => Promise<{ status: number; body: unknown; headers?: Record<string, string> }> = () =>
    Promise.reject(new TypeError('no network'));
  readonly parts: Parts;
  readonly desk: Desk;
  readonly runner: Runner;
  readonly lease: Lease;
  private ids = 0;
  /** What the lease waits for: a slow computer is no reason for a heartbeat more. */
  private leaseTimers: { at: Instant; work: () => void }[] = [];
  private gained: () => void = () => undefined;

  /** Two tabs: two worlds with one storage and one `locks`. */
  constructor(
    readonly storage: Storage = new MemoryStorage(),
    locks: Locks = oneLock(),
    /** What ids begin with: two devices give none alike. */
    name = 'id',
    /** The right that the engine asks, where others than this tab have to do with it. */
    rightOf: (tab: Lease, parts: Parts) => EngineRight = (tab) => tab
  ) {
    this.parts = {
      storage,
      catalogue,
      providers,
      sources,
      render: createRender({ unsubscribe: () => 'Se désinscrire', stop: () => 'STOP pour ne plus rien recevoir' }),
      pageTexts,
      confirmationTexts,
      fetch: async (url, init) => {
        this.calls.push({ url, init });
        const { status, body, headers = {} } = await this.answer(url, init);
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        return {
          ok: status < 300,
          status,
          headers: { get: (name) => headers[name] ?? null },
          text: () => Promise.resolve(text)
        };
      },
      now: () => this.now,
      timers: {
        after: (delay, work) => {
          const timer = setTimeout(work, delay);
          return () => clearTimeout(timer);
        }
      },
      newId: () => `${name}-${String(++this.ids).padStart(8, '0')}`,
      isOnline: () => this.isOnline,
      openSecret: (id) => Promise.resolve(id === 'gone' || this.isLocked ? null : `secret of ${id}`)
    };
    const timers = {
      after: (delay: Milliseconds, work: () => void) => {
        const timer = { at: this.now + delay, work };
        this.leaseTimers.push(timer);
        return () => void (this.leaseTimers = this.leaseTimers.filter((one) => one !== timer));
      }
    };
    this.lease = new Lease(
      storage,
      locks,
      'engine',
      { now: this.parts.now, timers },
      {
        gained: () => {
          right.tabGained?.();
          this.gained();
        },
        lost: () => right.tabLost?.()
      }
    );
    const right = rightOf(this.lease, this.parts);
    this.desk = new Desk(this.parts, right, () => undefined);
    const isOnline = (): boolean => this.isOnline && right.maySend !== false;
    // Where nothing is added, what a test puts in the place of a part holds for the runner too.
    this.runner = new Runner(right.maySend === undefined ? this.parts : { ...this.parts, isOnline }, right);
  }

  /** The tab opens and runs the engine. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.gained = resolve;
      this.lease.start();
    });
    await this.runner.begin();
    this.runner.end();
  }

  close(): void {
    this.runner.end();
    this.lease.stop();
  }

  /** The clock moves on, and the runner looks at it. */
  async pass(time: Milliseconds): Promise<void> {
    this.now += time;
    await this.look();
  }

  async look(): Promise<void> {
    await this.runner.look();
    this.runner.end();
  }

  /** By the clock of this tab the heart beats, others' hearts are watched, and what failed is tried again. */
  beat(): void {
    const due = this.leaseTimers.filter(({ at }) => at <= this.now);
    this.leaseTimers = this.leaseTimers.filter(({ at }) => at > this.now);
    for (const { work } of due) work();
  }

  async put(...changes: Change[]): Promise<void> {
    await this.storage.commit(changes);
  }

  async addToList(contactIds: readonly string[], listId: string): Promise<void> {
    await this.desk.edit(async (transaction, given) => {
      const contacts = await transaction.getMany('contacts', contactIds);
      const effects = contacts.map((contact) =>
        contact ? addToList(contact, listId, { ...given, via: 'manual' }) : NO_EFFECT
      );
      return {
        effect: { changes: effects.flatMap(({ changes }) => changes), events: effects.flatMap(({ events }) => events) },
        value: undefined
      };
    });
    await this.look();
  }

  async all<T extends Parameters<Storage['batches']>[0]>(table: T) {
    return this.storage.read((reader) => reader.query(table, {}));
  }

  async enrolment(contactId: string): Promise<Enrolment> {
    const [found] = await this.storage.read((reader) =>
      reader.query('enrolments', { index: 'contactId', equals: contactId })
    );
    if (!found) throw new Error(`${contactId} has not entered`);
    return found;
  }

  async journal(contactId: string): Promise<JournalEntry[]> {
    return this.storage.read(async (reader) => {
      const ofContact = { index: 'contactId', equals: contactId };
      const blocks = await reader.query('journal', ofContact);
      const enrolments = await reader.query('enrolments', ofContact);
      return enrolments.flatMap((enrolment) =>
        journalOf(
          enrolment,
          blocks.filter(({ enrolmentId }) => enrolmentId === enrolment.id)
        )
      );
    });
  }

  /** As screens show it. */
  async outbox(): Promise<OutboxRow[]> {
    const away = new Set((await this.all('intents')).flatMap(({ outboxIds }) => outboxIds));
    const rows = await this.all('outbox');
    return rows.map((row) => (row.status === 'queued' && away.has(row.id) ? { ...row, status: 'sending' } : row));
  }
}

function oneLock(): Locks {
  return {
    request: ((_name: string, _options: unknown, hold: () => Promise<void>) =>
      Promise.resolve().then(hold)) as Locks['request']
  };
}

export const settings: WorkspaceSettings = {
  id: 'workspace',
  name: 'Atelier',
  language: 'fr',
  timeZone: 'Europe/Paris',
  country: 'FR',
  sendWindow: null,
  frequencyCap: null,
  sourceAllowance: 24 * 60 * MINUTE,
  createdAt: START
};

export const attributes: Attribute[] = [
  { id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: START },
  { id: 'STATUS', name: 'Statut', kind: 'text', createdAt: START }
];

export const list = (id: string): List => ({ id, name: `Liste ${id}`, createdAt: START });

export const contact = (id: string, more: Partial<Contact> = {}): Contact => ({
  id,
  email: `${id}@exemple.fr`,
  attributes: { FIRSTNAME: `Prénom ${id}` },
  listIds: [],
  listedAt: {},
  createdAt: START,
  updatedAt: START,
  ...more
});

export const template: Template = {
  id: 'm1',
  name: 'Bienvenue',
  channel: 'email',
  subject: 'Bienvenue, {{ contact.FIRSTNAME }}',
  preheader: '',
  source: { editor: 'html' },
  html: '<p>Bonjour {{ contact.FIRSTNAME | default: "vous" }}</p>',
  createdAt: START,
  updatedAt: START
};

/** As if no provider took several messages a call: what is shown is how calls go beside each other. */
export function oneMessageACall(world: World): World {
  const alone = [...providers].map(([id, { batches: _, ...provider }]) => [id, provider] as const);
  Object.assign(world.parts, { providers: new Map<string, ProviderDefinition>(alone) });
  return world;
}

export const sender = (accountId: string | null = null): Sender => ({
  id: 'e1',
  name: 'Léa',
  email: 'lea@atelier.fr',
  accountId,
  createdAt: START
});

export const brevoAccount: Account = {
  id: 'acc1',
  provider: 'email.brevo',
  name: 'Atelier',
  fields: { apiKey: 'k1', baseUrl: 'http://127.0.0.1:9' },
  createdAt: START
};

/** The welcome automation of the first journey. */
export const welcomeGraph: Graph = {
  triggers: [{ id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } }],
  entry: 's1',
  steps: [
    {
      id: 's1',
      unit: 'rule.delay',
      version: 1,
      fields: { duration: { amount: 1, unit: 'hours' }, window: null },
      next: { next: 's2' }
    },
    {
      id: 's2',
      unit: 'email.send',
      version: 1,
      fields: { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch' },
      next: { sent: 's3', failed: null }
    },
    {
      id: 's3',
      unit: 'rule.wait_for_event',
      version: 1,
      fields: { event: 'email.opened', filters: null, limit: { amount: 3, unit: 'days' }, window: 'auto' },
      next: { yes: 's4', no: 's5' }
    },
    { id: 's4', unit: 'contact.add_to_list', version: 1, fields: { listId: 'l2' }, next: { next: null } },
    {
      id: 's5',
      unit: 'contact.update_attribute',
      version: 1,
      fields: { assignment: { attributeId: 'STATUS', value: { from: 'fixed', value: 'silencieux' } } },
      next: { next: null }
    }
  ],
  notes: []
};

export function active(graph: Graph, settings: Partial<AutomationSettings> = {}, id = 'a1'): Change[] {
  const whole = { ...defaultSettings(), ...settings };
  const version: Version = { id: `${id}-v1`, automationId: id, number: 1, publishedAt: START, graph, settings: whole };
  const automation: Automation = {
    id,
    name: id,
    status: 'active',
    activeVersionId: version.id,
    draft: { graph, settings: whole },
    createdAt: START,
    updatedAt: START
  };
  return [create('automations', id, automation), create('versions', version.id, version)];
}

/** A workspace with the welcome automation, two lists and these contacts. */
export function welcomeWorkspace(contactIds: readonly string[], accountId: string | null = null): Change[] {
  return [
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
    create('templates', 'm1', template),
    create('senders', 'e1', sender(accountId)),
    ...(accountId === null ? [] : [create('accounts', accountId, { ...brevoAccount, id: accountId })]),
    ...contactIds.map((id) => create('contacts', id, contact(id))),
    ...active(welcomeGraph)
  ];
}
