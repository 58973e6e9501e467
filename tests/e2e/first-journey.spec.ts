import type { Page } from '@playwright/test';
import { expect, test } from './harness';
import { addAfter, addByDialog, addUnit, choose, panel, publish } from './screens';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const READERS = 1_000;
const OPENED = 300;

test.setTimeout(300_000);
test.use({ isMoving: true, actionTimeout: 15_000 });

test('the welcome email, from an empty app to the last branch: import, Sandbox, Brevo, a closed browser, no network', async ({
  page,
  person,
  brevo,
  complaints
}) => {
  await test.step('a file of 1,000 contacts, three of its lines broken, into a list', async () => {
    await importContacts(page, 'Lecteurs');
    await expect(page.getByText('1 000 créés')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('3 lignes refusées')).toBeVisible();
    await expect(page.getByRole('row', { name: /501.*sans-arobase.*n’est pas une adresse/ })).toBeVisible();
  });

  await test.step('two lists, an attribute, a sender, a template with the first name in it', async () => {
    for (const name of ['Nouveaux', 'Fidèles']) await addByDialog(page, '/lists', 'Nouvelle liste', { Nom: name });
    await addByDialog(page, '/settings/attributes', 'Ajouter', { Nom: 'Statut' });
    await addByDialog(page, '/settings/senders', 'Ajouter', { Nom: 'Léa', Adresse: 'lea@atelier.fr' });
    await page.goto('/messages/new');
    await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Bienvenue');
    await page.getByRole('textbox', { name: 'Objet' }).fill("Bienvenue, {{ contact.FIRSTNAME | default: 'vous' }}");
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByRole('heading', { name: 'Bienvenue', level: 1 })).toBeVisible();
  });

  let editor = '';
  await test.step('the automation on the canvas, published', async () => {
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Bienvenue aux abonnés');
    await addUnit(page, 'Contact ajouté à une liste');
    await choose(page, /^Listes/, 'Nouveaux');
    await addUnit(page, 'Délai');
    await panel(page).getByRole('combobox', { name: 'Unité' }).selectOption('heures');
    await addUnit(page, 'Envoyer un email');
    await choose(page, /^Modèle/, 'Bienvenue');
    await choose(page, /^Expéditeur/, 'Léa');
    await addUnit(page, 'Attendre qu’un événement se produise');
    await addAfter(page, 'Attendre qu’un événement se produise, Oui', 'Ajouter un contact à une liste');
    await choose(page, /^Liste/, 'Fidèles');
    await addAfter(page, 'Attendre qu’un événement se produise, Non', 'Mettre à jour l’attribut de contact');
    await choose(page, /^Attribut/, 'Statut');
    await panel(page).getByRole('textbox', { name: 'Valeur' }).fill('Silencieux');
    await publish(page);
    editor = page.url();
  });

  await test.step('tried with the Sandbox first: one contact, one email in the test mailbox', async () => {
    await addFirstToList(page, 'Nouveaux');
    await page.goto(editor);
    await expect(page.getByRole('button', { name: /^Délai.*1 attend/ })).toBeVisible();
    await person.advanceClock(HOUR);
    await page.goto('/mailbox');
    await expect(page.getByRole('list', { name: 'Boîte d’essai' }).getByRole('link')).toHaveCount(1);
    await expect(page.getByRole('link', { name: /Bienvenue, Zoé 0/ })).toBeVisible();
  });

  await test.step('Brevo connected: a wrong key is told in words, the right one works, the sender moves over', async () => {
    await page.goto('/settings/providers');
    await page.getByRole('button', { name: 'Connecter' }).click();
    await page.getByRole('button', { name: /^Brevo Emails/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Connecter Brevo' });
    await dialog.getByRole('textbox', { name: 'Adresse de l’API' }).fill(brevo.url);
    await dialog.getByRole('textbox', { name: 'Clé API' }).fill('xkeysib-wrong');
    complaints.expect(/401/);
    await dialog.getByRole('button', { name: 'Tester la connexion' }).click();
    await expect(dialog.getByText('Cela ne fonctionne pas')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Clé API' }).fill(brevo.apiKey);
    await dialog.getByRole('button', { name: 'Tester la connexion' }).click();
    await expect(dialog.getByText('Tout fonctionne')).toBeVisible();
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByRole('button', { name: 'Passer à ce compte' }).click();
    await expect(page.getByText('Les expéditeurs utilisent le nouveau compte.')).toBeVisible();
  });

  await test.step('all contacts added to the list: enrolments on the canvas', async () => {
    await addAllToList(page, 'Lecteurs', 'Nouveaux');
    await page.goto(editor);
    await expect(page.getByRole('button', { name: /^Délai.*999 attendent/ })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the browser is closed over the delay; opened again, each email arrives once', async () => {
    await person.advanceClock(30 * MINUTE);
    expect(brevo.messages).toHaveLength(0);
    await person.close();
    await person.advanceClock(40 * MINUTE);
    page = await person.open();
    await page.goto(editor);
    await expect.poll(() => brevo.messages.length, { timeout: 120_000 }).toBe(READERS - 1);
    await expect(page.getByRole('button', { name: /^Attendre.*1 000 attendent/ })).toBeVisible({ timeout: 60_000 });
    expect(new Set(brevo.messages.map(({ to }) => to[0]?.email)).size).toBe(READERS - 1);
    expect(brevo.messagesTo('lecteur7@exemple.fr')[0]).toMatchObject({
      subject: 'Bienvenue, Zoé 7',
      sender: { email: 'lea@atelier.fr' }
    });
  });

  await test.step('without network all goes on and the outbox waits; on reconnect it goes out', async () => {
    // The clock can only be moved where no service worker answers: what it would keep is loaded before the network goes.
    for (const screen of ['Envois', 'Contacts']) await page.getByRole('link', { name: screen }).first().click();
    await expect(page.getByRole('row', { name: /Zoé/ }).first()).toBeVisible();
    await person.context.setOffline(true);
    await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Email' }).fill('tardive@exemple.fr');
    await form.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(form).toBeHidden();
    await addToListHere(page, /tardive@exemple\.fr/, 'Nouveaux');
    await person.advanceClock(HOUR);
    await page
      .getByRole('link', { name: /^Envois/ })
      .first()
      .click();
    await expect(page).toHaveURL(/\/outbox/);
    await expect(page.getByRole('row', { name: /tardive/ })).toHaveCount(0);
    await expect(page.getByText('tardive@exemple.fr')).toBeVisible();
    expect(brevo.messages).toHaveLength(READERS - 1);
    await person.context.setOffline(false);
    await expect.poll(() => brevo.messages.length, { timeout: 60_000 }).toBe(READERS);
    expect(brevo.messagesTo('tardive@exemple.fr')).toHaveLength(1);
  });

  await test.step('opens are read from the event report: those contacts join the list, the others get the attribute', async () => {
    for (const { messageId } of brevo.messages.slice(0, OPENED)) brevo.mark(messageId, 'opened', { at: person.now() });
    await person.advanceClock(10 * MINUTE);
    await page.goto(editor);
    await expect(
      page.getByRole('button', { name: new RegExp(`^Attendre.*${READERS + 1 - OPENED} attendent`) })
    ).toBeVisible({ timeout: 60_000 });
    await person.advanceClock(4 * DAY);
    await expect(page.getByText(`Oui · ${OPENED}`)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(`Non · ${READERS + 1 - OPENED}`)).toBeVisible({ timeout: 60_000 });
    expect(brevo.messages).toHaveLength(READERS);
  });

  await test.step('the journal of a journey, in words', async () => {
    await page.getByRole('link', { name: /Parcours/ }).click();
    await page.getByRole('link', { name: 'Terminés 1 001' }).click();
    await page
      .getByText(/^Zoé \d/)
      .first()
      .click();
    const journal = page.getByRole('dialog').getByRole('list');
    await expect(journal).toContainText('Entre dans l’automatisation');
    await expect(journal).toContainText(/Envoyer un email\s*Envoyé\./);
    await expect(journal).toContainText(/L’événement est arrivé|L’événement n’est pas arrivé à temps/);
    await expect(journal).toContainText('Arrive au bout');
  });
});

/** As a creator's tool exports it: BOM, semicolons, quotes, accents, and some broken lines. */
async function importContacts(page: Page, list: string): Promise<void> {
  const lines = ['\ufeffE-mail;Prénom;Nom;Ville'];
  for (let n = 0; n < READERS; n++) lines.push(`lecteur${n}@exemple.fr;Zoé ${n};"O’Brien; ""${n}""";Orléans`);
  lines.splice(500, 0, 'sans-arobase;Léa;X;Y');
  lines.splice(700, 0, 'trop@exemple.fr;peu');
  lines.push('lecteur3@exemple.fr;Double;X;Y;en trop;encore');
  await page.goto('/contacts/import');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'lecteurs.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) });
  await expect(page.getByRole('heading', { name: 'Ce que devient chaque colonne' })).toBeVisible();
  await page.getByRole('button', { name: /^Ajouter à la liste/ }).click();
  await page.keyboard.type(list);
  await page.getByRole('option', { name: `Créer « ${list} »` }).click();
  await page.getByRole('button', { name: 'Importer', exact: true }).click();
}

async function addFirstToList(page: Page, list: string): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('searchbox').fill('lecteur0@');
  await addToListHere(page, /Zoé 0 /, list);
}

async function addToListHere(page: Page, contact: RegExp, list: string): Promise<void> {
  await page.getByRole('row', { name: contact }).getByRole('checkbox').check();
  await chooseList(page, list);
}

async function addAllToList(page: Page, from: string, list: string): Promise<void> {
  await page.goto('/lists');
  await page.getByRole('link', { name: from }).click();
  await expect(page.getByRole('row', { name: /Zoé/ }).first()).toBeVisible();
  await page.getByRole('checkbox', { name: 'Tout choisir' }).check();
  await chooseList(page, list);
}

async function chooseList(page: Page, list: string): Promise<void> {
  await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('option', { name: list }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(/ajouté.* à/).last()).toBeVisible({ timeout: 60_000 });
}
