import { create, type Change } from '$lib/core/changes';
import { defaultSettings, emptyGraph } from '$lib/core/graph';
import type { OutboundRequest } from '$lib/core/rows/messages';
import { keyOf, TABLE_NAMES, type TableName, type Tables } from '$lib/core/tables';
import type { Storage } from '$lib/storage/port';
import { contactRow, enrolmentRow, eventRow, outboxRow } from '$lib/storage/testing/rows';
import { brevoAccount, sender, settings, START, template, World } from './world';

/** Whatever of this is found anywhere is of the person. */
export const P = {
  id: 'person-zq7',
  merged: 'person-twin',
  email: 'zephyrine@quatremere.example',
  phone: '+33612345678',
  first: 'Zéphyrine',
  last: 'Quatremère'
};
export const NEEDLES = [
  P.id,
  P.merged,
  'zephyrine@quatremere',
  '612345678',
  '12 34 56 78',
  P.first,
  P.last,
  'zéphyrine'
];

const journey = `a1/${P.id}//000000`;
const messageId = `${journey}/s1/1`;
const email: OutboundRequest = {
  channel: 'email',
  kind: 'marketing',
  senderId: 'e1',
  from: { name: 'Atelier', email: 'atelier@example.org' },
  to: { name: P.first, email: P.email },
  subject: `Bonjour ${P.first}`,
  templateId: 'm1',
  emailName: 'Bienvenue',
  html: `<p>${P.first} ${P.last}</p>`
};
const webhook: OutboundRequest = {
  channel: 'webhook',
  method: 'POST',
  url: 'https://user:pass@hook.example/path?token=topsecret',
  headers: { authorization: 'Bearer topsecret' },
  secretHeaders: { 'x-key': 'sec2' },
  body: JSON.stringify({ email: P.email })
};
const words = { key: 'words.step.sent', params: { value: P.email } };

