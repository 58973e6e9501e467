import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, testWithOwnSite as test } from './harness';
import { routes } from './routes';

test.use({ serviceWorkers: 'allow' });

async function visit(page: Page): Promise<void> {
  await page.goto('/');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    }
  });
}

/** Another build, as far as the browser can tell. */
async function publishNewVersion(folder: string): Promise<void> {
  const path = join(folder, 'service-worker.js');
  await writeFile(path, `${await readFile(path, 'utf8')}\n// a newer version\n`);
}

test('after one visit every route opens without a network', async ({ page, person }) => {
  await visit(page);
  await person.context.setOffline(true);
  for (const route of routes) {
    const answer = await page.goto(route);
    expect(answer?.status(), route).toBe(200);
    expect(answer?.fromServiceWorker(), route).toBe(true);
    // The script has run: SvelteKit announces routes to screen readers once it has started.
    await expect(page.locator('body > div > *').first(), route).toBeAttached();
    expect(await page.evaluate(() => Object.keys(globalThis).some((key) => key.startsWith('__sveltekit'))), route).toBe(
      true
    );
  }
});

test('it opens without a network after the browser was closed', async ({ page, person }) => {
  await visit(page);
  const again = await person.reopen();
  await person.context.setOffline(true);
  expect((await again.goto('/'))?.fromServiceWorker()).toBe(true);
});

test('a newer version waits until it is accepted, and the page is not reloaded', async ({ page, siteFolder }) => {
  await visit(page);
  await page.evaluate(() => Object.assign(globalThis, { typed: 'half a sentence' }));
  await publishNewVersion(siteFolder);

  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    await new Promise<void>((resolve) => {
      const look = () => (registration.waiting ? resolve() : setTimeout(look, 50));
      look();
    });
  });
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => (globalThis as unknown as { typed?: string }).typed)).toBe('half a sentence');

  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    registration.waiting?.postMessage('SKIP_WAITING');
    await taken;
  });
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.state)).toMatch(/activat/);
});
