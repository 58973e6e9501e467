/**
 * `npm run bench`: headless Chromium, a profile on disk, the app's own worker as it is built. Each figure is the median of its
 * repetitions, and its ratio to a limit that is measured in turn with it: the median of the ratios, since a machine's load changes.
 * Prints a table and writes tests/bench/results.json.
 */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { build } from 'vite';
import { serveSite } from '../../src/commands/site-server.mjs';
import { findChromium } from '../browser.mjs';
import { leaveVisits } from '../fixtures/visits';
import { startBrevo } from '../loopback/brevo';
import { SECRET, startRelay } from '../loopback/relay';
import { isInstalled } from '../remotes/install.mjs';
import {
  longestFrameOfNothing,
  longestFrameWhilePanning,
  longestInteraction,
  restoreWorkspace,
  shortestInteraction
} from './screens';
import { CAUGHT_UP, CONTACTS, EVENTS_EACH, timeSync } from './sync';

interface Figure {
  name: string;
  value: number;
  unit: string;
  limit: number;
  ratio: number;
  goal: string;
}

const REPETITIONS = 5;
/** An import of 100,000 contacts takes a minute or more on each side. */
const IMPORTS = 3;
/** What waits in the inbox, of so many visitors. */
const WAITING = 5_000;
const VISITORS = 50;
/** A database goes on tidying up after its writes: what one side has left to do must not slow down the other. */
const REST = 2_000;
const figures: Figure[] = [];
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
  context = await launch('profile');
  await measure(context.pages()[0] ?? (await context.newPage()));
  await report();
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

