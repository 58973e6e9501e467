import type { Page } from '@playwright/test';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';

test.use({ hand: 'keyboard', viewport: { width: 1440, height: 900 }, actionTimeout: 10_000 });

async function add(page: Page, kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Ajouter un bloc' }).click();
  await page.getByRole('dialog', { name: 'Ajouter un bloc' }).getByRole('button', { name: kind, exact: true }).click();
}

test('an email is written: blocks, columns, a placeholder; previewed and kept', async ({ page }) => {
  await page.goto('/messages/new');
  await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Lettre');
  await page.getByRole('textbox', { name: 'Objet' }).fill('Bonjour ');
  await page.getByRole('button', { name: 'Personnaliser' }).first().click();
  const picker = page.getByRole('dialog', { name: 'Personnaliser' });
  await picker.getByRole('combobox').selectOption({ label: 'Prénom' });
  await picker.getByRole('textbox', { name: 'Si la valeur manque' }).fill('vous');
  await picker.getByRole('button', { name: 'Insérer' }).click();
  await expect(page.getByRole('textbox', { name: 'Objet' })).toHaveValue(
    "Bonjour {{ contact.FIRSTNAME | default: 'vous' }}"
  );

  const kinds = ['Bouton', 'Trait', 'Espace', 'Réseaux', 'Produits', 'HTML', 'Image', 'Texte', 'Colonnes'];
  for (const kind of kinds) await add(page, kind);
  const blocks = page.getByRole('list', { name: 'Blocs' });
  for (const kind of kinds)
    await expect(blocks.getByRole('button', { name: kind, exact: false }).first()).toBeAttached();
  await blocks.getByRole('list', { name: 'Colonne 2' }).getByRole('button', { name: 'Insérer un bloc ici' }).click();
  const inColumn = page.getByRole('dialog', { name: 'Ajouter un bloc' });
  await expect(inColumn.getByRole('button', { name: 'Colonnes' })).toHaveCount(0);
  await inColumn.getByRole('button', { name: 'Titre', exact: true }).click();
  await page.getByRole('textbox', { name: 'Titre' }).fill('Dans la colonne');
  await expect(blocks.getByRole('list', { name: 'Colonne 2' })).toContainText('Dans la colonne');

  await page.getByRole('button', { name: 'Un bouton ne mène nulle part.' }).click();
  await page.getByRole('textbox', { name: 'Adresse du lien' }).fill('https://a.fr');
  await expect(page.getByRole('button', { name: 'Un bouton ne mène nulle part.' })).toHaveCount(0);

  await page.getByText('Prévisualiser', { exact: true }).click();
  const message = page.frameLocator('iframe');
  await expect(message.getByText('Dans la colonne')).toBeVisible();
  await page.getByText('Sombre', { exact: true }).click();
  await expect(message.locator('body')).toHaveCSS('background-color', 'rgb(20, 20, 23)');
  await page.getByText('Version texte', { exact: true }).click();
  await expect(page.getByText('Lire la suite (https://a.fr)')).toBeVisible();

  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { name: 'Lettre', level: 1 })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('list', { name: 'Colonne 2' })).toContainText('Dans la colonne');
});

test('by the keys of the canvas blocks are moved, removed, and all of it is undone', async ({ page }) => {
  await page.goto('/messages/new');
  const heading = page.getByRole('button', { name: /^Titre\s:/ });
  await heading.focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByText(/^Titre\s: déplacé en position 2 sur 2$/)).toBeAttached();
  await expect(heading).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(heading).toHaveCount(0);
  const text = page.getByRole('button', { name: /^Texte\s:/ });
  await expect(text).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Blocs' }).getByRole('textbox', { name: 'Texte' })).toBeFocused();
  await page.keyboard.type('Écrit au clavier. ');
  await expect(page.getByRole('button', { name: /^Texte\s: .*Écrit au clavier/ })).toBeAttached();
  for (let times = 0; times < 3; times++) await page.keyboard.press('Control+z');
  const first = page.getByRole('list', { name: 'Blocs' }).getByRole('listitem').first();
  await expect(first).toContainText('Bonjour');
  await page.keyboard.press('Control+Shift+z');
  await expect(first).toContainText('Merci');
});

test('axe finds nothing', { tag: '@accessibility' }, async ({ page }) => {
  await page.goto('/messages/new');
  await add(page, 'Colonnes');
  await add(page, 'Réseaux');
  await add(page, 'Image');
  await expectAccessibleOnBoth(page, 'iframe');
  await page.getByText('Prévisualiser', { exact: true }).click();
  await expect(page.frameLocator('iframe').locator('body')).toBeVisible();
  await expectAccessibleOnBoth(page, 'iframe');
});
