import { startCouchdb } from '../loopback/couchdb';
import { startSupabase } from '../loopback/supabase';
import { expectAccessible } from './accessibility';
import { expect, test } from './harness';
import { addByDialog, tooltip } from './screens';

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

test('a CouchDB of one’s own is an inbox: connected, tried, and what is posted there explained', async ({ page }) => {
  test.setTimeout(180_000);
  const couchdb = await startCouchdb({ user: 'lea', password: 'motdepasse' });
  await addByDialog(page, '/contacts', 'Ajouter', { Email: 'camille@exemple.fr' });
  await fetch(`${couchdb.url}/ricochet`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('lea:motdepasse')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ eleve: { email: 'camille@exemple.fr' }, cours: 'Aquarelle' })
  });

  await page.goto('/settings/relay');
  await page.getByText('Comment l’installer').first().click();
  await expect(page.getByText('origins =')).toBeVisible();
  await expectAccessible(page, tooltip);

  await test.step('a wrong password is said, the right one taken', async () => {
    await page.getByRole('button', { name: 'Connecter CouchDB' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'Adresse de CouchDB' }).fill(couchdb.url);
    await drawer.getByRole('textbox', { name: 'Utilisateur' }).fill('lea');
    await drawer.getByRole('textbox', { name: 'Mot de passe' }).fill('autre');
    await drawer.getByRole('button', { name: 'Tester' }).click();
    await expect(drawer.getByText('CouchDB ne laisse pas cet utilisateur lire')).toBeVisible();
    await drawer.getByRole('textbox', { name: 'Mot de passe' }).fill('motdepasse');
    await drawer.getByRole('button', { name: 'Tester' }).click();
    await expect(drawer.getByText('CouchDB répond')).toBeVisible();
    await expectAccessible(page, tooltip);
    await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  });

  await test.step('what was posted waits, is explained, and is taken in', async () => {
    await expect(page.getByRole('heading', { name: 'Quarantaine' })).toBeVisible();
    await page.getByRole('button', { name: 'Actions pour CouchDB' }).click();
    await page.getByRole('menuitem', { name: 'Ce que signifient les envois à CouchDB' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('textbox', { name: 'Où se trouve l’adresse email' }).fill('eleve.email');
    await drawer.getByRole('textbox', { name: 'Nom de l’événement' }).fill('Inscription');
    await drawer.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText(/Repris\s: 1 fait/)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Quarantaine' })).toBeHidden();
  });
  await couchdb.stop();
});

test('a table at Supabase is an inbox: the SQL is offered with its secret, which the account proposes', async ({
  page
}) => {
  test.setTimeout(120_000);
  await page.goto('/settings/relay');
  await page.getByText('Comment l’installer').last().click();
  const sql = await page.getByText('create table if not exists ricochet_inbox').textContent();
  const secret = /= '([0-9a-f]{32})'/.exec(sql ?? '')?.[1];
  expect(secret).toBeDefined();
  const supabase = await startSupabase(secret === undefined ? {} : { secret });
  await page.getByRole('button', { name: 'Connecter Supabase' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Adresse du projet' }).fill(supabase.url);
  await drawer.getByRole('textbox', { name: 'Clé publique' }).fill('public');
  await drawer.getByRole('button', { name: 'Tester' }).click();
  await expect(drawer.getByText('Supabase répond, et la boîte connaît ce secret.')).toBeVisible();
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByText('Lu maintenant')).toBeVisible();
  await expectAccessible(page, tooltip);
  await supabase.stop();
});
