import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, type Page } from '@playwright/test';
import { serveSite } from '../../../src/commands/site-server.mjs';
import { leaveVisits } from '../../fixtures/visits';
import { AT, draft, step, workspaceFile } from '../../fixtures/workspace-file';
import { SECRET, startRelay, type Relay } from '../../loopback/relay';
import { replaceAll } from '../screens';
import { startBrowser } from './browser';
import { readRows } from './rows';

const EVENTS = 5_000;
const VISITORS = 50;
const KILLS = 4;

/** Every page that a visitor sees puts them into a list, once. */
function workspace(): unknown {
  return workspaceFile({
    lists: [{ id: 'l1', name: 'Visiteurs', createdAt: AT }],
    automations: [
      draft('a1', 'Visites', {
        on: 'page.visited',
        fields: { filters: null },
        steps: [step('s1', 'contact.add_to_list', { listId: 'l1' }, { next: null })]
      })
    ]
  });
}

async function prepare(page: Page, site: string, relay: Relay): Promise<void> {
  await page.goto(`${site}/settings/backup`);
  const buffer = Buffer.from(JSON.stringify(workspace()));
  await page.locator('input[type=file]').setInputFiles({ name: 'atelier.json', mimeType: 'application/json', buffer });
  await replaceAll(page);
  await page.goto(`${site}/settings/relay`);
  await page.getByRole('button', { name: 'Connecter mon relais' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Adresse du relais' }).fill(relay.url);
  await drawer.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Le relais est connecté.')).toBeVisible();
  await page.goto(`${site}/automations/a1`);
  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText(/Active · version 1/)).toBeVisible({ timeout: 20_000 });
}

async function waiting(relay: Relay): Promise<number> {
  const [row] = (await relay.sql('SELECT count(*) AS count FROM inbox')) as { count: number }[];
  return row?.count ?? 0;
}

async function expectAllOnce(page: Page): Promise<void> {
  const { events, contacts, enrolments, identities } = await readRows(page, [
    'events',
    'contacts',
    'enrolments',
    'identities'
  ]);
  const told = events.flatMap(({ dedupeKey }) => (dedupeKey?.startsWith('tracker:') ? dedupeKey : []));
  expect([told.length, new Set(told).size]).toEqual([EVENTS, EVENTS]);
  expect(events.filter(({ contactId, unmatched }) => contactId === null || unmatched !== undefined)).toEqual([]);
  expect(contacts.filter(({ listIds }) => listIds.includes('l1'))).toHaveLength(VISITORS);
  expect(enrolments).toHaveLength(VISITORS);
  expect(identities.filter(({ kind }) => kind === 'visitor')).toHaveLength(VISITORS);
}

test.describe.configure({ mode: 'default' });

for (const [name, kills] of [
  [`${EVENTS} events that waited in the inbox are taken in, matched and let go`, 0],
  ['killed between taking in and letting go, again and again, it loses none and counts none twice', KILLS]
] as const)
  test(name, async () => {
    test.setTimeout(240_000);
    const folder = await mkdtemp(join(tmpdir(), 'inbox-'));
    const site = await serveSite({ folder: 'build' });
    const relay = await startRelay();
    try {
      const first = await startBrowser(folder);
      await prepare(await first.context.newPage(), site.url, relay);
      await first.kill();
      await leaveVisits(relay, EVENTS, VISITORS);
      expect(await waiting(relay)).toBe(EVENTS);
      let atWork = 0;
      for (let times = 0; times < kills; times++) {
        const browser = await startBrowser(folder);
        await (await browser.context.newPage()).goto(site.url, { waitUntil: 'commit' });
        const before = await waiting(relay);
        // A first page is committed here and acknowledged there: then at any moment of the next.
        if (times % 2 === 1) await expect.poll(() => waiting(relay), { intervals: [20] }).toBeLessThan(before);
        await pause(300 + Math.random() * 1_000);
        await browser.kill();
        if ((await waiting(relay)) > 0) atWork++;
        else break;
      }
      if (kills > 0) expect(atWork).toBeGreaterThan(1);
      const last = await startBrowser(folder);
      const page = await last.context.newPage();
      const from = Date.now();
      await page.goto(`${site.url}/settings/relay`);
      if (kills === 0) await expect(page.getByText(/Lecture.*faits relevés/)).toBeVisible({ timeout: 20_000 });
      await expect.poll(() => waiting(relay), { timeout: 60_000, intervals: [100] }).toBe(0);
      console.log(`${kills} kills; ${EVENTS} events: let go ${Date.now() - from} ms after the app was opened`);
      await expectAllOnce(page);
      await last.kill();
    } finally {
      await relay.stop();
      await site.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
