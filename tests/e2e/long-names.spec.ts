import type { Page } from '@playwright/test';
import { expect, test } from './harness';
import { hostileWorkspace } from './hostile-workspace';
import { restore } from './screens';

/** As somebody names things who has more to say than a screen is wide, in a language that joins its words. */
const LONG = 'Donaudampfschifffahrtsgesellschaftskapitän, Automatisierungsbenachrichtigungseinstellungen: ';

const PATHS = [
  '/',
  '/attention',
  '/automations',
  '/automations/a1',
  '/automations/a2/journeys',
  '/automations/a2/statistics',
  '/contacts/c1',
  '/companies',
  '/deals',
  '/events',
  '/forms',
  '/lists',
  '/loyalty',
  '/messages',
  '/messages/m1',
  '/outbox?status=uncertain',
  '/segments',
  '/segments/g1',
  '/settings/attributes',
  '/settings/pipelines',
  '/settings/providers',
  '/settings/senders',
  '/settings/users',
  '/tasks'
];

/** What stands there once all of a screen does. */
const LAST: Readonly<Record<string, string>> = {
  '/': 'einstellungen: compte',
  '/contacts/c1': 'einstellungen: attribut prénom'
};

/** What is written beyond its own box, though nothing cuts it off. */
function spilt(): string[] {
  return [...document.querySelectorAll<HTMLElement>('main *')]
    .filter((element) => {
      const { overflowX, display } = getComputedStyle(element);
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim()
      );
      return (
        hasText && display !== 'inline' && overflowX === 'visible' && element.scrollWidth > element.clientWidth + 1
      );
    })
    .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.innerText.slice(0, 80)}`);
}

async function lookAt(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  await expect(page.getByRole('main')).toContainText(LAST[path] ?? 'Donaudampf');
  await page.evaluate(() => document.fonts.ready);
  const [found, beyond] = await Promise.all([
    page.evaluate(spilt),
    page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  ]);
  return [...found, ...(beyond > 0 ? [`${beyond} px wider than the screen`] : [])].map((one) => `${path} ${one}`);
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 }
])
  test(`long names stay within their place, ${viewport.width} px wide`, async ({ page }) => {
    await page.setViewportSize(viewport);
    const text = JSON.stringify(hostileWorkspace()).replace(/<img src=x .*?<\\?\/script> /g, LONG);
    await restore(page, JSON.parse(text));
    const found: string[] = [];
    for (const path of PATHS) found.push(...(await lookAt(page, path)));
    expect(found).toEqual([]);
  });
