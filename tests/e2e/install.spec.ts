import type { Page } from '@playwright/test';
import { expect, test } from './harness';
import { hostileWorkspace } from './hostile-workspace';
import { restore } from './screens';

interface Icon {
  src: string;
  sizes: string;
  type: string;
  purpose: string;
}
interface Manifest {
  name: string;
  short_name: string;
  start_url: string;
  id: string;
  scope: string;
  display: string;
  background_color: string;
  theme_color: string;
  icons: Icon[];
  shortcuts: { name: string; url: string; icons: Icon[] }[];
  screenshots: (Icon & { form_factor: 'wide' | 'narrow'; label: string })[];
  share_target: { action: string; method: string; params: { files: { name: string; accept: string[] }[] } };
  file_handlers: { action: string; accept: Record<string, string[]> }[];
}

test.describe('the app can be installed', () => {
  test.use({ serviceWorkers: 'allow', wholeBrowser: true });

  test('Chromium finds nothing against it', async ({ page, person }) => {
    await page.goto('/');
    const session = await person.context.newCDPSession(page);
    const { errors } = await session.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A profile driven by a test counts as private in some versions; that says nothing about the app.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  });
});

test('its manifest names icons that exist in the size they claim', async ({ page, site }) => {
  await page.goto('/');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await fetch(site.url + String(href))).json()) as Manifest;
  expect(manifest).toMatchObject({ name: 'Ricochet', id: '/', start_url: '/', scope: '/', display: 'standalone' });
  expect(manifest.background_color).toMatch(/^#[0-9a-f]{6}$/);

  expect(manifest.share_target).toMatchObject({ action: '/share', method: 'POST' });
  expect(manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat())).toEqual([
    '.csv',
    '.vcf',
    '.json'
  ]);
  for (const factor of ['wide', 'narrow'])
    expect(manifest.screenshots.some(({ form_factor, label }) => form_factor === factor && label !== '')).toBe(true);

  const icons = [
    ...manifest.icons,
    ...manifest.screenshots,
    ...manifest.shortcuts.flatMap((shortcut) => shortcut.icons)
  ];
  for (const { src, sizes, type } of icons) {
    expect((await fetch(site.url + src)).headers.get('content-type'), src).toBe(type);
    if (sizes === 'any') continue;
    const size = await page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    expect(size, src).toBe(sizes);
  }
  const has = (size: string, purpose: string) =>
    manifest.icons.some((icon) => icon.sizes === size && icon.purpose.split(' ').includes(purpose));
  for (const size of ['192x192', '512x512']) {
    expect(has(size, 'any')).toBe(true);
    expect(has(size, 'maskable')).toBe(true);
  }
});

/** What the app asks of the system, noted: a browser without a desktop does neither. */
interface Asked {
  badge: number | null;
  timesToKeep: number;
}

async function noteWhatIsAsked(page: Page): Promise<() => Promise<Asked>> {
  await page.addInitScript(() => {
    const asked: Asked = { badge: null, timesToKeep: 0 };
    const put = (target: object, name: string, value: (...given: never[]) => unknown) =>
      Object.defineProperty(target, name, { value });
    put(navigator, 'setAppBadge', (count: number) => Promise.resolve(void (asked.badge = count)));
    put(navigator, 'clearAppBadge', () => Promise.resolve(void (asked.badge = 0)));
    put(navigator.storage, 'persist', () => Promise.resolve(++asked.timesToKeep > 0));
    Object.assign(globalThis, { asked });
  });
  return () => page.evaluate(() => (globalThis as unknown as { asked: Asked }).asked);
}

test('the icon counts what waits for a decision', async ({ page }) => {
  const asked = await noteWhatIsAsked(page);
  await page.goto('/');
  await expect.poll(async () => (await asked()).badge).toBe(0);
  await restore(page, hostileWorkspace());
  await page.goto('/');
  await expect.poll(async () => (await asked()).badge).toBe(1);
});

test('the browser is asked to keep the data once there is something to lose, not before', async ({ page }) => {
  const asked = await noteWhatIsAsked(page);
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await page.getByRole('row', { name: /Camille Durand/ }).waitFor();
  await page.goto('/automations');
  await page.getByRole('link', { name: /^Bienvenue/ }).click();
  await page.getByRole('button', { name: 'Publier' }).click();
  expect((await asked()).timesToKeep).toBe(0);
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText(/Active · version 2/)).toBeVisible();
  await expect.poll(async () => (await asked()).timesToKeep).toBe(1);
});
