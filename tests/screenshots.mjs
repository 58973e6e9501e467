// npm run screenshots: pictures of the built app with its example, for the README and the manifest, into static/screenshots.
import { mkdir, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { serveSite } from '../src/commands/site-server.mjs';
import { findChromium } from './browser.mjs';

const FOLDER = 'static/screenshots';
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 412, height: 915 };

/** @type {Record<'fr' | 'en', { example: string, automations: string, automation: RegExp, contacts: string }>} */
const WORDS = {
  fr: {
    example: 'Essayer avec un exemple',
    automations: 'Automatisations',
    automation: /^Bienvenue/,
    contacts: 'Contacts'
  },
  en: { example: 'Try with an example', automations: 'Automations', automation: /^Welcome/, contacts: 'Contacts' }
};

const executablePath = findChromium();
const site = await serveSite({ folder: 'build' });
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox'] });
await mkdir(FOLDER, { recursive: true });
try {
  await take('fr', 'light', WIDE, ['home', 'editor']);
  await take('fr', 'light', NARROW, ['home', 'editor']);
  await take('en', 'light', WIDE, ['editor', 'contacts']);
  await take('en', 'dark', WIDE, ['editor']);
} finally {
  await browser.close();
  await site.close();
}

/**
 * @param {'fr' | 'en'} language
 * @param {'light' | 'dark'} colorScheme
 * @param {{ width: number, height: number }} viewport
 * @param {('home' | 'editor' | 'contacts')[]} screens
 */
async function take(language, colorScheme, viewport, screens) {
  const words = WORDS[language];
  const context = await browser.newContext({
    baseURL: site.url,
    serviceWorkers: 'block',
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    colorScheme,
    viewport
  });
  const page = await context.newPage();
  const link = (/** @type {string} */ name) => page.getByRole('link', { name }).first();
  await page.goto('/contacts');
  await page.getByRole('button', { name: words.example }).click();
  await page.getByRole('row').nth(3).waitFor();
  for (const screen of screens) {
    await page.goto({ home: '/', editor: '/automations', contacts: '/contacts' }[screen]);
    if (screen === 'contacts') await page.getByRole('row').nth(3).waitFor();
    if (screen === 'home') await link(words.contacts).waitFor();
    if (screen === 'editor') {
      await page.getByRole('link', { name: words.automation }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.svelte-flow__node, main li').nth(3).waitFor();
    }
    await page.evaluate(() => document.fonts.ready);
    await page.waitForLoadState('networkidle');
    await save(page, [screen, viewport === WIDE ? 'wide' : 'narrow', colorScheme, language].join('-'));
  }
  await context.close();
}

/**
 * As WebP: a third of a PNG.
 * @param {import('@playwright/test').Page} page
 * @param {string} name
 */
async function save(page, name) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  await writeFile(`${FOLDER}/${name}.webp`, Buffer.from(data, 'base64'));
  console.log(`${FOLDER}/${name}.webp`);
}