/** Rows of every table; the types see to it that a new table is filled too. */
const ROWS: { readonly [T in TableName]: readonly Tables[T][] } = {
  settings: [settings],
  contacts: [
    contactRow({
      id: P.id,
      email: P.email,
      phone: P.phone,
      externalId: 'ext-zq7',
      attributes: { FIRSTNAME: P.first, LASTNAME: P.last },
      listIds: ['l1'],
      listedAt: { l1: 15 },
      createdAt: 12
    }),
    contactRow({ id: P.merged, email: P.email, attributes: { FIRSTNAME: P.first }, mergedInto: P.id }),
    contactRow({ id: 'other', email: 'other@example.org', listIds: ['l1'], createdAt: 12 })
  ],
  identities: [
    { kind: 'email', value: P.email, contactId: P.id },
    { kind: 'phone', value: P.phone, contactId: P.id },
    { kind: 'push', value: 'device of zéphyrine', contactId: P.id },
    { kind: 'email', value: 'other@example.org', contactId: 'other' }
  ],
  lists: [{ id: 'l1', name: 'Lettre', createdAt: 1 }],
  segments: [
    {
      id: 's',
      name: 'S',
      filters: { subject: { of: 'field', field: 'email' }, kind: 'text', operator: 'isKnown' } as never,
      createdAt: 1,
      updatedAt: 1
    }
  ],
  attributes: [{ id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: 1 }],
  companyAttributes: [{ id: 'CITY', name: 'Ville', kind: 'text', createdAt: 1 }],
  dealAttributes: [{ id: 'SOURCE', name: 'Source', kind: 'text', createdAt: 1 }],
  users: [{ id: 'u1', name: 'Moi', createdAt: 1 }],
  companies: [{ id: 'co1', name: 'SARL', attributes: {}, createdAt: 1, updatedAt: 1 }],
  pipelines: [{ id: 'p1', name: 'Ventes', stages: [{ id: 'st1', name: 'A', outcome: 'open' }], createdAt: 1 }],
  deals: [
    {
      id: 'd1',
      name: `Site de ${P.first}`,
      pipelineId: 'p1',
      stageId: 'st1',
      stagedAt: 1,
      contactIds: [P.id],
      attributes: {},
      notes: [{ id: 'n', text: P.phone, at: 1 }],
      createdAt: 1,
      updatedAt: 1
    },
    {
      id: 'd2',
      name: `Stage (${P.email})`,
      pipelineId: 'p1',
      stageId: 'st1',
      stagedAt: 1,
      contactIds: [P.id, 'other'],
      attributes: { SOURCE: P.email.toUpperCase() },
      notes: [{ id: 'n', text: `Rappeler au ${P.phone}`, at: 1 }],
      createdAt: 1,
      updatedAt: 1
    },
    // As an automation names it.
    {
      id: 'd3',
      name: `Atelier – ${P.first} ${P.last}`,
      pipelineId: 'p1',
      stageId: 'st1',
      stagedAt: 1,
      contactIds: [P.id],
      companyId: 'co1',
      attributes: { SOURCE: `Par ${P.first} ${P.last}, sa sœur` },
      notes: [{ id: 'n', text: `${P.first} ${P.last}: d’accord`, at: 1 }],
      createdAt: 1,
      updatedAt: 1
    },
    {
      id: 'd4',
      name: P.first,
      pipelineId: 'p1',
      stageId: 'st1',
      stagedAt: 1,
      contactIds: [P.merged],
      companyId: 'co1',
      attributes: {},
      notes: [],
      createdAt: 1,
      updatedAt: 1
    }
  ],
  taskTypes: [{ id: 'tt', name: 'Appel', createdAt: 1 }],
  tasks: [
    {
      id: 'k1',
      title: `Rappeler ${P.first}`,
      typeId: 'tt',
      note: P.phone,
      contactId: P.id,
      createdAt: 1,
      updatedAt: 1
    },
    { id: 'k2', title: `Devis ${P.last}`, typeId: 'tt', note: '', dealId: 'd1', createdAt: 1, updatedAt: 1 },
    { id: 'k3', title: 'Salle', typeId: 'tt', note: '', dealId: 'd2', createdAt: 1, updatedAt: 1 }
  ],
  rotations: [{ id: 'a1/s1', counts: { u1: 1 } }],
  forms: [],
  optIns: [
    { id: 'oi1', formId: 'f1', address: P.email, values: { email: P.email, first: P.first }, consent: true, handedInAt: 1, asked: 1, askedAt: 1, dueAt: 9e15 }
  ], // prettier-ignore
  programs: [],
  memberships: [{ id: `pr1/${P.id}`, programId: 'pr1', contactId: P.id, joinedAt: 1, tierId: null, balances: {} }],
  ledger: [
    { id: 'le1', membershipId: `pr1/${P.id}`, programId: 'pr1', contactId: P.id, balanceId: 'b', type: 'earned', value: 1, balance: 1, at: 1, reason: P.last }
  ], // prettier-ignore
  vouchers: [{ id: 'v1', programId: 'pr1', contactId: P.id, code: 'ABC', label: `Pour ${P.first}`, createdAt: 1 }],
  tombstones: [],
  imports: [
    {
      id: 'i1',
      fileName: 'contacts.csv',
      status: 'done',
      listId: 'l1',
      duplicates: 'update',
      mapping: {},
      rowsDone: 4,
      created: 2,
      updated: 0,
      skipped: 0,
      rejectedCount: 4,
      rejected: [
        { line: 2, key: 'words.contact.not_a_phone', params: { value: '06 12 34 56 78' }, raw: 'x | 06 12 34 56 78' },
        { line: 3, key: 'words.contact.taken_email', raw: `${P.first} | Zephyrine@Quatremere.example` },
        { line: 4, key: 'words.import.two_contacts', raw: `${P.last.toUpperCase()};${P.first};?` },
        { line: 5, key: 'words.contact.not_an_email', params: { value: 'abc' }, raw: 'abc | Paul' }
      ],
      startedAt: 10,
      endedAt: 20
    }
  ],
  importBlocks: [
    { importId: 'i1', seq: 0, created: [P.id, 'other'], listed: [] },
    { importId: 'i1', seq: 2, created: [], listed: [P.id] }
  ],
  templates: [template],
  smsTemplates: [],
  pushTemplates: [],
  senders: [sender()],
  smsSenders: [],
  accounts: [brevoAccount],
  secrets: [{ id: 'k1', keyId: 'key', iv: 'iv', ciphertext: 'topsecret' }],
  automations: [
    {
      id: 'a1',
      name: 'Accueil',
      status: 'active',
      activeVersionId: 'v1',
      draft: { graph: emptyGraph(), settings: defaultSettings() },
      createdAt: 1,
      updatedAt: 1
    }
  ],
  versions: [
    { id: 'v1', automationId: 'a1', number: 1, publishedAt: 1, graph: emptyGraph(), settings: defaultSettings() }
  ],
  enrolments: [
    enrolmentRow({
      id: journey,
      contactId: P.id,
      status: 'waiting',
      wait: { for: 'outbox', outboxId: messageId },
      wakes: [`${P.id} email.opened`],
      event: { id: 'ev1', type: 'custom.event', occurredAt: 1, properties: { name: P.first } },
      answers: { s1: { email: P.email } },
      entries: [{ at: 1, kind: 'entered', stepId: null, words }]
    })
  ],
  journal: [
    {
      enrolmentId: journey,
      seq: 0,
      contactId: P.id,
      automationId: 'a1',
      versionId: 'v1',
      entries: [{ at: 1, kind: 'waits', stepId: 's1', words }]
    }
  ],
  statistics: [{ id: 'v1 s1 waits', automationId: 'a1', versionId: 'v1', stepId: 's1', what: 'waits', count: 1 }],
  events: [
    eventRow({ id: 'ev1', contactId: P.id, properties: { name: P.first, email: P.email }, dedupeKey: `k ${P.email}` }),
    eventRow({ id: 'ev2', contactId: P.id, unmatched: 1 }),
    eventRow({ id: 'ev3', contactId: 'other' }),
    eventRow({
      id: 'ev4',
      contactId: null,
      unmatched: 2,
      properties: { form: { mail: `<${P.email.toUpperCase()}>` } }
    }),
    eventRow({ id: 'ev5', contactId: null, unmatched: 1, properties: { name: P.last, first: P.first } }),
    eventRow({ id: 'ev6', contactId: null, unmatched: 2, dedupeKey: `shop ${P.email}` }),
    eventRow({ id: 'ev7', contactId: null, unmatched: 2, properties: { mail: 'somebody@example.org' } })
  ],
  rollups: [{ contactId: P.id, type: 'email.opened', count: 1, firstAt: 1, lastAt: 1, lastId: 'ev1' }],
  checks: [],
  checkMembers: [{ checkId: 'a1/t1', contactId: P.id }],
  intents: [
    {
      id: 'in1',
      at: START,
      outboxIds: [messageId, 'a1/other//000000/s1/1'],
      batches: [{ key: 'in1/0', outboxIds: [messageId, 'a1/other//000000/s1/1'] }]
    }
  ],
  outbox: [
    outboxRow({ id: messageId, contactId: P.id, enrolmentId: journey, request: email, dueAt: 8e15, reason: words }),
    outboxRow({ id: `${journey}/s2/1`, contactId: P.id, status: 'sent', request: webhook, messageId: P.email })
  ],
  reactions: [{ id: 'r1', outboxId: messageId, kind: 'clicked', url: `https://x.example/?e=${P.email}`, at: 1 }],
  cursors: [{ sourceId: 'email.sandbox', cursor: null, watermark: 1, readAt: 1 }],
  inboxSources: [{ id: 'zq7zq7zq7zq7zq7zq7zq7zq7', kind: 'stripe', name: 'Stripe', createdAt: 1 }],
  quarantine: [
    {
      id: 'q1',
      sourceId: 'relay.inbox:acc',
      kind: 'stripe',
      receivedAt: 1,
      contentType: 'text/plain',
      body: `<${P.email}>`,
      reason: words
    },
    {
      id: 'q2',
      sourceId: 'relay.inbox:acc',
      kind: 'stripe',
      receivedAt: 1,
      contentType: 'text/plain',
      body: 'other@example.org',
      reason: { key: 'words.step.sent' }
    }
  ],
  runtime: [],
  syncLog: [],
  syncRows: []
};

/** All rows of the person, and of others beside. */
export async function filled(storage: Storage): Promise<World> {
  const world = new World(storage);
  const changes = TABLE_NAMES.flatMap((table) => ROWS[table].map((row) => create(table, keyOf(table, row as never), row as never) as Change)); // prettier-ignore
  await world.put(...changes);
  return world;
}

/** The tables in which something of the person is found. */
export async function found(world: World): Promise<TableName[]> {
  const dump = await Promise.all(
    TABLE_NAMES.map(async (table) => [table, JSON.stringify(await world.all(table))] as const)
  );
  return dump.filter(([, text]) => NEEDLES.some((needle) => text.includes(needle))).map(([table]) => table);
}
