import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A module of the sources, for what runs in Node.
 * @param {string} path from the root of the project, with a slash before it
 * @returns {Promise<any>}
 */
export async function importSource(path) {
  const { module } = await runnerImport(path, {
    configFile: false,
    root,
    resolve: {
      // Node would take the package's older build, which knows no modules.
      alias: { $lib: `${root}src/lib`, rrule: `${root}node_modules/rrule/dist/esm/index.js` },
      noExternal: ['rrule']
    },
    logLevel: 'error'
  });
  return module;
}
