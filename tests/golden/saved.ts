import { create } from '../../src/lib/core/changes';
import { defaultSettings, emptyGraph } from '../../src/lib/core/graph';
import { createContact } from '../../src/lib/records/contacts/create';
import { exportWorkspace } from '../../src/lib/storage/backup/export';
import { sealedExport } from '../../src/lib/storage/backup/sealed-export';
import { sealingKey } from '../../src/lib/storage/keys/ciphers';
import { MemoryStorage } from '../../src/lib/storage/memory';
import {
  enrolmentRow,
  eventRow,
  journalRow,
  listRow,
  outboxRow,
  settingsRow
} from '../../src/lib/storage/testing/rows';

export const PASSPHRASE = 'un cheval correct';
const NOW = Date.UTC(2027, 0, 5, 9);

/** What is in the backups that are recorded: something of each kind. */
async function workspace(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  let ids = 0;
  const given = { now: NOW, newId: () => `id${++ids}`, via: 'form' } as const;
  const draft = { email: 'Lea@exemple.fr', phone: '+33612345678', attributes: { NOTE: '«é\u2028"\\' } };
  const { changes, events } = createContact(draft, ['l1'], given);
  const graph = emptyGraph();
  const settings = defaultSettings();
  await storage.commit([
    create('settings', 'workspace', settingsRow({ name: 'Atelier Léa' })),
    create('lists', 'l1', listRow({ id: 'l1' })),
    ...changes,
    ...events.map((event) => create('events', event.id, event)),
    create('events', 'e1', eventRow({ id: 'e1', contactId: null, dedupeKey: 'k', unmatched: 1 })),
    create('automations', 'a1', {
      ...{ id: 'a1', name: 'Bienvenue', status: 'active', activeVersionId: 'v1' },
      ...{ draft: { graph, settings }, createdAt: NOW, updatedAt: NOW }
    }),
    create('versions', 'v1', { id: 'v1', automationId: 'a1', number: 1, publishedAt: NOW, graph, settings }),
    create('enrolments', 'n1', enrolmentRow({ id: 'n1', contactId: 'id1', dueAt: NOW })),
    create('journal', ['n1', 0], journalRow({ enrolmentId: 'n1', seq: 0, contactId: 'id1' })),
    create('outbox', 'o1', outboxRow({ id: 'o1', contactId: 'id1' })),
    create('tombstones', 'c0', { id: 'c0', at: NOW })
  ]);
  return storage;
}

/** The workspace as a file of today. */
export async function savedToday({ isSealed }: { isSealed: boolean }): Promise<Uint8Array> {
  const storage = await workspace();
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const bytes = new Response(readable).arrayBuffer();
  const write = (plain: WritableStream<Uint8Array>) => exportWorkspace(storage, plain, { now: NOW, secrets: null });
  const saved = isSealed ? await sealedExport(writable, await sealingKey(PASSPHRASE), write) : await write(writable); // prettier-ignore
  if (!saved.ok) throw new Error(saved.reason.key);
  return new Uint8Array(await bytes);
}
