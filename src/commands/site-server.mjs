import { createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { headersOf, readHeaderRules } from './headers.mjs';

/**
 * Serves a built site on 127.0.0.1 as a static host would: its files with the headers of its `_headers`, and index.html for every other page.
 * Port 0 takes a free one; a port that is taken is an error. `script`: for tests, which put a script of their own in the place of
 * another, or beside them; null leaves the path to the folder.
 * @param {{ folder?: string, port?: number, script?: (path: string) => string | null }} [options]
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 */
export async function serveSite({ folder = 'build', port = 0, script = () => null } = {}) {
  const rules = readHeaderRules(join(folder, '_headers'));
  // A missing file must not answer with the app: a script would be parsed as HTML.
  const files = sirv(folder, {
    // Looks at the disk at each request: a new build is served without starting again.
    dev: true,
    // Where the site holds compressed files.
    gzip: true,
    etag: true,
    single: true,
    ignores: [/^\/_app\//, /\.[a-z0-9]{1,11}$/i],
    dotfiles: false
  });

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const headers = { 'Cache-Control': 'no-cache', ...headersOf(rules, path) };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (path === '/_headers') return notFound(response);
    const own = script(path);
    if (own !== null) {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(own);
      return;
    }
    // Headers that are set already win over sirv's own.
    files(request, response, () => notFound(response));
  });
  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    })
  );
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // The browser keeps connections open; closing must not wait for them.
        server.closeAllConnections();
      })
  };
}

/** @param {import('node:http').ServerResponse} response */
function notFound(response) {
  response.statusCode = 404;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end('Not found\n');
}
