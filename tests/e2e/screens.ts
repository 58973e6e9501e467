import type { Page } from '@playwright/test';
import { expect } from './harness';

/* What several tests do by hand: restore a workspace, fill a dialog, build an automation on the canvas, publish it. */

/** Puts a workspace file in the place of all data. */
export async function restore(page: Page, workspace: unknown): Promise<void> {
  await page.goto('/settings/backup');
  await page.locator('input[type=file]').setInputFiles({
    name: 'espace.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(workspace))
  });
  await replaceAll(page);
}

/** On the screen of the backups, with a file chosen: it takes the place of all data. Resolves once the page has been loaded anew. */
export async function replaceAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Restaurer une sauvegarde' }).click();
  const button = page.getByRole('button', { name: 'Tout remplacer' });
  // Whoever begins to wait after the click may be too late.
  await Promise.all([page.waitForEvent('load'), button.click()]);
}

/** What a page says, in its fields too; runs in the page. */
export function textsShown(): string {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  return [document.body.textContent, ...[...fields].map(({ value }) => value)].join('\n');
}

export async function addByDialog(
  page: Page,
  path: string,
  button: string,
  fields: Record<string, string>
): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: button }).first().click();
  const dialog = page.getByRole('dialog');
  for (const [name, value] of Object.entries(fields)) await dialog.getByRole('textbox', { name }).fill(value);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(dialog).toBeHidden();
}

/** On the screen of the providers: an account at Brevo, over to which the senders of the Sandbox go. */
export async function connectBrevo(page: Page, { url, apiKey }: { url: string; apiKey: string }): Promise<void> {
  await page.getByRole('button', { name: 'Connecter' }).click();
  await page.getByRole('button', { name: /^Brevo Emails/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Connecter Brevo' });
  await dialog.getByRole('textbox', { name: 'Adresse de l’API' }).fill(url);
  await dialog.getByRole('textbox', { name: 'Clé API' }).fill(apiKey);
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('button', { name: 'Passer à ce compte' }).click();
  await expect(page.getByText('Les expéditeurs utilisent le nouveau compte.')).toBeVisible();
}

/** On the screen of the relay. */
export async function connectRelay(page: Page, url: string, secret: string): Promise<void> {
  await page.getByRole('button', { name: 'Connecter mon relais' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: 'Adresse du relais' }).fill(url);
  await drawer.getByRole('textbox', { name: 'Secret' }).fill(secret);
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Le relais est connecté.')).toBeVisible();
}

/** The form of the step, beside the canvas. */
export function panel(page: Page) {
  return page.getByRole('complementary').last();
}

export async function addUnit(page: Page, name: string): Promise<void> {
  await page.getByRole('complementary', { name: 'Éléments' }).getByRole('button', { name, exact: true }).click();
  await expect(page.getByRole('complementary', { name })).toBeVisible();
}

export async function addAfter(page: Page, place: string, name: string): Promise<void> {
  await page.getByRole('button', { name: `Ajouter une étape après ${place}` }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await expect(page.getByRole('complementary', { name })).toBeVisible();
}

export async function choose(page: Page, field: RegExp, option: string): Promise<void> {
  await panel(page).getByRole('button', { name: field }).click();
  await page.getByRole('option', { name: new RegExp(`^${option}`) }).click();
  await page.keyboard.press('Escape');
}

export async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publier' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
  await expect(page.getByText(/Active · version 1/)).toBeVisible();
}

/** For axe, which wants all in a landmark: the name of the icon that has the focus. */
export const tooltip = '[data-bits-floating-content-wrapper]';
