import { axeOf } from './accessibility';
import { expect, test } from './harness';

test.use({ hand: 'keyboard', locale: 'en-GB', viewport: { width: 1440, height: 900 } });

test('the help explains what happens while the app is closed, and leads to the screens that it speaks of', async ({
  page,
  complaints
}) => {
  await page.goto('/help');
  await test.step('/ goes to the search of the screen; a word of the text finds its guide', async () => {
    await page.getByRole('heading', { name: 'Help', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox', { name: 'Search the help' })).toBeFocused();
    await page.keyboard.type('asleep/ catches up');
    await expect(page.getByText('Nothing about that')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search the help' }).fill('catches up');
    const guides = page.getByRole('region', { name: 'How it works' }).getByRole('link');
    await expect(guides).toHaveCount(1);
    await expect(page).toHaveURL(/\?search=catches\+up$/);
    await page.reload();
    await expect(page.getByRole('searchbox', { name: 'Search the help' })).toHaveValue('catches up');
    await guides.first().click();
  });

  await test.step('the guide, its parts, and what to read next', async () => {
    await expect(page).toHaveURL(/\/help\/closed$/);
    await expect(page.getByRole('heading', { name: 'While the app is closed', level: 1 })).toBeVisible();
    await expect(page.getByText('First it reads what happened at your services.')).toBeVisible();
    await page
      .getByRole('complementary')
      .getByRole('link', { name: /Connect a provider/ })
      .click();
    await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Your keys' }).click();
    await expect(page.getByRole('heading', { name: 'Your keys' })).toBeInViewport();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await axeOf(page).analyze()).violations).toEqual([]);
    }
    await page.getByRole('link', { name: 'Go to “Keys and security”' }).click();
    await expect(page).toHaveURL(/\/settings\/security$/);
  });

  await test.step('from everywhere by the command palette, and / opens it where a screen has no search', async () => {
    await page.keyboard.press('/');
    await page.getByRole('combobox').fill('in doubt');
    await page.getByRole('option', { name: /When a message does not leave/ }).click();
    await expect(page.getByRole('heading', { name: 'Messages in doubt' })).toBeVisible();
  });
  expect(complaints.seen).toEqual([]);
});
