import { axeOf } from './accessibility';
import { expect, test } from './harness';
import { connectBrevo } from './screens';

test.use({ hand: 'keyboard', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

test('an email is tried before it is saved: in the test mailbox, then through Brevo', async ({
  page,
  brevo,
  complaints
}) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Voir un exemple' }).click();
  await page.getByRole('link', { name: 'Messages' }).click();
  await page.getByRole('link', { name: 'Bienvenue' }).click();
  await page.getByRole('textbox', { name: 'Objet' }).fill("Essai pour {{ contact.FIRSTNAME | default: 'vous' }}");
  await page.getByRole('button', { name: 'Envoyer un essai' }).click();
  const dialog = page.getByRole('dialog', { name: 'Envoyer un essai' });
  await expect(dialog.getByRole('textbox', { name: 'À l’adresse' })).toHaveValue('lea@atelier-lea.example');
  await dialog.getByRole('textbox', { name: 'À l’adresse' }).fill('moi');
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(dialog.getByText('n’est pas une adresse')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'À l’adresse' }).fill('moi@atelier.fr');
  await dialog.getByRole('searchbox').fill('camille');
  await page.getByRole('button', { name: /Camille Durand/ }).click();
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(dialog.getByText('Rien n’a quitté cet appareil.')).toBeVisible();
  const { violations } = await axeOf(page).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);

  page.once('dialog', (asked) => void asked.accept());
  await dialog.getByRole('link', { name: 'Voir le message' }).click();
  await expect(page.getByRole('heading', { name: '[Test] Essai pour Camille' })).toBeVisible();
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Bienvenue, Camille' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Essais' }).getByRole('link')).toHaveCount(1);

  await page.getByRole('link', { name: 'Réglages' }).click();
  await page.getByRole('link', { name: 'Fournisseurs' }).click();
  await connectBrevo(page, brevo);

  await page.getByRole('link', { name: 'Messages' }).click();
  await page.getByRole('link', { name: 'Bienvenue' }).click();
  await page.getByRole('button', { name: 'Envoyer un essai' }).click();
  await expect(dialog.getByRole('textbox', { name: 'À l’adresse' })).toHaveValue('moi@atelier.fr');
  brevo.fail({ kind: 'refuse', message: 'Sender is not valid' });
  complaints.expect(/400/);
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(dialog.getByText(/Sender is not valid/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Envoyer', exact: true }).click();
  await expect(dialog.getByText('Il arrive à moi@atelier.fr.')).toBeVisible();
  expect(brevo.messages).toHaveLength(1);
  expect(brevo.messages[0]).toMatchObject({
    to: [{ email: 'moi@atelier.fr' }],
    subject: '[Test] Bienvenue, Léa',
    htmlContent: expect.stringContaining('Lire les trois lettres')
  });
});
