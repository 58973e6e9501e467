import type { Page } from '@playwright/test';
import { AT, contact, draft, sender, sending, step, template, workspaceFile } from '../fixtures/workspace-file';
import type { Brevo } from '../loopback/brevo';
import { expectAccessible } from './accessibility';
import { expect, test } from './harness';
import { connectBrevo, panel, restore } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const READERS = ['ada', 'bob', 'cleo', 'dan', 'eva', 'fay'] as const;
type Reader = (typeof READERS)[number];

const addressOf = (reader: Reader): string => `${reader}@exemple.fr`;

/** Added to a list: a welcome at once, and two hours later the course. */
const workspace = workspaceFile({
  contacts: READERS.map((reader) => contact(reader, addressOf(reader))),
  lists: [{ id: 'l1', name: 'Élèves', createdAt: AT }],
  templates: [template('m1', 'Bienvenue'), template('m2', 'Cours', { subject: 'Le cours commence' })],
  senders: [sender],
  automations: [
    draft('a1', 'Le cours', {
      on: 'contact.added_to_list',
      fields: { listIds: ['l1'] },
      steps: [
        step('s1', 'email.send', sending('m1', 'marketing'), { sent: 's2', failed: null }),
        step('s2', 'rule.delay', { duration: { amount: 2, unit: 'hours' }, window: null }, { next: 's3' }),
        step('s3', 'email.send', sending('m2', 'marketing'), { sent: null, failed: null })
      ]
    })
  ]
});

const courses = (brevo: Brevo, reader: Reader) =>
  brevo.messagesTo(addressOf(reader)).filter(({ subject }) => subject === 'Le cours commence');
const handedOver = (brevo: Brevo, reader: Reader) => brevo.scheduled.filter(({ to }) => to === addressOf(reader));
const offer = (page: Page) => panel(page).getByRole('switch', { name: /Remettre les messages d’avance/ });
const outbox = async (page: Page, tab: RegExp) => {
  await page
    .getByRole('link', { name: /^Envois/ })
    .first()
    .click();
  await page.getByRole('link', { name: tab }).click({ timeout: 30_000 });
};

async function startFor(page: Page, ...readers: Reader[]): Promise<void> {
  await page.getByRole('link', { name: 'Contacts' }).first().click();
  for (const reader of readers)
    await page
      .getByRole('row', { name: new RegExp(addressOf(reader)) })
      .getByRole('checkbox')
      .check();
  await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Élèves' }).click();
  await expect(page.getByText(/ajouté.* à/).last()).toBeVisible({ timeout: 30_000 });
}

async function picture(page: Page, name: string): Promise<void> {
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });
}

