import { chromium, type Page } from '@playwright/test';
import { findHeadlessChromium } from '../browser.mjs';
import { startRelay, type Relay } from '../loopback/relay';
import { test as base } from './harness';

export { SECRET } from '../loopback/relay';

type Fixtures = {
  /** The user's own relay, on the runtime that it has at Cloudflare. */
  relay: Relay;
  /** A page in somebody else's browser, on a phone. */
  visitor: Page;
};

/** The tests of what comes from outside, beside those of the app alone. */
export const test = base.extend<Fixtures>({
  relay: async ({}, use) => {
    const relay = await startRelay();
    await use(relay);
    await relay.stop();
  },

  visitor: async ({ complaints }, use) => {
    const program = findHeadlessChromium();
    const browser = await chromium.launch({ ...(program ? { executablePath: program } : {}), args: ['--no-sandbox'] });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'fr-FR' });
    await complaints.watch(context);
    await use(await context.newPage());
    await browser.close();
  }
});
