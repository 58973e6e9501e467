import { expect, test } from './harness';

const day = 86_400_000;
const shown = () => Date.now();

test('the clock moves, stays moved after a reload and in a new tab, and goes on when the browser is reopened', async ({
  person,
  page
}) => {
  await page.goto('/');
  await person.advanceClock(3 * day);
  const expected = () => Date.now() + 3 * day;
  expect(Math.abs((await page.evaluate(shown)) - expected())).toBeLessThan(1000);
  expect(await page.evaluate(() => new Date().getTime() - Date.now())).toBeLessThan(1000);
  expect(await page.evaluate(() => new Date(0).toISOString())).toBe('1970-01-01T00:00:00.000Z');
  expect(await page.evaluate(() => new Date() instanceof Date)).toBe(true);

  await page.reload();
  expect(Math.abs((await page.evaluate(shown)) - expected())).toBeLessThan(1000);

  const second = await person.context.newPage();
  await second.goto('/');
  expect(Math.abs((await second.evaluate(shown)) - expected())).toBeLessThan(1000);

  await person.close();
  await person.advanceClock(day);
  const again = await person.open();
  await again.goto('/');
  expect(Math.abs((await again.evaluate(shown)) - expected() - day)).toBeLessThan(1000);
  expect(Math.abs(person.now() - expected() - day)).toBeLessThan(1000);
});

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
