import { expect, test } from './harness';
import { hostileWorkspace } from './hostile-workspace';
import { restore, textsShown } from './screens';

const MINUTE = 60_000;
const ATTACK = `<img src=x onerror="top.hacked=1"><script>top.hacked=1</script>`;

/** Where each text is shown. */
const SCREENS: readonly (readonly [path: string, shown: string])[] = [
  ['/contacts/c1', 'prénom'],
  ['/contacts/c1?tab=events', 'événement'],
  ['/contacts/c1?tab=loyalty', 'programme'],
  ['/companies', 'entreprise'],
  ['/deals', 'opportunité'],
  ['/tasks', 'tâche'],
  ['/lists', 'liste'],
  ['/segments', 'segment'],
  ['/segments/g1', 'attribut prénom'],
  ['/forms', 'formulaire'],
  ['/forms/f1', 'titre'],
  ['/forms/f1?tab=submissions', 'réponse'],
  ['/kiosk/f1', 'introduction'],
  ['/loyalty', 'programme'],
  ['/loyalty/p1', 'palier'],
  ['/loyalty/p1?tab=members', 'palier'],
  ['/messages', 'modèle'],
  ['/automations', 'automatisation'],
  ['/automations/a1', 'branche'],
  ['/settings/attributes', 'attribut prénom'],
  ['/settings/users', 'utilisateur'],
  ['/settings/pipelines', 'pipeline'],
  ['/settings/tasks', 'type'],
  ['/settings/senders', 'expéditeur'],
  ['/events', 'événement'],
  ['/segments/g2', 'segment perdu'],
  ['/messages/m1', 'objet'],
  ['/messages/sms/sm1', 'sms'],
  ['/messages/push/pu1', 'push'],
  ['/settings', 'espace'],
  ['/automations/a2/journeys', 'prénom'],
  ['/messages/m2', 'bloc texte'],
  ['/outbox?status=sent', 'objet envoyé'],
  ['/mailbox/o1', 'objet envoyé'],
  ['/attention', 'objet envoyé'],
  ['/contacts/import/i1', 'ligne'],
  ['/settings/providers', 'compte']
];

test.use({ actionTimeout: 15_000 });

test('markup in a name is text wherever it is shown, in the reader’s mailbox too', async ({ page, person }) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: 'Email' }).fill('attaque@exemple.fr');
  await form.getByRole('textbox', { name: 'Prénom' }).fill(ATTACK);
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(form).toBeHidden();
  const row = page.getByRole('row', { name: /attaque@exemple\.fr/ });
  await expect(row).toContainText('<script>');
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Lettre du jeudi' }).click();
  await expect(page.getByText('1 contact ajouté à', { exact: false })).toBeVisible();
  await person.advanceClock(MINUTE);
  await page.goto('/mailbox');
  await page.getByRole('link', { name: /<img src=x/ }).click();
  await expect(page.frameLocator('iframe').getByRole('heading')).toContainText('<script>top.hacked=1</script>');
  await page.getByRole('link', { name: 'Voir le contact' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<script>');
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('a template of somebody else’s making runs nothing: not as it is edited, not as it is kept', async ({
  page,
  complaints
}) => {
  // The policy is the second wall: it reports what the cleaner is handed, and runs none of it.
  complaints.expect(/script-src/);
  await page.goto('/messages/new');
  await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Piège');
  await page.getByText('HTML', { exact: true }).first().click();
  await page
    .getByRole('textbox', { name: 'HTML' })
    .fill(
      `<p>Bonjour</p>${ATTACK}<a href="javascript:top.hacked=1">lien</a><form action="https://x.example"><input name=a></form><iframe src="/"></iframe>`
    );
  const message = page.frameLocator('iframe');
  await expect(message.getByText('Bonjour')).toBeVisible();
  for (const selector of ['script', 'form', 'iframe', '[onerror]', '[href^="javascript:"]'])
    await expect(message.locator(selector)).toHaveCount(0);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('heading', { name: 'Piège', level: 1 })).toBeVisible();
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  const kept = await page.evaluate(async () => {
    const [{ name } = { name: '' }] = (await indexedDB.databases()).filter((database) =>
      /^ricochet-(?!meta)/.test(database.name ?? '')
    );
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name ?? '');
      request.onsuccess = () => resolve(request.result);
    });
    const html = await new Promise<string>((resolve) => {
      const request = database.transaction('templates').objectStore('templates').getAll();
      request.onsuccess = () => resolve((request.result as { html: string }[]).map((template) => template.html).join());
    });
    database.close();
    return html;
  });
  expect(kept).toContain('<p>Bonjour</p>');
  expect(kept).not.toMatch(/script|onerror|javascript:|<form|<iframe/);
});

test('a whole workspace of markup is text on every screen', async ({ page }) => {
  test.setTimeout(300_000);
  await restore(page, hostileWorkspace());
  await page.goto('/contacts');
  await expect(page.getByRole('row', { name: /attaque@exemple\.fr/ })).toContainText('<script>');

  for (const [path, shown] of SCREENS) {
    await test.step(path, async () => {
      await page.goto(path);
      await expect.poll(() => page.evaluate(textsShown)).toContain(`</script> ${shown}`);
      expect(await page.locator('[href^="javascript:" i], [src^="javascript:" i], img[src=x], [onerror]').count()).toBe(
        0
      );
      expect(await page.evaluate(() => (top as unknown as { hacked?: string }).hacked)).toBeUndefined();
    });
  }

  await test.step('what is typed at the kiosk', async () => {
    await page.goto('/kiosk/f1');
    await page.getByRole('textbox', { name: /champ mail/ }).fill('zoe@exemple.fr');
    await page.getByRole('textbox', { name: /champ attr/ }).fill(ATTACK);
    await page.getByRole('checkbox', { name: /accord/ }).check();
    await page.getByRole('button', { name: /bouton/ }).click();
    await expect(page.getByText(/<\/script> merci/)).toBeVisible();
    await page.goto('/contacts');
    await page
      .getByRole('row', { name: /zoe@exemple\.fr/ })
      .getByRole('link')
      .first()
      .click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('<script>');
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });
});
