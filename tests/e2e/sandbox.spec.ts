import { axeOf } from './accessibility';
import { expect, test } from './harness';

const MINUTE = 60_000;

test.use({ hand: 'keyboard' });

test('the example runs by itself: the email arrives in the test mailbox, is opened there, and the journey goes on', async ({
  page,
  person
}) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await person.advanceClock(MINUTE);
  await page.goto('/mailbox');
  const messages = page.getByRole('list', { name: 'Boîte d’essai' }).getByRole('link');
  await expect(messages).toHaveCount(6);
  await messages.filter({ hasText: 'Camille Durand' }).click();
  await expect(page.getByRole('heading', { name: 'Bienvenue, Camille' })).toBeVisible();
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Bienvenue, Camille' })).toBeVisible();
  await page.frameLocator('iframe').getByRole('link', { name: 'Lire les trois lettres' }).click();
  await expect(page.getByText('A ouvert le message')).toBeVisible();
  await expect(page.getByText(/A cliqué https:\/\/atelier-lea\.example/)).toBeVisible();
  await page.getByRole('link', { name: 'Voir le contact' }).click();
  await expect(page.getByText('Lectrices et lecteurs fidèles').first()).toBeVisible();
  await person.advanceClock(3 * 24 * 60 * MINUTE);
  await page.goto('/contacts');
  await page.getByRole('link', { name: /Inès Moreau/ }).click();
  await expect(page.getByText('Silencieux').first()).toBeVisible();

  await page.goto('/automations');
  await page.getByRole('link', { name: 'Bienvenue aux abonnés' }).click();
  await page.getByRole('link', { name: 'Statistiques' }).click();
  const figures = page.getByRole('complementary', { name: 'Chiffres' });
  await expect(figures).toContainText('6 entrées');
  await expect(figures.getByRole('row', { name: /« Bienvenue » de Léa Martin 6/ })).toBeVisible();
  await figures.getByRole('combobox', { name: 'Période' }).selectOption('Du … au …');
  await expect(page).toHaveURL(/span=own/);
  await figures.getByLabel('Au', { exact: true }).fill('2020-01-02');
  await figures.getByLabel('Du', { exact: true }).fill('2020-01-01');
  await expect(figures).toContainText('Rien encore sur cette période');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await axeOf(page).analyze()).violations).toEqual([]);
  }
});