test('handed over ahead, a message leaves while the app is closed; it is taken back when its journey changes before', async ({
  page,
  person,
  brevo
}) => {
  test.setTimeout(300_000);
  await restore(page, workspace);

  await test.step('the Sandbox holds nothing, and it is not offered; at Brevo it is, and says for which message', async () => {
    await page.goto('/automations/a1');
    await expect(panel(page).getByText(/le bac à sable ne garde rien/)).toBeVisible();
    await expect(offer(page)).toBeDisabled();
    await picture(page, 'not-offered');
    await page.goto('/settings/providers');
    await connectBrevo(page, brevo);
    await page.goto('/automations/a1');
    await expect(panel(page).getByText('Remis à Brevo dès que le délai commence.')).toBeVisible();
    await offer(page).check();
    await picture(page, 'offered');
    await page.getByRole('button', { name: 'Publier' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
    await expect(page.getByText(/Active · version 1/)).toBeVisible();
  });

  await test.step('as the delay begins Brevo has the message, with its time', async () => {
    await startFor(page, 'ada', 'bob', 'cleo', 'dan');
    await expect.poll(() => brevo.scheduled.length, { timeout: 30_000 }).toBe(4);
    for (const { leavesAt } of brevo.scheduled)
      expect(Math.abs(leavesAt - person.now() - 2 * HOUR)).toBeLessThan(MINUTE);
    expect(brevo.messages.map(({ subject }) => subject)).toEqual(Array(4).fill('Bienvenue'));
    await outbox(page, /Remis d’avance 4/);
    await expect(page.getByRole('listitem').filter({ hasText: addressOf('cleo') })).toContainText(/Brevo · part le/);
    await expectAccessible(page);
    await picture(page, 'outbox');
  });

  await test.step('by the user, in the outbox', async () => {
    await page
      .getByRole('listitem')
      .filter({ hasText: addressOf('dan') })
      .getByRole('button', { name: 'Reprendre' })
      .click();
    await expect.poll(() => handedOver(brevo, 'dan')[0]?.isCancelled).toBe(true);
    await outbox(page, /^Repris 1/);
    await expect(page.getByText('Repris par vous avant son départ.')).toBeVisible();
  });

  await test.step('as the journey is stopped by hand', async () => {
    await page.goto('/automations/a1/journeys?status=waiting');
    await page.getByRole('link', { name: addressOf('bob') }).click();
    await picture(page, 'journey');
    await page.getByRole('button', { name: 'Arrêter le parcours' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Arrêter le parcours' }).click();
    await expect.poll(() => handedOver(brevo, 'bob')[0]?.isCancelled).toBe(true);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
  });

  await test.step('as the contact unsubscribes', async () => {
    brevo.mark(brevo.messagesTo(addressOf('ada'))[0]!.messageId, 'unsubscribed', { at: person.now() });
    await person.advanceClock(10 * MINUTE);
    await expect.poll(() => handedOver(brevo, 'ada')[0]?.isCancelled, { timeout: 60_000 }).toBe(true);
    await outbox(page, /^Repris 3/);
  });

  await test.step('the others leave while the browser is closed, once', async () => {
    await person.close();
    await person.advanceClock(3 * HOUR);
    expect(courses(brevo, 'cleo')).toMatchObject([{ messageId: handedOver(brevo, 'cleo')[0]?.messageId }]);
    page = await person.open();
    await page.goto('/automations/a1/journeys?status=completed');
    await expect(page.getByRole('row', { name: new RegExp(addressOf('cleo')) })).toBeVisible({ timeout: 60_000 });
    await outbox(page, /^Envoyés 5/);
    for (const reader of ['ada', 'bob', 'dan'] as const) expect(courses(brevo, reader)).toEqual([]);
    expect(courses(brevo, 'cleo')).toHaveLength(1);
  });

  await test.step('as the automation is paused; resumed, the message leaves at its time all the same, once', async () => {
    await startFor(page, 'eva');
    await expect.poll(() => handedOver(brevo, 'eva').length, { timeout: 30_000 }).toBe(1);
    await page.goto('/automations/a1');
    await more(page, 'Mettre en pause');
    await expect.poll(() => handedOver(brevo, 'eva')[0]?.isCancelled).toBe(true);
    await more(page, 'Relancer');
    await expect(page.getByText(/Active · version 1/)).toBeVisible();
    await person.advanceClock(2 * HOUR + MINUTE);
    await expect.poll(() => courses(brevo, 'eva').length, { timeout: 60_000 }).toBe(1);
    expect(handedOver(brevo, 'eva')).toHaveLength(1);
  });

  await test.step('as a new version takes the message away', async () => {
    await startFor(page, 'fay');
    await expect.poll(() => handedOver(brevo, 'fay').length, { timeout: 30_000 }).toBe(1);
    await page.goto('/automations/a1');
    await page.getByRole('button', { name: /^Envoyer un email « Cours »/ }).click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Publier' }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Passent à la nouvelle version' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
    await expect(page.getByText(/Active · version 2/)).toBeVisible();
    await expect.poll(() => handedOver(brevo, 'fay')[0]?.isCancelled, { timeout: 60_000 }).toBe(true);
    await person.advanceClock(3 * HOUR);
    expect(courses(brevo, 'fay')).toEqual([]);
  });
});

/** From the menu of the automation. */
async function more(page: Page, item: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Plus d’actions' }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
}
