import { expectAccessible } from './accessibility';
import { expect } from './harness';
import { SECRET, test } from './relay-harness';
import { addByDialog, addUnit, choose, connectBrevo, connectRelay, publish } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const READER = 'camille@exemple.fr';

test('a reader keeps their details up to date by the link in an email; who only knows their address has to be confirmed', async ({
  page,
  person,
  brevo,
  relay,
  visitor
}) => {
  test.setTimeout(300_000);

  await test.step('a contact, a list, a sender at Brevo, a relay', async () => {
    await addByDialog(page, '/contacts', 'Ajouter', { Email: READER });
    await addByDialog(page, '/lists', 'Nouvelle liste', { Nom: 'Lettre' });
    await addByDialog(page, '/settings/senders', 'Ajouter', { Nom: 'Léa', Adresse: 'lea@atelier.fr' });
    await page.goto('/settings/providers');
    await connectBrevo(page, brevo);
    await page.goto('/settings/relay');
    await connectRelay(page, relay.url, SECRET);
  });

  let address = '';
  await test.step('a form that updates the profile says who may change what, and is published', async () => {
    await page.getByRole('link', { name: 'Formulaires' }).click();
    await page.getByRole('button', { name: 'Nouveau formulaire' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Nom' }).fill('Mes informations');
    await dialog.getByRole('combobox', { name: 'Type' }).selectOption('Mise à jour du profil');
    await dialog.getByRole('button', { name: 'Nouveau formulaire' }).click();
    await expect(page.getByText(/n’importe qui peut taper une adresse/)).toBeVisible();
    await page.getByRole('button', { name: 'Ajouter une question' }).click();
    await page.getByRole('menuitem', { name: 'Prénom' }).click();
    await page.locator('header').getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('Le formulaire est enregistré.')).toBeVisible();
    await page.getByRole('link', { name: 'Partager' }).click();
    await page.getByRole('button', { name: 'Publier' }).click();
    await expect(page.getByText('{{ profile_url }}')).toBeVisible();
    await expectAccessible(page);
    const codes = await page.locator('dd pre, dd code').allTextContents();
    address = codes.find((code) => code.startsWith(relay.url)) ?? '';
    await expect.poll(async () => (await fetch(address)).status).toBe(200);
  });

  await test.step('an email with the personal link, chosen among what an email can be personalised with', async () => {
    await page.goto('/messages/new');
    await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Lettre');
    await page.getByRole('textbox', { name: 'Objet' }).fill('La lettre');
    await page.getByRole('button', { name: 'Ajouter un bloc' }).click();
    const kinds = page.getByRole('dialog', { name: 'Ajouter un bloc' });
    await kinds.getByRole('button', { name: 'Bouton', exact: true }).click();
    await page.getByRole('textbox', { name: 'Adresse du lien' }).fill('');
    await page.getByRole('button', { name: 'Personnaliser' }).last().click();
    const picker = page.getByRole('dialog', { name: 'Personnaliser' });
    await picker.getByRole('combobox').selectOption({ label: 'Lien vers ses informations' });
    await picker.getByRole('button', { name: 'Insérer' }).click();
    await expect(page.getByRole('textbox', { name: 'Adresse du lien' })).toHaveValue('{{ profile_url }}');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Lettre', level: 1 })).toBeVisible();
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('La lettre');
    await addUnit(page, 'Contact ajouté à une liste');
    await choose(page, /^Listes/, 'Lettre');
    await addUnit(page, 'Envoyer un email');
    await choose(page, /^Modèle/, 'Lettre');
    await choose(page, /^Expéditeur/, 'Léa');
    await publish(page);
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await page
      .getByRole('row', { name: new RegExp(READER) })
      .getByRole('checkbox')
      .check();
    await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
    await page.getByRole('dialog').getByRole('option', { name: 'Lettre' }).click();
    await expect.poll(() => brevo.messagesTo(READER).length, { timeout: 60_000 }).toBe(1);
  });

  await test.step('its reader opens it on a phone, and is asked for no address', async () => {
    const link = /href="(http[^"]+\/p\/[^"]+)"/.exec(brevo.messagesTo(READER)[0]?.htmlContent ?? '')?.[1] ?? '';
    expect(link).toContain(relay.url);
    await visitor.goto(link);
    await expect(visitor.getByRole('heading', { name: 'Mettre à jour mes informations' })).toBeVisible();
    await expect(visitor.getByRole('textbox', { name: 'Adresse email' })).toBeHidden();
    await expectAccessible(visitor);
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    // At a person's pace: whoever fills in a form at once is taken for a program.
    await visitor.getByRole('textbox', { name: 'Prénom' }).pressSequentially('Camille', { delay: 300 });
    await visitor.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(visitor.getByText('Merci, c’est à jour.')).toBeVisible();
    await person.advanceUntil(() => expect(page.getByRole('row', { name: /Camille/ })).toBeVisible());
  });

  await test.step('somebody else types the address: nothing changes until its reader confirms', async () => {
    await visitor.goto(address);
    await visitor.getByRole('textbox', { name: 'Adresse email' }).pressSequentially(READER, { delay: 120 });
    await visitor.getByRole('textbox', { name: 'Prénom' }).fill('Claude');
    await visitor.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(visitor.getByText(/ouvrez l’email/)).toBeVisible();
    await person.advanceUntil(() => expect.poll(() => brevo.messagesTo(READER).length).toBe(2));
    await expect(page.getByRole('row', { name: /Camille/ })).toBeVisible();
    const confirmation = brevo.messagesTo(READER)[1];
    expect(confirmation?.subject).toBe('Confirmez vos informations');
    await visitor.goto(/href="(http[^"]+\/c\/[^"]+)"/.exec(confirmation?.htmlContent ?? '')?.[1] ?? '');
    await expect(visitor.getByRole('heading', { name: 'Était-ce bien vous' })).toBeVisible();
    await visitor.getByRole('button', { name: 'Confirmer' }).click();
    await expect(visitor.getByText('Merci, c’est à jour.')).toBeVisible();
    await person.advanceUntil(() => expect(page.getByRole('row', { name: /Claude/ })).toBeVisible());
  });
});
