import { expect, test } from './harness';
import { addByDialog, addUnit, choose, panel, publish } from './screens';

test.setTimeout(180_000);
test.use({ hand: 'keyboard', actionTimeout: 15_000 });

test('an order typed in starts an automation, whose SMS is read in the mailbox; STOP is heard; events come from a file', async ({
  page
}) => {
  await test.step('a contact, an SMS sender, and an automation on orders of 50 or more', async () => {
    await addByDialog(page, '/contacts', 'Ajouter', {
      Email: 'camille@exemple.fr',
      Téléphone: '06 12 34 56 78'
    });
    await addByDialog(page, '/settings/senders', 'Ajouter un expéditeur SMS', { 'Nom ou numéro': 'Atelier' });
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Merci');
    await addUnit(page, 'Commande créée');
    await addUnit(page, 'Envoyer un SMS');
    await panel(page).getByRole('textbox', { name: 'Texte' }).fill('Merci pour {{ event.orderId }} !');
    await choose(page, /^Expéditeur/, 'Atelier');
    await publish(page);
  });

  await test.step('the order, typed in on the page of events', async () => {
    await page.goto('/events');
    await page.getByRole('button', { name: 'Noter un événement' }).first().click();
    const form = page.getByRole('dialog', { name: 'Noter un événement' });
    await form.getByRole('combobox', { name: 'Type d’événement' }).selectOption('Commande créée');
    await form.getByRole('searchbox', { name: 'Contact' }).fill('camille');
    await form.getByRole('button', { name: /camille@exemple\.fr/ }).click();
    await form.getByRole('textbox', { name: 'Identifiant de la commande' }).fill('C-42');
    await form.getByRole('group', { name: 'Produits' }).getByRole('button', { name: 'Ajouter' }).click();
    await form.getByRole('textbox', { name: 'Nom du produit' }).fill('Savon');
    await form.getByRole('button', { name: 'Noter', exact: true }).click();
    await expect(form).toBeHidden();
    const row = page.getByRole('list', { name: 'Événements' }).getByRole('button', { name: /Commande créée/ });
    await expect(row).toContainText('Savon');
    await row.click();
    await expect(page.getByText('C-42').first()).toBeVisible();
  });

  await test.step('the SMS in the mailbox, and what STOP does', async () => {
    await page.goto('/mailbox');
    await page.getByRole('link', { name: /Merci pour C-42/ }).click();
    const bubble = page.getByRole('group', { name: 'Le SMS sur un téléphone' });
    await expect(bubble).toContainText('Merci pour C-42 !');
    await expect(bubble).toContainText('STOP');
    await page.getByRole('button', { name: 'Répondre STOP' }).click();
    await expect(page.getByText('A répondu STOP')).toBeVisible();
    await page.getByRole('link', { name: 'Voir le contact' }).click();
    await expect(page.getByText('Désinscription des SMS')).toBeVisible();
    await page.getByRole('combobox', { name: 'Ce qui est montré' }).selectOption('Achats et paniers');
    await expect(page.getByText('Commande créée')).toBeVisible();
    await expect(page.getByText('Désinscription des SMS')).toBeHidden();
  });

  await test.step('a file of events, one line of it broken', async () => {
    await page.goto('/events');
    await page.getByRole('button', { name: 'Importer' }).click();
    const dialog = page.getByRole('dialog', { name: 'Importer des événements' });
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'visites.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        'type;email;properties.url\npage.visited;zoe@exemple.fr;https://atelier.fr\npage.visited;rien;https://atelier.fr\n'
      )
    });
    await dialog.getByRole('button', { name: 'Importer les événements' }).click();
    await expect(dialog.getByText('Certaines lignes sont refusées')).toBeVisible();
    await expect(dialog.getByRole('row', { name: /3.*n’est pas une adresse/ })).toBeVisible();
    await dialog.getByRole('button', { name: 'Fermer' }).last().click();
    await page.getByRole('combobox', { name: 'Type d’événement' }).selectOption('Page Web visitée');
    await expect(page.getByRole('list', { name: 'Événements' }).getByRole('listitem')).toHaveCount(1);
    await expect(page.getByText('zoe@exemple.fr')).toBeVisible();
  });
});
