import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility';
import { expect } from './harness';
import { SECRET, test } from './relay-harness';
import { connectRelay } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

/** At a person's pace: whoever fills in a form at once is taken for a program. */
async function sign(page: Page, email: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Adresse email' }).pressSequentially(email, { delay: 100 });
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'M’inscrire' }).click();
}

test('a form on the web: its own page, and the same on a site, make contacts of those who fill it in; taken away, it is gone', async ({
  page,
  person,
  relay,
  visitor,
  complaints
}) => {
  test.setTimeout(180_000);
  // What stands for somebody's site has none, and some browsers ask.
  complaints.expect(/favicon\.ico/);
  await page.goto('/forms');
  await page.getByRole('button', { name: 'Nouveau formulaire' }).first().click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Nom' }).fill('Lettre');
  await page.getByRole('dialog').getByRole('button', { name: 'Nouveau formulaire' }).click();
  await page.getByRole('link', { name: 'Partager' }).click();
  await expect(page.getByText('Il faut un relais')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Connecter mon relais' }).click();
  await connectRelay(page, relay.url, SECRET);

  await page.getByRole('link', { name: 'Formulaires' }).click();
  await page.getByRole('link', { name: 'Lettre' }).click();
  await page.getByRole('link', { name: 'Partager' }).click();
  await page.getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText('La page du formulaire', { exact: true })).toBeVisible();
  await expectAccessible(page);
  const codes = await page.locator('dd pre, dd code').allTextContents();
  const address = codes.find((code) => code.startsWith(relay.url)) ?? '';
  const withScript = codes.at(-1) ?? '';
  await expect.poll(async () => (await fetch(address)).status).toBe(200);

  await test.step('on its page', async () => {
    await visitor.goto(address);
    await expect(visitor.getByRole('heading', { name: 'Restons en contact' })).toBeVisible();
    await expectAccessible(visitor);
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await visitor.getByRole('button', { name: 'M’inscrire' }).click();
    await sign(visitor, 'ines@exemple.fr');
    await expect(visitor.getByText('Merci, à bientôt dans votre boîte.')).toBeVisible();
    await expectAccessible(visitor);
  });

  await test.step('on a site, which is not left', async () => {
    await visitor.goto(`${relay.url}/`);
    await visitor.setContent(`<!doctype html><html lang="fr"><title>Atelier</title><h1>Atelier</h1>${withScript}`);
    await sign(visitor, 'hugo@exemple.fr');
    await expect(visitor.getByText('Merci, à bientôt dans votre boîte.')).toBeVisible();
    await expect(visitor.getByRole('heading', { name: 'Atelier' })).toBeVisible();
  });

  await test.step('both are contacts', async () => {
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await person.advanceUntil(async () => {
      await expect(page.getByRole('row', { name: /ines@exemple/ })).toBeVisible();
      await expect(page.getByRole('row', { name: /hugo@exemple/ })).toBeVisible();
    });
  });

  await test.step('taken away', async () => {
    await page.getByRole('link', { name: 'Formulaires' }).click();
    await page.getByRole('link', { name: 'Lettre' }).click();
    await page.getByRole('link', { name: 'Partager' }).click();
    await page.getByRole('button', { name: 'Retirer du web' }).click();
    await expect.poll(async () => (await fetch(address)).status).toBe(404);
  });
});
