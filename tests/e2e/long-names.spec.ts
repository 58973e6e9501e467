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

const LAPTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

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
  await expect(page.getByRole('main')).toContainText(LAST[path] ?? 'Donaudampf');
  // What follows the width does so with the next frame.
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await page.evaluate(() => document.fonts.ready);
  const [found, beyond] = await Promise.all([
    page.evaluate(spilt),
    page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  ]);
  return [...found, ...(beyond > 0 ? [`${beyond} px wider than the screen`] : [])].map((one) => `${path} ${one}`);
}

test('long names stay within their place, on a laptop and on a phone', async ({ page }) => {
  const text = JSON.stringify(hostileWorkspace()).replace(/<img src=x .*?<\\?\/script> /g, LONG);
  await restore(page, JSON.parse(text));
  const found: string[] = [];
  let [now, then] = [LAPTOP, PHONE];
  for (const path of PATHS) {
    await page.setViewportSize(now);
    await page.goto(path);
    found.push(...(await lookAt(page, path)));
    await page.setViewportSize(then);
    found.push(...(await lookAt(page, path)));
    // Every second one is loaded on the phone.
    [now, then] = [then, now];
  }
  expect(found).toEqual([]);
});
