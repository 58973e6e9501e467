import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';

test.use({ hand: 'keyboard', viewport: { width: 1440, height: 900 }, actionTimeout: 10_000 });

test('another accent is the colour of the button in an email that was there before', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Voir un exemple' }).click();
  await page.getByRole('link', { name: 'Messages' }).click();
  await page.getByRole('link', { name: 'Bienvenue' }).click();
  await page.getByRole('link', { name: 'Modifier la marque' }).click();
  const preview = page.getByRole('region', { name: 'Aperçu' }).frameLocator('iframe');
  await page.getByRole('textbox', { name: 'Boutons et liens', exact: true }).fill('#1f6f8b');
  await page.getByRole('textbox', { name: 'Nom', exact: true }).fill('Atelier Léa');
  await page.getByRole('textbox', { name: 'Adresse et mentions' }).fill('3 rue des Lices, 44000 Nantes');
  await expect(preview.getByRole('link', { name: 'Lire la suite' })).toHaveCSS('background-color', 'rgb(31, 111, 139)');
  await expect(preview.getByText('3 rue des Lices, 44000 Nantes')).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Marque enregistrée. 1 email mis à jour.')).toBeVisible();

  await page.goBack();
  await page.getByText('Prévisualiser', { exact: true }).click();
  const message = page.frameLocator('iframe');
  await expect(message.getByText('Atelier Léa')).toBeVisible();
  const button = message.getByRole('link', { name: 'Lire les trois lettres' });
  await expect(button).toHaveCSS('background-color', 'rgb(31, 111, 139)');
});

test('the message that leaves has the new colours too, though nobody has opened its template', async ({
  page,
  person
}) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Voir un exemple' }).click();
  await expect(page.getByRole('button', { name: 'Voir un exemple' })).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('marque');
  await page.getByRole('option', { name: 'Modifier la marque de vos emails' }).click();
  await page.getByRole('button', { name: 'Forêt' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Marque enregistrée. 1 email mis à jour.')).toBeVisible();
  await page.getByRole('link', { name: 'Boîte d’essai' }).click();
  await expect(page.locator('iframe')).toHaveCount(0);
  await person.advanceClock(90_000);
  await page.getByRole('list', { name: 'Boîte d’essai' }).getByRole('link').first().click();
  const button = page.frameLocator('iframe').getByRole('link', { name: 'Lire les trois lettres' });
  await expect(button).toHaveCSS('background-color', 'rgb(47, 107, 63)');
});

test('axe finds nothing', { tag: '@accessibility' }, async ({ page }) => {
  await page.goto('/settings/brand');
  await page.getByRole('textbox', { name: 'Texte', exact: true }).fill('#c0c0c0');
  await page.getByRole('button', { name: 'Ajouter un réseau' }).click();
  await expect(page.getByRole('button', { name: 'Choisir une teinte lisible' })).toBeVisible();
  await expect(page.frameLocator('iframe').getByRole('heading').first()).toBeVisible();
  await expectAccessibleOnBoth(page, 'iframe');
});
