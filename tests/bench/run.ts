/**
 * `npm run bench`: headless Chromium, a profile on disk, the app's own worker as it is built. Each figure is the median of its
 * repetitions, and its ratio to a limit measured in the same run. Prints a table and writes tests/bench/results.json.
 */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { build } from 'vite';
import { serveSite } from '../../src/commands/site-server.mjs';
import { findChromium } from '../browser.mjs';
import { startBrevo } from '../loopback/brevo';

interface Figure {
  name: string;
  value: number;
  unit: string;
  limit: number;
  ratio: number;
  goal: string;
}

const REPETITIONS = 3;
const only = new Set(process.argv.slice(2));
const wanted = (name: string): boolean => only.size === 0 || only.has(name);

const folder = await mkdtemp(join(tmpdir(), 'ricochet-bench-'));
// A page that a test answers for would not be of this machine's network: all is served as files.
const siteFolder = join(folder, 'site');
await cp('build', siteFolder, { recursive: true });
const site = await serveSite({ folder: siteFolder });
const brevo = await startBrevo();
let context: BrowserContext | undefined;
try {
  await bundle();
  context = await launch();
  const figures = await measure(context);
  await report(figures);
} finally {
  await context?.close();
  await site.close();
  await brevo.close();
  await rm(folder, { recursive: true, force: true });
}

async function bundle(): Promise<void> {
  for (const [entry, name] of [
    ['page.ts', 'page'],
    ['limits.worker.ts', 'limits']
  ] as const) {
    await build({
      configFile: false,
      publicDir: false,
      logLevel: 'error',
      resolve: { alias: { $lib: join(process.cwd(), 'src/lib') } },
      build: {
        outDir: join(siteFolder, '__bench'),
        emptyOutDir: false,
        target: 'es2022',
        lib: { entry: join(process.cwd(), 'tests/bench', entry), formats: ['es'], fileName: () => `${name}.js` }
      }
    });
  }
  await writeFile(join(siteFolder, '__bench/index.html'), '<script type="module" src="/__bench/page.js"></script>');
}

async function launch(): Promise<BrowserContext> {
  const executablePath = findChromium();
  const opened = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...(executablePath ? { executablePath } : {}),
    serviceWorkers: 'block',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--enable-precise-memory-info'
    ]
  });
  return opened;
}

async function measure(context: BrowserContext): Promise<Figure[]> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(`${site.url}/__bench/index.html`);
  await page.waitForFunction(() => 'bench' in window);
  const workers = await readdir('build/_app/immutable/workers');
  const workerUrl = `/_app/immutable/workers/${workers.find((name) => name.endsWith('.js')) ?? ''}`;
  const begin = (): Promise<void> => page.evaluate((url) => window.bench.begin(url), workerUrl);
  const figures: Figure[] = [];
  const figure = (name: string, unit: string, ours: number, limit: number, ratio: number, goal: string): void => {
    figures.push({ name, value: round(ours), unit, limit: round(limit), ratio: round(ratio), goal });
    console.log(`${name}: ${round(ours)} ${unit}, limit ${round(limit)}, ratio ${round(ratio)} (goal ${goal})`);
  };

  if (wanted('engine')) {
    const ours: number[] = [];
    const limit: number[] = [];
    for (let n = 0; n < REPETITIONS; n++) {
      await begin();
      ours.push(await page.evaluate(() => window.bench.runEngine(10_000)));
      limit.push(await page.evaluate(() => window.bench.engineLimit(10_000)));
    }
    figure(
      'engine',
      'ms (relaxed, limit relaxed)',
      median(ours),
      median(limit),
      median(limit) / median(ours),
      '>= 0.85'
    );
  }
  if (wanted('send')) {
    const ours: number[] = [];
    const limit: number[] = [];
    const target = { url: brevo.url, key: brevo.apiKey };
    for (let n = 0; n < REPETITIONS; n++) {
      await begin();
      ours.push(await page.evaluate(({ url, key }) => window.bench.runSends(1_000, url, key), target));
      limit.push(await page.evaluate(({ url, key }) => window.bench.sendLimit(1_000, url, key), target));
    }
    figure(
      'send',
      'ms (mark strict, record relaxed; limit stores nothing)',
      median(ours),
      median(limit),
      median(limit) / median(ours),
      '>= 0.75'
    );
  }
  if (wanted('segment')) {
    const runs: { ours: number; limit: number }[] = [];
    for (let n = 0; n < REPETITIONS; n++) runs.push(await page.evaluate(() => window.bench.segment()));
    const ours = median(runs.map((run) => run.ours));
    const limit = median(runs.map((run) => run.limit));
    figure('segment', 'ms (in memory)', ours, limit, limit / ours, '>= 0.4');
  }
  if (['import', 'page', 'open', 'memory'].some(wanted)) await withManyContacts(page, begin, figure, workerUrl);
  return figures;
}

