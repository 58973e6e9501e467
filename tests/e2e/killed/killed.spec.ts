import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test as base, type Page } from '@playwright/test';
import { serveSite } from '../../../src/commands/site-server.mjs';
import { startBrevo, type Brevo } from '../../loopback/brevo';
import { startBrowser, type RealBrowser } from './browser';
import { readRows } from './rows';
import { expectWhole, untilDone } from './whole';
import { prepare, publishForAll } from './workspace';

/** How often the browser is killed in all, and over one workspace; `npm run torture` kills twenty times as often. */
const KILLS = Number(process.env.KILLS ?? 10);
const KILLS_OF_ONE = Math.min(KILLS, 20);
/** How often the running one of two tabs is closed. */
const CLOSINGS = 4;

/**
 * Milliseconds that the provider takes to answer: what it has had before quickly, what is new slowly, so that there is work left for every
 * kill. Two calls are under way at once, each of a hundred messages: few lives have a larger share.
 */
const QUICK = 10;
const SLOW = 2_000;
const VERY_SLOW = 5_000;
const SHARE = 150;
const CONTACTS = SHARE * KILLS_OF_ONE;

interface Fixtures {
  siteFolder: string;
  site: string;
  brevo: Brevo;
  /** Up to how many messages the provider answers quickly, and how long it takes beyond them. */
  pace: { quickUntil: number; slow: number };
  /** Starts a browser on a profile; what a failed test leaves running is killed. */
  start: (profile: string) => Promise<RealBrowser>;
  /** A browser's profile that holds the workspace; each call makes a copy. */
  freshProfile: () => Promise<string>;
}

