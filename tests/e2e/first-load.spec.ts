import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './harness';

/** What names the parts that are large, in their own scripts: they load when they are opened. */
const large = {
  'the canvas of the editor': 'svelte-flow',
  'the compiler of emails': 'mj-hero',
  'the layout of its steps': 'network-simplex'
};

test('the home screen loads none of what is opened later', async ({ page, siteFolder }) => {
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
});
