import { test } from '@playwright/test';
import { serveSite } from '../../src/commands/site-server.mjs';
import { Person } from './person';
import { findWebKit } from './programs.mjs';
import { startWebKit } from './webkit';

const webKit = findWebKit();

// WebKit keeps a page that is left asleep, with whatever it has begun.
if (webKit)
  test('a first page that is left while the databases are being made is in nobody’s way, in WebKit', async () => {
    const driver = await startWebKit(webKit);
    try {
      for (const delay of [200, 400, 600]) {
        // Another port is another origin, whose databases are still to be made.
        const site = await serveSite();
        try {
          await driver.open(site.url);
          await new Promise((resolve) => setTimeout(resolve, delay));
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
