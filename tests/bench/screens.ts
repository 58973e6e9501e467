/** What a person feels: how soon the screen answers, and whether a large automation moves without a stutter. */
import type { Locator, Page } from '@playwright/test';
import { AT, made, workspaceFile } from '../fixtures/workspace-file';

const CONTACTS = 2_000;
const STEPS = 300;

/** A workspace file: contacts, and the draft of an automation of `STEPS` steps, each of which parts the path. */
function workspace(): unknown {
  const step = (n: number): unknown => {
    const [left, right] = [2 * n, 2 * n + 1].map((next) => (next <= STEPS ? `s${next}` : null));
    return {
      id: `s${n}`,
      unit: 'rule.split',
      version: 1,
      fields: { branches: [{ id: 'a', name: `Embranchement ${n}`, filters: fromParis }] },
      next: { a: left ?? null, default: right ?? null }
    };
  };
  const fromParis = { subject: { of: 'attribute', attributeId: 'CITY' }, kind: 'text', operator: 'is', value: 'Paris' };
  const ids = Array.from({ length: CONTACTS }, (_, n) => `c${String(n).padStart(5, '0')}`);
  return workspaceFile({
    attributes: [{ id: 'CITY', name: 'Ville', kind: 'text', createdAt: AT }],
    lists: [{ id: 'l1', name: 'Lecteurs', createdAt: AT }],
    contacts: ids.map((id, n) => ({
      id,
      email: `lecteur${n}@exemple.fr`,
      attributes: { CITY: n % 2 ? 'Paris' : 'Lyon' },
      listIds: ['l1'],
      listedAt: { l1: AT },
      ...made
    })),
    identities: ids.map((contactId, n) => ({ kind: 'email', value: `lecteur${n}@exemple.fr`, contactId })),
    automations: [
      {
        id: 'a1',
        name: 'Grande automatisation',
        status: 'draft',
        activeVersionId: null,
        draft: {
          graph: {
            triggers: [{ id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l1'] } }],
            entry: 's1',
            steps: Array.from({ length: STEPS }, (_, n) => step(n + 1)),
            notes: []
          },
          settings: { reentry: { mode: 'once' }, exit: [], restart: [], sendWindow: null, frequencyCap: null }
        },
        ...made
      }
    ]
  });
}

export async function restoreWorkspace(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/settings/backup`);
  const buffer = Buffer.from(JSON.stringify(workspace()));
  await page.locator('input[type=file]').setInputFiles({ name: 'atelier.json', mimeType: 'application/json', buffer });
  await page.getByRole('button', { name: /^(Restaurer une sauvegarde|Restore a backup)$/ }).click();
  const replace = page.getByRole('button', { name: /^(Tout remplacer|Replace everything)$/ });
  await Promise.all([page.waitForEvent('load'), replace.click()]);
}

/**
 * The longest interaction, from the key or the click until the screen shows what comes of it, in ms: over contacts, their search, one
 * of them, the palette of commands and an automation. The browser's own measure (Event Timing), which counts by 8 ms and calls what
 * takes less than 16 ms nothing.
 */
export async function longestInteraction(page: Page, site: string): Promise<number> {
  await page.goto(`${site}/contacts`);
  await watchInteractions(page);
  await page
    .getByRole('row', { name: /lecteur/ })
    .first()
    .waitFor();
  await page.getByRole('searchbox').first().click();
  await page.keyboard.type('lecteur19', { delay: 60 });
  await page
    .getByRole('row', { name: /lecteur19/ })
    .first()
    .waitFor();
  await page
    .getByRole('link', { name: /lecteur19/ })
    .first()
    .click();
  await page.getByRole('heading', { name: /lecteur19/ }).waitFor();
  await page.keyboard.press('Control+k');
  const search = page.getByRole('dialog').getByRole('combobox');
  await search.waitFor();
  await page.keyboard.type('grande', { delay: 60 });
  await page
    .getByRole('option', { name: /Grande automatisation/ })
    .first()
    .click();
  await page.locator('[data-card="s1"]').click();
  await page.getByRole('complementary').last().getByRole('textbox').first().click();
  await page.keyboard.type(' bis', { delay: 60 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await settle(page);
  return page.evaluate(() => Math.max(...(window as unknown as Watched).interactions, 0));
}

/** What the same measure says of a button that counts its clicks: no screen can answer sooner. */
export async function shortestInteraction(page: Page): Promise<number> {
  await page.goto('about:blank');
  await page.setContent('<button onclick="this.textContent++">0</button>');
  await watchInteractions(page);
  for (let n = 0; n < 10; n++) await page.getByRole('button').click();
  await settle(page);
  return page.evaluate(() => Math.max(...(window as unknown as Watched).interactions, 8));
}

interface Watched {
  interactions: number[];
}

async function watchInteractions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watched = window as unknown as Watched;
    watched.interactions = [];
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { duration, interactionId } = entry as PerformanceEventTiming & { interactionId: number };
        if (interactionId > 0) watched.interactions.push(duration);
      }
    });
    observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
}

/** The observer is told of an interaction once the frame after it is drawn. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done))))
  );
}

/** The longest frame while an automation of 300 steps is moved by hand over its whole width, in ms. */
export async function longestFrameWhilePanning(page: Page, site: string): Promise<number> {
  await page.goto(`${site}/automations/a1`);
  await page.locator('[data-card]').first().waitFor();
  return longestFrame(page, page.locator('.svelte-flow'));
}

/** The same movement over a page on which nothing moves. */
export async function longestFrameOfNothing(page: Page): Promise<number> {
  await page.goto('about:blank');
  await page.setContent('<main style="height: 100vh">Rien</main>');
  return longestFrame(page, page.locator('main'));
}

async function longestFrame(page: Page, pane: Locator): Promise<number> {
  const box = await pane.boundingBox();
  if (!box) throw new Error('There is nothing to move');
  // Between the first cards and the small map: neither is dragged.
  const [y, left, right] = [box.y + box.height / 2, box.x + 40, box.x + box.width - 40];
  await page.evaluate(() => {
    const watched = window as unknown as { frames: number[] };
    watched.frames = [];
    let before = performance.now();
    const next = (now: number): void => {
      watched.frames.push(now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  for (let times = 0; times < 4; times++) {
    const [from, to] = times % 2 ? [left, right] : [right, left];
    await page.mouse.move(from, y);
    await page.mouse.down();
    await page.mouse.move(to, y - 60, { steps: 60 });
    await page.mouse.up();
  }
  // The first is counted from before the page drew.
  return page.evaluate(() => Math.max(...(window as unknown as { frames: number[] }).frames.slice(2)));
}
