import type { Locator, Page } from '@playwright/test';
import { violations } from './accessibility';
import { expect, test } from './harness';
import { hostileWorkspace } from './hostile-workspace';
import { restore } from './screens';

/** Something that opens over the screen, from the button that opens it; `item` is chosen in the menu that the button opens. */
interface Opening {
  readonly path: string;
  readonly button: string | RegExp;
  readonly item?: string;
  readonly role?: 'dialog' | 'alertdialog' | 'menu';
  readonly name?: string | RegExp;
}

const OPENINGS: readonly Opening[] = [
  { path: '/contacts', button: 'Chercher', name: 'Chercher ou faire' },
  { path: '/contacts', button: 'Thème et langue', role: 'menu' },
  { path: '/contacts', button: 'Ajouter', name: 'Nouveau contact' },
  { path: '/contacts', button: 'Filtrer', name: 'Filtrer les contacts' },
  { path: '/contacts', button: /^Montrer une liste/, name: 'Montrer une liste' },
  { path: '/contacts', button: 'Exporter' },
  { path: '/contacts', button: 'Colonnes', name: 'Colonnes' },
  { path: '/contacts/c1', button: 'Noter un événement' },
  { path: '/contacts/c1', button: 'Ajouter à une automatisation' },
  { path: '/contacts/c1', button: 'Plus d’actions', role: 'menu' },
  { path: '/contacts/c1', button: 'Plus d’actions', item: 'Modifier' },
  { path: '/lists', button: 'Nouvelle liste' },
  { path: '/lists', button: /^Actions pour/, item: 'Renommer' },
  { path: '/lists', button: /^Actions pour/, item: 'Supprimer', role: 'alertdialog' },
  { path: '/deals', button: 'Nouvelle opportunité' },
  { path: '/tasks', button: 'Nouvelle tâche' },
  { path: '/settings/providers', button: 'Connecter', name: 'Quel fournisseur ?' },
  { path: '/settings/providers', button: /^Actions pour/, item: 'Modifier' },
  { path: '/settings/providers', button: /^Actions pour/, item: 'Supprimer', role: 'alertdialog' },
  { path: '/settings/relay', button: 'Ajouter', name: 'Ajouter un service' },
  { path: '/settings/relay', button: /^Ce que signifie ce qu’envoie/ },
  { path: '/settings/relay', button: /^Supprimer .*service/, role: 'alertdialog' },
  { path: '/settings/relay', button: /pas du JSON/, name: /^Envoi reçu/ },
  { path: '/automations/a1', button: 'Publier' },
  { path: '/automations/a1', button: 'Plus d’actions', item: 'Raccourcis clavier', name: 'Raccourcis clavier' },
  { path: '/automations/a1', button: /^Ajouter une étape après/ },
  { path: '/messages/m2', button: 'Ajouter un bloc', name: 'Ajouter un bloc' },
  { path: '/messages/m2', button: 'Envoyer un essai' }
];
const PARTS = 2;

/** From what has the focus at first over the beginning to the end, and back. */
const ROUND = ['Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Tab', 'Tab', 'Tab', 'Tab'];

const hasFocus = (element: Locator) => element.evaluate((node) => node.contains(document.activeElement));

async function look(page: Page, { button, item, role = 'dialog', name }: Opening): Promise<void> {
  const opener = page.getByRole('button', { name: button, exact: typeof button === 'string' }).first();
  const opened = page.getByRole(role, name === undefined ? {} : { name });
  await expect(opener).toBeEnabled();
  await opener.focus();
  await page.keyboard.press('Enter');
  if (item !== undefined) await page.getByRole('menuitem', { name: item }).press('Enter');
  await expect(opened).toBeVisible();
  await expect.poll(() => hasFocus(opened), 'takes the focus').toBe(true);

  expect.soft(await violations(page), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect.soft(await violations(page, 'contrast'), 'dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });

  if (role !== 'menu')
    for (const key of ROUND) {
      await page.keyboard.press(key);
      if (!(await hasFocus(opened))) throw new Error(`${key} leaves it`);
    }
  // On a button with a tooltip the first Escape puts that away.
  await opened.focus();
  await expect(page.getByRole('tooltip')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(opened).toBeHidden();
  await expect(opener).toBeFocused();
}

test.use({ actionTimeout: 10_000 });

for (let part = 0; part < PARTS; part++) {
  const paths = [...new Set(OPENINGS.map(({ path }) => path))].filter((_, index) => index % PARTS === part);

  test(`what opens takes the focus, keeps it and gives it back: ${paths.join(', ')}`, async ({ page }) => {
    test.setTimeout(600_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await restore(page, hostileWorkspace());
    for (const path of paths) {
      await page.goto(path);
      for (const opening of OPENINGS.filter((one) => one.path === path))
        await test.step(`${path}: ${opening.button} ${opening.item ?? ''}`, () => look(page, opening));
    }
  });
}

/** Notes the longest that anything moves, in ms, and each place that the view of the canvas takes, until `moves` asks. */
function watchMoves(): void {
  const seen = { longest: 0, views: new Set<string>() };
  Object.assign(globalThis, { seen });
  const look = () => {
    for (const { effect } of document.getAnimations())
      seen.longest = Math.max(seen.longest, Number(effect?.getComputedTiming().activeDuration ?? 0));
    const view = document.querySelector<HTMLElement>('.svelte-flow__viewport');
    if (view) seen.views.add(view.style.transform);
    requestAnimationFrame(look);
  };
  look();
}
const moves = () => {
  const { seen } = globalThis as unknown as { seen: { longest: number; views: Set<string> } };
  return { longest: seen.longest, views: seen.views.size };
};

test('where less motion is asked for nothing moves; what was done is said, and can be undone, from where one is', async ({
  page
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await restore(page, hostileWorkspace());

  await page.goto('/automations/a1');
  const fit = page.getByRole('button', { name: 'Tout voir' });
  await page.getByRole('button', { name: 'Agrandir' }).click();
  await page.evaluate(watchMoves);
  await fit.click();
  await expect.poll(async () => (await page.evaluate(moves)).views).toBeGreaterThan(1);
  await page.getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await page.evaluate(moves)).toEqual({ longest: 1, views: 2 });

  await page.goto('/lists');
  await page.getByRole('button', { name: /^Actions pour/ }).click();
  await page.evaluate(watchMoves);
  await page.getByRole('menuitem', { name: 'Supprimer' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer' }).click();
  const said = page.getByRole('region', { name: 'Messages de l’application' });
  await expect(said).toContainText('est supprimée');
  await expect(said).toHaveAttribute('aria-live', 'polite');
  expect(await violations(page), 'light').toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await violations(page, 'contrast'), 'dark').toEqual([]);
  await said.getByRole('button', { name: 'Annuler' }).press('Enter');
  await expect(page.getByRole('button', { name: /^Actions pour/ })).toBeVisible();
  expect((await page.evaluate(moves)).longest).toBeLessThanOrEqual(1);

  await page.goto('/');
  await page.evaluate(watchMoves);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect((await page.evaluate(moves)).longest).toBeLessThanOrEqual(1);
});
