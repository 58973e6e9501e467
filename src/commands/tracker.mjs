// npm run tracker: writes the tracker to static/track.js, the one script that the user's site takes in. The relay serves the same.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = new URL('../../', import.meta.url);
const pathOf = (/** @type {string} */ path) => fileURLToPath(new URL(path, root));

/** The tracker as one classic script, for browsers that know ES2019. */
export async function buildTracker() {
  const built = await build({
    configFile: false,
    root: pathOf('.'),
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: { $lib: pathOf('src/lib') } },
    build: {
      write: false,
      minify: true,
      target: 'es2019',
      lib: { entry: pathOf('src/tracker/index.ts'), formats: ['iife'], name: '_', fileName: 'track' }
    }
  });
  const [file, ...others] = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  if (file?.type !== 'chunk' || others.length > 0) throw new Error('the tracker should be one file');
  return file.code.trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pathOf('static/track.js'), await buildTracker());
