import { chooseTextSize, cutTexts, sidewaysScroll, violations } from './accessibility';
import { expect, test } from './harness';
import { hostileWorkspace } from './hostile-workspace';
import { routes } from './routes';
import { restore, textsShown } from './screens';

/** The screens of each route, with what each shows once it is there. */
const SCREENS: Readonly<Record<string, readonly (readonly [path: string, shown: string])[]>> = {
  '/': [['/', 'automatisation publiée']],
  '/attention': [['/attention', '> objet envoyé']],
  '/automations': [['/automations', '> automatisation']],
  '/automations/gallery': [['/automations/gallery', 'Panier oublié']],
  '/automations/import': [['/automations/import', 'Choisir un fichier']],
  '/automations/none': [['/automations/a1', '> branche']],
  '/automations/none/journeys': [['/automations/a2/journeys', '> prénom']],
  '/automations/none/replay': [['/automations/a2/replay?journey=j1', '> automatisation publiée']],
  '/automations/none/simulate': [['/automations/a2/simulate', 'Jours simulés']],
  '/automations/none/statistics': [['/automations/a2/statistics', 'Rien encore sur cette période']],
  '/automations/none/versions': [['/automations/a2/versions', 'Version 2']],
  '/companies': [['/companies', '> entreprise']],
  '/contacts': [['/contacts', '> prénom']],
  '/contacts/import': [['/contacts/import', '> fichier']],
  '/contacts/import/none': [['/contacts/import/i1', '> ligne']],
  '/contacts/none': [
    ['/contacts/c1', '> prénom'],
    ['/contacts/c1?tab=events', '> événement'],
    ['/contacts/c1?tab=loyalty', '> programme']
  ],
  '/deals': [['/deals', '> opportunité']],
  '/events': [['/events', '> événement']],
  '/forms': [['/forms', '> formulaire']],
  '/forms/none': [
    ['/forms/f1', '> titre'],
    ['/forms/f1?tab=share', 'Sur le web'],
    ['/forms/f1?tab=submissions', '> réponse']
  ],
  '/help': [['/help', 'Envoyer un email']],
  '/help/none': [['/help/consent', 'Consentement']],
  '/join': [['/join', 'Lien copié']],
  '/kiosk/none': [['/kiosk/f1', '> introduction']],
  '/lists': [['/lists', '> liste']],
  '/loyalty': [['/loyalty', '> programme']],
  '/loyalty/none': [
    ['/loyalty/p1', '> palier'],
    ['/loyalty/p1?tab=members', '> palier']
  ],
  '/mailbox': [['/mailbox', '> objet envoyé']],
  '/mailbox/none': [['/mailbox/o1', '> objet envoyé']],
  '/messages': [['/messages', '> modèle']],
  '/messages/none': [
    ['/messages/m1', '> objet'],
    ['/messages/m2', '> bloc texte']
  ],
  '/messages/push/none': [['/messages/push/pu1', '> push']],
  '/messages/sms/none': [['/messages/sms/sm1', '> sms']],
  '/opened': [['/opened', 'Aucun fichier']],
  '/outbox': [
    ['/outbox?status=sent', '> objet envoyé'],
    ['/outbox?status=failed', '> objet envoyé']
  ],
  '/segments': [['/segments', '> segment']],
  '/segments/none': [['/segments/g1', '> attribut prénom']],
  '/settings': [['/settings', '> espace']],
  '/settings/about': [['/settings/about', 'Comment Ricochet fonctionne']],
  '/settings/attributes': [['/settings/attributes', '> attribut prénom']],
  '/settings/backup': [['/settings/backup', 'Choisir un fichier']],
  '/settings/brand': [['/settings/brand', 'Adresse du logo']],
  '/settings/devices': [['/settings/devices', 'Rejoindre par un lien']],
  '/settings/pipelines': [['/settings/pipelines', '> pipeline']],
  '/settings/providers': [['/settings/providers', '> compte']],
  '/settings/relay': [['/settings/relay', '> service']],
  '/settings/security': [['/settings/security', 'Phrase secrète']],
  '/settings/senders': [['/settings/senders', '> expéditeur']],
  '/settings/storage': [['/settings/storage', 'Place utilisée']],
  '/settings/tasks': [['/settings/tasks', '> type']],
  '/settings/users': [['/settings/users', '> utilisateur']],
  '/tasks': [['/tasks', '> tâche']]
};

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** As many tests as let all screens be visited at the same time. */
const PARTS = 4;

test.use({ viewport: WIDE });

test('every route has screens that are looked at', () => {
  expect(Object.keys(SCREENS).sort()).toEqual(routes);
});

for (let part = 0; part < PARTS; part++) {
  const screens = Object.values(SCREENS)
    .flat()
    .filter((_, index) => index % PARTS === part);

  test(`WCAG 2.2 AA, in both themes, on a phone and with text at 200 %: part ${part + 1} of ${PARTS}`, async ({
    page
  }) => {
    test.setTimeout(600_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await restore(page, hostileWorkspace());

    for (const [path, shown] of screens) {
      await test.step(path, async () => {
        await page.goto(path);
        await expect.poll(() => page.evaluate(textsShown), `${path} shows ${shown}`).toContain(shown);
        expect.soft(await violations(page), `${path} light`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect.soft(await violations(page, 'contrast'), `${path} dark`).toEqual([]);
        await page.emulateMedia({ colorScheme: 'light' });

        await page.setViewportSize(PHONE);
        expect.soft(await violations(page, 'all but contrast'), `${path} on a phone`).toEqual([]);
        expect.soft(await sidewaysScroll(page), `${path} on a phone scrolls sideways`).toBe(0);
        expect.soft(await cutTexts(page), `${path} on a phone`).toEqual([]);

        await page.setViewportSize(WIDE);
        await chooseTextSize(page, 32);
        expect.soft(await sidewaysScroll(page), `${path} at 200 % scrolls sideways`).toBe(0);
        expect.soft(await cutTexts(page), `${path} at 200 %`).toEqual([]);
        await chooseTextSize(page, 16);
      });
    }
  });
}
