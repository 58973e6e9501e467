import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessible, expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

const CARDS = [
  'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;=C3=89lo=\r\n=C3=AFse;;;',
  'TEL;CELL:06 12 34 56 78\r\nEMAIL;PREF;INTERNET:eloise@exemple.fr\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Petit;Noé;;;\r\nFN:Noé Petit\r\nEMAIL;TYPE=HOME:noe@exemple.fr',
  'EMAIL;TYPE=WORK,PREF:noe.petit@atelier.exemple\r\nEND:VCARD',
  'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sans adresse\r\nEND:VCARD\r\n'
].join('\r\n');

async function saved(page: Page): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer le fichier' }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('cards of an address book come in, and leave as a CSV file that comes in again', async ({ page }, info) => {
  await page.goto('/contacts/import');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'carnet.vcf', mimeType: 'text/vcard', buffer: Buffer.from(CARDS) });
  await expect(page.getByText('Une ligne par fiche.')).toBeVisible();
  await expect(page.getByRole('combobox', { name: /« Email »/ })).toHaveValue('email');
  await expect(page.getByRole('combobox', { name: /« Email 2 »/ })).toHaveValue('');
  await page.screenshot({ path: info.outputPath('cards.png'), fullPage: true });
  await expectAccessible(page, tooltip);
  await page.getByRole('button', { name: 'Importer', exact: true }).click();
  await expect(page).toHaveURL(/\/contacts\/import\/.+/);
  await expect(page.getByText('2 créés')).toBeVisible();
  await expect(page.getByText('1 ligne refusée')).toBeVisible();

  await page.getByRole('link', { name: 'Contacts' }).first().click();
  await expect(page.getByRole('row', { name: /Éloïse Lefèvre/ })).toContainText('eloise@exemple.fr');
  await expect(page.getByRole('row', { name: /Noé Petit/ })).toContainText('noe.petit@atelier.exemple');
  await page.getByRole('searchbox').fill('Éloïse');
  await expect(page).toHaveURL(/search=/);
  await expect(page.getByRole('row', { name: /Noé Petit/ })).toBeHidden();
  await page.getByRole('button', { name: 'Exporter' }).click();
  await expect(page.getByRole('dialog', { name: 'Exporter 1 contact' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('export.png') });
  await expectAccessible(page, tooltip);
  await page.getByRole('dialog').getByRole('checkbox', { name: 'Ajouté' }).uncheck();
  const file = await saved(page);
  expect(file.name).toMatch(/^contacts-\d{4}-\d\d-\d\d\.csv$/);
  const [headers, ...rows] = file.text.trimEnd().split('\r\n');
  expect(headers).toMatch(/^\ufeffEmail;Téléphone;Prénom;Nom;/);
  expect(headers).not.toContain('Ajouté');
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatch(/^eloise@exemple.fr;\+33612345678;Éloïse;Lefèvre;/);

  await page.getByRole('link', { name: 'Importer' }).click();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.text) });
  await expect(page.getByRole('combobox', { name: /« Téléphone »/ })).toHaveValue('phone');
  await expect(page.getByRole('combobox', { name: /« Listes »/ })).toHaveValue('');
});

test('the search and the order of contacts are in the address', async ({ page }) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await page.getByRole('columnheader', { name: 'Email' }).getByRole('button').click();
  await expect(page).toHaveURL(/sort=email/);
  await page.getByRole('searchbox').fill('camille');
  await expect(page).toHaveURL(/search=camille/);
  await page.getByRole('link', { name: /Camille Durand/ }).click();
  await expect(page.getByRole('heading', { name: 'Camille Durand' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue('camille');
  await expect(page.getByRole('columnheader', { name: 'Email' })).toHaveAttribute('aria-sort', 'ascending');
});

test.describe('by hand', () => {
  test.use({ hand: 'mouse' });

  test('a contact that is clicked right after typing opens', async ({ page }) => {
    // Its page takes longer to load than a pause between two letters.
    await page.route(/\/nodes\//, async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      await route.continue();
    });
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
    const contact = page.getByRole('link', { name: /Camille Durand/ });
    await expect(contact).toBeVisible();
    await page.getByRole('searchbox').pressSequentially('cam');
    await contact.click();
    await expect(page.getByRole('heading', { name: 'Camille Durand' })).toBeVisible();
  });
});

test('exporting contacts is accessible', { tag: '@accessibility' }, async ({ page }) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await page.getByRole('button', { name: 'Exporter' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
});
