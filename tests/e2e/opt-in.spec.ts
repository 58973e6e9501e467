import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility';
import { expect } from './harness';
import { SECRET, test } from './relay-harness';
import { addByDialog, addUnit, choose, connectBrevo, connectRelay, publish } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const READER = 'ines@exemple.fr';
const OTHER = 'hugo@exemple.fr';

/** At a person's pace: whoever fills in a form at once is taken for a program. */
async function handIn(page: Page, email: string, phone: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Adresse email' }).pressSequentially(email, { delay: 120 });
  await page.getByRole('textbox', { name: 'Téléphone' }).fill(phone);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'M’inscrire' }).click();
  await expect(page.getByText(/ouvrez l’email/)).toBeVisible();
}

function linkIn(message: { readonly htmlContent?: string } | undefined): string {
  return /href="(http[^"]+\/c\/[^"]+)"/.exec(message?.htmlContent ?? '')?.[1] ?? '';
}

test('a sign-up counts once its address is confirmed: the form’s page, the email, its button, and then the automation', async ({
  page,
  person,
  brevo,
  relay,
  visitor
}) => {
  test.setTimeout(300_000);
  let address = '';

  await test.step('a sender at Brevo, a list, an automation that starts from forms', async () => {
    await addByDialog(page, '/settings/senders', 'Ajouter', { Nom: 'Léa', Adresse: 'lea@atelier.fr' });
    await addByDialog(page, '/lists', 'Nouvelle liste', { Nom: 'Confirmés' });
    await page.goto('/settings/providers');
    await connectBrevo(page, brevo);
    await page.goto('/automations');
    await page.getByRole('button', { name: 'Nouvelle automatisation' }).first().click();
    await page.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Accueil');
    await addUnit(page, 'Formulaire soumis');
    await addUnit(page, 'Ajouter un contact à une liste');
    await choose(page, /^Liste/, 'Confirmés');
    await publish(page);
  });

  await test.step('the form asks for a confirmation, for which it needs a relay', async () => {
    await page.getByRole('link', { name: 'Formulaires' }).click();
    await page.getByRole('button', { name: 'Nouveau formulaire' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Nom' }).fill('Lettre');
    await page.getByRole('dialog').getByRole('button', { name: 'Nouveau formulaire' }).click();
    const confirmation = page.getByRole('switch', { name: /Demander une confirmation/ });
    await expect(page.getByText('Il faut un relais')).toBeVisible();
    await expect(confirmation).toBeDisabled();
    await page.getByRole('link', { name: 'Connecter mon relais' }).click();
    await connectRelay(page, relay.url, SECRET);
    await page.getByRole('link', { name: 'Formulaires' }).click();
    await page.getByRole('link', { name: 'Lettre' }).click();
    await confirmation.check();
    await page.getByRole('button', { name: 'Ajouter une question' }).click();
    await page.getByRole('menuitem', { name: 'Téléphone' }).click();
    await page.getByRole('textbox', { name: 'Objet de l’email' }).fill('C’est bien vous ?');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('Le formulaire est enregistré.')).toBeVisible();
    await page.getByRole('link', { name: 'Partager' }).click();
    await page.getByRole('button', { name: 'Publier' }).click();
    await expect(page.getByText('La page du formulaire', { exact: true })).toBeVisible();
  });

  await test.step('filled in elsewhere, it asks to look into the mail', async () => {
    const codes = await page.locator('dd pre, dd code').allTextContents();
    address = codes.find((code) => code.startsWith(relay.url)) ?? '';
    await expect.poll(async () => (await fetch(address)).status).toBe(200);
    await visitor.goto(address);
    await handIn(visitor, READER, '06 12 34 56 78');
    await person.advanceUntil(() => expect.poll(() => brevo.messagesTo(READER).length).toBe(1));
    await page.getByRole('link', { name: 'Réponses' }).click();
    await expect(page.getByText('À confirmer')).toBeVisible();
    await expect(page.getByText(READER)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Contacts' }).first().click();
    await expect(page.getByRole('row', { name: /ines@exemple/ })).toBeHidden();
  });

  await test.step('the reader opens the email’s link, and presses the button', async () => {
    const [message] = brevo.messagesTo(READER);
    expect(message?.subject).toBe('C’est bien vous ?');
    await visitor.goto(linkIn(message));
    await expect(visitor.getByRole('heading', { name: 'Était-ce bien vous' })).toBeVisible();
    await expect(visitor.getByText('+33612345678', { exact: true })).toBeVisible();
    await expectAccessible(visitor);
    await visitor.getByRole('button', { name: 'Confirmer' }).click();
    await expect(visitor.getByRole('heading', { name: 'C’est confirmé' })).toBeVisible();
    await expect(visitor.getByText('Merci, à bientôt dans votre boîte.')).toBeVisible();
    await expectAccessible(visitor);
  });

  await test.step('now they are a contact, and the automation has started', async () => {
    const row = page.getByRole('row', { name: /ines@exemple/ });
    await person.advanceUntil(() => expect(row).toBeVisible());
    await row.getByRole('link').first().click();
    await expect(page.getByText('Confirmés').first()).toBeVisible();
    await expect(page.getByText('Accueil').first()).toBeVisible();
  });

  await test.step('somebody else is signed up by a stranger: they refuse, and may still fill it in themselves', async () => {
    await visitor.goto(address);
    await handIn(visitor, OTHER, '06 99 99 99 99');
    await person.advanceUntil(() => expect.poll(() => brevo.messagesTo(OTHER).length).toBe(1));
    await visitor.goto(linkIn(brevo.messagesTo(OTHER)[0]));
    await expect(visitor.getByText('+33699999999', { exact: true })).toBeVisible();
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await visitor.getByRole('button', { name: 'Ce n’était pas moi' }).click();
    await expect(visitor.getByText('Les réponses sont effacées.')).toBeVisible();
    await expectAccessible(visitor);
    await page.getByRole('link', { name: 'Formulaires' }).click();
    await page.getByRole('link', { name: 'Lettre' }).click();
    await page.getByRole('link', { name: 'Réponses' }).click();
    await person.advanceUntil(() => expect(page.getByText('Refusée')).toBeVisible());
    await expectAccessible(page);
    await visitor.getByRole('link', { name: 'Remplir le formulaire avec mes propres réponses' }).click();
    await expect(visitor.getByRole('textbox', { name: 'Adresse email' })).toBeHidden();
    await visitor.getByRole('textbox', { name: 'Téléphone' }).pressSequentially('06 11 22 33 44', { delay: 150 });
    await visitor.getByRole('checkbox').check();
    await expectAccessible(visitor);
    await visitor.getByRole('button', { name: 'M’inscrire' }).click();
    await expect(visitor.getByText('Merci, à bientôt dans votre boîte.')).toBeVisible();
    await person.advanceUntil(() => expect(page.getByText('Refusée')).toBeHidden());
    await expect(page.getByText('+33611223344')).toBeVisible();
  });
});
