import type { Page } from '@playwright/test';
import { expectAccessible } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

test.use({ hand: 'keyboard', locale: 'fr-FR', viewport: { width: 1440, height: 900 } });

const MINUTE = 60_000;

async function openSimulator(page: Page): Promise<void> {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await page.goto('/automations');
  await page
    .getByRole('link', { name: /Bienvenue/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Simuler' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Simulation prête' })).toBeAttached();
}

const pill = (page: Page, name: string) => page.locator('.svelte-flow__edge-label').filter({ hasText: name });

test('ninety days are foreseen: counts on the edges, one contact’s way, the message as it would be read; nothing is sent', async ({
  page
}) => {
  await openSimulator(page);
  const results = page.getByRole('complementary', { name: 'Résultats' });
  await expect(results.getByText('entrées, sur 100 contacts')).toBeVisible();
  await expect(results.getByText('messages envoyés')).toBeVisible();

  // Everybody opens.
  const setup = page.getByRole('complementary', { name: 'Ce qui est simulé' });
  await setup.getByRole('button', { name: /^40.% Email ouvert/ }).click();
  await setup.getByRole('textbox', { name: 'Part des contacts' }).fill('100');
  await setup.getByRole('textbox', { name: 'Part des contacts' }).blur();
  await page.getByRole('button', { name: 'Simuler 90 jours' }).click();
  await expect(pill(page, 'Oui')).toContainText('100');
  await expect(pill(page, 'Non')).toContainText('0');

  // Half-way through the arrivals fewer are in.
  await page.getByRole('slider', { name: 'Moment de la simulation' }).fill(String(10 * 24));
  await expect(page.getByText('Jour 10', { exact: true })).toBeVisible();
  await expect(pill(page, 'Oui')).not.toContainText('100');
  await page.getByRole('slider').fill(String(90 * 24));

  await results.getByRole('button', { name: /^Camille Durand/ }).click();
  await expect(results.getByRole('heading', { name: 'Camille Durand' })).toBeVisible();
  await expect(results.getByText('Email ouvert')).toBeVisible();
  await results.getByRole('button', { name: 'Bienvenue, Camille' }).click();
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Bienvenue, Camille' })).toBeVisible();
  await page.keyboard.press('Escape');
  await results.getByRole('button', { name: 'Tous les contacts' }).click();

  await page.goto('/outbox');
  await expect(page.getByRole('heading', { name: 'Rien n’attend' })).toBeVisible();
  await page.goto('/events');
  const events = page.getByRole('list', { name: 'Événements' });
  await expect(events).toContainText('Contact créé');
  await expect(events).not.toContainText('Email ouvert');
});

test('the past is gone through again, against what was', async ({ page, person }) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await person.advanceClock(2 * MINUTE);
  await page.goto('/mailbox');
  await expect(page.getByRole('list', { name: 'Boîte d’essai' }).getByRole('link')).toHaveCount(6);
  await page.goto('/automations');
  await page
    .getByRole('link', { name: /Bienvenue/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Simuler' }).click();
  await page.getByText('Passé', { exact: true }).click();
  const comparison = page.getByRole('region', { name: 'Ce qui se serait passé, ce qui s’est passé' });
  await expect(comparison.getByRole('row', { name: 'Entrées 6 6' })).toBeVisible();
  await expect(comparison.getByRole('row', { name: /Envoyer un email .* 6 6$/ })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Ce qu’on ne peut pas savoir' })).toBeVisible();
  await expectAccessible(page, tooltip);
  await page.goto('/mailbox');
  await expect(page.getByRole('list', { name: 'Boîte d’essai' }).getByRole('link')).toHaveCount(6);
});

test('a real journey is replayed step by step, by keyboard, on the version that it ran on', async ({
  page,
  person
}) => {
  await page.goto('/contacts');
  await page.getByRole('button', { name: 'Essayer avec un exemple' }).click();
  await expect(page.getByRole('row', { name: /Camille Durand/ })).toBeVisible();
  await person.advanceClock(2 * MINUTE);
  await page.goto('/automations');
  await page
    .getByRole('link', { name: /Bienvenue/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Parcours' }).click();
  await page.getByRole('link', { name: 'Camille Durand' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Rejouer' }).click();
  await expect(page.getByRole('heading', { name: 'Camille Durand' })).toBeVisible();
  const way = page.getByRole('complementary', { name: 'Camille Durand' });
  const current = way.locator('[aria-current=step]');
  await expect(current).toContainText('Entre dans l’automatisation');
  await expect(way.getByText('Contact ajouté à une liste')).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Étape du parcours' });
  await page.keyboard.press('ArrowRight');
  await expect(current).toContainText('Délai');
  await page.keyboard.press('ArrowLeft');
  await expect(current).toContainText('Entre dans l’automatisation');
  for (let n = 0; n < 5; n++) await page.getByRole('button', { name: 'Étape suivante' }).click();
  await expect(current).toContainText('Envoyé');
  await expect(slider).toHaveValue('5');
  await expect(page.locator('[data-card][aria-pressed=true]')).toContainText('Attendre');
  await expectAccessible(page, tooltip);
  await way.getByRole('button', { name: 'Bienvenue, Camille' }).click();
  await expect(page.frameLocator('iframe').getByRole('heading', { name: 'Bienvenue, Camille' })).toBeVisible();
});

test(
  'the simulator has nothing that axe would find, wide in light and on a phone in dark',
  { tag: '@accessibility' },
  async ({ page }) => {
    await openSimulator(page);
    await page.getByRole('button', { name: /^40.% Email ouvert/ }).click();
    await expectAccessible(page, tooltip);
    await page
      .getByRole('complementary', { name: 'Résultats' })
      .getByRole('button', { name: /^Camille Durand/ })
      .click();
    await expectAccessible(page, tooltip);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Tous les contacts' }).click();
    await expectAccessible(page, tooltip);
    await page.getByRole('button', { name: 'Ce qui est simulé' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await expectAccessible(page, tooltip);
  }
);
