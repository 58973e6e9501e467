import { expect, type Page } from '@playwright/test';
import type { Brevo } from '../../loopback/brevo';
import {
  AT,
  contact,
  draft,
  identity,
  sender,
  sending,
  step,
  template,
  workspaceFile
} from '../../fixtures/workspace-file';
import { replaceAll } from '../screens';

const emailOf = (n: number): string => `lecteur${n}@exemple.fr`;

/**
 * A workspace file: so many contacts in a list, and the draft of an automation that sends each an email, counts that in a number of
 * the contact, and puts the contact into another list.
 */
function workspaceOf(contacts: number): unknown {
  const ids = Array.from({ length: contacts }, (_, n) => `c${String(n).padStart(5, '0')}`);
  const counting = { assignment: { attributeId: 'RECEIVED', value: { from: 'add', amount: 1 } } };
  return workspaceFile({
    attributes: [{ id: 'RECEIVED', name: 'Reçus', kind: 'number', createdAt: AT }],
    lists: ['l1', 'l2'].map((id) => ({ id, name: `Liste ${id}`, createdAt: AT })),
    contacts: ids.map((id, n) => ({ ...contact(id, emailOf(n)), listIds: ['l1'], listedAt: { l1: AT } })),
    identities: ids.map((id, n) => identity(id, emailOf(n))),
    templates: [template('m1', 'Merci', { html: '<p>Merci</p>' })],
    senders: [sender],
    automations: [
      draft('a1', 'Merci', {
        on: 'contact.added_to_list',
        fields: { listIds: ['l1'] },
        steps: [
          step('s1', 'email.send', sending('m1', 'transactional'), { sent: 's2', failed: null }),
          step('s2', 'contact.update_attribute', counting, { next: 's3' }),
          step('s3', 'contact.add_to_list', { listId: 'l2' }, { next: null })
        ]
      })
    ]
  });
}

/** By hand: the file is restored, and the account connected that its sender sends through. */
export async function prepare(page: Page, site: string, contacts: number, brevo: Brevo): Promise<void> {
  await page.goto(`${site}/settings/backup`);
  const buffer = Buffer.from(JSON.stringify(workspaceOf(contacts)));
  await page.locator('input[type=file]').setInputFiles({ name: 'atelier.json', mimeType: 'application/json', buffer });
  await replaceAll(page);
  await page.goto(`${site}/settings/providers`);
  await page.getByRole('button', { name: 'Connecter' }).click();
  await page.getByRole('button', { name: /^Brevo Emails/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Connecter Brevo' });
  await dialog.getByRole('textbox', { name: 'Adresse de l’API' }).fill(brevo.url);
  await dialog.getByRole('textbox', { name: 'Clé API' }).fill(brevo.apiKey);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('button', { name: 'Passer à ce compte' }).click();
  await expect(page.getByText('Les expéditeurs utilisent le nouveau compte.')).toBeVisible();
}

/** The automation is published, for those too who are in the list already. */
export async function publishForAll(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/automations/a1`);
  await page.getByRole('button', { name: 'Publier' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText(/Active · version 1/)).toBeVisible({ timeout: 20_000 });
}
