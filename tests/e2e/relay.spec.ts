import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expectAccessible } from './accessibility';
import { expect } from './harness';
import { SECRET, test } from './relay-harness';
import { addByDialog, addUnit, panel, publish, tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const SIGNING = 'whsec_of_the_workshop';

/** As Stripe posts it: signed over its time and body. */
function post(address: string, body: string, secret = SIGNING): Promise<Response> {
  const at = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` };
  return fetch(address, { method: 'POST', headers, body });
}

const PAYMENT = readFileSync('src/lib/sources/mappers/samples/stripe/checkout.session.completed.json', 'utf8');

test('a payment that Stripe tells of while the app is closed starts an automation once it is open; what is not understood is mended', async ({
  page,
  person,
  relay
}) => {
  test.setTimeout(180_000);
  await addByDialog(page, '/contacts', 'Ajouter', { Email: 'camille@exemple.fr' });

  await test.step('an automation that waits for a payment', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Merci');
    await addUnit(page, 'Paiement effectué');
    await addUnit(page, 'Délai');
    await expect(panel(page)).toBeVisible();
    await publish(page);
  });

  await test.step('the relay is connected: a wrong secret is said, the right one taken', async () => {
    await page.goto('/settings/relay');
    await expect(page.getByText('Copiez le fichier du relais')).toBeVisible();
    await expectAccessible(page, tooltip);
    await page.getByRole('button', { name: 'Connecter mon relais' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'Adresse du relais' }).fill(relay.url);
    await drawer.getByRole('button', { name: 'Tester' }).click();
    await expect(drawer.getByText('Le relais ne connaît pas ce secret.')).toBeVisible();
    await drawer.getByRole('textbox', { name: 'Secret' }).fill(SECRET);
    await drawer.getByRole('button', { name: 'Tester' }).click();
    await expect(drawer.getByText('Votre relais répond')).toBeVisible();
    await expectAccessible(page, tooltip);
    await drawer.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('Le relais est connecté.')).toBeVisible();
  });

  const address = await test.step('Stripe may post, under an address of its own', async () => {
    await page.getByRole('button', { name: 'Ajouter' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ajouter un service' });
    await dialog.getByRole('combobox', { name: 'Service' }).selectOption('Stripe');
    await dialog.getByRole('button', { name: 'Ajouter' }).click();
    await expect(dialog.getByText('Donnez le secret avec lequel')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Secret de signature' }).fill(SIGNING);
    await expectAccessible(page, tooltip);
    await dialog.getByRole('button', { name: 'Ajouter' }).click();
    await expect(dialog).toBeHidden();
    await expectAccessible(page, tooltip);
    return (await page.getByText(`${relay.url}/in/`).textContent()) ?? '';
  });

  await test.step('told while the app is closed; a forged one is refused', async () => {
    await person.close();
    expect((await post(address, PAYMENT, 'guessed')).status).toBe(401);
    expect((await post(address, PAYMENT)).status).toBe(202);
    expect((await post(address, PAYMENT)).status).toBe(202);
  });

  await test.step('once it is open the journey begins, once, and the relay has let it go', async () => {
    const opened = await person.open();
    await opened.goto('/automations');
    await expect(opened.getByRole('row', { name: /Merci.*Active.*1/ })).toBeVisible({ timeout: 30_000 });
    await person.advanceClock(2 * 60_000);
    await expect
      .poll(async () => ((await (await relay.asUser('/inbox')).json()) as { items: unknown[] }).items)
      .toEqual([]);
    await opened.goto('/events');
    const list = opened.getByRole('list', { name: 'Événements' });
    await expect(list.getByRole('button', { name: /Paiement effectué/ })).toHaveCount(1);
    await expect(list.getByRole('button', { name: /Commande créée/ })).toHaveCount(1);
  });

  await test.step('what is not as Stripe documents it waits apart, is mended there and taken in', async () => {
    const broken = PAYMENT.replaceAll('pi_1GszwL2eZvKYlo2C', 'pi_2').replace('"payment_status": "paid",', '');
    expect((await post(address, broken)).status).toBe(202);
    const opened = person.openPages[0]!;
    await opened.goto('/settings/relay');
    await person.advanceClock(2 * 60_000);
    await opened.getByRole('button', { name: /Stripe.*payment_status/ }).click();
    const drawer = opened.getByRole('dialog', { name: /^Envoi reçu.: Stripe$/ });
    await expectAccessible(opened);
    await drawer.getByRole('button', { name: 'Reprendre' }).click();
    await expect(drawer.getByText('voir le champ data.object.payment_status')).toBeVisible();
    const content = drawer.getByRole('textbox', { name: 'Contenu' });
    await content.fill(PAYMENT.replaceAll('pi_1GszwL2eZvKYlo2C', 'pi_2').replace(/"cs_test_\w+"/, '"cs_2"'));
    await drawer.getByRole('button', { name: 'Reprendre' }).click();
    await expect(opened.getByText('Repris : 2 faits.')).toBeVisible();
    await expect(opened.getByRole('heading', { name: 'Quarantaine' })).toBeHidden();
  });
});
