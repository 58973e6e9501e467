import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ hand: 'keyboard', viewport: { width: 1440, height: 900 } });

/** An automation that lets in by this trigger, and then waits a day. */
async function publish(page: Page, name: string, trigger: string): Promise<void> {
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await expect(page.getByRole('button', { name: /^Ajouter un déclencheur/ })).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type(trigger);
  await page.keyboard.press('Enter');
  const cards = page.locator('[data-card]');
  await expect(cards).toHaveCount(1);
  await cards.first().focus();
  await page.keyboard.press('a');
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('delai');
  await page.keyboard.press('Enter');
  await expect(cards).toHaveCount(2);
  const title = page.getByRole('textbox', { name: 'Nom de l’automatisation' });
  await title.fill(name);
  await title.blur();
  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText('Active · version 1')).toBeVisible();
}

test('a sign-up at the kiosk starts an automation; what is noted then earns points, a tier and another one', async ({
  page
}) => {
  test.setTimeout(180_000);

  await test.step('a programme: a hundred points for a purchase, gold from a hundred', async () => {
    await page.goto('/loyalty');
    await page.getByRole('button', { name: 'Nouveau programme' }).first().click();
    await page.getByRole('textbox', { name: 'Nom du programme' }).fill('Le cercle');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Le cercle' })).toBeVisible();
    await page.getByRole('button', { name: 'Ajouter une règle' }).click();
    const rule = page.getByRole('dialog', { name: 'Règle' });
    await rule.getByRole('textbox', { name: 'Nom de la règle' }).fill('Achat au stand');
    await rule.getByRole('textbox', { name: 'Points gagnés' }).fill('100');
    await expectAccessible(page, tooltip);
    await rule.getByRole('button', { name: 'Garder' }).click();
    await expect(rule).toBeHidden();
    await page.getByRole('button', { name: 'Ajouter un palier' }).click();
    await page.getByRole('textbox', { name: 'Nom du palier' }).fill('Or');
    await expectAccessible(page, tooltip);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await expect(page.getByText('Le programme est enregistré.')).toBeVisible();
  });

  await test.step('a form, with a question put first by keyboard', async () => {
    await page.goto('/forms');
    await page.getByRole('button', { name: 'Nouveau formulaire' }).first().click();
    await page.getByRole('textbox', { name: 'Nom' }).fill('Le stand');
    await page.getByRole('dialog').getByRole('button', { name: 'Nouveau formulaire' }).click();
    await page.getByRole('button', { name: 'Ajouter une question' }).click();
    await page.getByRole('menuitem', { name: 'Prénom' }).click();
    await page.getByRole('button', { name: 'Déplacer Prénom' }).press('ArrowUp');
    await expect(page.getByRole('status').filter({ hasText: 'place 1 sur 2' })).toBeAttached();
    await expectAccessible(page, tooltip);
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
    await expect(page.getByText('Le formulaire est enregistré.')).toBeVisible();
  });

  await publish(page, 'Merci du stand', 'formulaire');
  await publish(page, 'Bienvenue en or', 'palier');

  await test.step('somebody signs up at the kiosk: what is missing is said, markup is text, and back is no way out', async () => {
    await page.goto('/forms');
    await page.getByRole('link', { name: 'Le stand' }).click();
    await page.getByRole('link', { name: 'Mode kiosque' }).click();
    await expect(page.getByRole('heading', { name: 'Restons en contact' })).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await page.getByRole('button', { name: 'M’inscrire' }).click();
    await expect(page.getByText('Répondez à cette question.')).toBeVisible();
    await expectAccessible(page, tooltip);
    await page.getByRole('textbox', { name: 'Adresse email' }).fill('zoe@exemple.fr');
    await page.getByRole('textbox', { name: 'Prénom' }).fill('Zoé <b>');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'M’inscrire' }).click();
    await expect(page.getByRole('heading', { name: /^Merci/ })).toBeVisible();
    await page.getByRole('button', { name: 'Personne suivante' }).click();
    await expect(page.getByRole('textbox', { name: 'Prénom' })).toHaveValue('');
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Restons en contact' })).toBeVisible();
    const leave = page.getByRole('button', { name: 'Maintenir pour quitter' });
    await leave.click();
    await expect(page.getByRole('heading', { name: 'Restons en contact' })).toBeVisible();
    await leave.click({ delay: 2_000 });
    await expect(page.getByRole('heading', { name: 'Le stand' })).toBeVisible();
  });

  await test.step('the contact is there and has entered', async () => {
    await page.getByRole('link', { name: 'Réponses' }).click();
    await page.getByRole('link', { name: 'Zoé <b>' }).click();
    await page.getByRole('link', { name: 'Parcours' }).click();
    await expect(page.getByText('Merci du stand')).toBeVisible();
    await expect(page.getByText('Bienvenue en or')).toBeHidden();
  });

  await test.step('a purchase that is noted earns points, a tier, and lets in', async () => {
    await page.getByRole('button', { name: 'Noter un événement' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Nom de l’événement' }).fill('achat');
    await page.getByRole('dialog').getByRole('button', { name: 'Noter' }).click();
    await expect(page.getByText('Bienvenue en or')).toBeVisible();
    await page
      .getByRole('navigation', { name: /contact/i })
      .getByRole('link', { name: 'Fidélité' })
      .click();
    await expect(page.getByRole('definition').filter({ hasText: /^\s*100\s*$/ })).toBeVisible();
    await expect(page.getByText('Or', { exact: true })).toBeVisible();
    await expect(page.getByText('Achat au stand')).toBeVisible();
    await expectAccessible(page, tooltip);
  });

  await test.step('more than there is cannot be redeemed', async () => {
    await page.getByRole('button', { name: 'Donner ou utiliser des points' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Utiliser', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Points' }).fill('101');
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(dialog.getByText(/Le solde est de 100/)).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Points' }).fill('40');
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('definition').filter({ hasText: /^\s*60\s*$/ })).toBeVisible();
  });
});
