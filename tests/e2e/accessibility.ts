import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Axe, of which only what is amiss is asked. Where there are no frames it looks at the page as one: else it opens a page of its own to
 * put together what it found in each, which takes twice as long.
 */
export function axeOf(page: Page): AxeBuilder {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  return page.frames().length > 1 ? axe : axe.setLegacyMode();
}

/**
 * What axe finds against WCAG 2.2 AA, or only in the contrast of texts, a line each. An email in its frame is somebody's content, not
 * the app's.
 */
export async function violations(page: Page, what: 'all' | 'contrast' | 'all but contrast' = 'all'): Promise<string[]> {
  const axe = axeOf(page).exclude('iframe').setLegacyMode();
  if (what === 'contrast') axe.withRules(['color-contrast']);
  else axe.withTags(WCAG_AA);
  if (what === 'all but contrast') axe.disableRules(['color-contrast']);
  const found = await axe.analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 200)}`)
  );
}

/** Nothing that axe knows, best practices among it, is amiss; `except`: selectors of what is not looked at. */
export async function expectAccessible(page: Page, ...except: string[]): Promise<void> {
  const axe = axeOf(page);
  for (const selector of except) axe.exclude(selector);
  const { violations: found } = await axe.analyze();
  expect(found.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** The same for a screen as it is now, in light on a laptop and in dark on a phone; it is light and as wide as before afterwards. */
export async function expectAccessibleOnBoth(page: Page, ...except: string[]): Promise<void> {
  const before = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await expectAccessible(page, ...except);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, ...except);
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}

/** By how much the page can be scrolled sideways, in px. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The size of text that a person has chosen for all pages, 16 px unless they have. */
export async function chooseTextSize(page: Page, pixels: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: pixels } });
  await session.detach();
}

/** Buttons, links, headings and labels whose words reach over their own box or the window, where nothing scrolls to them. */
export function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('button, a[href], h1, h2, h3, label, [role=tab]')) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      const scrolls = (side: 'X' | 'Y') => {
        for (let outer = element.parentElement; outer; outer = outer.parentElement)
          if (/auto|scroll/.test(getComputedStyle(outer)[`overflow${side}`])) return true;
        return false;
      };
      const text = document.createRange();
      text.selectNodeContents(element);
      const words = text.getBoundingClientRect();
      const isCut = getComputedStyle(element).overflowX === 'hidden' || element.querySelector('.truncate') !== null;
      const name = `${element.tagName.toLowerCase()} « ${(element.ariaLabel ?? element.textContent).trim().slice(0, 60)} »`;
      // The box of a line of text is a little higher than its glyphs.
      const spare = parseFloat(getComputedStyle(element).fontSize) / 2;
      if (!isCut && element.textContent.trim() && (words.width > box.width + 2 || words.height > box.height + spare))
        found.push(`${name}: ${words.width}×${words.height} in ${box.width}×${box.height}`);
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls('X'))
        found.push(`${name} reaches from ${box.left} to ${box.right} of ${innerWidth}`);
    }
    return found;
  });
}
