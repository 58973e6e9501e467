// npm run golden: records the histories, and the backups of today's formats, that have no file yet. A file that is there is never written again: what later engines make
// of an old past must stay the same, and where it may not, the new past gets a name of its own.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importSource } from '../../src/commands/import-source.mjs';

/** @type {typeof import('./pasts')} */
const { PASTS } = await importSource('/tests/golden/pasts.ts');
/** @type {typeof import('./history')} */
const { relive } = await importSource('/tests/golden/history.ts');

for (const [name, past] of Object.entries(PASTS)) {
  const file = fileURLToPath(new URL(`histories/${name}.json`, import.meta.url));
  if (existsSync(file)) continue;
  writeFileSync(file, `${JSON.stringify({ ...past, outcome: await relive(past) }, null, 1)}\n`);
  console.log(`recorded: ${name}`);
}

/** @type {typeof import('./saved')} */
const { savedToday } = await importSource('/tests/golden/saved.ts');
/** @type {typeof import('../../src/lib/core/workspace-file')} */
const { WORKSPACE_VERSION } = await importSource('/src/lib/core/workspace-file.ts');
/** @type {typeof import('../../src/lib/storage/backup/sealed-head')} */
const { SEALED_VERSION } = await importSource('/src/lib/storage/backup/sealed-head.ts');
for (const [name, isSealed] of /** @type {const} */ ([
  [`workspace-${WORKSPACE_VERSION}.json`, false],
  [`sealed-${SEALED_VERSION}.ricochet`, true]
])) {
  const file = fileURLToPath(new URL(`backups/${name}`, import.meta.url));
  if (existsSync(file)) continue;
  writeFileSync(file, await savedToday({ isSealed }));
  console.log(`recorded: ${name}`);
}
