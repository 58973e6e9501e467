import { chromium } from '@playwright/test';
import { findHeadlessChromium } from '../browser.mjs';
import type { BrevoMessage } from '../loopback/brevo';
import { expectAccessible } from './accessibility';
import { expect } from './harness';
import { SECRET, test } from './relay-harness';
import { addByDialog, addUnit, choose, connectBrevo, connectRelay, panel } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const MINUTE = 60_000;
const READER = 'camille@exemple.fr';

/** Where the email's header leads. */
function pageIn(message: BrevoMessage | undefined): string {
  return /<(http[^>]+)>/.exec(message?.headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
}

test('a reader unsubscribes on the relay’s page: the app takes it in, and sends no marketing email any more', async ({
  page,
  person,
  brevo,
  relay
}) => {
  test.setTimeout(240_000);

  await test.step('a contact, a list, a sender at Brevo, a template', async () => {
    await addByDialog(page, '/contacts', 'Ajouter', { Email: READER });
    await addByDialog(page, '/lists', 'Nouvelle liste', { Nom: 'Lettre' });
    await addByDialog(page, '/settings/senders', 'Ajouter', { Nom: 'Léa', Adresse: 'lea@atelier.fr' });
    await page.goto('/messages/new');
    await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Lettre');
    await page.getByRole('textbox', { name: 'Objet' }).fill('La lettre de mai');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Lettre', level: 1 })).toBeVisible();
    await page.goto('/settings/providers');
    await connectBrevo(page, brevo);
  });

  await test.step('the automation: publishing says how one would unsubscribe, and that the postal address is missing', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('La lettre');
    await addUnit(page, 'Contact ajouté à une liste');
    await choose(page, /^Listes/, 'Lettre');
    await addUnit(page, 'Envoyer un email');
    await choose(page, /^Modèle/, 'Lettre');
    await choose(page, /^Expéditeur/, 'Léa');
    await addUnit(page, 'Délai');
    await panel(page).getByRole('combobox', { name: 'Unité' }).selectOption('heures');
    await addUnit(page, 'Envoyer un email');
    await choose(page, /^Modèle/, 'Lettre');
    await choose(page, /^Expéditeur/, 'Léa');
    await page.getByRole('button', { name: 'Publier' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('On se désinscrit de cet email en vous écrivant')).toHaveCount(2);
    await expect(dialog.getByText('Votre adresse postale manque')).toHaveCount(2);
    await dialog.getByRole('button', { name: 'Publier' }).click();
    await expect(page.getByText(/Active · version 1/)).toBeVisible();
  });

  await test.step('the relay is connected', async () => {
    await page.goto('/settings/relay');
    await connectRelay(page, relay.url, SECRET);
    await expect.poll(async () => (await relay.call('/u/x.y')).headers.get('content-type')).toContain('text/html');
  });

  await test.step('the email leaves with a link to its page', async () => {
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page
      .getByRole('row', { name: new RegExp(READER) })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
    await page.getByRole('dialog').getByRole('option', { name: 'Lettre' }).click();
    await expect.poll(() => brevo.messagesTo(READER).length, { timeout: 60_000 }).toBe(1);
    const [message] = brevo.messagesTo(READER);
    expect(pageIn(message)).toContain(`${relay.url}/u/`);
    expect(message?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(message?.htmlContent).toContain(pageIn(message));
  });

  await test.step('its reader opens it elsewhere, on a phone, and presses the button', async () => {
    const program = findHeadlessChromium();
    const browser = await chromium.launch({ ...(program ? { executablePath: program } : {}), args: ['--no-sandbox'] });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const reader = await context.newPage();
    const complaints: string[] = [];
    reader.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await reader.goto(pageIn(brevo.messagesTo(READER)[0]));
    await expect(reader.getByRole('heading', { name: 'Se désinscrire' })).toBeVisible();
    await expectAccessible(reader);
    expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await reader.getByRole('button', { name: 'Me désinscrire' }).click();
    await expect(reader.getByRole('heading', { name: 'Désinscription enregistrée' })).toBeVisible();
    await expectAccessible(reader);
    expect(complaints).toEqual([]);
    await browser.close();
  });

  await test.step('the app takes it in: the contact is unsubscribed, and gets no further email', async () => {
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page
      .getByRole('row', { name: new RegExp(READER) })
      .getByRole('link')
      .first()
      .click();
    await person.advanceUntil(() => expect(page.getByText(/désinscri/i).first()).toBeVisible());
    await person.advanceClock(60 * MINUTE);
    await page
      .getByRole('link', { name: /^Envois/ })
      .first()
      .click();
    await page.getByRole('link', { name: 'Non envoyés 1' }).click({ timeout: 30_000 });
    await expect(page.getByText(/désinscri/i).first()).toBeVisible();
    expect(brevo.messagesTo(READER)).toHaveLength(1);
  });
});
