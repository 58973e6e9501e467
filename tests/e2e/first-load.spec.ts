import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from './harness';

/** What names the parts that are large, in their own scripts: they load when they are opened. */
const large = {
  'the words of other screens': 'crm.deals.addAt',
  'the canvas of the editor': 'svelte-flow',
  'the compiler of emails': 'mj-hero',
  'the layout of its steps': 'network-simplex'
};

/** What the home screen may load, in bytes of gzip. */
const LIMIT = 150_000;

test('the home screen loads little, and none of what is opened later', async ({ page, siteFolder }) => {
  const scripts = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    // The engine's worker is a thread of its own: the screen does not wait for it.
    if (/^\/_app\/(?!.*\/workers\/).*\.js$/.test(pathname)) scripts.add(pathname);
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect(page.getByRole('heading').first()).toBeVisible();
  const texts = await Promise.all([...scripts].map((path) => readFile(join(siteFolder, path))));
  for (const [part, mark] of Object.entries(large))
    expect(
      texts.some((text) => text.includes(mark)),
      `${part} is loaded`
    ).toBe(false);
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  console.log(`first load: ${Math.round(bytes / 1_000)} kB of scripts`);
  expect(bytes).toBeLessThan(LIMIT);
});
