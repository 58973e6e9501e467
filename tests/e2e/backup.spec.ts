import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { AT, contact, workspaceFile } from '../fixtures/workspace-file';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { replaceAll, restore, tooltip } from './screens';

const PASSPHRASE = 'un cheval correct';

/** Chromium without a screen asks nobody where a file goes: it is downloaded, as where there is no such question. */
async function withoutPicker(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'));
}

async function save(page: Page): Promise<{ download: Download; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Enregistrer une sauvegarde' }).click()
  ]);
  return { download, bytes: await readFile(await download.path()) };
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

async function addContact(page: Page, email: string): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Email' }).fill(email);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
}

async function expectContacts(page: Page, ...emails: string[]): Promise<void> {
  await page.goto('/contacts');
  for (const email of emails) await expect(page.getByText(email).first()).toBeVisible();
}

test('what was saved comes back: merged with what has come since, or in its place', async ({ page }) => {
  await withoutPicker(page);
  await restore(page, workspaceFile({ contacts: [contact('c1', 'lea@exemple.fr'), contact('c2', 'tom@exemple.fr')] }));
  await page.goto('/settings/backup');
  const { download, bytes } = await save(page);
  expect(download.suggestedFilename()).toMatch(/^atelier-.+\.ricochet\.json$/);
  await addContact(page, 'zoe@exemple.fr');

  // Of another device: Léa was changed later, Nina is new, and Zoé is there under another id.
  const other = workspaceFile({
    contacts: [
      { ...contact('c1', 'lea@exemple.fr'), externalId: 'L-1', updatedAt: AT + 1 },
      contact('c8', 'zoe@exemple.fr'),
      contact('c9', 'nina@exemple.fr')
    ]
  });
  await page.goto('/settings/backup');
  await choose(page, 'autre.json', Buffer.from(JSON.stringify(other)));
  await page.getByRole('radio', { name: 'Fusionner' }).check();
  await expect(page.getByRole('row', { name: 'Contacts 2 1 0' })).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
  await page.getByRole('button', { name: 'Fusionner' }).click();
  await expect(page.getByText('La sauvegarde a été fusionnée.')).toBeVisible();
  await expectContacts(page, 'lea@exemple.fr', 'tom@exemple.fr', 'zoe@exemple.fr', 'nina@exemple.fr');
  await expect(page.getByRole('row', { name: /@exemple\.fr/ })).toHaveCount(4);

  await page.goto('/settings/backup');
  await choose(page, 'avant.json', bytes);
  await expect(page.getByRole('row', { name: /^Contacts 2 \d 3$/ })).toBeVisible();
  await replaceAll(page);
  await expectContacts(page, 'lea@exemple.fr', 'tom@exemple.fr');
  await expect(page.getByRole('row', { name: /@exemple\.fr/ })).toHaveCount(2);
});

test('a file that is none says so, and one that is encrypted opens by its passphrase alone', async ({ page }) => {
  await withoutPicker(page);
  await restore(page, workspaceFile({ contacts: [contact('c1', 'lea@exemple.fr')] }));
  await page.goto('/settings/backup');
  await choose(page, 'clients.json', Buffer.from('email;nom\nlea@exemple.fr;Léa'));
  await expect(page.getByRole('alert')).toContainText('Ce fichier n’est pas une sauvegarde');
  await expect(page.getByRole('button', { name: 'Restaurer une sauvegarde' })).toHaveCount(0);

  await page.getByRole('switch', { name: 'Chiffrer tout le fichier' }).click();
  await page.getByLabel('Phrase secrète de ce fichier').fill(PASSPHRASE);
  const { download, bytes } = await save(page);
  expect(download.suggestedFilename()).toMatch(/\.ricochet$/);
  expect(bytes.toString('latin1')).not.toMatch(/exemple\.fr|contacts/);

  await choose(page, 'atelier.ricochet', bytes);
  const passphrase = page.getByLabel('Phrase secrète du fichier');
  await passphrase.fill('un cheval faux');
  await page.getByRole('button', { name: 'Ouvrir le fichier' }).click();
  await expect(page.getByRole('alert')).toContainText('Ce n’est pas la phrase secrète de ce fichier');
  await passphrase.fill(PASSPHRASE);
  await expectAccessibleOnBoth(page, tooltip);
  await page.getByRole('button', { name: 'Ouvrir le fichier' }).click();
  await expect(page.getByRole('row', { name: 'Contacts 1 1 0' })).toBeVisible();
  await replaceAll(page);
  await expectContacts(page, 'lea@exemple.fr');
});

test('backups are saved into a folder by themselves, and who runs out of room is told', async ({
  page,
  person,
  complaints
}) => {
  // The browser's own folder is one as any other, of which it need not ask.
  await page.addInitScript(() => {
    Object.assign(globalThis, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('Sauvegardes', { create: true })
    });
  });
  await restore(page, workspaceFile({ contacts: [contact('c1', 'lea@exemple.fr')] }));
  await page.goto('/settings/backup');
  await page.getByRole('button', { name: 'Choisir un dossier' }).click();
  await expect(page.getByText('Chaque jour dans « Sauvegardes »')).toBeVisible();
  await expect(page.getByText('Sauvegarde enregistrée.')).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
  const saved = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('Sauvegardes');
    const texts: Record<string, string> = {};
    for await (const handle of folder.values())
      if (handle.kind === 'file') texts[handle.name] = await (await handle.getFile()).text();
    return texts;
  });
  expect(Object.keys(saved)).toEqual([expect.stringMatching(/^ricochet-\d{8}-\d{6}\.ricochet\.json$/)]);
  expect(Object.values(saved)[0]).toContain('lea@exemple.fr');

  const session = await person.context.newCDPSession(page);
  const { origin } = new URL(page.url());
  // The runner's beat is refused as well.
  complaints.expect(/the database is unusable: full/);
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4_096 });
  await page.getByRole('button', { name: 'Sauvegarder maintenant' }).click();
  await expect(page.getByText('La sauvegarde automatique a échoué')).toBeVisible();
  await expect(page.getByText(/Il n’y a plus de place là où vont les sauvegardes/)).toBeVisible();
  // What is asked of the browser about its quota it answers as if there were none.
  await page.addInitScript(() => {
    StorageManager.prototype.estimate = () => Promise.resolve({ usage: 810, quota: 1_000 });
  });
  await page.goto('/');
  await expect(page.getByText(/La place se fait rare.+81.+utilisés/)).toBeVisible();
  await expect(page.getByText('La sauvegarde automatique a échoué')).toBeVisible();
  await page.goto('/settings/storage');
  await expect(page.getByText(/La place se fait rare/)).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);

  await session.send('Storage.overrideQuotaForOrigin', { origin });
  await page.goto('/settings/backup');
  await page.getByRole('button', { name: 'Sauvegarder maintenant' }).click();
  await expect(page.getByText('La sauvegarde automatique a échoué')).toHaveCount(0);
});
