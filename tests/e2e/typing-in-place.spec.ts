import { axeOf } from './accessibility';
import { expect, test } from './harness';

test.use({ viewport: { width: 1440, height: 900 }, actionTimeout: 10_000 });

test('an email is typed where it is read: marks, a link, a list, a placeholder, what is pasted; all of it is undone', async ({
  page
}) => {
  await page.goto('/messages/new');
  await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Lettre');
  await page.getByRole('textbox', { name: 'Objet' }).fill('La lettre');
  const blocks = page.getByRole('list', { name: 'Blocs' });
  await blocks.getByRole('button', { name: /^Texte\s:/ }).click();
  const text = blocks.getByRole('textbox', { name: 'Texte' });
  await expect(text).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Un mot ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('important');
  await text.getByText('Un mot').waitFor();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await page.keyboard.press('Control+b');
  await expect(text.locator('strong')).toHaveText('important');
  await expect(page.getByRole('button', { name: 'Gras' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Control+i');
  await page.keyboard.press('Control+k');
  const link = page.getByRole('dialog', { name: 'Lien' });
  await link.getByRole('textbox', { name: 'Adresse du lien' }).fill('https://a.fr/lettre');
  await page.keyboard.press('Enter');
  await expect(text.locator('a')).toHaveText('important');
  await expect(link).toBeHidden();
  await expect(text).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('premier');
  await page.getByRole('button', { name: 'Liste' }).click();
  await page.keyboard.press('Enter');
  await page.keyboard.type('deuxième ');
  await expect(text.getByRole('listitem')).toHaveText(['premier', 'deuxième ']);
  const toolbar = page.getByRole('group', { name: 'Mise en forme du texte' });
  await toolbar.getByRole('button', { name: 'Personnaliser' }).click();
  await page.getByRole('dialog', { name: 'Personnaliser' }).getByRole('button', { name: 'Insérer' }).click();
  await expect(text.locator('[data-liquid]')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Personnaliser' })).toBeHidden();
  await expect(text).toBeFocused();

  const source = page.getByRole('complementary').getByRole('textbox', { name: 'Texte' });
  await expect(source).toHaveValue(
    /^Un mot \*{3}\[important\]\(https:\/\/a\.fr\/lettre\)\*{3}\n\n- premier\n- deuxième \{\{ contact\.\w+ \}\}$/
  );

  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/html', '<img src=x onerror="top.hacked=1"><b onclick="top.hacked=1">collé</b>');
    data.setData('text/plain', ' collé <b>ici</b>');
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    );
  });
  await expect(text.getByRole('listitem').last()).toContainText('collé <b>ici</b>');
  await expect(text.locator('img, b')).toHaveCount(0);
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  await page.keyboard.press('Control+z');
  await expect(text.getByText('collé')).toHaveCount(0);
  for (let times = 0; times < 20; times++) await page.keyboard.press('Control+z');
  await expect(text).toContainText('Merci');
  for (let times = 0; times < 20; times++) await page.keyboard.press('Control+y');
  await expect(text.getByText('collé')).toBeVisible();

  await page.keyboard.press('Escape');
  await expect(blocks.getByRole('button', { name: /^Texte\s: Un mot important/ })).toBeFocused();
  await page.getByText('Prévisualiser', { exact: true }).click();
  const message = page.frameLocator('iframe');
  await expect(message.getByRole('link', { name: 'important' })).toHaveAttribute('href', 'https://a.fr/lettre');
  await expect(message.getByRole('listitem')).toHaveCount(2);
});

test('a heading and a button are typed in place too, and Enter ends a button', async ({ page }) => {
  await page.goto('/messages/new');
  await page.getByRole('button', { name: 'Ajouter un bloc' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Bouton', exact: true }).click();
  const blocks = page.getByRole('list', { name: 'Blocs' });
  await blocks.getByRole('button', { name: /^Bouton\s:/ }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Je m’inscris');
  await page.keyboard.press('Enter');
  await expect(blocks.getByRole('button', { name: /^Bouton\s: Je m’inscris$/ })).toBeFocused();
  const heading = blocks.getByRole('button', { name: /^Titre\s:/ });
  await heading.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type(', et');
  await page.keyboard.press('Enter');
  await page.keyboard.type('à jeudi');
  await expect(blocks.getByRole('textbox', { name: 'Titre' })).toContainText(', et');
  const { violations } = await axeOf(page).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  await page.getByText('Prévisualiser', { exact: true }).click();
  await expect(page.frameLocator('iframe').getByRole('heading')).toContainText(/, et\s*à jeudi/);
});
