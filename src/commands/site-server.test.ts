import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headersOf, readHeaderRules } from './headers.mjs';
import { serveSite } from './site-server.mjs';
import { checkStarts, withPolicy, withoutInlineScript } from './static-site.mjs';

let folder = '';
let site: Awaited<ReturnType<typeof serveSite>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  mkdirSync(join(folder, '_app/immutable'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><p>app');
  writeFileSync(join(folder, 'manifest.webmanifest'), '{}');
  writeFileSync(join(folder, '_app/immutable/a.js'), 'export {};');
  writeFileSync(
    join(folder, '_headers'),
    '# note\n/*\n  X-All: yes\n\n/_app/immutable/*\n  Cache-Control: public, max-age=31536000, immutable\n'
  );
  site = await serveSite({ folder });
});
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

const get = (path: string) => fetch(site.url + path);

describe('the served site', () => {
  test('every page is the app, with the headers of _headers', async () => {
    for (const path of ['/', '/contacts', '/automations/a1/journeys?x=1']) {
      const answer = await get(path);
      expect(answer.status, path).toBe(200);
      expect(await answer.text()).toContain('app');
      expect(answer.headers.get('x-all')).toBe('yes');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    }
  });

  test('hashed files are kept for ever, with their type', async () => {
    const answer = await get('/_app/immutable/a.js');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(answer.headers.get('x-all')).toBe('yes');
    expect((await get('/manifest.webmanifest')).headers.get('content-type')).toMatch(/^application\/manifest\+json/);
  });

  test.each(['/_app/immutable/gone.js', '/gone.png', '/_headers', '/../package.json'])(
    '%s is not found',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    }
  );

  test('a new build is served at once', async () => {
    writeFileSync(join(folder, 'late.txt'), 'first');
    expect(await (await get('/late.txt')).text()).toBe('first');
    writeFileSync(join(folder, 'late.txt'), 'second, longer');
    expect(await (await get('/late.txt')).text()).toBe('second, longer');
  });

  test('a taken port is an error', async () => {
    await expect(serveSite({ folder, port: site.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the headers of the product', () => {
  const headers = headersOf(readHeaderRules('static/_headers'), '/');

  test('the policy allows neither eval nor inline scripts', () => {
    const scripts = /script-src ([^;]*)/.exec(headers['Content-Security-Policy'] ?? '')?.[1];
    expect(scripts).toBe("'self'");
  });

  test('the page repeats the policy without what only a header may say', () => {
    const html = withPolicy('<meta charset="utf-8" />', headers);
    expect(html).toContain("script-src 'self';");
    expect(html).not.toContain('frame-ancestors');
  });

  test('the inline script moves out of the page', () => {
    const { html, script } = withoutInlineScript('<div><script>\n  start();\n</script></div>');
    expect(html).toBe('<div><script src="/_app/boot.js"></script></div>');
    expect(script).toBe('start();\n');
    expect(() => withoutInlineScript('<script>a</script><script>b</script>')).toThrow('it holds 2');
  });

  test('a build in which what starts the app names another one is refused', () => {
    const start = '__sveltekit_1mi72es = { base: "" };';
    expect(() => checkStarts(start, ['a', 'globalThis.__sveltekit_17zhaib.base'])).toThrow('build again');
    expect(() => checkStarts('start();', ['a'])).toThrow('build again');
    expect(() => checkStarts(start, ['a', 'globalThis.__sveltekit_1mi72es.base'])).not.toThrow();
  });
});
