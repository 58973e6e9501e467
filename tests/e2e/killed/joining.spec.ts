import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, type Page } from '@playwright/test';
import { serveSite } from '../../../src/commands/site-server.mjs';
import { AT, contact, identity, workspaceFile } from '../../fixtures/workspace-file';
import { isInstalled } from '../../remotes/install.mjs';
import { startPouchdb } from '../../remotes/start';
import { replaceAll } from '../screens';
import { startBrowser, type RealBrowser } from './browser';
import { readRows } from './rows';

/** How often each of the two devices is killed; `npm run torture` does it more often, with more to tell. */
const KILLS = Math.min(20, Math.ceil(Number(process.env.KILLS ?? 10) / 5));
const CONTACTS = 3_000 * KILLS;
const PASSPHRASE = 'un cheval correct';
const TABLES = ['contacts', 'events', 'identities', 'lists'] as const;

/** Readers in a list, and an event of each. */
function workspace(): unknown {
  const numbers = Array.from({ length: CONTACTS }, (_, n) => String(n).padStart(6, '0'));
  return workspaceFile({
    attributes: [{ id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: AT }],
    lists: [{ id: 'l1', name: 'Lettre', createdAt: AT }],
    contacts: numbers.map((n) => ({
      ...contact(`c${n}`, `lecteur${n}@exemple.fr`, { FIRSTNAME: `Zoé ${n}` }),
      listIds: ['l1'],
      listedAt: { l1: AT }
    })),
    identities: numbers.map((n) => identity(`c${n}`, `lecteur${n}@exemple.fr`)),
    events: numbers.map((n) => ({
      id: `e${n}`,
      contactId: `c${n}`,
      type: 'contact.added_to_list',
      source: 'app',
      occurredAt: AT,
      receivedAt: AT,
      properties: { listId: 'l1' }
    }))
  });
}

async function restore(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/settings/backup`);
  const buffer = Buffer.from(JSON.stringify(workspace()));
  await page.locator('input[type=file]').setInputFiles({ name: 'atelier.json', mimeType: 'application/json', buffer });
  await replaceAll(page);
}

async function connect(page: Page, site: string, url: string): Promise<void> {
  await page.goto(`${site}/settings/devices`);
  await page.getByRole('radio', { name: /CouchDB/ }).check();
  await page.getByRole('textbox', { name: 'Adresse' }).fill(url);
  await page.getByRole('button', { name: 'Tester' }).click();
  await page.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill(PASSPHRASE);
  await page.getByRole('textbox', { name: 'Encore une fois' }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Relier cet appareil' }).click();
  // The header is there, and something has been told.
  await expect.poll(() => objectsAt(url), { intervals: [20], timeout: 30_000 }).toBeGreaterThan(1);
}

async function objectsAt(url: string): Promise<number> {
  const answer = await fetch(`${url}/ricochet`);
  return ((await answer.json()) as { doc_count: number }).doc_count;
}

async function joinBy(page: Page, site: string, fields: object): Promise<void> {
  const place = Buffer.from(JSON.stringify({ v: 1, remote: 'couchdb', fields })).toString('base64url');
  await page.goto(`${site}/join#${place}`);
  await page.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Rejoindre' }).click();
  await expect(page.getByText('Il continue d’arriver si vous quittez cette page.')).toBeVisible({ timeout: 30_000 });
}

/** Whether the device has been in agreement with the others yet. */
async function hasSynced(page: Page): Promise<boolean> {
  const { runtime } = await readRows(page, ['runtime']);
  return runtime.some((row) => row.id === 'sync' && row.syncedAt !== undefined);
}

/** Kills a browser that is at it, starts it anew, which goes on by itself, and so on. Returns it as it is in the end. */
async function killed(
  first: RealBrowser,
  start: () => Promise<RealBrowser>,
  site: string
): Promise<{ browser: RealBrowser; atWork: number }> {
  let browser = first;
  let atWork = 0;
  for (let times = 0; times < KILLS; times++) {
    await pause(Math.random() * (times % 2 === 0 ? 300 : 1_200));
    await browser.kill();
    browser = await start();
    const page = await browser.context.newPage();
    await page.goto(`${site}/settings/devices`, { waitUntil: 'commit' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 20_000 });
    if (await hasSynced(page)) break;
    atWork++;
  }
  await expect(pageOf(browser).getByText('Tous vos appareils s’accordent')).toBeVisible({ timeout: 120_000 });
  return { browser, atWork };
}

function pageOf({ context }: RealBrowser): Page {
  const page = context.pages().at(-1);
  if (!page) throw new Error('no page is open');
  return page;
}

// Where PouchDB Server cannot be had, the run says so.
if (isInstalled())
  test('killed while it tells, and while it joins, again and again, a device has all in the end, and once', async () => {
    test.setTimeout(600_000);
    const folder = await mkdtemp(join(tmpdir(), 'joining-'));
    const site = await serveSite({ folder: 'build' });
    const couchdb = await startPouchdb();
    const started: RealBrowser[] = [];
    const start = (profile: string) => async (): Promise<RealBrowser> => {
      const browser = await startBrowser(join(folder, profile));
      started.push(browser);
      browser.context.setDefaultTimeout(30_000);
      return browser;
    };
    try {
      const laptop = await start('laptop')();
      const page = await laptop.context.newPage();
      await restore(page, site.url);
      await connect(page, site.url, couchdb.url);
      const told = await killed(laptop, start('laptop'), site.url);
      const phone = await start('phone')();
      const { url, database } = couchdb;
      await joinBy(await phone.context.newPage(), site.url, { url, database, user: '', password: '' });
      const joined = await killed(phone, start('phone'), site.url);
      console.log(`killed at work: ${told.atWork} times while it told, ${joined.atWork} times while it joined`);
      expect(told.atWork + joined.atWork).toBeGreaterThan(0);
      const [one, other] = await Promise.all([told, joined].map(({ browser }) => readRows(pageOf(browser), TABLES)));
      expect(one?.contacts).toHaveLength(CONTACTS);
      expect(one?.events).toHaveLength(CONTACTS);
      for (const table of TABLES) expect(other?.[table]).toEqual(one?.[table]);
    } finally {
      for (const browser of started) await browser.kill();
      await couchdb.stop();
      await site.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