const test = base.extend<Fixtures>({
  siteFolder: ['build', { option: true }],
  site: async ({ siteFolder }, use) => {
    const site = await serveSite({ folder: siteFolder });
    await use(site.url);
    await site.close();
  },
  pace: async ({}, use) => use({ quickUntil: SHARE, slow: SLOW }),
  brevo: async ({ pace }, use) => {
    const brevo: Brevo = await startBrevo({
      latency: () => (brevo.messages.length < pace.quickUntil ? QUICK : pace.slow) * (0.5 + Math.random())
    });
    await use(brevo);
    await brevo.close();
  },
  start: async ({}, use) => {
    const started: RealBrowser[] = [];
    await use(async (profile) => {
      const browser = await startBrowser(profile);
      started.push(browser);
      return browser;
    });
    for (const browser of started) await browser.kill();
  },
  freshProfile: async ({ site, brevo, start }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-'));
    const prepared = join(folder, 'prepared');
    const browser = await start(prepared);
    await prepare(await browser.context.newPage(), site, CONTACTS, brevo);
    await browser.kill();
    let copies = 0;
    await use(async () => {
      const copy = join(folder, String(++copies));
      await cp(prepared, copy, { recursive: true, filter: (path) => !/Singleton/.test(path) });
      return copy;
    });
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});

// One after the other: they measure seconds, and each keeps a processor busy.
test.describe.configure({ mode: 'default' });

/**
 * As a battery that falls out, or a machine that hangs: every other time while the app opens, else while it works, up to a second
 * after the first call of this life.
 */
async function aLife(brevo: Brevo, times: number): Promise<void> {
  const { calls } = brevo;
  if (times % 2 === 0) return pause(300 + Math.random() * 1_500);
  await expect.poll(() => brevo.calls, { timeout: 20_000, intervals: [20] }).toBeGreaterThan(calls + 1);
  await pause(Math.random() * 1_000);
}

test('killed again and again while it works, it sends each message once, and its journal is whole', async ({
  site,
  brevo,
  pace,
  start,
  freshProfile
}) => {
  test.setTimeout(KILLS * 15_000 + 180_000);
  for (let killed = 0; killed < KILLS;) {
    brevo.forget();
    pace.quickUntil = 1;
    const profile = await freshProfile();
    const first = await start(profile);
    await publishForAll(await first.context.newPage(), site);
    await aLife(brevo, 1);
    await first.kill();
    let atWork = brevo.messages.length < CONTACTS ? 1 : 0;
    for (let times = 1; times < KILLS_OF_ONE; times++) {
      pace.quickUntil = brevo.messages.length + 1;
      const browser = await start(profile);
      const page = await browser.context.newPage();
      await page.goto(site, { waitUntil: 'commit' });
      await aLife(brevo, times);
      await browser.kill();
      if (brevo.messages.length < CONTACTS) atWork++;
    }
    killed += KILLS_OF_ONE;
    console.log(`killed ${killed} times, ${atWork} of the last ${KILLS_OF_ONE} at work: ${brevo.messages.length} sent`);
    expect(atWork).toBeGreaterThanOrEqual(KILLS_OF_ONE / 2);
    pace.quickUntil = Infinity;
    const last = await start(profile);
    const page = await last.context.newPage();
    await page.goto(site);
    await untilDone(page, CONTACTS, brevo, 120_000);
    await expectWhole(page, CONTACTS, brevo);
    await last.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
});

/** When the right to run the engine has gone to another tab, in milliseconds from now; seen from a tab that lives. */
async function takenOver(page: Page, epoch: number): Promise<number> {
  const from = Date.now();
  await expect.poll(() => epochIn(page), { timeout: 100_000, intervals: [50] }).toBeGreaterThan(epoch);
  return Date.now() - from;
}

/** Until the provider has been asked for nothing for a second: all lanes wait for it, and the engine writes nothing. */
async function untilAllWait(brevo: Brevo): Promise<void> {
  let before = -1;
  const isSame = (): boolean => {
    const same = brevo.calls === before;
    before = brevo.calls;
    return same;
  };
  await expect.poll(isSame, { timeout: 30_000, intervals: [1_000] }).toBe(true);
}

async function epochIn(page: Page): Promise<number> {
  const { runtime } = await readRows(page, ['runtime']);
  return runtime.reduce((highest, row) => (row.id === 'runner' ? row.epoch : highest), 0);
}

test('of two tabs the running one is closed: the other goes on within 2 s, and each message is sent once', async ({
  site,
  brevo,
  pace,
  start,
  freshProfile
}) => {
  test.setTimeout(300_000);
  const browser = await start(await freshProfile());
  let running = await browser.context.newPage();
  await publishForAll(running, site);
  for (let times = 1; times <= CLOSINGS; times++) {
    const next = await browser.context.newPage();
    await next.goto(site);
    await pause(300 + Math.random() * 1_500);
    const epoch = await epochIn(next);
    // As a person does, and as a tab that crashes does: no farewell is waited for.
    await running.close({ runBeforeUnload: false });
    expect(await takenOver(next, epoch)).toBeLessThan(2_000);
    running = next;
  }
  expect(brevo.messages.length).toBeLessThan(CONTACTS);
  pace.quickUntil = Infinity;
  await untilDone(running, CONTACTS, brevo, 120_000);
  await expectWhole(running, CONTACTS, brevo);
  await browser.kill();
});

/** A service worker may live in the very process that is stopped, and each call of the other tab passes by it. */
const withoutServiceWorker = test.extend({
  siteFolder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'site-'));
    await cp('build', folder, { recursive: true });
    await rm(join(folder, 'service-worker.js'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  }
});

withoutServiceWorker(
  'of two tabs the running one is frozen: the other goes on, and when it wakes it commits and sends nothing more',
  async ({ site, brevo, pace, start, freshProfile }) => {
    test.setTimeout(300_000);
    const browser = await start(await freshProfile());
    const frozen = await browser.context.newPage();
    await frozen.goto(site);
    const itsProcesses = await browser.renderers();
    const other = await browser.context.newPage();
    await other.goto(site);
    expect((await browser.renderers()).length).toBeGreaterThan(itsProcesses.length);
    await publishForAll(other, site);
    await expect.poll(() => brevo.messages.length).toBeGreaterThan(50);
    const epoch = await epochIn(other);
    // Stopped in the midst of a transaction it would keep the database for a minute, after which Chromium ends the transaction:
    // a browser freezes no page that is in one.
    pace.slow = VERY_SLOW;
    pace.quickUntil = 0;
    await untilAllWait(brevo);
    for (const id of itsProcesses) process.kill(id, 'SIGSTOP');
    const seconds = (await takenOver(other, epoch)) / 1_000;
    console.log(`taken over ${seconds} s after the freezing`);
    expect(seconds).toBeLessThan(15);
    pace.quickUntil = brevo.messages.length + SHARE;
    const sent = brevo.messages.length;
    await expect.poll(() => brevo.messages.length, { timeout: 30_000 }).toBeGreaterThan(sent + 50);
    for (const id of itsProcesses) process.kill(id, 'SIGCONT');
    pace.quickUntil = Infinity;
    await untilDone(other, CONTACTS, brevo, 120_000);
    await pause(5_000);
    expect(await epochIn(other)).toBe(epoch + 1);
    await expectWhole(other, CONTACTS, brevo);
    await browser.kill();
  }
);
