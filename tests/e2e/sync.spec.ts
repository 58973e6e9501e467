import type { BrowserContext, Page } from '@playwright/test';
import {
  AT,
  contact,
  draft,
  identity,
  sender,
  sending,
  step,
  template,
  workspaceFile
} from '../fixtures/workspace-file';
import { isInstalled } from '../remotes/install.mjs';
import { startPouchdb } from '../remotes/start';
import { expectAccessibleOnBoth } from './accessibility';
import { expect, test } from './harness';
import { connectBrevo, publish, restore, tooltip } from './screens';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PASSPHRASE = 'un cheval correct';

test.setTimeout(240_000);
test.use({ actionTimeout: 15_000 });

/** Two readers, a list that nobody is in, and the drafts of two automations. */
const workspace = workspaceFile({
  attributes: ['FIRSTNAME', 'CITY'].map((id) => ({ id, name: id, kind: 'text', createdAt: AT })),
  lists: [{ id: 'l1', name: 'Lettre', createdAt: AT }],
  contacts: [
    contact('c1', 'ada@exemple.fr', { FIRSTNAME: 'Ada' }),
    contact('c2', 'bob@exemple.fr', { FIRSTNAME: 'Bob' })
  ],
  identities: [identity('c1', 'ada@exemple.fr'), identity('c2', 'bob@exemple.fr')],
  templates: [template('m1', 'Merci', { html: '<p>Merci</p>' })],
  senders: [sender],
  automations: [draft('a1', 'Merci', thanks('1')), draft('a2', 'Relance', thanks('2'))]
});

/** Added to the list → an hour → an email. */
function thanks(number: string) {
  const [first, last] = [`s${number}-1`, `s${number}-2`];
  return {
    on: 'contact.added_to_list',
    fields: { listIds: ['l1'] },
    steps: [
      step(first, 'rule.delay', { duration: { amount: 1, unit: 'hours' }, window: null }, { next: last }),
      step(last, 'email.send', sending('m1', 'transactional'), { sent: null, failed: null })
    ]
  };
}

