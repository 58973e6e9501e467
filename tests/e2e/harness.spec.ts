import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, testWithOwnSite } from './harness';

const day = 86_400_000;
/** What a slow computer takes between two looks at the clock, and nothing beside a day. */
const MINUTE = 60_000;
const shown = () => Date.now();

test('the clock moves, stays moved after a reload and in a new tab, and goes on when the browser is reopened', async ({
  person,
  page
}) => {
  await page.goto('/');
  await person.advanceClock(3 * day);
  const expected = () => Date.now() + 3 * day;
  expect(Math.abs((await page.evaluate(shown)) - expected())).toBeLessThan(MINUTE);
  expect(await page.evaluate(() => new Date().getTime() - Date.now())).toBeLessThan(MINUTE);
  expect(await page.evaluate(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
  expect(await page.evaluate(() => new Date() instanceof Date)).toBe(true);

  await page.reload();
  expect(Math.abs((await page.evaluate(shown)) - expected())).toBeLessThan(MINUTE);

  const second = await person.context.newPage();
  await second.goto('/');
  expect(Math.abs((await second.evaluate(shown)) - expected())).toBeLessThan(MINUTE);

  await person.close();
  await person.advanceClock(day);
  const again = await person.open();
  await again.goto('/');
  expect(Math.abs((await again.evaluate(shown)) - expected() - day)).toBeLessThan(MINUTE);
  expect(Math.abs(person.now() - expected() - day)).toBeLessThan(MINUTE);
});

testWithOwnSite(
  'the clock moves in workers too, in one that starts later as well',
  async ({ person, page, siteFolder }) => {
    const folder = join(siteFolder, '_app/immutable/workers');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'probe.js'),
      'onmessage = () => postMessage([loaded, Date.now()]); const loaded = Date.now();'
    );
    await page.goto('/');

    const started = await startProbe(page);
    expect(Math.abs((await askProbe(page))[0] - Date.now())).toBeLessThan(MINUTE);
    await person.advanceClock(day);
    expect(Math.abs((await askProbe(page))[1] - Date.now() - day)).toBeLessThan(MINUTE);

    await startProbe(page);
    const [loaded] = await askProbe(page);
    expect(Math.abs(loaded - Date.now() - day)).toBeLessThan(MINUTE);
    expect(started).toBe(1);
  }
);

/** Starts a worker that tells its clock. Resolves to how many workers the page has. */
async function startProbe(page: Page): Promise<number> {
  // The app has a worker of its own.
  const added = page.waitForEvent('worker', (worker) => worker.url().includes('probe'));
  await page.evaluate(() => {
    Object.assign(globalThis, { probe: new Worker('/_app/immutable/workers/probe.js', { type: 'module' }) });
  });
  await added;
  return page.workers().filter((worker) => worker.url().includes('probe')).length;
}

/** The instants at which the probe was loaded and at which it answers. */
function askProbe(page: Page): Promise<[number, number]> {
  return page.evaluate(() => {
    const { probe } = globalThis as unknown as { probe: Worker };
    return new Promise<[number, number]>((resolve) => {
      probe.onmessage = ({ data }: MessageEvent<[number, number]>) => resolve(data);
      probe.postMessage('now');
    });
  });
}

test('the pages are looked at again when the clock has moved', async ({ person, page }) => {
  await page.goto('/');
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    document.addEventListener('visibilitychange', () => heard.push('visible'));
    addEventListener('focus', () => heard.push('focus'));
  });
  await person.advanceClock(day);
  expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual(['visible', 'focus']);
});

test('the profile outlives the browser', async ({ person, page }) => {
  await page.goto('/');
  await page.evaluate(() => localStorage.setItem('note', 'kept'));
  const again = await person.reopen();
  await again.goto('/');
  expect(await again.evaluate(() => localStorage.getItem('note'))).toBe('kept');
});

test('the page can send to the loopback Brevo, whose clock is the browser’s', async ({ person, page, brevo }) => {
  await page.goto('/');
  await person.advanceClock(day);
  const status = await page.evaluate(
    async ({ url, apiKey }) => {
      const answer = await fetch(`${url}/v3/smtp/email`, {
        method: 'POST',
        headers: { 'api-key': apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({
          sender: { email: 'lea@example.com' },
          to: [{ email: 'ana@example.com' }],
          subject: 'Bienvenue',
          textContent: 'Bonjour'
        })
      });
      return answer.status;
    },
    { url: brevo.url, apiKey: brevo.apiKey }
  );
  expect(status).toBe(201);
  expect(Math.abs((brevo.messages[0]?.receivedAt ?? 0) - person.now())).toBeLessThan(MINUTE);
});

const broken: [string, RegExp, () => void][] = [
  ['an error in the console', /^console: broken/, () => console.error('broken')],
  ['an uncaught error', /^error: Error: broken/, () => void Promise.reject(new Error('broken'))],
  [
    'a breach of the policy',
    /policy: img-src refused|Content Security Policy/,
    () => document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/a.png' }))
  ]
];
for (const [name, complaint, act] of broken) {
  test(`the harness notices ${name}`, async ({ page, complaints }) => {
    await page.goto('/');
    expect(complaints.unexpected).toEqual([]);
    await page.evaluate(act);
    await expect.poll(() => complaints.unexpected).toContainEqual(expect.stringMatching(complaint));
    complaints.expect(complaint);
    expect(complaints.unexpected).toEqual([]);
  });
}

test('a complaint that the test does not expect fails it', async ({ page, complaints }) => {
  test.fail();
  await page.goto('/');
  await page.evaluate(() => console.error('broken'));
  await expect.poll(() => complaints.seen).toHaveLength(1);
});
