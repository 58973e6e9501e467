// npm run golden: records the histories that have no file yet. A file that is there is never written again: what later engines make
// of an old past must stay the same, and where it may not, the new past gets a name of its own.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const options = {
  configFile: /** @type {const} */ (false),
  root,
  resolve: {
    alias: { $lib: `${root}src/lib`, rrule: `${root}node_modules/rrule/dist/esm/index.js` },
    noExternal: ['rrule']
  },
  logLevel: /** @type {const} */ ('error')
};

/** @type {{ module: typeof import('./pasts') }} */
const { module: pasts } = await runnerImport('/tests/golden/pasts.ts', options);
/** @type {{ module: typeof import('./history') }} */
const { module: history } = await runnerImport('/tests/golden/history.ts', options);

for (const [name, past] of Object.entries(pasts.PASTS)) {
  const file = fileURLToPath(new URL(`histories/${name}.json`, import.meta.url));
  if (existsSync(file)) continue;
  writeFileSync(file, `${JSON.stringify({ ...past, outcome: await history.relive(past) }, null, 1)}\n`);
  console.log(`recorded: ${name}`);
}
process.exit(0);
