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
