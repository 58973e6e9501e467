import type { Page } from '@playwright/test';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { publish, tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

async function startWithExample(page: Page): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
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

test('the gallery and a model are accessible', { tag: '@accessibility' }, async ({ page }) => {
  await startWithExample(page);
  await page.goto('/automations/gallery');
  await expect(page.getByRole('button', { name: /Panier oublié/ })).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
  await page.goto('/automations/gallery?model=survey');
  await expect(page.getByRole('dialog').getByRole('heading', { name: 'Ce que cela ajoute' })).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
});
