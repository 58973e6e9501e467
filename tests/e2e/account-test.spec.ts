import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { axeOf } from './accessibility';
import { expect, test as base } from './harness';

/** A provider that is there and answers, but names no page that may read what it says. */
const test = base.extend<{ silent: { url: string; stop: () => Promise<void> } }>({
  silent: async ({}, use) => {
    const server: Server = createServer((_request, response) => response.writeHead(404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stop = (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop });
    if (server.listening) await stop();
  }
});

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 390, height: 844 }, actionTimeout: 15_000 });

test('the test of an account says what is wrong, and what to do', async ({ page, brevo, silent, complaints }) => {
  await page.goto('/settings/providers');
  await page.getByRole('button', { name: 'Connecter' }).first().click();
  await page.getByRole('button', { name: /^Brevo Emails/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Connecter Brevo' });
  const address = dialog.getByRole('textbox', { name: 'Adresse de l’API' });
  const key = dialog.getByRole('textbox', { name: 'Clé API' });
  const tried = async () => {
    await dialog.getByRole('button', { name: 'Tester la connexion' }).click();
    await expect(dialog.getByRole('button', { name: 'Tester la connexion' })).toBeEnabled();
  };

  await test.step('a wrong key', async () => {
    complaints.expect(/401/);
    await address.fill(brevo.url);
    await key.fill('xkeysib-wrong');
    await tried();
    await expect(dialog.getByRole('alert')).toContainText('Brevo refuse la clé. Copiez-la de nouveau');
  });

  await test.step('a provider that refuses pages', async () => {
    complaints.expect(/CORS|ERR_FAILED/);
    await address.fill(silent.url);
    await tried();
    await expect(dialog.getByRole('alert')).toContainText('ne prend aucun appel d’une page web (CORS)');
    await expect(dialog.getByRole('link', { name: 'Connecter mon relais' })).toHaveAttribute('href', '/settings/relay');
    // On a phone, too, the answer is seen where it appears.
    await expect(dialog.getByRole('link', { name: 'Connecter mon relais' })).toBeInViewport();
    const { violations } = await axeOf(page).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  await test.step('nobody', async () => {
    complaints.expect(/ERR_CONNECTION_REFUSED/);
    await silent.stop();
    await tried();
    await expect(dialog.getByRole('alert')).toContainText(/^.*127\.0\.0\.1:\d+ ne répond pas/);
  });

  await test.step('all is well', async () => {
    await address.fill(brevo.url);
    await key.fill(brevo.apiKey);
    await tried();
    await expect(dialog.getByRole('status')).toContainText('Brevo répond. Compte');
  });
});

test.describe('a second account', () => {
  test.use({ hand: 'mouse', viewport: { width: 1440, height: 900 } });

  test('stands in for the first, which says so and cannot go without it', async ({ page, brevo }) => {
    const connect = async (fallback?: string) => {
      await page.getByRole('button', { name: 'Connecter', exact: true }).first().click();
      await page.getByRole('button', { name: /^Brevo Emails/ }).click();
      const drawer = page.getByRole('dialog', { name: 'Connecter Brevo' });
      await drawer.getByRole('textbox', { name: 'Adresse de l’API' }).fill(brevo.url);
      await drawer.getByRole('textbox', { name: 'Clé API' }).fill(brevo.apiKey);
      if (fallback) await drawer.getByLabel('S’il ne peut pas envoyer').selectOption(fallback);
      return drawer;
    };
    const save = { name: 'Enregistrer' };
    await page.goto('/settings/providers');
    await (await connect()).getByRole('button', save).click();
    await expect(page.getByText('Réglages enregistrés.')).toBeVisible();
    const drawer = await connect('Brevo');
    await expect(drawer.getByRole('textbox', { name: 'Nom du compte' })).toHaveValue('Brevo 2');
    // What was said of the first one does not stand over the buttons.
    await page.getByText('Réglages enregistrés.').hover();
    await drawer.getByRole('button', save).click({ trial: true, timeout: 2_000 });
    await drawer.getByRole('button', save).click();
    const rows = page.getByRole('main').getByRole('listitem');
    await expect(rows.filter({ hasText: 'Brevo 2' })).toContainText('à défaut, Brevo');
    await page.getByRole('button', { name: 'Actions pour Brevo', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Supprimer' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
    await expect(page.getByText(/Brevo 2.+s’appuie sur celui-ci/)).toBeVisible();
  });
});
