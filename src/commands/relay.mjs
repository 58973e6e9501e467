// npm run relay: writes the relay to static/relay.js, one file that the app offers to its user to paste into a Worker of theirs.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildTracker } from './tracker.mjs';

const root = new URL('../../', import.meta.url);
const pathOf = (/** @type {string} */ path) => fileURLToPath(new URL(path, root));

const heading = `/*
 * Ricochet's relay: a Cloudflare Worker of your own. How to set it up is in Ricochet's settings and in its README ("Your own relay").
 * Made from src/relay and not to be changed by hand.
 */`;

/** The whole relay, not minified: whoever pastes it can read it. */
export async function buildRelay() {
  const built = await build({
    configFile: false,
    root: pathOf('.'),
    publicDir: false,
    logLevel: 'warn',
    resolve: { alias: { $lib: pathOf('src/lib') } },
    // It serves the tracker to the user's site: src/relay/track.ts.
    define: { TRACKER: JSON.stringify(await buildTracker()) },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: pathOf('src/relay/index.ts'), formats: ['es'], fileName: 'relay' }
    }
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [file, ...others] = outputs;
  if (file?.type !== 'chunk' || others.length > 0) throw new Error('the relay should be one file');
  return `${heading}\n${file.code}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(pathOf('static/relay.js'), await buildRelay());
