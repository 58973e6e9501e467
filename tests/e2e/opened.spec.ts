import type { Page } from '@playwright/test';
import { expect, test } from './harness';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

/** The page is loaded anew, and then one more screen. */
const LOADED = { timeout: 20_000 };

const CARD = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Petit;Noé;;;\r\nFN:Noé Petit\r\nEMAIL:noe@exemple.fr\r\nEND:VCARD\r\n';

/** What another app does through the share sheet: a form with the file, as the manifest describes it. */
async function share(page: Page, file: { name: string; type: string; text: string }): Promise<void> {
  await page.evaluate(({ name, type, text }) => {
    const form = Object.assign(document.createElement('form'), {
      method: 'POST',
      action: '/share',
      enctype: 'multipart/form-data'
    });
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'file' });
    const given = new DataTransfer();
    given.items.add(new File([text], name, { type }));
    input.files = given.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  }, file);
}

test.describe('a file that is shared to the app', () => {
  test.use({ serviceWorkers: 'allow' });

  test('opens the import with it, without a network too, and once', async ({ page, person }) => {
    await page.goto('/');
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await person.context.setOffline(true);
    await share(page, { name: 'Noé.vcf', type: 'text/vcard', text: CARD });
    await expect(page.getByRole('heading', { name: 'Importer des contacts' })).toBeVisible(LOADED);
    await expect(page.getByText('Noé.vcf')).toBeVisible();
    await expect(page.getByRole('combobox', { name: /« Email »/ })).toHaveValue('email');
    await page.getByRole('button', { name: 'Importer', exact: true }).click();
    await expect(page.getByText('1 créé')).toBeVisible();

    await page.goto('/opened');
    await expect(page.getByRole('heading', { name: 'Aucun fichier n’est arrivé' })).toBeVisible(LOADED);

    await share(page, { name: 'photo.jpg', type: 'image/jpeg', text: 'ÿØÿà' });
    await expect(page.getByRole('heading', { name: /photo\.jpg.+ne s’ouvre pas ici/ })).toBeVisible(LOADED);
  });
});

for (const [kind, name, text, heading] of [
  ['contacts', 'clients.csv', 'Email,Prénom\nlea@exemple.fr,Léa\n', 'Importer des contacts'],
  ['automations', 'bienvenue.json', '{"format": "ricochet-automations", "version": 1}', 'Importer des automatisations'],
  ['a backup', 'atelier.json', '{\n"format": "ricochet-workspace",\n"version": 1}', 'Restaurer']
] as const)
  test(`a file of ${kind} that the system opens with the app comes to its screen`, async ({ page }) => {
    await page.addInitScript(
      ([fileName, content]) => {
        const handle = { kind: 'file', getFile: () => Promise.resolve(new File([content], fileName)) };
        const queue = { setConsumer: (take: (launch: object) => void) => take({ files: [handle] }) };
        Object.defineProperty(globalThis, 'launchQueue', { value: queue });
      },
      [name, text] as const
    );
    await page.goto('/opened');
    await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible(LOADED);
    await expect(page.getByText(name, { exact: true })).toBeVisible();
  });