/** A browser with a profile of its own on disk. */
async function launch(profile: string): Promise<BrowserContext> {
  const executablePath = findChromium();
  return chromium.launchPersistentContext(join(folder, profile), {
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
}

interface Pair {
  readonly ours: number;
  readonly limit: number;
}

/** The medians of both sides, of their ratio (ours by the limit's) and of their difference. */
interface Measured extends Pair {
  readonly ratio: number;
  readonly more: number;
}

/** Both sides in turn: whatever else the machine does slows both down. */
async function alternated(
  ours: () => Promise<number>,
  limit: () => Promise<number>,
  repetitions = REPETITIONS
): Promise<Measured> {
  const measured: Pair[] = [];
  for (let n = 0; n < repetitions; n++) measured.push({ ours: await ours(), limit: await limit() });
  return medians(measured);
}

function medians(measured: readonly Pair[]): Measured {
  return {
    ours: median(measured.map(({ ours }) => ours)),
    limit: median(measured.map(({ limit }) => limit)),
    ratio: median(measured.map(({ ours, limit }) => ours / limit)),
    more: median(measured.map(({ ours, limit }) => ours - limit))
  };
}

/** `ratio`: of speeds (ours by the limit's) where more is better, else of the values. */
function figure(name: string, unit: string, { ours, limit }: Pair, ratio: number, goal: string): void {
  figures.push({ name, value: round(ours), unit, limit: round(limit), ratio: round(ratio), goal });
  console.log(`${name}: ${round(ours)} ${unit}, limit ${round(limit)}, ratio ${round(ratio)} (goal ${goal})`);
}

/** What waited in the real relay while the app was closed. */
async function measureInbox(page: Page, begin: () => Promise<void>): Promise<void> {
  const relay = await startRelay();
  try {
    const measured = await alternated(
      async () => {
        await begin();
        await leaveVisits(relay, WAITING, VISITORS);
        const target = { pages: WAITING - VISITORS, url: relay.url, secret: SECRET };
        return page.evaluate(({ pages, url, secret }) => window.bench.runInbox(pages, url, secret), target);
      },
      async () => {
        await page.evaluate(() => window.bench.end());
        await leaveVisits(relay, WAITING, VISITORS);
        const target = { url: relay.url, secret: SECRET };
        return page.evaluate(({ url, secret }) => window.bench.inboxLimit(url, secret), target);
      },
      IMPORTS
    );
    const unit = `ms for ${WAITING} events (relaxed; limit reads, stores and lets go of them, and matches nothing)`;
    figure('inbox', unit, measured, measured.ratio, '<= 10000 ms, <= 3 x');
  } finally {
    await relay.stop();
  }
}

/** Once: it takes minutes, and its goals are times. */
async function measureSync(first: Page, workerUrl: string): Promise<void> {
  if (!isInstalled()) {
    console.log('sync: not measured, for want of PouchDB Server (npm --prefix tests/remotes ci)');
    return;
  }
  const context = await launch('other');
  const other = await context.newPage();
  await other.goto(`${site.url}/__bench/index.html`);
  await other.waitForFunction(() => 'bench' in window);
  const times = await timeSync({ first, other }, (page) =>
    page.evaluate((url) => window.bench.begin(url), workerUrl)
  ).finally(() => context.close());
  const goal = (ours: number, limit: number) => [{ ours, limit }, ours / limit, '<= 1'] as const;
  const rows = `${CONTACTS} contacts, ${CONTACTS * EVENTS_EACH} events`;
  figure('sync join', `ms for ${rows} to a new device (limit: 3 minutes)`, ...goal(times.joined, 180_000));
  figure('sync tell', `ms for ${rows} to the remote (limit: 3 minutes)`, ...goal(times.told, 180_000));
  figure('sync catch-up', `ms for ${CAUGHT_UP} changes (limit: 3 s)`, ...goal(times.caughtUp, 3_000));
}

async function showBench(page: Page): Promise<void> {
  await page.goto(`${site.url}/__bench/index.html`);
  await page.waitForFunction(() => 'bench' in window);
}

/** What a browser does that has been used for nothing else: rows that were deleted before lie in the way of all that comes after. */
async function inNewProfile<T>(profile: string, work: (page: Page) => Promise<T>): Promise<T> {
  const other = await launch(profile);
  try {
    const page = await other.newPage();
    await showBench(page);
    return await work(page);
  } finally {
    await other.close();
    await rm(join(folder, profile), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A hundred thousand contacts, imported into a workspace of their own; in ms. */
async function fill(page: Page, workerUrl: string): Promise<number> {
  await page.evaluate((url) => window.bench.begin(url), workerUrl);
  await page.waitForTimeout(REST);
  return page.evaluate((count) => window.bench.importCsv(count), CONTACTS);
}

async function measureImport(workerUrl: string): Promise<void> {
  const measured: Pair[] = [];
  for (let n = 0; n < IMPORTS; n++)
    measured.push(
      await inNewProfile(`import-${n}`, async (page) => ({
        ours: await fill(page, workerUrl),
        limit: await page.evaluate((rest) => window.bench.importLimit(rest), REST)
      }))
    );
  const medium = medians(measured);
  figure('import', 'ms (relaxed, limit relaxed)', medium, 1 / medium.ratio, '>= 0.9');
}

async function measureFull(page: Page, workerUrl: string): Promise<void> {
  await fill(page, workerUrl);
  await page.evaluate(() => window.bench.settle());
  if (wanted('page')) {
    const runs: Pair[] = [];
    for (let n = 0; n < REPETITIONS; n++) runs.push(await page.evaluate(() => window.bench.page()));
    const measured = medians(runs);
    figure('page', 'ms (both only read)', measured, measured.ratio, '<= 1.5');
  }
  if (wanted('memory')) {
    const limit = await page.evaluate(() => window.bench.rowBytes());
    const heaps: number[] = [];
    for (let n = 0; n < REPETITIONS; n++) heaps.push(await heapAtRest(page, workerUrl));
    const measured = { ours: median(heaps), limit };
    figure('memory', 'bytes (at rest, rows as stored)', measured, measured.ours / limit, '<= 3');
  }
  if (wanted('open')) await measureOpening(page);
}

async function measure(page: Page): Promise<void> {
  await showBench(page);
  const workers = await readdir('build/_app/immutable/workers');
  const workerUrl = `/_app/immutable/workers/${workers.find((name) => name.endsWith('.js')) ?? ''}`;
  const begin = (): Promise<void> => page.evaluate((url) => window.bench.begin(url), workerUrl);

  if (wanted('engine')) {
    const measured = await alternated(
      async () => {
        await begin();
        return page.evaluate(() => window.bench.runEngine(10_000));
      },
      () => page.evaluate(() => window.bench.engineLimit(10_000))
    );
    figure('engine', 'ms (relaxed, limit relaxed)', measured, 1 / measured.ratio, '>= 0.85');
  }
  if (wanted('send')) {
    const sends = 1_000;
    const target = { sends, url: brevo.url, key: brevo.apiKey };
    const measured = await alternated(
      async () => {
        await begin();
        return page.evaluate(({ sends, url, key }) => window.bench.runSends(sends, url, key), target);
      },
      () => page.evaluate(({ sends, url, key }) => window.bench.sendLimit(sends, url, key), target)
    );
    const unit = 'ms (marks strict, the rest relaxed; limit stores nothing)';
    figure('send', unit, measured, 1 / measured.ratio, '>= 0.75');
    console.log(`send: ${Math.round((sends / measured.ours) * 1_000)} jobs a second (n8n 35, openworkflow 341)`);
  }
  if (wanted('capture')) {
    let share = 0;
    const measured = await alternated(
      async () => {
        const captured = await page.evaluate(() => window.bench.captured(true));
        share = captured.share;
        return captured.time;
      },
      async () => (await page.evaluate(() => window.bench.captured(false))).time
    );
    const unit = `ms (limit: without a remote; ${Math.round(100 * share)} % more is stored, of 25)`;
    figure('capture', unit, measured, measured.ratio, '<= 1.15');
  }
  if (wanted('sync')) await measureSync(page, workerUrl);
  if (wanted('inbox')) await measureInbox(page, begin);
  if (wanted('simulate')) {
    let rows = 0;
    const measured = await alternated(
      async () => {
        await begin();
        const simulated = await page.evaluate(() => window.bench.simulate());
        rows = simulated.rows;
        return simulated.time;
      },
      () => page.evaluate((count) => window.bench.simulateLimit(count), rows)
    );
    const unit = `ms for 100 contacts and 90 days (in memory, limit writes its ${rows} rows)`;
    figure('simulate', unit, measured, measured.ratio, '<= 1000 ms, <= 20 x');
  }
  if (wanted('segment')) {
    const runs: Pair[] = [];
    for (let n = 0; n < REPETITIONS; n++) runs.push(await page.evaluate(() => window.bench.segment()));
    const measured = medians(runs);
    figure('segment', 'ms (both in memory)', measured, 1 / measured.ratio, '>= 0.4');
  }
  if (wanted('search')) {
    await begin();
    await page.evaluate((count) => window.bench.importCsv(count), 10_000);
    await page.evaluate(() => window.bench.settle());
    const runs: Pair[] = [];
    for (let n = 0; n < REPETITIONS; n++) runs.push(await page.evaluate(() => window.bench.search()));
    const measured = medians(runs);
    figure('search', 'ms among 10,000 contacts (limit reads 6 of them)', measured, measured.ratio, '<= 50 ms');
  }
  if (wanted('import')) await measureImport(workerUrl);
  if (['page', 'open', 'memory'].some(wanted)) await inNewProfile('full', (full) => measureFull(full, workerUrl));
  if (wanted('interaction') || wanted('canvas')) await measureScreens();
}

/** In a profile of its own, whose workspace holds a large automation. */
async function measureScreens(): Promise<void> {
  const other = await launch('screens');
  try {
    const page = other.pages()[0] ?? (await other.newPage());
    await page.setViewportSize({ width: 1440, height: 900 });
    await restoreWorkspace(page, site.url);
    if (wanted('interaction')) {
      const measured = await alternated(
        () => longestInteraction(page, site.url),
        () => shortestInteraction(page)
      );
      figure('interaction', 'ms, the longest', measured, measured.ratio, '<= 100 ms');
    }
    if (wanted('canvas')) {
      const measured = await alternated(
        () => longestFrameWhilePanning(page, site.url),
        () => longestFrameOfNothing(page)
      );
      figure('canvas', 'ms, the longest frame', measured, measured.ratio, '<= 50 ms');
    }
  } finally {
    await other.close();
  }
}

/** Beside the profile that holds the contacts, one whose database is empty. */
async function measureOpening(full: Page): Promise<void> {
  await full.evaluate(() => window.bench.end());
  const other = await launch('empty');
  try {
    const empty = other.pages()[0] ?? (await other.newPage());
    const openFull = () => timeToShown(full, '[role=row] a[href^="/contacts/"]');
    const openEmpty = () => timeToShown(empty, 'main h2');
    // The first time makes the workspace, and the browser compiles the app, which it keeps.
    await openFull();
    await openEmpty();
    const opened = await alternated(openFull, openEmpty);
    const more = { ours: opened.more, limit: opened.limit };
    figure('open', 'ms more (both only read)', more, opened.ratio, '<= 300 ms more');
  } finally {
    await other.close();
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

/**
 * From the navigation to the frame that shows a contact, or the empty state, in ms. The page itself looks at each frame: Playwright
 * looks twice a second once it has waited a little, which would be all that is measured.
 */
async function timeToShown(page: Page, selector: string): Promise<number> {
  await page.goto('about:blank');
  await page.waitForTimeout(REST);
  await page.goto(`${site.url}/contacts`, { waitUntil: 'commit' });
  const shown = await page.waitForFunction(
    (selector) => document.querySelector(selector)?.checkVisibility() && performance.now(),
    selector,
    { polling: 'raf' }
  );
  return (await shown.jsonValue()) as number;
}

async function report(): Promise<void> {
  console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])));
  if (only.size === 0) await writeFile('tests/bench/results.json', `${JSON.stringify(figures, null, 2)}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
