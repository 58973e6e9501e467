import { createHmac } from 'node:crypto';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findHeadlessChromium } from '../browser.mjs';
import { AT, draft, sender, sending, step, template, workspaceFile } from '../fixtures/workspace-file';
import { startShop } from '../loopback/shop';
import { axeOf } from './accessibility';
import { expect } from './harness';
import { SECRET, test as base } from './relay-harness';
import { connectBrevo, connectRelay, restore, tooltip } from './screens';

type Shop = Awaited<ReturnType<typeof startShop>>;

/** The user's little shop, and a visitor's own browser. */
const test = base.extend<{ shop: Shop; visitors: Browser }>({
  shop: async ({}, use) => {
    const shop = await startShop();
    await use(shop);
    await shop.close();
  },
  visitors: async ({}, use) => {
    const program = findHeadlessChromium();
    const browser = await chromium.launch({ args: ['--no-sandbox'], ...(program ? { executablePath: program } : {}) });
    await use(browser);
    await browser.close();
  }
});

test.use({ locale: 'fr-FR', viewport: { width: 1440, height: 900 }, actionTimeout: 15_000 });

const HOUR = 60 * 60_000;
const SIGNING = 'whsec_b2YgdGhlIHNob3A=';

/** Two drafts: a cart that becomes no order within an hour gets an email, and whoever opens an email goes into a list. */
function workspaceOf(shop: Shop): unknown {
  const wait = { event: 'order.created', filters: null, limit: { amount: 1, unit: 'hours' }, window: 'auto' };
  return workspaceFile({
    attributes: [{ id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: AT }],
    lists: [{ id: 'l1', name: 'Curieux', createdAt: AT }],
    templates: [
      template('m1', 'Panier', {
        subject: '{{ contact.FIRSTNAME }}, votre panier vous attend',
        html: `<p><a href="${shop.url}/mug">Mug</a> <a href="https://exemple.com/">Ami</a></p>`
      })
    ],
    senders: [sender],
    automations: [
      draft('a1', 'Panier abandonné', {
        on: 'cart.updated',
        fields: { filters: null },
        steps: [
          step('s1', 'rule.wait_for_event', wait, { yes: null, no: 's2' }),
          step('s2', 'email.send', sending('m1', 'transactional'), { sent: null, failed: null })
        ]
      }),
      draft('a2', 'Lecteurs', {
        on: 'email.opened',
        fields: { filters: null },
        steps: [step('s1', 'contact.add_to_list', { listId: 'l1' }, { next: null })]
      })
    ]
  });
}

/** A service may post; returns its address. */
async function addService(page: Page, service: string, secret?: string): Promise<void> {
  await page.getByRole('button', { name: 'Ajouter' }).click();
  const dialog = page.getByRole('dialog', { name: 'Ajouter un service' });
  await dialog.getByRole('combobox', { name: 'Service' }).selectOption(service);
  if (secret !== undefined) await dialog.getByRole('textbox', { name: 'Secret de signature' }).fill(secret);
  await dialog.getByRole('button', { name: 'Ajouter' }).click();
  await expect(dialog).toBeHidden();
}

