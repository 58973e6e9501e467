import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { ok, type Result } from '$lib/core/result';
import type { BackupPreview } from '$lib/core/backup';
import { MemoryStorage } from '$lib/storage/memory';
import { contactRow, enrolmentRow, eventRow, listRow, outboxRow, settingsRow } from '$lib/storage/testing/rows';
import { exportWorkspace } from '$lib/storage/backup/export';
import { piecesOf } from '$lib/storage/backup/pieces';
import { sealedExport } from '$lib/storage/backup/sealed-export';
import { sealingKey } from '$lib/storage/keys/ciphers';
import type { Storage } from '$lib/storage/port';
import { previewWorkspace } from './preview';
import { mergeInto, NOW, savedFile } from './testing';

async function workspace(...changes: Parameters<MemoryStorage['commit']>[0]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.commit([create('settings', 'workspace', settingsRow()), ...changes]);
  return storage;
}

function preview(storage: Storage, file: Blob, passphrase: string | null = null): Promise<Result<BackupPreview>> {
  return previewWorkspace(storage, piecesOf(file, passphrase), { now: NOW });
}

const here = () =>
  workspace(
    create('contacts', 'c1', contactRow({ id: 'c1', updatedAt: 1 })),
    create('contacts', 'c2', contactRow({ id: 'c2', updatedAt: 5 })),
    create('contacts', 'c3', contactRow({ id: 'c3' })),
    create('lists', 'l1', listRow({ id: 'l1' }))
  );
const there = () =>
  workspace(
    create('contacts', 'c1', contactRow({ id: 'c1', updatedAt: 2 })),
    create('contacts', 'c2', contactRow({ id: 'c2', updatedAt: 4 })),
    create('contacts', 'c4', contactRow({ id: 'c4' })),
    create('tombstones', 'c3', { id: 'c3', at: 2 }),
    create('events', 'e1', eventRow({ id: 'e1', contactId: 'c4' })),
    create('enrolments', 'n1', enrolmentRow({ id: 'n1', contactId: 'c4' })),
    create('outbox', 'o1', outboxRow({ id: 'o1', contactId: 'c4' }))
  );

test('a preview says what is in the file and what would become of it, and writes nothing', async () => {
  const storage = await here();
  const secrets = { salt: 'c2FsdA==', iterations: 600_000, rows: [] };
  const found = await preview(storage, await savedFile(await there(), secrets));
  expect(found).toMatchObject({
    ok: true,
    value: { name: 'Atelier', version: 1, savedAt: NOW, secrets, journeysEnded: 1, messagesCancelled: 1, erased: 1 }
  });
  if (!found.ok) return;
  expect(found.value.tables.contacts).toEqual({ inFile: 3, here: 3, inBoth: 2, added: 1, changed: 1 });
  expect(found.value.tables.lists).toEqual({ inFile: 0, here: 1, inBoth: 0, added: 0, changed: 0 });
  expect(found.value.tables.events).toEqual({ inFile: 1, here: 0, inBoth: 0, added: 1, changed: 0 });
  expect(await storage.read((reader) => reader.count('contacts'))).toBe(3);
});

test('after the merge there is nothing left to do of it', async () => {
  const storage = await here();
  const file = await savedFile(await there());
  await mergeInto(storage, file);
  const found = await preview(storage, file);
  if (!found.ok) throw new Error(found.reason.key);
  const counts = Object.values(found.value.tables);
  expect(counts.map(({ added, changed }) => added + changed)).toEqual(counts.map(() => 0));
  expect(found.value).toMatchObject({ journeysEnded: 0, messagesCancelled: 0, erased: 0 });
});

test('a file that is none is refused in words, and whoever asked can stop it', async () => {
  const storage = await here();
  expect(await preview(storage, new Blob(['name;email']))).toMatchObject({ reason: { key: 'words.backup.not_json' } });
  const file = await savedFile(await there());
  expect(await preview(storage, file.slice(0, file.size - 5))).toMatchObject({ reason: { key: 'words.backup.cut_short' } }); // prettier-ignore
  const stopped = await previewWorkspace(storage, piecesOf(file, null), { now: NOW, goesOn: () => false });
  expect(stopped).toEqual({ ok: false, reason: { key: 'words.backup.stopped' } });
});

test('a sealed file is read under its passphrase', async () => {
  const pieces: BlobPart[] = [];
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (piece) => {
      pieces.push(piece);
    }
  });
  const source = await there();
  const written = await sealedExport(stream, await sealingKey('un cheval correct'), (plain) =>
    exportWorkspace(source, plain, { now: NOW, secrets: null })
  );
  expect(written).toEqual(ok(undefined));
  const file = new Blob(pieces);
  expect(await file.text()).not.toContain('contacts');
  const storage = await here();
  expect(await preview(storage, file)).toMatchObject({ reason: { key: 'words.backup.needs_passphrase' } });
  expect(await preview(storage, file, 'un cheval faux')).toMatchObject({ reason: { key: 'words.backup.wrong_passphrase' } }); // prettier-ignore
  expect(await preview(storage, file, 'un cheval correct')).toMatchObject({ ok: true, value: { name: 'Atelier' } });
});

test('a sealed export of nothing leaves its stream aborted', async () => {
  let isAborted = false;
  const stream = new WritableStream<Uint8Array>({
    abort: () => {
      isAborted = true;
    }
  });
  const written = await sealedExport(stream, await sealingKey('un cheval correct', undefined, 1), (plain) =>
    exportWorkspace(new MemoryStorage(), plain, { now: NOW, secrets: null })
  );
  expect(written).toMatchObject({ ok: false, reason: { key: 'words.backup.nothing_there' } });
  await expect.poll(() => isAborted).toBe(true);
});

test('of 100,000 contacts no more than a batch is held', async () => {
  const total = 100_000;
  async function* pieces(): AsyncIterable<Uint8Array> {
    const encoder = new TextEncoder();
    const head = { format: 'ricochet-workspace', version: 1, settings: settingsRow() };
    yield encoder.encode(`${JSON.stringify(head).slice(0, -1)},"contacts":[`);
    for (let start = 0; start < total; start += 500) {
      const rows = Array.from({ length: 500 }, (_, at) => contactRow({ id: `c${start + at}` }));
      yield encoder.encode((start === 0 ? '' : ',') + rows.map((row) => JSON.stringify(row)).join(','));
    }
    yield encoder.encode(']}');
  }
  let most = 0;
  const storage = await here();
  const watched: Pick<Storage, 'read'> = {
    read: (work) =>
      storage.read((reader) =>
        work({
          get: (...of) => reader.get(...of),
          query: (...of) => reader.query(...of),
          count: (...of) => reader.count(...of),
          view: () => reader.view(),
          getMany: (table, ids) => {
            most = Math.max(most, ids.length);
            return reader.getMany(table, ids);
          }
        })
      )
  };
  const found = await previewWorkspace(watched as Storage, pieces(), { now: NOW });
  expect(found).toMatchObject({ ok: true, value: { savedAt: null, tables: { contacts: { inFile: total } } } });
  expect(most).toBeLessThanOrEqual(2_000);
});
