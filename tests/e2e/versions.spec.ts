import type { Page } from '@playwright/test';
import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { addUnit, panel, tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

/** Twelve contacts who wait in a delay of a day, before a list. */
async function twelveWaiting(page: Page): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await addUnit(page, 'Contact ajouté manuellement');
  await addUnit(page, 'Délai');
  await addUnit(page, 'Attendre qu’un événement se produise');
  await publish(page, 1);
  await page.goto('/contacts');
  await page.getByRole('checkbox', { name: 'Tout choisir' }).check();
  await page.getByRole('button', { name: 'Ajouter à une automatisation' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Automatisation sans nom' }).click();
  // A page that is left before that ends the worker that does it.
  await expect(page.getByText(/12 contacts ajoutés à «.Automatisation sans nom/)).toBeVisible();
  await page.goto('/automations');
  await page.getByRole('link', { name: 'Automatisation sans nom' }).click();
  await expect(card(page, 'Délai')).toContainText('12 attendent');
}

const card = (page: Page, name: string) => page.locator('[data-card]').filter({ hasText: name });

async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText(`Active · version ${version}`)).toBeVisible();
}

async function violations(page: Page): Promise<unknown[]> {
  const found = await axeOf(page).exclude(tooltip).analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

test('publishing over journeys under way: who goes where is told before; they go over; the versions stand side by side', async ({
  page
}) => {
  test.slow();
  await twelveWaiting(page);
  await card(page, 'Délai').click();
  await panel(page).getByRole('button', { name: 'Plus d’actions' }).click();
  await page.getByRole('menuitem', { name: 'Supprimer' }).first().click();
  await addUnit(page, 'Ajouter un contact à une liste');
  await panel(page)
    .getByRole('button', { name: /^Liste/ })
    .click();
  await page.getByRole('option').first().click();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Publier' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/^12 contacts/)).toBeVisible();
  await dialog.getByRole('radio', { name: 'Passent à la nouvelle version' }).check();
  await expect(dialog.getByRole('list', { name: 'Qui va où' })).toContainText(
    /12 contacts à l’étape retirée «.Délai.* continuent à «.Attendre qu’un événement/
  );
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('radio', { name: 'Passent, sauf si leur étape a été retirée' }).check();
  await expect(dialog.getByRole('list', { name: 'Qui va où' })).toContainText(/12 contacts à «.Délai.* quittent/);
  await dialog.getByRole('radio', { name: 'Passent à la nouvelle version' }).check();
  await dialog.getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText('Active · version 2')).toBeVisible();
  await expect(card(page, 'Attendre qu’un événement se produise')).toContainText('12 attendent');

  await page.getByRole('link', { name: 'Versions' }).click();
  const versions = page.getByRole('complementary', { name: 'Versions' });
  await expect(versions.getByRole('link', { name: /Version 2.*En vigueur.*12 dessus/ })).toBeVisible();
  await versions.getByRole('link', { name: /^Version 2/ }).click();
  await expect(card(page, 'Délai')).toContainText('Retiré');
  await expect(card(page, 'Ajouter un contact à une liste')).toContainText('Ajouté');
  const differences = page.getByRole('complementary', { name: 'Différences' });
  await expect(differences.getByRole('listitem').filter({ hasText: 'Retiré' })).toContainText('Délai');
  expect(await violations(page)).toEqual([]);

  await versions.getByRole('link', { name: /^Version 1/ }).click();
  await expect(page.locator('[data-card]')).toHaveCount(3);
  await page.getByRole('button', { name: 'Reprendre comme brouillon' }).click();
  await versions.getByRole('link', { name: /^Brouillon/ }).click();
  await expect(card(page, 'Délai')).toContainText('Ajouté');
  await page.getByRole('button', { name: 'Annuler' }).last().click();
  await expect(versions.getByRole('link', { name: /^Brouillon/ })).toContainText('Comme la version en vigueur');
});

test('a changed setting is told old and new; whoever stays behind is brought along later', async ({ page, person }) => {
  test.slow();
  await twelveWaiting(page);
  await card(page, 'Délai').click();
  await panel(page).getByRole('textbox', { name: 'Quantité' }).first().fill('5');
  await publish(page, 2);
  await expect(page.getByText('Enregistré')).toBeAttached();
  await page.getByRole('link', { name: 'Versions' }).click();
  const versions = page.getByRole('complementary', { name: 'Versions' });
  await expect(versions.getByRole('link', { name: /Version 1.*12 dessus/ })).toBeVisible();
  await versions.getByRole('link', { name: /^Version 2/ }).click();
  await card(page, 'Délai').click();
  const differences = page.getByRole('complementary', { name: 'Différences' });
  await expect(differences).toContainText('1 jour');
  await expect(differences).toContainText('5 jours');

  await versions.getByRole('button', { name: 'Changer leur version' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('list', { name: 'Qui va où' })).toContainText(/12 contacts à «.Délai.* y restent/);
  await dialog.getByRole('button', { name: 'Changer leur version' }).click();
  await expect(versions.getByRole('link', { name: /Version 2.*12 dessus/ })).toBeVisible();
  await person.advanceClock(2 * 86_400_000);
  await page.getByRole('link', { name: 'Parcours' }).click();
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page.getByRole('dialog')).toContainText('Passe à une autre version');
  await expect(page.getByRole('dialog')).toContainText('De la version 1 à la version 2');
});
