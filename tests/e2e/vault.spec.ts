import type { Page } from '@playwright/test';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { tooltip } from './screens';

const MINUTE = 60_000;
const PASSPHRASE = 'un cheval correct';

/** A passkey belongs to a name, which a number is not. */
const named = (url: string): string => url.replace('127.0.0.1', 'localhost');

/** A device whose fingerprint reader always agrees, and which can keep a secret. */
async function withFingerprint(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true
    }
  });
}

test('the keys are locked by hand, after an absence and in every tab, and a passkey opens them as the passphrase does', async ({
  page,
  person,
  site
}) => {
  await withFingerprint(page);
  await page.goto(`${named(site.url)}/settings/security`);
  await page.getByRole('textbox', { name: 'Phrase secrète' }).fill(PASSPHRASE);
  await page.getByRole('textbox', { name: 'Encore une fois' }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Protéger par une phrase secrète' }).click();
  await expect(page.getByText('Protégées par votre phrase secrète')).toBeVisible();

  const passkey = page.getByRole('region', { name: 'Clé d’accès' });
  await passkey.getByRole('textbox', { name: 'Phrase secrète' }).fill('un cheval faux');
  await passkey.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await expect(passkey.getByText('Ce n’est pas la bonne phrase secrète.')).toBeVisible();
  await passkey.getByRole('textbox', { name: 'Phrase secrète' }).fill(PASSPHRASE);
  await passkey.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await expect(passkey.getByText(/Une clé d’accès ouvre aussi vos clés/)).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);

  const other = await person.context.newPage();
  await other.goto(`${named(site.url)}/settings/security`);
  await expect(other.getByText('Protégées par votre phrase secrète')).toBeVisible();
  await page.getByRole('button', { name: 'Verrouiller maintenant' }).click();
  const unlock = page.getByRole('button', { name: 'Déverrouiller avec la clé d’accès' });
  await expect(unlock).toBeVisible();
  await expect(other.getByRole('button', { name: 'Déverrouiller', exact: true })).toBeVisible();
  await expectAccessibleOnBoth(page, tooltip);
  await unlock.click();
  await expect(page.getByText('Protégées par votre phrase secrète')).toBeVisible();
  await expect(other.getByText('Protégées par votre phrase secrète')).toBeVisible();
  await other.close();

  await page.getByRole('combobox', { name: 'Verrouiller en mon absence' }).selectOption({ label: 'Après 15 minutes' });
  await person.advanceClock(10 * MINUTE);
  await page.getByRole('combobox', { name: 'Verrouiller en mon absence' }).click();
  await page.keyboard.press('Escape');
  await person.advanceClock(10 * MINUTE);
  await expect(page.getByText('Protégées par votre phrase secrète')).toBeVisible();
  await person.advanceClock(16 * MINUTE);
  await expect(unlock).toBeVisible();
  await page.getByRole('textbox', { name: 'Phrase secrète' }).fill(PASSPHRASE);
  await page.getByRole('button', { name: 'Déverrouiller', exact: true }).click();
  await page.getByRole('button', { name: 'Retirer la clé d’accès' }).click();
  await expect(passkey.getByRole('button', { name: 'Ajouter une clé d’accès' })).toBeVisible();
});
