// The simulation as one file that Node runs: built anew each time, which takes some seconds and makes each run a good deal faster.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Builds the simulation into a folder and returns the file to be run. Faults are put into the source on its way, never on the disk.
 * @param {string} folder
 * @param {import('vite').Plugin[]} [plugins]
 * @param {string} [worker] what each of its processes runs
 */
export async function bundle(folder, plugins = [], worker = 'worker.ts') {
  const outDir = `${root}node_modules/.cache/simulation/${folder}`;
  await build({
    configFile: false,
    root,
    plugins,
    // Node would take the package's older build, which knows no modules.
    resolve: { alias: { $lib: `${root}src/lib`, rrule: `${root}node_modules/rrule/dist/esm/index.js` } },
    ssr: { noExternal: ['rrule'] },
    build: {
      ssr: `${root}tests/simulation/${worker}`,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'worker.mjs', codeSplitting: false } }
    },
    logLevel: 'error'
  });
  return `${outDir}/worker.mjs`;
}