async function withManyContacts(
  page: Page,
  begin: () => Promise<void>,
  figure: (name: string, unit: string, ours: number, limit: number, ratio: number, goal: string) => void,
  workerUrl: string
): Promise<void> {
  const rows = 100_000;
  const ours: number[] = [];
  const limit: number[] = [];
  for (let n = 0; n < (wanted('import') ? REPETITIONS : 1); n++) {
    await begin();
    ours.push(await page.evaluate((count) => window.bench.importCsv(count), rows));
    if (wanted('import')) limit.push(await page.evaluate(() => window.bench.importLimit()));
  }
  if (wanted('import'))
    figure(
      'import',
      'ms (relaxed, limit relaxed)',
      median(ours),
      median(limit),
      median(limit) / median(ours),
      '>= 0.9'
    );
  if (wanted('page')) {
    const runs: { ours: number; limit: number }[] = [];
    for (let n = 0; n < REPETITIONS; n++) runs.push(await page.evaluate(() => window.bench.page()));
    const times = { ours: median(runs.map((run) => run.ours)), limit: median(runs.map((run) => run.limit)) };
    figure('page', 'ms (reading)', times.ours, times.limit, times.ours / times.limit, '<= 1.5');
  }
  if (wanted('memory')) {
    const bytes = await page.evaluate(() => window.bench.rowBytes());
    const heaps: number[] = [];
    for (let n = 0; n < REPETITIONS; n++) heaps.push(await heapAtRest(page, workerUrl));
    figure('memory', 'bytes (at rest)', median(heaps), bytes, median(heaps) / bytes, '<= 3');
  }
  if (wanted('open')) {
    await page.evaluate(() => window.bench.end());
    const full: number[] = [];
    for (let n = 0; n < REPETITIONS; n++) full.push(await timeToContacts(page, 'row'));
    await page.goto(`${site.url}/__bench/index.html`);
    await begin();
    await page.evaluate(() => window.bench.end());
    const empty: number[] = [];
    for (let n = 0; n < REPETITIONS; n++) empty.push(await timeToContacts(page, 'empty'));
    figure(
      'open',
      'ms more (reading)',
      median(full) - median(empty),
      median(empty),
      median(full) / median(empty),
      '<= 300 ms more'
    );
  }
}

/** The heap of the app's worker after a garbage collection, once it has nothing left to do. */
async function heapAtRest(page: Page, workerUrl: string): Promise<number> {
  await page.evaluate((url) => {
    window.bench.end();
    window.bench.resume(url);
  }, workerUrl);
  await page.evaluate(() => window.bench.settle());
  const session = await page.context().newCDPSession(page);
  const heap = await heapOfWorker(session, workerUrl);
  await session.detach();
  return heap;
}

async function heapOfWorker(session: CDPSession, workerUrl: string): Promise<number> {
  const attached = new Promise<string>((resolve) => {
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.url.endsWith(workerUrl)) resolve(sessionId);
    });
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  const call = (id: number, method: string): Promise<{ usedSize?: number }> =>
    new Promise((resolve) => {
      session.on('Target.receivedMessageFromTarget', ({ message }) => {
        const answer = JSON.parse(message) as { id?: number; result?: { usedSize?: number } };
        if (answer.id === id) resolve(answer.result ?? {});
      });
      void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    });
  await call(1, 'HeapProfiler.collectGarbage');
  return (await call(2, 'Runtime.getHeapUsage')).usedSize ?? NaN;
}

/** From the navigation to the first row of contacts (or the empty state) on screen, in ms. */
async function timeToContacts(page: Page, what: 'row' | 'empty'): Promise<number> {
  await page.goto('about:blank');
  const begun = performance.now();
  await page.goto(`${site.url}/contacts`, { waitUntil: 'commit' });
  const target = what === 'row' ? page.getByRole('row').nth(1) : page.getByRole('heading', { level: 2 }).first();
  await target.waitFor({ state: 'visible' });
  return performance.now() - begun;
}

async function report(figures: readonly Figure[]): Promise<void> {
  console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])));
  if (only.size === 0) await writeFile('tests/bench/results.json', `${JSON.stringify(figures, null, 2)}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
