import { expect, test } from './harness';
import { addUnit, choose, panel, publish } from './screens';

const DAY = 24 * 60 * 60_000;

test.use({ hand: 'keyboard', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

test('a segment is made by hand; each day those who are in it enter, and the journal of a split says why', async ({
  page,
  person
}) => {
  test.setTimeout(180_000);

  await test.step('the example, and a segment of those who are called Camille', async () => {
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
    await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
    await page.goto('/segments/new');
    await page.getByRole('textbox', { name: 'Nom du segment' }).fill('Les Camille');
    await page.getByRole('button', { name: 'Condition', exact: true }).click();
    await page.getByRole('button', { name: /Ce qui est regardé/ }).click();
    await page.keyboard.type('Prénom');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Valeur' }).fill('camille');
    await expect(page.getByRole('status').filter({ hasText: '1 contact correspond' })).toBeVisible();
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Les Camille', level: 1 })).toBeVisible();
  });

  await test.step('why one contact is in it, and another is not', async () => {
    const search = page.getByRole('searchbox', { name: 'Contact' });
    await search.fill('Camille');
    await page.getByRole('button', { name: /Camille Durand/ }).click();
    await expect(page.getByText('Ce contact correspond.')).toBeVisible();
    await page.getByRole('button', { name: 'Retirer Contact' }).click();
    await search.fill('Inès');
    await page.getByRole('button', { name: /Inès Moreau/ }).click();
    await expect(page.getByText('Ce contact ne correspond pas.')).toBeVisible();
    await expect(page.getByText(/ici\s: Inès/)).toBeVisible();
  });

  let editor = '';
  await test.step('an automation for the segment, with a split', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await addUnit(page, 'Le contact est dans un segment');
    await choose(page, /^Segment/, 'Les Camille');
    await addUnit(page, 'Fractionnement conditionnel');
    for (const [letter, name] of [
      ['A', 'Durand'],
      ['B', 'Moreau']
    ] as const) {
      const branch = panel(page).getByRole('group', { name: letter, exact: true });
      await branch.getByRole('button', { name: 'Condition', exact: true }).click();
      await branch.getByRole('button', { name: /Ce qui est regardé/ }).click();
      await page.keyboard.type('Nom');
      await page.keyboard.press('Enter');
      await branch.getByRole('textbox', { name: 'Valeur' }).fill(name);
    }
    await publish(page);
    editor = page.url();
  });

  await test.step('the next day Camille has entered, and the journal says which condition decided', async () => {
    await person.advanceClock(DAY);
    await page.goto(`${editor.replace(/\/$/, '')}/journeys`);
    await page.getByRole('link', { name: 'Terminés 1' }).click();
    await page
      .getByText(/Camille Durand/)
      .first()
      .click();
    const journal = page.getByRole('dialog').getByRole('list');
    await expect(journal).toContainText('Entre dans l’automatisation');
    await expect(journal).toContainText(/Va vers «\s?A\s?»\s?: Nom.* Durand \(ici\s?: Durand\)/);
  });
});