/** As Resend reports that an email was opened: signed by Svix. */
async function reportOpen(address: string, messageId: string, at: number): Promise<void> {
  const body = JSON.stringify({
    type: 'email.opened',
    created_at: new Date(at).toISOString(),
    data: { email_id: messageId, to: ['camille@exemple.fr'] }
  });
  const seconds = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(SIGNING.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${seconds}.${body}`).digest('base64');
  const headers = { 'svix-id': 'msg_1', 'svix-timestamp': seconds, 'svix-signature': `v1,${signature}` };
  expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(202);
}

/** What a visitor's browser posts, and what it keeps. */
async function visit(visitors: Browser, url: string) {
  const context = await visitors.newContext();
  const page = await context.newPage();
  const posts: string[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST') posts.push(...eventsIn(request.postData() ?? ''));
  });
  await page.goto(url);
  const kept = () => page.evaluate(() => Object.entries(localStorage).join('\n') + document.cookie);
  return { context, page, posts, kept };
}

function eventsIn(body: string): string[] {
  return (JSON.parse(body) as { events: { type: string }[] }).events.map(({ type }) => type);
}

test('a cart that is left behind: the shop’s page, the relay, the email, its opening, and the link back', async ({
  page,
  person,
  relay,
  shop,
  visitors,
  brevo
}) => {
  test.setTimeout(300_000);

  await test.step('the workspace, its provider and its relay', async () => {
    await restore(page, workspaceOf(shop));
    await page.goto('/settings/providers');
    await connectBrevo(page, brevo);
    await page.goto('/settings/relay');
    await connectRelay(page, relay.url, SECRET);
  });

  const reports = await test.step('the site may post, under a code to copy, and the provider too', async () => {
    await addService(page, 'Resend', SIGNING);
    const address = (await page.getByText(`${relay.url}/in/`).textContent()) ?? '';
    await addService(page, 'Mon site (traceur)');
    await expect(page.getByText('Pas encore entendu')).toHaveCount(2);
    const domains = page.getByRole('textbox', { name: 'Domaines de votre site' });
    await domains.fill('pas un domaine');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('« pas » n’est pas un domaine')).toBeVisible();
    await domains.fill(`${shop.url}/mug`);
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await expect(page.getByText('Domaines enregistrés.')).toBeVisible();
    await expect(domains).toHaveValue(shop.domain);
    await page.getByRole('combobox', { name: 'Votre bandeau de cookies' }).selectOption('Axeptio');
    await expect(page.getByText('cookies:complete')).toBeVisible();
    const { violations } = await axeOf(page).exclude(tooltip).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/wide.png`, fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/narrow.png`, fullPage: true });
    await page.setViewportSize({ width: 1440, height: 900 });
    shop.paste((await page.getByText('<script async').textContent()) ?? '');
    return address;
  });

  await test.step('both automations are published', async () => {
    for (const id of ['a1', 'a2']) {
      await page.goto(`/automations/${id}`);
      await page.getByRole('button', { name: 'Publier' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Publier' }).click();
      await expect(page.getByText(/Active · version 1/)).toBeVisible();
    }
    await page.goto('/events');
  });

  const visitor = await visit(visitors, shop.url);

  await test.step('before consent the site keeps nothing and sends nothing; refused, neither', async () => {
    await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
    await visitor.page.getByRole('link', { name: 'Mug' }).click();
    await visitor.page.getByRole('button', { name: 'Refuse' }).click();
    await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
    await visitor.page.reload();
    expect(visitor.posts).toEqual([]);
    expect(await visitor.kept()).toBe('ricochet,{"consent":"denied"}');
  });

  await test.step('once accepted: a cart, and offline another, which is sent once when the network is back', async () => {
    await visitor.page.getByRole('button', { name: 'Accept' }).click();
    await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
    await expect.poll(() => visitor.posts).toEqual(['session', 'page', 'cart']);
    await visitor.context.setOffline(true);
    await visitor.page.getByRole('button', { name: 'Add to cart' }).click();
    expect(await visitor.kept()).toContain('"total":39.8');
    await visitor.context.setOffline(false);
    await expect.poll(() => visitor.posts).toEqual(['session', 'page', 'cart', 'cart']);
    await expect.poll(visitor.kept).toContain('"queue":[]');
  });

  await test.step('they give their address, and leave: theirs is the cart of before, and the journey begins', async () => {
    await visitor.page.getByRole('textbox', { name: 'Email' }).fill('camille@exemple.fr');
    await visitor.page.getByRole('button', { name: 'Go on' }).click();
    // Left at once: what waits goes by a beacon.
    await visitor.page.goto('about:blank');
    const list = page.getByRole('list', { name: 'Événements' });
    // In the inbox; or taken in already, since the app reads it while it is open.
    const isKnown = async () =>
      JSON.stringify(await relay.sql('SELECT body FROM inbox')).includes('identify') ||
      (await list.getByRole('button', { name: /Panier.*Camille/ }).count()) > 0;
    await expect.poll(isKnown).toBe(true);
    await visitor.context.close();
    // The carts may have been read before the name was.
    const theirs = list.getByRole('button', { name: /Panier mis à jour.*Camille/ });
    await person.advanceUntil(() => expect(theirs).toHaveCount(2));
    await expect(list.getByRole('button', { name: /Panier mis à jour/ })).toHaveCount(2);
    await expect(list.getByRole('button', { name: /Page Web visitée/ })).toHaveCount(1);
  });

  await test.step('an hour without an order: the email, with links that know its reader on the shop alone', async () => {
    expect(brevo.messages).toHaveLength(0);
    await person.advanceClock(HOUR);
    await person.advanceUntil(() => expect.poll(() => brevo.messages.length).toBe(1));
    const [message] = brevo.messagesTo('camille@exemple.fr');
    expect(message?.subject).toBe('Camille, votre panier vous attend');
    expect(message?.htmlContent).toContain('href="https://exemple.com/"');
  });

  await test.step('its opening, told by webhook, starts the second automation', async () => {
    await reportOpen(reports, brevo.messages[0]!.messageId, person.now());
    const opening = page.getByRole('list', { name: 'Événements' }).getByRole('button', { name: /Email ouvert/ });
    await person.advanceUntil(() => expect(opening).toHaveCount(1));
    await page.goto('/automations');
    await expect(page.getByRole('row', { name: /Lecteurs.*Active.*1/ })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('row', { name: /Panier abandonné.*Active.*1/ })).toBeVisible();
  });

  await test.step('the link in the email, in another browser: the reader is known, and the address says nothing of it', async () => {
    const href = /href="([^"]*rc=[^"]*)"/.exec(brevo.messages[0]!.htmlContent ?? '')?.[1] ?? '';
    const other = await visit(visitors, href);
    expect(other.page.url()).toBe(`${shop.url}/mug`);
    await other.page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => other.posts).toEqual(['session', 'identify', 'page']);
    await page.goto('/events');
    const visits = page.getByRole('list', { name: 'Événements' }).getByRole('button', { name: /Page Web visitée/ });
    await person.advanceUntil(() => expect(visits).toHaveCount(2));
    await expect(visits.filter({ hasText: 'Camille' })).toHaveCount(2);
  });
});
