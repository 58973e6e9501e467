import type { Page } from '@playwright/test';
import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { addByDialog } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

/** Asks the search, as one who never takes the hands off the keyboard. */
async function ask(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Chercher ou faire' })).toBeFocused();
  await page.keyboard.type(words);
}

test('everything is found and done from the keyboard: a contact, a screen, an action, the help; and what was found is recent', async ({
  page,
  complaints
}) => {
  await addByDialog(page, '/contacts', 'Ajouter', { Email: 'zoé.lefèvre@exemple.fr', Prénom: 'Zoé' });
  await addByDialog(page, '/lists', 'Nouvelle liste', { Nom: 'Ateliers d’été' });

  await test.step('a contact, by part of the address, without accents', async () => {
    await ask(page, 'lefevre');
    await expect(page.getByRole('option', { name: /Zoé zoé\.lefèvre@exemple\.fr/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/contacts\/[^/?]+$/);
    await expect(page.getByRole('heading', { name: 'Zoé' })).toBeVisible();
  });

  await test.step('a list, then an action: its form is open and the address is the screen’s own', async () => {
    await ask(page, 'ateliers');
    await page.getByRole('option', { name: /Ateliers d’été Liste/ }).click();
    await expect(page).toHaveURL(/\/contacts\?list=/);
    await ask(page, 'tache');
    await page.getByRole('option', { name: 'Ajouter une tâche' }).click();
    await expect(page.getByRole('dialog', { name: 'Nouvelle tâche' })).toBeVisible();
    await expect(page).toHaveURL(/\/tasks$/);
    await page.keyboard.press('Escape');
  });

  await test.step('help for a unit, opened where it is', async () => {
    await ask(page, 'anniversaire de l');
    await page.getByRole('option', { name: /Anniversaire de l’adhésion/ }).click();
    await expect(page.locator('details[open]')).toContainText('Anniversaire de l’adhésion');
  });

  await test.step('what was opened is offered again; focus comes back; nothing is found for nonsense', async () => {
    const link = page.getByRole('navigation').getByRole('link', { name: 'Contacts' });
    await link.focus();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('group', { name: 'Récents' }).getByRole('option').first()).toContainText(
      'Ateliers d’été'
    );
    expect((await axeOf(page).analyze()).violations).toEqual([]);
    await page.keyboard.type('xyzzy');
    await expect(page.getByText('Rien ne correspond à')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(link).toBeFocused();
  });

  await test.step('a deleted contact is no longer found', async () => {
    await ask(page, 'lefevre');
    await page.getByRole('option', { name: /Zoé zoé/ }).click();
    await page.getByRole('button', { name: 'Plus d’actions' }).first().click();
    await page.getByRole('menuitem', { name: /Supprimer/ }).click();
    await expect(page.getByRole('region', { name: 'Messages de l’application' })).toContainText('Annuler');
    await ask(page, 'lefevre');
    await expect(page.getByText('Rien ne correspond à')).toBeVisible();
    await page.keyboard.press('Escape');
  });
  expect(complaints.unexpected).toEqual([]);
});

test('where the network goes before the search was ever opened, that is said', async ({ page, complaints }) => {
  await page.goto('/contacts');
  await expect(page.getByRole('heading', { name: 'Contacts' })).toBeVisible();
  complaints.expect(/ERR_FAILED|dynamically imported|^error: $/);
  await page.route('**/_app/immutable/**', (route) => route.abort());
  await page.keyboard.press('Control+k');
  await expect(page.getByText('Une partie de l’application n’a pas pu être chargée.')).toBeVisible();
  await page.unroute('**/_app/immutable/**');
  await page.getByRole('button', { name: 'Recharger' }).click();
  await expect(page.getByRole('heading', { name: 'Contacts' })).toBeVisible();
  await ask(page, 'tache');
  await expect(page.getByRole('option', { name: 'Ajouter une tâche' })).toBeVisible();
});
