import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { GALLERY_IDS } from './gallery-ids';
import { expect, test } from './harness';

const FONT = readFileSync(
  'node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2'
).toString('base64');
/** One typeface for all machines, which have different ones by the same names. */
const STYLE = `@font-face { font-family: Same; src: url(data:font/woff2;base64,${FONT}); font-weight: 400 700; }
* { font-family: Same !important; }`;

// At half size the pictures are small, and one machine draws letters much as another; the browser without a window does not.
test.use({
  wholeBrowser: true,
  viewport: { width: 1280, height: 900 },
  deviceScaleFactor: 0.5,
  actionTimeout: 15_000
});
test.setTimeout(GALLERY_IDS.length * 30_000);

for (const locale of ['fr-FR', 'en-GB']) {
  test.describe(locale, () => {
    test.use({ locale });
    test('the emails of each ready automation are as they were looked at, and fit a computer and a phone', async ({
      page,
      context
    }) => {
      await page.goto('/automations/gallery');
      const shown: Awaited<ReturnType<typeof ready>>[] = [];
      for (let at = 0; at < GALLERY_IDS.length; at++) shown.push(await ready(page, at));
      expect(shown.map(({ id }) => id).sort()).toEqual(GALLERY_IDS);
      // A page behind another draws one picture a second, and Playwright waits for two before it clicks.
      const reader = await context.newPage();
      for (const { id, emails } of shown) {
        expect(emails, id).not.toEqual([]);
        for (const [index, html] of emails.entries()) {
          const name = `${id}-${index + 1}-${locale.slice(0, 2)}`;
          await open(reader, html);
          await show(reader, 375);
          expect.soft(await overflow(reader), `${name} on a phone`).toEqual([]);
          await show(reader, 600);
          expect.soft(await overflow(reader), `${name} on a computer`).toEqual([]);
          await expect.soft(reader).toHaveScreenshot(`${name}.png`, { scale: 'device', maxDiffPixelRatio: 0.02 });
        }
      }
    });
  });
}

/** Which ready automation stands there in the gallery, and the emails that its drawer shows, as mail programs get them. */
async function ready(page: Page, at: number): Promise<{ id: string; emails: string[] }> {
  await page.getByRole('main').getByRole('listitem').nth(at).getByRole('button').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer.getByRole('heading').first()).toBeVisible({ timeout: 20_000 });
  await expect(drawer.getByRole('checkbox').or(drawer.locator('summary')).first()).toBeVisible();
  const emails: string[] = [];
  for (const summary of await drawer.locator('summary').all()) {
    await summary.click();
    const frame = drawer.locator('details[open] iframe').nth(emails.length);
    emails.push((await frame.getAttribute('srcdoc')) ?? '');
  }
  const id = new URL(page.url()).searchParams.get('model') ?? '';
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  return { id, emails };
}

async function open(reader: Page, html: string): Promise<void> {
  await reader.setContent(html);
  await reader.addStyleTag({ content: STYLE });
}

/** As wide as that, and as high as it is then. */
async function show(reader: Page, width: number): Promise<void> {
  await reader.setViewportSize({ width, height: 400 });
  await reader.evaluate(() => document.fonts.ready);
  const height = await reader.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height));
  await reader.setViewportSize({ width, height });
}

/** What reaches beyond the window, left or right. */
function overflow(reader: Page): Promise<string[]> {
  return reader.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls'] : [];
    const beyond = [...document.querySelectorAll('body *')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (left < -0.5 || right > innerWidth + 0.5) && getComputedStyle(element).display !== 'none';
    });
    return [...wide, ...beyond.map((element) => element.outerHTML.slice(0, 120))];
  });
}
