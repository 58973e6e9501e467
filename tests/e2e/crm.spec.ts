import type { Page } from '@playwright/test';
import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

/** When a deal changes stage, a task: call. */
async function publishFollowUp(page: Page): Promise<void> {
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await expect(page.getByRole('button', { name: /^Ajouter un déclencheur/ })).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('etape de l');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /mise à jour Tout changement/ }).focus();
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('creer une tache');
  await page.keyboard.press('Enter');
  const form = page.getByRole('complementary', { name: 'Créer une tâche' });
  await form.getByRole('button', { name: /^Type/ }).click();
  await page.getByRole('option', { name: 'Appel' }).click();
  await form.getByRole('textbox', { name: 'Titre' }).fill('Rappeler après le devis');
  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText('Active · version 1')).toBeVisible();
}

async function addContact(page: Page, name: string): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Ajouter à la main' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Prénom').fill(name);
  await drawer.getByLabel('Email').fill(`${name.toLowerCase()}@exemple.fr`);
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(drawer).toBeHidden();
}

async function addDeal(page: Page, name: string, contact: string): Promise<void> {
  await page.goto('/deals');
  await page.getByRole('button', { name: 'Nouvelle opportunité' }).click();
  const drawer = page.getByRole('dialog', { name: 'Nouvelle opportunité' });
  await drawer.getByLabel('Nom').fill(name);
  await drawer.getByRole('textbox', { name: 'Montant' }).fill('1200');
  await drawer.getByRole('button', { name: /^Contacts/ }).click();
  await page.getByRole('combobox', { name: 'Contacts' }).fill(contact);
  await page.getByRole('option', { name: new RegExp(contact) }).click();
  await page.keyboard.press('Escape');
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(drawer).toBeHidden();
}

async function nothingInaccessible(page: Page): Promise<void> {
  const { violations } = await axeOf(page).exclude(tooltip).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

test('a deal dragged to another stage starts an automation that creates a task, which is ticked', async ({
  page,
  hand
}) => {
  await publishFollowUp(page);
  await addContact(page, 'Camille');
  await addDeal(page, 'Atelier poterie', 'Camille');

  const column = (name: string) => page.getByRole('region', { name: new RegExp(`^${name}`) });
  const card = column('Nouveau').getByRole('link', { name: 'Atelier poterie' });
  await expect(card).toBeVisible();
  await expect(
    column('Nouveau')
      .getByText(/1\s200,00/)
      .first()
  ).toBeVisible();
  if (hand === 'mouse') {
    await card.hover();
    await page.mouse.down();
    await column('Proposition').hover();
    await column('Proposition').hover({ position: { x: 100, y: 150 } });
    await page.mouse.up();
  } else {
    await column('Nouveau').getByRole('button', { name: 'Actions pour Atelier poterie' }).click();
    await page.getByRole('menuitem', { name: 'Déplacer vers Proposition' }).click();
  }
  await expect(column('Proposition').getByRole('link', { name: 'Atelier poterie' })).toBeVisible();
  await expect(page.getByText('« Atelier poterie » est maintenant à l’étape Proposition.')).toBeVisible();
  await nothingInaccessible(page);

  // The same by keyboard: the first step's task is there once, since the automation lets nobody in twice.
  await column('Proposition').getByRole('button', { name: 'Actions pour Atelier poterie' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Déplacer vers Gagné' }).click();
  await expect(column('Gagné').getByRole('link', { name: 'Atelier poterie' })).toBeVisible();

  await column('Gagné').getByRole('link', { name: 'Atelier poterie' }).click();
  const drawer = page.getByRole('dialog', { name: 'Atelier poterie' });
  await expect(drawer.getByRole('button', { name: 'Rappeler après le devis', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();

  await page.goto('/tasks');
  await expect(page.getByRole('link', { name: 'Camille' })).toBeVisible();
  await page.getByRole('checkbox', { name: 'Terminer « Rappeler après le devis »' }).check();
  await expect(page.getByRole('heading', { name: 'Terminées' })).toBeVisible();
  await nothingInaccessible(page);
  await page.getByRole('link', { name: 'Camille' }).click();
  await expect(page.getByText('Tâche terminée').first()).toBeVisible();
  await expect(page.getByRole('link', { name: /Atelier poterie/ })).toBeVisible();
});

test('companies, users and pipelines are kept, and what is in use is not deleted', async ({ page }) => {
  await page.goto('/settings/users');
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Nom').fill('Léa');
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('button', { name: 'Léa', exact: true })).toBeVisible();
  await nothingInaccessible(page);

  await page.goto('/companies');
  await page.getByRole('button', { name: 'Nouvelle entreprise' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Nom').fill('Atelier du port');
  await drawer.getByRole('button', { name: /^Responsable/ }).click();
  await page.getByRole('option', { name: 'Léa' }).click();
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('link', { name: 'Atelier du port' }).click();
  await page.getByRole('dialog', { name: 'Atelier du port' }).getByRole('button', { name: 'Supprimer' }).click();
  await expect(page.getByRole('link', { name: 'Atelier du port' })).toBeHidden();
  const messages = page.getByRole('region', { name: 'Messages de l’application' });
  await messages.getByRole('button', { name: 'Annuler' }).click();
  await expect(page.getByRole('link', { name: 'Atelier du port' })).toBeVisible();
  await nothingInaccessible(page);

  await page.goto('/settings/pipelines');
  await page.getByRole('button', { name: 'Actions pour Ventes' }).click();
  await page.getByRole('menuitem', { name: 'Supprimer' }).click();
  await expect(page.getByText('C’est le dernier pipeline')).toBeVisible();
});
