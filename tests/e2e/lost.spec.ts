import { expect, test } from './harness';

test.use({ hand: 'keyboard', locale: 'en-GB' });

test('a workspace that the browser has lost is missed, not greeted as a new one', async ({
  page,
  person,
  complaints
}) => {
  const notice = page.getByRole('alert').filter({ hasText: 'The browser has lost your workspace' });
  await page.goto('/');
  await page.getByRole('button', { name: 'See an example' }).click();
  await expect(page.getByText('You are looking at an example')).toBeVisible();
  await expect(notice).toHaveCount(0);

  await test.step('its databases are gone, as after a crash that broke them', async () => {
    const beside = await person.context.newPage();
    // A picture alone says nothing of the icon of its tab, which the browser then looks for.
    complaints.expect(/favicon\.ico/);
    await beside.goto('/favicon.svg');
    await page.close();
    await beside.evaluate(async () => {
      const gone = (name: string): Promise<void> =>
        new Promise((resolve, reject) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = () => resolve();
          request.onerror = () => reject(request.error ?? new Error('not deleted'));
        });
      for (const { name } of await indexedDB.databases()) await gone(name ?? '');
    });
    await beside.goto('/');
    const lost = beside.getByRole('alert').filter({ hasText: 'The browser has lost your workspace' });
    await lost.getByRole('link', { name: 'Restore a backup' }).click();
    await expect(beside).toHaveURL(/\/settings\/backup$/);
    await beside.goBack();
    await lost.getByRole('button', { name: 'Start afresh' }).click();
    await expect(lost).toHaveCount(0);
    await beside.reload();
    await expect(beside.getByRole('button', { name: 'See an example' })).toBeVisible();
    await expect(lost).toHaveCount(0);
  });
});
