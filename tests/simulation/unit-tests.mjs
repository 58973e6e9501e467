// One file of unit tests, with or without a fault in what it tests: put into the source on its way, as for the simulation.
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the tests of one file and says whether they all pass.
 * @param {string} file below src/lib
 * @param {import('vite').Plugin[]} [plugins]
 */
export async function passes(file, plugins = []) {
  const vitest = await startVitest(
    'test',
    [`src/lib/${file}`],
    {
      root,
      // Projects would not take the plugin over.
      config: false,
      watch: false,
      silent: true,
      reporters: [{}],
      testTimeout: 60_000,
      setupFiles: ['tests/setup.ts'],
      server: { deps: { inline: ['rrule'] } }
    },
    { resolve: { alias: { $lib: `${root}src/lib` } }, ssr: { noExternal: ['rrule'] }, plugins }
  );
  const files = vitest.state.getFiles();
  if (files.length !== 1) throw new Error(`${file}: no such tests`);
  const isGood = files.every(({ result }) => result?.state === 'pass');
  await vitest.close();
  return isGood;
}
