import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headersOf, readHeaderRules } from '../../src/commands/headers.mjs';
import { expect, test, testWithOwnSite } from './harness';
import { routes } from './routes';

const rules = readHeaderRules('static/_headers');

test('every kind of file carries the policy', async ({ site }) => {
  const built = readdirSync('build', { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
  const oneOfEachKind = new Map(built.map((file) => [/\.\w+$/.exec(file)?.[0], `/${file}`]));
  expect([...oneOfEachKind.keys()]).toEqual(
    expect.arrayContaining(['.html', '.js', '.json', '.png', '.svg', '.webmanifest'])
  );

  for (const path of [...oneOfEachKind.values(), ...routes, '/service-worker.js', '/nowhere.png']) {
    const answer = await fetch(site.url + path);
    const header = (name: string) => answer.headers.get(name);
    expect(header('content-security-policy'), path).toBe(headersOf(rules, path)['Content-Security-Policy']);
    expect(header('x-content-type-options'), path).toBe('nosniff');
    expect(header('referrer-policy'), path).toBe('strict-origin-when-cross-origin');
    expect(header('cross-origin-opener-policy'), path).toBe('same-origin');
    expect(header('cache-control'), path).toMatch(path.startsWith('/_app/immutable/') ? /immutable/ : /^no-cache$/);
  }
});

test('no page of the build holds an inline script', async ({ site }) => {
  const html = await (await fetch(site.url)).text();
  expect(html).toContain('<script src=');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/\son\w+=/);
});

test('no route breaches the policy as it loads', async ({ page, complaints }) => {
  test.setTimeout(routes.length * 10_000);
  for (const route of routes) {
    await page.goto(route);
    await page.waitForLoadState('networkidle');
    await expect(page.locator('body'), route).not.toBeEmpty();
    expect(complaints.unexpected, route).toEqual([]);
  }
});

testWithOwnSite('neither the page nor a worker can make code from text', async ({ page, complaints, siteFolder }) => {
  complaints.expect(/unsafe-eval|policy: script-src refused eval/);
  mkdirSync(join(siteFolder, '_app/immutable/workers'), { recursive: true });
  writeFileSync(join(siteFolder, '_app/immutable/workers/probe.js'), 'export {};');
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  const probe = page.waitForEvent('worker', (worker) => worker.url().includes('probe'));
  await page.evaluate(() => {
    new Worker('/_app/immutable/workers/probe.js', { type: 'module' });
  });
  await probe;

  expect(await page.evaluate(attemptEval)).toEqual(['EvalError', 'EvalError']);
  // The app's own workers and the probe.
  for (const worker of page.workers()) {
    expect(await worker.evaluate(attemptEval), worker.url()).toEqual(['EvalError', 'EvalError']);
  }
});

/** Tries in a later task: what the debugger itself evaluates is allowed to make code from text. */
function attemptEval(): Promise<string[]> {
  const attempts = [
    () => (0, eval)('1') as unknown,
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    () => new Function('return 1')
  ];
  return new Promise((resolve) => {
    setTimeout(() => {
      const outcomes = attempts.map((attempt) => {
        try {
          attempt();
          return 'ran';
        } catch (error) {
          return error instanceof Error ? error.name : String(error);
        }
      });
      resolve(outcomes);
    });
  });
}

test('an inline script does not run', async ({ page, complaints }) => {
  complaints.expect(/policy: script-src-elem refused inline|Executing inline script/);
  await page.goto('/');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = true';
    document.body.append(script);
  });
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
});
