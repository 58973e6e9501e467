import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from './harness';
import { AT, contact, identity, sender, template, workspaceFile } from '../fixtures/workspace-file';
import { addUnit, choose, connectBrevo, publish, restore } from './screens';

test.use({ serviceWorkers: 'allow', locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

/** Two readers, and what is sent to them. No automation: one that waits for a minute would send on a busy computer. */
const workspace = workspaceFile({
  attributes: ['FIRSTNAME', 'LASTNAME'].map((id) => ({ id, name: id, kind: 'text', createdAt: AT })),
  contacts: [
    contact('c1', 'camille@exemple.fr', { FIRSTNAME: 'Camille', LASTNAME: 'Durand' }),
    contact('c2', 'theo@exemple.fr', { FIRSTNAME: 'Théo', LASTNAME: 'Lefèvre' })
  ],
  identities: [identity('c1', 'camille@exemple.fr'), identity('c2', 'theo@exemple.fr')],
  templates: [template('m1', 'Bienvenue')],
  senders: [sender]
});

/** As the browser does once the connection is back, or from time to time; for the latter it wants an installed app that is used. */
async function wake(page: Page, site: string, kind: 'dispatchSyncEvent' | 'dispatchPeriodicSyncEvent') {
  const session: CDPSession = await page.context().newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(site) && !isDeleted);
      if (ours) resolve(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const about = { origin: site, registrationId: await registered, tag: 'look' };
  if (kind === 'dispatchSyncEvent')
    await session.send('ServiceWorker.dispatchSyncEvent', { ...about, lastChance: false });
  else await session.send('ServiceWorker.dispatchPeriodicSyncEvent', about);
}

test('what waits offline leaves when the connection is back, though the app is closed; each message once', async ({
  page,
  person,
  site,
  brevo,
  complaints
}) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED/);
  await restore(page, workspace);
  await page.goto('/contacts');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();

  await page.getByRole('link', { name: 'Réglages' }).click();
  await page.getByRole('link', { name: 'Fournisseurs' }).click();
  await connectBrevo(page, brevo);
  await page.getByRole('link', { name: 'À propos' }).click();
  await expect(page.getByText('Ce qui attendait hors ligne part de soi-même, même l’app fermée.')).toBeVisible();

  await page.getByRole('link', { name: 'Automatisations' }).click();
  await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
  await addUnit(page, 'Contact ajouté manuellement');
  await addUnit(page, 'Envoyer un email');
  await choose(page, /^Modèle/, 'Bienvenue');
  await choose(page, /^Expéditeur/, 'Léa');
  await publish(page);

  await person.context.setOffline(true);
  await page.getByRole('link', { name: 'Contacts' }).click();
  for (const name of [/Camille Durand/, /Théo Lefèvre/])
    await page.getByRole('row', { name }).first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Ajouter à une automatisation' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Automatisation sans nom' }).click();
  await page.getByRole('link', { name: 'Envois' }).click();
  await expect(page.getByText('Camille Durand').first()).toBeVisible();

  const elsewhere = await person.context.newPage();
  await page.close();
  await person.context.setOffline(false);
  expect(brevo.messages).toEqual([]);
  await wake(elsewhere, site.url, 'dispatchSyncEvent');
  // A service worker is started for it, which loads the whole engine.
  await expect.poll(() => brevo.messages.length, { timeout: 60_000 }).toBe(2);
  await wake(elsewhere, site.url, 'dispatchPeriodicSyncEvent');

  await elsewhere.goto('/outbox');
  await expect(elsewhere.getByRole('heading', { name: 'Rien n’attend' })).toBeVisible();
  await expect(elsewhere.getByRole('link', { name: 'Envoyés 2' })).toBeVisible();
  expect(new Set(brevo.messages.map(({ to }) => to[0]?.email)).size).toBe(2);
  expect(brevo.messages).toHaveLength(2);
});
