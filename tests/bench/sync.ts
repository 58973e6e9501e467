import type { Page } from '@playwright/test';
import { startPouchdb } from '../remotes/start';

export const CONTACTS = 100_000;
export const EVENTS_EACH = 3;
export const CAUGHT_UP = 1_000;

const MINUTES = 60_000;

/** How long it takes, in ms: to tell a remote all that there is, for a new device to have it, and to catch up with changes. */
export interface SyncTimes {
  readonly told: number;
  readonly joined: number;
  readonly caughtUp: number;
}

/** Two devices and a PouchDB Server of this machine. Each page is a browser's with a profile of its own, the first one empty. */
export async function timeSync(
  { first, other }: { first: Page; other: Page },
  begin: (page: Page) => Promise<void>
): Promise<SyncTimes> {
  const server = await startPouchdb();
  try {
    const { url, database } = server;
    const size = { contacts: CONTACTS, eventsEach: EVENTS_EACH };
    await begin(first);
    await first.evaluate(({ contacts, eventsEach }) => window.bench.fillWorkspace(contacts, eventsEach), size);
    const told = await timed(first, () => first.evaluate((at) => window.bench.connect(at), { url, database }));
    await begin(other);
    const joined = await timed(other, () => other.evaluate((at) => window.bench.connect(at), { url, database }));
    await other.evaluate(
      ({ contacts, eventsEach }) => window.bench.expectFilled(contacts, contacts * eventsEach),
      size
    );
    await first.evaluate((count) => window.bench.changeContacts(count), CAUGHT_UP);
    const caughtUp = await timed(other, () => other.evaluate(() => window.bench.catchUp()));
    await other.evaluate((count) => window.bench.expectCaughtUp(count), CAUGHT_UP);
    return { told, joined, caughtUp };
  } finally {
    await server.stop();
  }
}

async function timed(page: Page, work: () => Promise<void>): Promise<number> {
  page.setDefaultTimeout(20 * MINUTES);
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
