import type { Page } from '@playwright/test';
import { contact, workspaceFile } from '../fixtures/workspace-file';
import { isInstalled } from '../remotes/install.mjs';
import { startPouchdb } from '../remotes/start';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { restore, tooltip } from './screens';

const DAY = 24 * 60 * 60_000;
const PASSPHRASE = 'un cheval correct';

test.setTimeout(180_000);
test.use({ actionTimeout: 15_000 });

interface Couchdb {
  readonly url: string;
  readonly database: string;
}

async function connect(page: Page, { url }: Couchdb, name: string): Promise<void> {
  await page.goto('/settings/devices');
  await page.getByRole('radio', { name: /CouchDB/ }).check();
  await page.getByRole('textbox', { name: 'Adresse' }).fill(url);
  await page.getByRole('button', { name: 'Tester' }).click();
  await page.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill(PASSPHRASE);
  const again = page.getByRole('textbox', { name: 'Encore une fois' });
  if (await again.isVisible()) await again.fill(PASSPHRASE);
  await page.getByRole('textbox', { name: 'Nom de cet appareil' }).fill(name);
  await page.getByRole('button', { name: /^(Relier cet appareil|Rejoindre)$/ }).click();
  await expect(page.getByText('Tous vos appareils s’accordent')).toBeVisible({ timeout: 30_000 });
}

/** Names of the parts of backups that lie there. */
async function parts({ url, database }: Couchdb): Promise<string[]> {
  const answer = await fetch(`${url}/${database}/_all_docs`);
  const { rows } = (await answer.json()) as { rows: { id: string }[] };
  return rows.map(({ id }) => id).filter((id) => id.includes('/backups/'));
}

/** All documents, and what they hold in base64. */
async function everything({ url, database }: Couchdb): Promise<string> {
  const answer = await fetch(`${url}/${database}/_all_docs?include_docs=true`);
  const text = await answer.text();
  const { rows } = JSON.parse(text) as { rows: { doc: { data?: string } }[] };
  return [text, ...rows.map(({ doc }) => Buffer.from(doc.data ?? '', 'base64').toString('latin1'))].join('\n');
}

/** Puts other bytes in the place of the first piece of all backups. */
async function damage({ url, database }: Couchdb): Promise<void> {
  for (const id of (await parts({ url, database })).filter((name) => name.endsWith('-0000000000'))) {
    const address = `${url}/${database}/${encodeURIComponent(id)}`;
    const document = (await (await fetch(address)).json()) as { _rev: string; data: string };
    const bytes = Buffer.from(document.data, 'base64');
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    const put = await fetch(address, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...document, data: bytes.toString('base64') })
    });
    expect(put.ok).toBe(true);
  }
}

// Where PouchDB Server cannot be had, the run says so.
if (isInstalled())
  test('backups go to the remote that devices share, come back from there, and what was damaged is refused', async ({
    page,
    person,
    phone
  }) => {
    const couchdb = await startPouchdb();
    const mobile = phone.context.pages()[0] ?? (await phone.context.newPage());
    const take = page.getByRole('button', { name: /^Reprendre la sauvegarde du/ });
    try {
      await test.step('only a device that shares a remote is offered it, and its first backup is saved at once', async () => {
        await restore(
          page,
          workspaceFile({ contacts: [contact('c1', 'lea@exemple.fr'), contact('c2', 'tom@exemple.fr')] })
        );
        await page.goto('/settings/backup');
        await expect(page.getByText('Sauvegardes automatiques')).toBeVisible();
        await expect(page.getByText('Stockage distant')).toHaveCount(0);
        await connect(page, couchdb, 'Portable');
        await page.goto('/settings/backup');
        await expect(page.getByText('Aucune sauvegarde pour l’instant.')).toBeVisible();
        await page.getByRole('radio', { name: 'Stockage distant' }).check();
        await expectAccessibleOnBoth(page, tooltip);
        await page.getByRole('button', { name: 'Sauvegarder sur le stockage distant' }).click();
        await expect(page.getByText('Chaque jour sur le stockage distant')).toBeVisible();
        await expect(take).toHaveCount(1);
        await expect(page.getByText(/^Portable · \d/)).toBeVisible();
        await expectAccessibleOnBoth(page, tooltip);
      });

      await test.step('nothing readable is there', async () => {
        expect((await parts(couchdb)).map((name) => name.replace(/[0-9a-z]{17}/, 'ID'))).toEqual([
          'g1/backups/ID-0000000000',
          'g1/backups/ID-whole'
        ]);
        expect(await everything(couchdb)).not.toMatch(/exemple\.fr|Portable|contacts|Atelier/);
      });

      await test.step('another device joins without them, sees them, and leaves saving to the first', async () => {
        await mobile.goto(new URL('/settings/devices', page.url()).href);
        await connect(mobile, couchdb, 'Téléphone');
        await mobile.goto('/settings/backup');
        await expect(mobile.getByText(/^Portable · \d/)).toBeVisible();
        await mobile.getByRole('radio', { name: 'Stockage distant' }).check();
        await mobile.getByRole('button', { name: 'Sauvegarder sur le stockage distant' }).click();
        await expect(mobile.getByText('Cet appareil attend son tour')).toBeVisible();
        await expectAccessibleOnBoth(mobile, tooltip);
        expect(await parts(couchdb)).toHaveLength(2);
      });

      await test.step('a day later there is another one, by itself, once the device wakes', async () => {
        await mobile.close();
        await person.advanceClock(DAY + 60_000);
        await expect.poll(async () => (await parts(couchdb)).length, { timeout: 30_000 }).toBe(4);
        await page.goto('/settings/backup');
        await expect(take).toHaveCount(2);
      });

      await test.step('what was lost since comes back by a merge, after a look at it', async () => {
        await page.goto('/contacts');
        await page
          .getByRole('row', { name: /tom@exemple\.fr/ })
          .getByRole('checkbox')
          .check();
        await page.getByRole('button', { name: 'Supprimer' }).click();
        await page
          .getByRole('alertdialog')
          .getByRole('button', { name: /Supprimer/ })
          .click();
        await expect(page.getByRole('row', { name: /@exemple\.fr/ })).toHaveCount(1);
        await page.goto('/settings/backup');
        await take.last().click();
        await expect(page.getByRole('row', { name: /^Contacts 2 / })).toBeVisible();
        await page.getByRole('radio', { name: 'Fusionner' }).check();
        await expectAccessibleOnBoth(page, tooltip);
        await page.getByRole('button', { name: 'Fusionner' }).click();
        await expect(page.getByText('La sauvegarde a été fusionnée.')).toBeVisible();
      });

      await test.step('one that somebody has changed on the remote is refused', async () => {
        await damage(couchdb);
        await take.first().click();
        await expect(page.getByRole('alert')).toContainText('abîmée ou modifiée');
      });

      await test.step('and is deleted, with all its parts', async () => {
        await page
          .getByRole('button', { name: /^Supprimer la sauvegarde du/ })
          .first()
          .click();
        await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
        await expect(take).toHaveCount(1);
        expect(await parts(couchdb)).toHaveLength(2);
      });
    } finally {
      await couchdb.stop();
    }
  });
