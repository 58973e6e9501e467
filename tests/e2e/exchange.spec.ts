import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

async function startWithExample(page: Page): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
}

async function openMenuOf(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('row', { name }).getByRole('button').click();
}

/** The automation's file, as the browser saved it. */
async function exported(page: Page): Promise<{ name: string; text: string }> {
  const saved = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer le fichier' }).click();
  const download = await saved;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

async function drop(page: Page, file: { name: string; text: string }): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: file.name, mimeType: 'application/json', buffer: Buffer.from(file.text) });
}

test('an automation leaves as a file and comes into another workspace with all it needs; undo takes it back', async ({
  page
}) => {
  await startWithExample(page);
  await page.getByRole('link', { name: 'Automatisations' }).first().click();
  await openMenuOf(page, /Bienvenue/);
  await page.getByRole('menuitem', { name: 'Exporter' }).click();
  await expect(page.getByRole('dialog')).toContainText('ni contacts, ni parcours, ni clés');
  const file = await exported(page);
  expect(file.name).toMatch(/^bienvenue.*-\d{4}-\d\d-\d\d\.automations\.json$/);
  expect(file.text).not.toContain('createdAt');

  // Another workspace: this one, emptied of the example.
  await page.goto('/');
  await page.getByRole('button', { name: 'Retirer l’exemple' }).click();
  await expect(page.getByText('L’exemple est retiré.')).toBeVisible();
  await page.getByRole('link', { name: 'Automatisations' }).first().click();
  await expect(page.getByRole('heading', { name: 'Que faire quand quelqu’un arrive' })).toBeVisible();
  await page.getByRole('button', { name: 'Plus d’actions' }).click();
  await page.getByRole('menuitem', { name: 'Importer un fichier' }).click();
  await drop(page, { name: 'n8n.json', text: '{"nodes":[],"connections":{}}' });
  await expect(page.getByRole('alert')).toContainText('Ce n’est pas un fichier d’automatisations de Ricochet');
  await drop(page, { name: 'newer.json', text: file.text.replace('"version": 1', '"version": 99') });
  await expect(page.getByRole('alert')).toContainText('version plus récente');
  await drop(page, { name: 'cut.json', text: file.text.slice(0, 500) });
  await expect(page.getByRole('alert')).toContainText('pas lisible');
  await drop(page, file);
  await expect(page.getByRole('heading', { name: 'Ce qui arrive' })).toBeVisible();
  await expect(page.getByText(/points? à compléter/)).toBeVisible();
  await page.getByRole('button', { name: 'Importer l’automatisation' }).click();
  await expect(page.getByText('Automatisation importée en brouillon')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Nom de l’automatisation' })).toHaveValue(/Bienvenue/);
  await page.getByText('Annuler', { exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Importer des automatisations' })).toBeVisible();
  await page.getByRole('link', { name: 'Automatisations' }).first().click();
  await expect(page.getByRole('heading', { name: 'Que faire quand quelqu’un arrive' })).toBeVisible();
});

test('an automation goes into the archive and comes out of it paused', async ({ page }) => {
  await startWithExample(page);
  await page.getByRole('link', { name: 'Automatisations' }).first().click();
  await openMenuOf(page, /Bienvenue/);
  await page.getByRole('menuitem', { name: 'Archiver' }).click();
  await expect(page.getByText(/Bienvenue.+archivée/)).toBeVisible();
  await expect(page.getByRole('row', { name: /Bienvenue/ })).toBeHidden();
  await page.getByText('Archivées (1)').click();
  await expect(page).toHaveURL(/archived/);
  await openMenuOf(page, /Bienvenue/);
  await page.getByRole('menuitem', { name: 'Sortir des archives' }).click();
  await expect(page.getByRole('row', { name: /Bienvenue/ })).toContainText('En pause');
});

test('exporting and importing are accessible', { tag: '@accessibility' }, async ({ page }) => {
  await startWithExample(page);
  await page.goto('/automations');
  await openMenuOf(page, /Bienvenue/);
  await page.getByRole('menuitem', { name: 'Dupliquer' }).click();
  await expect(page.getByRole('row', { name: /copie/ })).toBeVisible();
  await page.getByRole('button', { name: 'Plus d’actions' }).click();
  await page.getByRole('menuitem', { name: 'Tout exporter' }).click();
  await expect(page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
  const file = await exported(page);
  await page.goto('/automations/import');
  await drop(page, { ...file, text: file.text.replaceAll('Bienvenue', 'Welcome') });
  await expect(page.getByRole('heading', { name: 'Ce qui arrive' })).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
});
