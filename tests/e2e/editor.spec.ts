import { axeOf } from './accessibility';
import { expect, test } from './harness';
import type { Page } from '@playwright/test';
import { addUnit, tooltip } from './screens';

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

  await expectAccessible(page);

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

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await axeOf(page).exclude(tooltip).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** What the cards say from top to bottom. */
async function fromTop(page: Page): Promise<string[]> {
  const cards = await page.locator('[data-card]').evaluateAll((all) =>
    all
      .map((card) => ({
        y: card.getBoundingClientRect().y,
        text: (card as HTMLElement).innerText.split('\n')[0] ?? ''
      }))
      .sort((one, other) => one.y - other.y)
      .map(({ text }) => text)
  );
  return cards;
}

test('a step goes to another place with all that follows it, and back', async ({ page, hand }) => {
  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  for (const unit of ['Envoyer un email', 'Délai', 'Créer une tâche']) await addUnit(page, unit);
  const before = ['Envoyer un email', 'Délai', 'Créer une tâche'];
  const after = ['Délai', 'Créer une tâche', 'Envoyer un email'];
  await expect.poll(() => fromTop(page)).toEqual(before);
  const delay = page.locator('[data-card]').filter({ hasText: 'Délai' });
  if (hand === 'mouse') {
    const [card, place] = await Promise.all([delay.boundingBox(), page.locator('[data-place="entry"]').boundingBox()]);
    if (!card || !place) throw new Error('nothing to drag, or nowhere to go');
    await page.keyboard.down('Shift');
    await page.mouse.move(card.x + 100, card.y + 20);
    await page.mouse.down();
    await page.mouse.move(card.x + 110, card.y, { steps: 4 });
    await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2, { steps: 8 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
  } else {
    await delay.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+M');
    await expect(page.getByText('Où placer « Délai » et la suite ?')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Placer après/ }).first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(delay).toBeFocused();
  }
  await expect.poll(() => fromTop(page)).toEqual(after);
  await page.keyboard.press('Control+z');
  await expect.poll(() => fromTop(page)).toEqual(before);

  await page.getByRole('button', { name: 'Ajouter une note' }).click();
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await page.keyboard.type('Relire en mai');
  await expectAccessible(page);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  const grip = page.getByRole('button', { name: 'Déplacer la note' });
  await expect(grip).toBeFocused();
  const at = await grip.boundingBox();
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await grip.boundingBox())?.y).toBeGreaterThan(at?.y ?? Infinity);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Raccourcis clavier' })).toBeVisible();
  await expectAccessible(page);
});

test.describe('on a small laptop', () => {
  test.use({ viewport: { width: 1024, height: 768 } });

  test('the path has room in the editor and in the simulator, and every view can be seen to be there', async ({
    page
  }) => {
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
    await page.getByRole('row', { name: /Camille Durand/ }).waitFor();
    await page.goto('/automations');
    await page.getByRole('link', { name: /^Bienvenue/ }).click();
    const width = async () => (await page.locator('.svelte-flow').boundingBox())?.width ?? 0;
    const views = page.getByRole('navigation', { name: 'Vues de l’automatisation' }).getByRole('link');
    for (const view of ['Construire', 'Simuler']) {
      await views.filter({ hasText: view }).click();
      await page.locator('[data-card]').nth(2).waitFor();
      await expect(views).toHaveCount(5);
      for (const one of await views.all()) await expect(one).toBeInViewport({ ratio: 1 });
      expect(await width(), view).toBeGreaterThanOrEqual(380);
    }
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('a step is moved, copied into another automation, and notes are kept', async ({ page }) => {
    const plus = (after: string) => page.getByRole('button', { name: `Ajouter une étape après ${after}`, exact: true });
    const menu = () => page.getByRole('dialog').getByRole('button', { name: 'Plus d’actions' });
    const palette = page.getByRole('dialog', { name: 'Ajouter une étape' });
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.locator('[data-place="entry"]').click();
    await palette.getByRole('button', { name: 'Délai', exact: true }).click();
    await page.keyboard.press('Escape');
    await plus('Délai').click();
    await palette.getByRole('button', { name: 'Envoyer un email', exact: true }).click();
    await expect.poll(() => fromTop(page)).toEqual(['Délai', 'Envoyer un email']);

    await menu().click();
    await page.getByRole('menuitem', { name: 'Copier', exact: true }).click();
    await expect(page.getByText('Étape copiée')).toBeVisible();
    await menu().click();
    await page.getByRole('menuitem', { name: /^Déplacer…/ }).click();
    await expect(page.getByText('Où placer « Envoyer un email » ?')).toBeVisible();
    await expectAccessible(page);
    await page.locator('[data-place="entry"]').click();
    await expect.poll(() => fromTop(page)).toEqual(['Envoyer un email', 'Délai']);

    await page.getByRole('button', { name: 'Ajouter une note' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('Relire en mai');
    await expectAccessible(page);
    await expect(page.getByText('Enregistré', { exact: true })).toBeAttached();
    await page.reload();
    await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('Relire en mai');
    await expect.poll(() => fromTop(page)).toEqual(['Envoyer un email', 'Délai']);

    await page.locator('[data-card]').first().click();
    await menu().click();
    await page.getByRole('menuitem', { name: 'Copier avec la suite' }).click();
    await page.keyboard.press('Escape');
    await page
      .getByRole('navigation')
      .last()
      .getByRole('link', { name: /^Automat/ })
      .click();
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.locator('[data-place="entry"]').click();
    await palette.getByRole('button', { name: 'Coller 2 étapes' }).click();
    await expect.poll(() => fromTop(page)).toEqual(['Envoyer un email', 'Délai']);
  });
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
