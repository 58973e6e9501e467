import type { ConnectionRow } from '$lib/core/rows/connection';
import type { Tables } from '$lib/core/tables';

/** Whole rows for tests, of which a test says only what matters to it. */

export function contactRow(more: Partial<Tables['contacts']> & { id: string }): Tables['contacts'] {
  return { attributes: {}, listIds: [], listedAt: {}, createdAt: 1, updatedAt: 1, ...more };
}

export function eventRow(more: Partial<Tables['events']> & { id: string }): Tables['events'] {
  return {
    type: 'custom.event',
    contactId: 'c1',
    occurredAt: 1,
    receivedAt: 1,
    properties: {},
    source: 'app',
    ...more
  };
}

export function enrolmentRow(more: Partial<Tables['enrolments']> & { id: string }): Tables['enrolments'] {
  return {
    automationId: 'a1',
    versionId: 'v1',
    contactId: 'c1',
    status: 'active',
    stepId: 's1',
    visits: {},
    enteredAt: 1,
    since: 1,
    event: { id: 'e1', type: 'custom.event', occurredAt: 1, properties: {} },
    sends: [],
    seed: 1,
    seq: 0,
    moves: 0,
    ...more
  };
}

export function outboxRow(more: Partial<Tables['outbox']> & { id: string }): Tables['outbox'] {
  return {
    status: 'queued',
    dueAt: 1,
    createdAt: 1,
    contactId: 'c1',
    automationId: 'a1',
    enrolmentId: 'n1',
    stepId: 's1',
    visit: 1,
    accountId: null,
    request: {
      channel: 'email',
      kind: 'marketing',
      senderId: 'x1',
      from: { name: 'Atelier', email: 'atelier@example.org' },
      to: { email: 'lea@example.org' },
      subject: 'Bonjour',
      templateId: 't1',
      emailName: 'Bienvenue'
    },
    attempts: 0,
    ...more
  };
}

export function listRow(more: Partial<Tables['lists']> & { id: string }): Tables['lists'] {
  return { name: 'Lettre', createdAt: 1, ...more };
}

export function journalRow(more: Partial<Tables['journal']> & { enrolmentId: string; seq: number }): Tables['journal'] {
  return { contactId: 'c1', automationId: 'a1', versionId: 'v1', entries: [], ...more };
}

export function settingsRow(more: Partial<Tables['settings']> = {}): Tables['settings'] {
  return {
    id: 'workspace',
    name: 'Atelier',
    language: 'fr',
    timeZone: 'Europe/Paris',
    country: 'FR',
    sendWindow: null,
    frequencyCap: null,
    sourceAllowance: 0,
    createdAt: 1,
    ...more
  };
}

export function connectionRow(more: Partial<ConnectionRow> = {}): ConnectionRow {
  return {
    id: 'connection',
    remote: 'couchdb',
    fields: {},
    secret: { id: 'remote', keyId: 'k1', iv: '', ciphertext: '' },
    known: { remote: 'r1', generation: 1, edition: 1 },
    devices: [],
    device: 'd1',
    name: 'Laptop',
    fence: 0,
    runs: 'here',
    holder: null,
    isForced: false,
    isKeyOld: false,
    ...more
  };
}