// Where PouchDB Server cannot be had, the run says so.
if (isInstalled())
  test('two devices edit offline and agree; one runs the automations, is closed, and the other goes on where it was', async ({
    page,
    person,
    phone,
    brevo,
    site,
    complaints
  }) => {
    complaints.expect(/ERR_FAILED|ERR_CONNECTION_REFUSED|ERR_UNSAFE_PORT/);
    const couchdb = await startPouchdb();
    const mobile = phone.context.pages()[0] ?? (await phone.context.newPage());
    /** Time goes by for both. */
    const pass = async (time: number): Promise<void> => {
      await person.advanceClock(time);
      await phone.advanceClock(0);
    };
    try {
      await test.step('the laptop has a workspace, and connects it to a remote', async () => {
        await restore(page, workspace);
        await page.goto('/settings/providers');
        await connectBrevo(page, brevo);
        await page.goto('/automations/a1');
        await publish(page);
        await page.goto('/settings/devices');
        await page.getByRole('radio', { name: /CouchDB/ }).check();
        await page.getByRole('textbox', { name: 'Adresse' }).fill('http://127.0.0.1:9');
        await page.getByRole('button', { name: 'Tester' }).click();
        await expect(page.getByText('Cela ne marche pas encore')).toBeVisible();
        await page.getByRole('textbox', { name: 'Adresse' }).fill(couchdb.url);
        await page.getByRole('button', { name: 'Tester' }).click();
        await expect(page.getByText('Tout marche, et la place est libre')).toBeVisible();
        await page.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill(PASSPHRASE);
        await page.getByRole('textbox', { name: 'Encore une fois' }).fill(PASSPHRASE);
        await page.getByRole('textbox', { name: 'Nom de cet appareil' }).fill('Portable');
        await page.getByRole('button', { name: 'Relier cet appareil' }).click();
        await expect(page.getByText('Tous vos appareils s’accordent')).toBeVisible({ timeout: 30_000 });
        await expectAccessibleOnBoth(page, tooltip);
      });

      await test.step('the phone joins by the link, with the passphrase', async () => {
        await person.context.grantPermissions(['clipboard-read', 'clipboard-write']);
        await page.getByRole('button', { name: 'Ajouter un appareil' }).click();
        await page.getByRole('button', { name: 'Copier le lien' }).click();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        await mobile.goto(link);
        await expect(mobile).not.toHaveURL(/#/);
        await mobile.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill('un cheval faux');
        await mobile.getByRole('textbox', { name: 'Nom de cet appareil' }).fill('Téléphone');
        await mobile.getByRole('button', { name: 'Rejoindre' }).click();
        await expect(mobile.getByText(/Ce n’est pas la phrase secrète/)).toBeVisible();
        await mobile.getByRole('textbox', { name: 'Phrase secrète de vos appareils' }).fill(PASSPHRASE);
        await mobile.getByRole('button', { name: 'Rejoindre' }).click();
        await expect(mobile.getByText('Votre espace de travail est là.')).toBeVisible({ timeout: 30_000 });
        await mobile.goto('/settings/devices');
        await expect(mobile.getByText('Tous vos appareils s’accordent')).toBeVisible();
        await expect(runner(mobile, 'Portable')).toBeVisible();
        await expectAccessibleOnBoth(mobile, tooltip);
      });

      await test.step('offline, both edit the same contact, list and automation; online again, both have both', async () => {
        const [laptops, phones] = [await tabs(person.context, page), await tabs(phone.context, mobile)];
        await Promise.all([person, phone].map(({ context }) => cutOff(context, site.url)));
        await rename(laptops.lists, 'Lettre', 'Lettre du mois');
        await edit(laptops.contact, 'FIRSTNAME', 'Ada Lovelace');
        await edit(phones.contact, 'CITY', 'Londres');
        await phones.editor.getByRole('textbox', { name: 'Nom de l’automatisation' }).fill('Merci à vous');
        await phones.editor.getByRole('textbox', { name: 'Nom de l’automatisation' }).press('Enter');
        await openDelay(laptops.other);
        await laptops.other.getByRole('button', { name: 'Plus d’actions' }).last().click();
        await laptops.other.getByRole('menuitem', { name: 'Supprimer' }).first().click();
        await openDelay(phones.other);
        await phones.other.getByRole('textbox', { name: 'Quantité' }).fill('3');
        await phones.other.keyboard.press('Escape');
        await Promise.all([person, phone].map(({ context }) => context.unrouteAll()));
        await pass(MINUTE);
        for (const { contact, lists, editor } of [laptops, phones]) {
          await expect(contact.getByText('Ada Lovelace').first()).toBeVisible();
          await expect(contact.getByText('Londres').first()).toBeVisible();
          await expect(lists.getByText('Lettre du mois').first()).toBeVisible();
          await expect(editor.getByRole('textbox', { name: 'Nom de l’automatisation' })).toHaveValue('Merci à vous');
        }
        // Of what one has removed while the other was at it, both ask; what is chosen on the one holds on both.
        await phones.other.getByRole('button', { name: 'Choisir' }).click();
        await laptops.other.getByRole('button', { name: 'Choisir' }).click();
        await expect(phones.other.getByRole('dialog').getByText('Retiré')).toBeVisible();
        const step = laptops.other.getByRole('dialog').getByRole('listitem', { name: /^Délai/ });
        await step.getByRole('button', { name: /Téléphone$/ }).click();
        // Written down by now: else time would have gone by before there was anything to tell.
        await expect(laptops.other.getByRole('button', { name: 'Choisir' })).toBeHidden();
        await pass(MINUTE);
        for (const { other } of [laptops, phones]) {
          await expect(other.getByRole('button', { name: 'Choisir' })).toBeHidden();
          await expect(other.getByRole('button', { name: /Délai.*3.heures/ }).first()).toBeVisible();
        }
        for (const opened of [laptops, phones]) for (const tab of Object.values(opened)) await tab.close();
      });

      await test.step('what is done on the phone starts a journey, which runs on the laptop', async () => {
        await addToList(mobile, 'bob@exemple.fr');
        await page.goto('/automations/a1/journeys');
        await expect(page.getByRole('link', { name: 'Bob' })).toBeVisible({ timeout: 20_000 });
        await pass(HOUR);
        await expect.poll(() => recipients(brevo.messages)).toEqual(['bob@exemple.fr']);
      });

      await test.step('the laptop is closed in the middle of another; the phone goes on after its silence', async () => {
        await addToList(mobile, 'ada@exemple.fr');
        await expect(page.getByRole('link', { name: 'Ada Lovelace' })).toBeVisible({ timeout: 20_000 });
        await person.close();
        await mobile.goto('/settings/devices');
        await expect(runner(mobile, 'Portable')).toBeVisible();
        // Of the silence counts what the phone has watched, look by look, which no screen says.
        await expect(async () => {
          await pass(2 * MINUTE);
          await expect(runner(mobile, 'Cet appareil')).toBeVisible({ timeout: 1_500 });
        }).toPass({ timeout: 90_000, intervals: [100] });
        // The hour counts from when the phone has taken up what the laptop had not told yet.
        await expect(async () => {
          await pass(HOUR);
          await expect
            .poll(() => recipients(brevo.messages), { timeout: 5_000 })
            .toEqual(['ada@exemple.fr', 'bob@exemple.fr']);
        }).toPass({ timeout: 60_000 });
      });

      await test.step('the laptop comes back, knows all, and sends nothing', async () => {
        const again = await person.reopen();
        await again.goto('/settings/devices');
        await expect(runner(again, 'Téléphone')).toBeVisible({ timeout: 20_000 });
        await pass(HOUR);
        await again.goto('/outbox');
        await expect(again.getByRole('link', { name: 'Envoyés 2' })).toBeVisible();
        expect(recipients(brevo.messages)).toEqual(['ada@exemple.fr', 'bob@exemple.fr']);
      });

      await test.step('the server has learnt no address, name or key', async () => {
        const kept = await everythingAt(couchdb);
        expect(kept.length).toBeGreaterThan(3_000);
        for (const secret of [
          'exemple.fr',
          'Lovelace',
          'Londres',
          'Portable',
          'Lettre du mois',
          brevo.apiKey,
          PASSPHRASE
        ])
          expect(kept).not.toContain(secret);
      });
    } finally {
      await couchdb.stop();
    }
  });

/** On the screen of the devices: who runs the automations, as a title says. */
function runner(page: Page, name: string) {
  return page
    .getByRole('region', { name: 'Qui fait tourner les automatisations' })
    .getByText(name, { exact: true })
    .first();
}

/** Nobody can be reached but the app's own files, which a service worker would have: it cannot be there while the clock moves. */
async function cutOff(context: BrowserContext, site: string): Promise<void> {
  await context.route(
    (url) => !url.href.startsWith(site),
    (route) => route.abort()
  );
}

/** The contact, the lists and the editors of one device, each in a tab of its own beside `first`. */
async function tabs(
  context: BrowserContext,
  first: Page
): Promise<Record<'contact' | 'lists' | 'editor' | 'other', Page>> {
  const opened = async (path: string): Promise<Page> => {
    const tab = await context.newPage();
    await tab.goto(new URL(path, first.url()).href);
    return tab;
  };
  return {
    contact: await opened('/contacts/c1'),
    lists: await opened('/lists'),
    editor: await opened('/automations/a1'),
    other: await opened('/automations/a2')
  };
}

function recipients(messages: readonly { to: readonly { email: string }[] }[]): string[] {
  return messages.flatMap(({ to }) => to.map(({ email: address }) => address)).sort();
}

/** All that a CouchDB holds, and what its documents hold in base64. */
async function everythingAt({ url, database }: { url: string; database: string }): Promise<string> {
  const answer = await fetch(`${url}/${database}/_all_docs?include_docs=true`);
  const text = await answer.text();
  const { rows } = JSON.parse(text) as { rows: { doc: { data?: string } }[] };
  return [text, ...rows.map(({ doc }) => Buffer.from(doc.data ?? '', 'base64').toString('utf8'))].join('\n');
}

async function edit(page: Page, field: string, value: string): Promise<void> {
  await page.getByRole('button', { name: 'Modifier' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('textbox', { name: field }).fill(value);
  await drawer.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(drawer).toBeHidden();
}

async function openDelay(page: Page): Promise<void> {
  // The palette has one of that name alone.
  await page.getByRole('button', { name: /^Délai.*heure/ }).click();
}

async function rename(page: Page, list: string, name: string): Promise<void> {
  await page.getByRole('button', { name: `Actions pour ${list}` }).click();
  await page.getByRole('menuitem', { name: 'Renommer' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Nom' }).fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText(name).first()).toBeVisible();
}

/** On a phone. */
async function addToList(page: Page, contact: string): Promise<void> {
  await page.goto('/contacts');
  await page
    .getByRole('row', { name: new RegExp(contact) })
    .getByRole('checkbox')
    .check();
  await page.getByRole('button', { name: 'Ajouter à une liste' }).click();
  await page.getByRole('dialog').getByRole('option', { name: 'Lettre du mois' }).click();
  await expect(page.getByText(/ajouté/).first()).toBeVisible();
}
