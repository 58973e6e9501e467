import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './harness';
import { publish } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

async function startWithExample(page: Page): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
}

/** Without the tooltip of what has the focus: it belongs to no region of the page. */
async function violations(page: Page): Promise<unknown[]> {
  const found = await new AxeBuilder({ page }).exclude('[data-bits-floating-content-wrapper]').analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

test('an automation comes from the gallery with its emails, is simulated and published; undo takes another one back', async ({
  page
}) => {
  await startWithExample(page);
  await page.goto('/automations');
  await page.getByRole('link', { name: 'Depuis un modèle' }).click();
  await page.getByText('Vendre', { exact: true }).click();
  await expect(page.getByRole('button', { name: /Joyeux anniversaire/ })).toBeHidden();
  await expect(page).toHaveURL(/purpose=sell$/);
  await page.reload();
  await expect(page.getByRole('button', { name: /Panier oublié/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /Joyeux anniversaire/ })).toBeHidden();
  await page.getByText('Accueillir', { exact: true }).click();
  await page.getByRole('button', { name: /Bienvenue en trois lettres/ }).click();

  const drawer = page.getByRole('dialog', { name: 'Bienvenue en trois lettres' });
  await drawer.getByText('Bienvenue, voici par où commencer').click();
  const email = drawer.frameLocator('iframe');
  await expect(email.getByRole('heading', { name: 'Bienvenue parmi nous' })).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Adresse de votre site' }).fill('pas une adresse');
  await drawer.getByRole('button', { name: 'Créer l’automatisation' }).click();
  await expect(drawer.getByText('Il faut une adresse complète')).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Adresse de votre site' }).fill('https://atelier.example/');
  await drawer.getByRole('button', { name: 'Créer l’automatisation' }).click();

  await expect(page.getByText(/Bienvenue en trois lettres.+créée en brouillon/)).toBeVisible();
  await page.getByRole('link', { name: 'Simuler' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Simulation prête' })).toBeAttached();
  await page.getByRole('link', { name: 'Construire' }).click();
  await publish(page);
  await page.goto('/messages');
  await expect(page.getByText('Bienvenue 2 · Mon histoire')).toBeVisible();

  await page.goto('/automations/gallery?model=cart');
  await page.getByRole('textbox', { name: 'Adresse de votre site' }).fill('https://atelier.example');
  await page.getByRole('button', { name: 'Créer l’automatisation' }).click();
  await expect(page.getByText(/Panier oublié.+créée en brouillon/)).toBeVisible();
  // The editor's own undo has the same name.
  await page.getByText('Annuler', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Automatisations prêtes' })).toBeVisible();
  await page.goto('/messages');
  await expect(page.getByText('Bienvenue 2 · Mon histoire')).toBeVisible();
  await expect(page.getByText('Panier 1 · Une heure après')).toBeHidden();
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 }
  ])
    test(`the gallery and a model are accessible in ${colorScheme} at ${viewport.width} px`, async ({ page }, info) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await startWithExample(page);
      await page.goto('/automations/gallery');
      await expect(page.getByRole('button', { name: /Panier oublié/ })).toBeVisible();
      await page.screenshot({ path: info.outputPath('gallery.png') });
      expect(await violations(page)).toEqual([]);
      await page.goto('/automations/gallery?model=survey');
      await expect(page.getByRole('dialog').getByRole('heading', { name: 'Ce que cela ajoute' })).toBeVisible();
      await page.screenshot({ path: info.outputPath('model.png') });
      expect(await violations(page)).toEqual([]);
    });
