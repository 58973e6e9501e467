import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serveSite } from '../../src/commands/site-server.mjs';
import { startBrevo } from '../loopback/brevo';
import { keys, until, type Driver } from './driver';
import { startFirefox } from './firefox';
import { findFirefox, findWebKit } from './programs.mjs';
import { Person, type Thing } from './person';
import { startWebKit } from './webkit';

const READERS = 60;

const firefox = findFirefox();
const webKit = findWebKit();
const browsers: [name: string, start: (() => Promise<Driver>) | undefined][] = [
  ['Firefox', firefox ? () => startFirefox(firefox) : undefined],
  ['WebKit', webKit ? () => startWebKit(webKit) : undefined]
];

// tests/run.mjs fetches them, and says which cannot be had.
for (const [name, start] of browsers) {
  if (start) test(`the core journey in ${name}`, async () => coreJourney(await start()));
}

/** Import, build, publish, send, restart, offline: the promise of the product, by pointer and keys. */
async function coreJourney(driver: Driver): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'journey-'));
  const site = await serveSite();
  const brevo = await startBrevo();
  const person = new Person(driver);
  const go = (path: string) => driver.open(site.url + path);

  async function addByDialog(path: string, button: string, fields: Record<string, string>): Promise<void> {
    await go(path);
    await person.click({ role: 'button', name: button, first: true });
    const dialog: Thing = { role: 'dialog' };
    for (const [name, value] of Object.entries(fields)) await person.fill(name, value, dialog);
    await person.click({ role: 'button', name: 'Save', within: dialog });
    await person.seesNo(dialog);
  }

  async function addUnit(name: string, choices: [field: RegExp, option: string][]): Promise<void> {
    await person.click({ role: 'button', name, within: { role: 'complementary', name: 'Elements' } });
    const panel: Thing = { role: 'complementary', name };
    for (const [field, option] of choices) {
      await person.click({ role: 'button', name: field, within: panel });
      await person.click({ role: 'option', name: new RegExp(`^${option}`) });
      await driver.type(keys.escape);
      await person.seesNo({ role: 'dialog' });
    }
  }

  async function addToList(row: Thing, list: string, said: RegExp): Promise<void> {
    await person.click(row);
    await person.click({ role: 'button', name: 'Add to a list' });
    await person.click({ role: 'option', name: list, within: { role: 'dialog' } });
    await person.reads(said);
  }

  try {
    await test.step('the language chosen', async () => {
      await go('/');
      await person.click({ role: 'button', name: 'Thème et langue' });
      await person.click({ role: 'menuitemcheckbox', name: 'English' });
      await person.sees({ role: 'button', name: 'Theme and language' });
    });

    await test.step('a file of contacts, one of its lines broken, into a new list', async () => {
      const path = join(folder, 'readers.csv');
      await writeFile(path, readersFile());
      await go('/contacts/import');
      await person.sees({ role: 'heading', name: 'Import contacts' });
      await driver.giveFile('input[type=file]', path);
      await person.sees({ role: 'heading', name: 'What becomes of each column' });
      await person.click({ role: 'button', name: /^Add to the list/ });
      await person.type('Readers');
      await person.click({ role: 'option', name: 'Create “Readers”' });
      await person.click({ role: 'button', name: 'Import' });
      await person.reads(`${READERS} created`, 60_000);
      await person.reads('1 line rejected');
    });

    await test.step('a list, a sender, a template with the first name in it', async () => {
      await addByDialog('/lists', 'New list', { Name: 'Newcomers' });
      await addByDialog('/settings/senders', 'Add', { Name: 'Léa', Address: 'lea@atelier.example' });
      await go('/messages/new');
      await person.fill('Name of the template', 'Welcome');
      await person.fill('Subject', "Welcome, {{ contact.FIRSTNAME | default: 'you' }}");
      await person.click({ role: 'button', name: 'Save' });
      await person.sees({ role: 'heading', name: 'Welcome' });
    });

    await test.step('the automation on the canvas, published', async () => {
      await go('/automations');
      await person.reads('What happens when somebody arrives?');
      await person.click({ role: 'button', name: 'New automation', first: true });
      await person.fill('Name of the automation', 'Welcome them');
      await addUnit('Contact added to a list', [[/^Lists/, 'Newcomers']]);
      await addUnit('Send an email', [
        [/^Template/, 'Welcome'],
        [/^Sender/, 'Léa']
      ]);
      await person.click({ role: 'button', name: 'Publish' });
      await person.click({ role: 'button', name: 'Publish', within: { role: 'dialog' } });
      await person.reads(/Active · version 1/);
    });

    await test.step('Brevo connected, its key encrypted in the database; the sender moves over', async () => {
      await go('/settings/providers');
      await person.click({ role: 'button', name: 'Connect' });
      await person.click({ role: 'button', name: /^Brevo Email/ });
      const dialog: Thing = { role: 'dialog', name: 'Connect Brevo' };
      await person.fill('Address of the API', brevo.url, dialog);
      await person.fill('API key', brevo.apiKey, dialog, 'password');
      await person.click({ role: 'button', name: 'Test the connection', within: dialog });
      await person.reads('It works');
      await person.click({ role: 'button', name: 'Save', within: dialog });
      await person.click({ role: 'button', name: 'Go over to this account' });
      await person.reads('The senders use the new account.');
    });

    await test.step('all of them join the list: each email arrives, once', async () => {
      await go('/lists');
      await person.click({ role: 'link', name: 'Readers' });
      await person.sees({ role: 'row', name: /Zoé/, first: true });
      await addToList({ role: 'checkbox', name: 'Select all' }, 'Newcomers', /added to “Newcomers”/);
      await expect.poll(() => brevo.messages.length, { timeout: 60_000 }).toBe(READERS);
      expect(new Set(brevo.messages.map(({ to }) => to[0]?.email)).size).toBe(READERS);
      expect(brevo.messagesTo('reader7@example.com')[0]).toMatchObject({ subject: 'Welcome, Zoé 7' });
    });

    await test.step('restarted while nothing serves the app: all is there, and it goes on', async () => {
      await until('the offline copy', async () =>
        (await driver.evaluate('navigator.serviceWorker.controller !== null')) === true ? true : undefined
      );
      await site.close();
      await driver.restart();
      await go('/outbox');
      await person.sees({ role: 'heading', name: 'Outbox' });
      await person.click({ role: 'link', name: 'Contacts', first: true });
      await person.click({ role: 'button', name: 'Add' });
      await person.fill('Email', 'late@example.com', { role: 'dialog' });
      await person.click({ role: 'button', name: 'Save', within: { role: 'dialog' } });
      await person.seesNo({ role: 'dialog' });
      await person.sees({ role: 'row', name: /late@example\.com/ });
      await addToList(
        { role: 'checkbox', within: { role: 'row', name: /late@example\.com/ } },
        'Newcomers',
        /added to “Newcomers”/
      );
      await expect.poll(() => brevo.messages.length, { timeout: 60_000 }).toBe(READERS + 1);
      expect(brevo.messagesTo('late@example.com')).toHaveLength(1);
    });
  } catch (error) {
    await test.info().attach('what the page says', { body: await person.pageText() });
    throw error;
  } finally {
    await driver.close();
    await site.close();
    await brevo.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As a creator's tool exports it: BOM, semicolons, quotes, accents, and a broken line. */
function readersFile(): string {
  const lines = Array.from({ length: READERS }, (_, n) => `reader${n}@example.com;Zoé ${n};"O’Brien; ""${n}"""`);
  return ['\ufeffEmail;First name;Last name', ...lines, 'no-at-sign;Léa;X'].join('\r\n');
}
