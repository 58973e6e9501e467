import type { Page } from '@playwright/test';
import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { addUnit, choose, connectBrevo, publish } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const MINUTE = 60_000;
const OTHERS = 6;

async function violations(page: Page): Promise<unknown[]> {
  const found = await axeOf(page).analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

test('a provider that refuses, and one that does not answer: all of it is decided in one place, for many at once', async ({
  page,
  person,
  brevo,
  complaints
}) => {
  test.setTimeout(180_000);
  complaints.expect(/400|500/);
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();

  await page.goto('/settings/providers');
  await connectBrevo(page, brevo);

  await page.goto('/automations');
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await addUnit(page, 'Contact ajouté manuellement');
  await addUnit(page, 'Envoyer un email');
  await choose(page, /^Modèle/, 'Bienvenue');
  await choose(page, /^Expéditeur/, 'Léa');
  await publish(page);

  // They leave in one call, and that is refused; then one by one.
  brevo.fail(...Array.from({ length: 12 }, () => ({ kind: 'refuse', message: 'email is not valid in to' }) as const), {
    kind: 'server error'
  });
  await page.goto('/contacts');
  await page.getByRole('checkbox', { name: 'Tout choisir' }).check();
  await page.getByRole('button', { name: 'Ajouter à une automatisation' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Automatisation sans nom' }).click();

  // Within the app: a page that is loaded anew cuts off what is on its way, and that would be in doubt, not refused.
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Voir ce qui demande votre attention' }).click();
  const refused = page.getByRole('region', { name: '11 parcours à l’arrêt' });
  await expect(refused).toContainText('email is not valid in to');
  // The computer sleeps for longer than Brevo remembers a key: the unanswered one is not sent again by itself.
  await person.advanceClock(20 * MINUTE);
  const unanswered = page.getByRole('region', { name: '1 envoi sans réponse' });
  await expect(unanswered).toBeVisible();
  // Those of the example's own automation.
  await expect.poll(() => brevo.messages.length).toBe(OTHERS);
  await expect(refused.getByRole('listitem')).toHaveCount(11);
  expect(await violations(page)).toEqual([]);

  // Two are skipped, the others tried again: what the provider has refused it now takes.
  await refused.getByRole('checkbox').nth(0).check();
  await refused.getByRole('checkbox').nth(1).check();
  await refused.getByRole('button', { name: 'Passer (2)' }).click();
  await expect(page.getByRole('region', { name: '9 parcours à l’arrêt' })).toBeVisible();
  await page.getByRole('region', { name: '9 parcours à l’arrêt' }).getByRole('button', { name: 'Réessayer' }).click();
  await expect.poll(() => brevo.messages.length).toBe(OTHERS + 9);
  await expect(page.getByRole('region', { name: /à l’arrêt/ })).toBeHidden();

  await person.advanceClock(3 * MINUTE);
  // The provider was asked, and did not know it: whether it goes out again is the user's word.
  await expect(unanswered).toContainText('cherché chez le fournisseur');
  await unanswered.getByRole('button', { name: 'Renvoyer' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('deux fois');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Renvoyer' }).click();
  await expect.poll(() => brevo.messages.length).toBe(OTHERS + 10);
  await expect(page.getByRole('heading', { name: 'Rien n’attend votre décision' })).toBeVisible();
});

test('the data of one person in one file, at one click', async ({ page }) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await page
    .getByRole('row', { name: /Camille Durand/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'Camille Durand', level: 1 })).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Exporter les données de cette personne' }).click()
  ]);
  expect(file.suggestedFilename()).toBe('donnees-de-Camille-Durand.html');
  await expect(page.getByText('Le fichier de ce que vous savez de Camille Durand est enregistré.')).toBeVisible();
});
