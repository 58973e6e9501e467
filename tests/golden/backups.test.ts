import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { WORKSPACE_VERSION } from '$lib/core/workspace-file';
import { piecesOf } from '$lib/storage/backup/pieces';
import { restoreWorkspace } from '$lib/storage/backup/restore';
import { SEALED_VERSION } from '$lib/storage/backup/sealed-head';
import { MetaDatabase } from '$lib/storage/dexie/meta';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import { mergeWorkspace } from '$lib/worker/backup/merging';
import { PASSPHRASE, savedToday } from './saved';

const folder = new URL('backups/', import.meta.url);
const names = readdirSync(folder).sort();
const fileOf = (name: string): Blob => new Blob([readFileSync(new URL(name, folder))]);

test('each version of the formats has its recorded backup', () => {
  const wanted = [
    ...Array.from({ length: SEALED_VERSION }, (_, at) => `sealed-${at + 1}.ricochet`),
    ...Array.from({ length: WORKSPACE_VERSION }, (_, at) => `workspace-${at + 1}.json`)
  ];
  expect(names).toEqual(wanted.sort());
});

test.each(names)('%s still restores', async (name) => {
  const meta = new MetaDatabase(`recorded-${name}`);
  const options = { meta, newId: () => `recorded-${name}`, passphrase: PASSPHRASE, secrets: null };
  expect(await restoreWorkspace(fileOf(name), options)).toMatchObject({ ok: true });
  const storage = await openStorage({ name: await meta.currentName() });
  const found = await storage.read(async (reader) => ({
    workspace: (await reader.get('settings', 'workspace'))?.name,
    contact: (await reader.query('contacts', {})).map(({ email, attributes }) => [email, attributes['NOTE']]),
    known: (await reader.get('identities', ['email', 'lea@exemple.fr']))?.contactId,
    automation: (await reader.get('automations', 'a1'))?.status,
    journey: (await reader.get('enrolments', 'n1'))?.status,
    message: (await reader.get('outbox', 'o1'))?.status
  }));
  storage.close();
  meta.close();
  expect(found).toEqual({
    workspace: 'Atelier Léa',
    contact: [['Lea@exemple.fr', '«é\u2028"\\']],
    known: 'id1',
    automation: 'active',
    journey: 'active',
    message: 'queued'
  });
});

test.each(names)('%s still merges', async (name) => {
  const storage = new MemoryStorage();
  const options = { now: () => 1, secrets: [] };
  expect(await mergeWorkspace(storage, piecesOf(fileOf(name), PASSPHRASE), options)).toMatchObject({ ok: true });
  expect(await storage.read((reader) => reader.get('automations', 'a1'))).toMatchObject({ status: 'paused' });
});

test('a sealed backup of today holds, byte by byte, what a plain one does', async () => {
  const pieces: Uint8Array[] = [];
  const sealed = new Blob([new Uint8Array(await savedToday({ isSealed: true }))]);
  for await (const piece of piecesOf(sealed, PASSPHRASE)) pieces.push(piece);
  expect(Buffer.compare(Buffer.concat(pieces), await savedToday({ isSealed: false }))).toBe(0);
});
