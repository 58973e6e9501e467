import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { serveSite } from '../../src/commands/site-server.mjs';
import { Person } from './person';
import { findWebKit } from './programs.mjs';
import { startWebKit } from './webkit';

const webKit = findWebKit();

const wait = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

// WebKit keeps a page that is left asleep, with whatever it has begun.
if (webKit) {
  test('a first page that is left while the databases are being made is in nobody’s way, in WebKit', async () => {
    const driver = await startWebKit(webKit);
    try {
      for (const delay of [200, 400, 600]) {
        // Another port is another origin, whose databases are still to be made.
        const site = await serveSite();
        try {
          await driver.open(site.url);
          await wait(delay);
          await driver.open(`${site.url}/lists`);
          await new Person(driver).sees({ role: 'button', name: 'Nouvelle liste', first: true });
        } finally {
          await site.close();
        }
      }
    } finally {
      await driver.close();
    }
  });

  test('a page that is left while its worker writes is in nobody’s way, and one that stays after all goes on, in WebKit', async () => {
    const driver = await startWebKit(webKit);
    const folder = await mkdtemp(join(tmpdir(), 'left-'));
    const site = await serveSite();
    const person = new Person(driver);
    const addList = async (name: string): Promise<void> => {
      await person.click({ role: 'button', name: 'Nouvelle liste', first: true });
      await person.fill('Nom', name, { role: 'dialog' });
      await person.click({ role: 'button', name: 'Enregistrer', within: { role: 'dialog' } });
      await person.seesNo({ role: 'dialog' });
      await person.sees({ role: 'row', name: new RegExp(name) });
    };
    try {
      for (const delay of [300, 600, 900]) {
        const path = join(folder, `${delay}.csv`);
        const lines = Array.from({ length: 1_000 }, (_, n) => `reader${delay}-${n}@example.com`);
        await writeFile(path, ['Email', ...lines].join('\n'));
        await driver.open(`${site.url}/contacts/import`);
        await person.sees({ role: 'heading', name: 'Importer des contacts' });
        await driver.giveFile('input[type=file]', path);
        await person.sees({ role: 'heading', name: 'Ce que devient chaque colonne' });
        await person.click({ role: 'button', name: 'Importer' });
        await wait(delay);
        await driver.open(`${site.url}/lists`);
        await addList(`Liste ${delay}`);
      }
      // As where somebody is asked whether to leave, and does not.
      await driver.evaluate(`dispatchEvent(new Event('beforeunload'))`);
      await addList('Restée');
    } finally {
      await driver.close();
      await site.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
