import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

test('an automation is made by keyboard, published, and is there after a reload', async ({ page }) => {
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await expect(page.getByRole('textbox', { name: 'Nom de l’automatisation' })).toHaveValue('Automatisation sans nom');

  await expect(page.getByRole('button', { name: /^Ajouter un déclencheur/ })).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('manuel');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /Contact ajouté manuellement Depuis/ })).toBeVisible();
  await page.getByRole('button', { name: /Contact ajouté manuellement Depuis/ }).focus();
  for (const unit of ['delai', 'evenement']) {
    await page.keyboard.press('a');
    await expect(page.getByRole('dialog', { name: 'Ajouter une étape' })).toBeVisible();
    await expect(page.getByRole('dialog').getByRole('searchbox')).toBeFocused();
    await page.keyboard.type(unit);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Ajouter une étape' })).toBeHidden();
  }
  const cards = page.locator('[data-card]');
  await expect(cards).toHaveCount(3);
  await expect(cards.nth(2)).toContainText('Email ouvert, 3 jours au plus');

  await cards.nth(1).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+d');
  await expect(cards).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await expect(cards).toHaveCount(3);

  const { violations } = await axeOf(page).exclude(tooltip).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText('Active · version 1')).toBeVisible();
  await page.reload();
  await expect(cards).toHaveCount(3);
  await expect(page.getByText('Active · version 1')).toBeVisible();
});

test('a unit is dropped on a plus, and a problem leads to its step', async ({ page, hand }) => {
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  const unit = page.getByRole('complementary', { name: 'Éléments' }).getByRole('button', { name: 'Envoyer un email' });
  const plus = page.locator('[data-place="entry"]');
  if (hand === 'mouse') await unit.dragTo(plus);
  else {
    await plus.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Envoyer un email' }).click();
  }
  await expect(page.locator('[data-card]')).toHaveCount(1);
  await page.getByRole('button', { name: /points à corriger/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Expéditeur/ })
    .click();
  await expect(
    page.getByRole('complementary', { name: 'Envoyer un email' }).getByText('À remplir.').first()
  ).toBeVisible();
});

test('a large automation has a small map, which moves the canvas and can be put away for good', async ({
  page,
  hand
}) => {
  await page.goto('/automations/gallery?model=survey');
  await page.getByRole('textbox', { name: 'Adresse de votre site' }).fill('https://atelier.example');
  await page.getByRole('button', { name: 'Créer l’automatisation' }).click();
  await expect(page).toHaveURL(/\/automations\/(?!gallery)/, { timeout: 15_000 });
  const map = page.getByRole('img', { name: 'Plan de l’automatisation' });
  await expect(map).toBeVisible();
  const first = page.getByRole('button', { name: /^Appel terminé Type/ });
  await expect(first).toBeInViewport();
  if (hand === 'mouse') {
    const box = await map.boundingBox();
    if (!box) throw new Error('the map has no size');
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 100, { steps: 5 });
    await page.mouse.up();
  } else {
    // The canvas goes along with the focus.
    await first.focus();
    for (let steps = 0; steps < 8; steps++) await page.keyboard.press('ArrowDown');
  }
  await expect(first).not.toBeInViewport();

  const toggle = page.getByRole('button', { name: 'Plan de l’automatisation' });
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await toggle.click();
  await expect(map).toBeHidden();
  await page.reload();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false', { timeout: 15_000 });
  await expect(map).toBeHidden();
});
