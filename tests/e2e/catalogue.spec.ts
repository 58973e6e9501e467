import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test as base } from './harness';
import { addByDialog, addUnit, choose, panel, publish } from './screens';

/** The user's own server: what a webhook calls. */
const test = base.extend<{ hooks: { url: string; calls: unknown[] } }>({
  hooks: async ({}, use) => {
    const calls: unknown[] = [];
    const server = createServer((request, response) => {
      response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', '*');
      if (request.method === 'OPTIONS') return response.end();
      void bodyOf(request).then((body) => {
        calls.push(JSON.parse(body));
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls });
    await new Promise((resolve) => server.close(resolve));
  }
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

test.setTimeout(240_000);
test.use({ viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

/** A trigger of each group whose events come from outside, and what its event cannot be without. */
const OUTSIDE: readonly { trigger: string; group: string; fields: Readonly<Record<string, string>> }[] = [
  { trigger: 'Conversation commencée', group: 'conversations', fields: { 'Identifiant de la conversation': 'c-1' } },
  { trigger: 'Rendez-vous réservé', group: 'meetings', fields: { 'Identifiant du rendez-vous': 'r-1' } },
  { trigger: 'Appel terminé', group: 'phone', fields: { 'Identifiant de l’appel': 'a-1' } },
  { trigger: 'Paiement effectué', group: 'payments', fields: { 'Identifiant du paiement': 'p-1' } },
  {
    trigger: 'Abonné aux notifications push',
    group: 'push',
    fields: { 'Identifiant de l’abonnement': 'device-1' }
  },
  { trigger: 'Page Web visitée', group: 'website', fields: { 'Adresse (URL)': 'https://atelier.fr/stages' } },
  { trigger: 'Panier mis à jour', group: 'ecommerce', fields: { 'Identifiant du panier': 'k-1' } }
];

test('one automation with a trigger of every group from outside: each event lets the contact in, and every channel answers', async ({
  page,
  hooks,
  complaints
}) => {
  await test.step('another automation, to be started by the first', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('La suite');
    await addUnit(page, 'Contact ajouté manuellement');
    await addUnit(page, 'Délai');
    await publish(page);
  });

  await test.step('a contact, and the automation with its triggers, a notification, a wallet call, a webhook', async () => {
    await addByDialog(page, '/contacts', 'Ajouter', { Email: 'camille@exemple.fr' });
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Tout ce qui arrive');
    for (const { trigger } of OUTSIDE) await addUnit(page, trigger);
    await addUnit(page, 'Envoyer une notification push');
    await panel(page).getByRole('textbox', { name: 'Campagne du fournisseur' }).fill('merci-2027');
    await addUnit(page, 'Envoyer une notification wallet');
    await panel(page).getByRole('textbox', { name: 'Texte' }).fill('Un tampon de plus');
    await addUnit(page, 'Appeler un webhook');
    await panel(page).getByRole('textbox', { name: 'Adresse' }).fill(hooks.url);
    await addUnit(page, 'Lancer une autre automatisation');
    await choose(page, /^Automatisation/, 'La suite');
    await letBackIn(page);
    await publish(page);
  });

  for (const [index, { trigger, group, fields }] of OUTSIDE.entries())
    await test.step(`${group}: typed in on the page of events`, async () => {
      await record(page, trigger, fields);
      await expect.poll(() => hooks.calls.length, { timeout: 30_000 }).toBe(index + 1);
    });

  await test.step('seven journeys, each to its end, with the words of what was sent or why it was not', async () => {
    await goTo(page, 'Automatisations');
    await page.getByRole('link', { name: 'Tout ce qui arrive' }).click();
    await page.getByRole('link', { name: 'Parcours', exact: true }).click();
    await expect(page.getByRole('link', { name: `Terminés ${OUTSIDE.length}` })).toBeVisible({ timeout: 30_000 });
    await page.getByRole('link', { name: `Terminés ${OUTSIDE.length}` }).click();
    await page.getByText('camille@exemple.fr').first().click();
    const journal = page.getByRole('dialog').getByRole('list');
    await expect(journal).toContainText('Entre dans l’automatisation');
    await expect(journal).toContainText('Arrive au bout');
  });

  await test.step('the webhook was called for each, and the other automation was started once', async () => {
    expect(hooks.calls).toHaveLength(OUTSIDE.length);
    expect(hooks.calls[0]).toMatchObject({ contact: { email: 'camille@exemple.fr' } });
    await page.goto('/automations');
    await expect(page.getByRole('row', { name: /La suite.*Active.*1/ })).toBeVisible();
  });

  await test.step('the notification on the device that subscribed is in the test mailbox', async () => {
    await page.goto('/mailbox');
    await expect(page.getByRole('link', { name: /merci-2027/ }).first()).toBeVisible();
  });
  expect(complaints.unexpected).toEqual([]);
});

/** Within the app: a page that is loaded anew ends the worker, and a webhook cut off by that waits for the user, as it should. */
async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: screen }).first().click();
}

/** Typed in by hand, as on any day. */
async function record(page: Page, event: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await goTo(page, 'Événements');
  await page.getByRole('button', { name: 'Noter un événement' }).first().click();
  const form = page.getByRole('dialog', { name: 'Noter un événement' });
  await form.getByRole('combobox', { name: 'Type d’événement' }).selectOption(event);
  await form.getByRole('searchbox', { name: 'Contact' }).fill('camille');
  await form.getByRole('button', { name: /camille@exemple\.fr/ }).click();
  for (const [name, value] of Object.entries(fields)) await form.getByRole('textbox', { name }).first().fill(value);
  await form.getByRole('button', { name: 'Noter', exact: true }).click();
  await expect(form).toBeHidden();
}

/** Each time anew, once the journey before is over. */
async function letBackIn(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Plus d’actions' }).first().click();
  await page.getByRole('menuitem', { name: 'Réglages de l’automatisation' }).click();
  await page.getByRole('combobox', { name: 'Un contact peut entrer' }).selectOption('De nouveau, après sa sortie');
}
