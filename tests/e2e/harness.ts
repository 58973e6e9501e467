import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  expect,
  test as base,
  chromium,
  type BrowserContext,
  type BrowserContextOptions,
  type Page
} from '@playwright/test';
import { serveSite } from '../../src/commands/site-server.mjs';
import { findChromium, findHeadlessChromium } from '../browser.mjs';
import { startBrevo, type Brevo } from '../loopback/brevo';
import { Clock } from './clock';
import { expectFocusKept, holdByKeyboard } from './keyboard-hand';

export { expect };

/** What a page must not do unless the test expects it: errors in the console, uncaught errors, breaches of the policy. */
class Complaints {
  readonly seen: string[] = [];
  readonly #expected: RegExp[] = [];

  /** Complaints that match are part of this test. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  get unexpected(): string[] {
    return this.seen.filter((complaint) => !this.#expected.some((pattern) => pattern.test(complaint)));
  }

  async watch(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__complain', (_, complaint: string) => this.seen.push(complaint));
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        const { __complain } = globalThis as unknown as { __complain: (complaint: string) => void };
        __complain(`policy: ${violatedDirective} refused ${blockedURI} in ${sourceFile}:${lineNumber}`);
      });
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.seen.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.seen.push(`error: ${error.error().stack ?? String(error.error())}`));
  }
}

interface Belongings {
  readonly profile: string;
  readonly options: BrowserContextOptions;
  readonly complaints: Complaints;
  readonly hand: Hand;
  readonly clock: Clock;
  /** Undefined: Playwright's own. */
  readonly program: string | undefined;
}

/** A person's browser: one profile on disk, which can be closed and opened again, and a clock that can be moved. */
class Person {
  readonly #profile: string;
  readonly #options: BrowserContextOptions;
  readonly #complaints: Complaints;
  readonly #hand: Hand;
  readonly #clock: Clock;
  readonly #program: string | undefined;
  #context: BrowserContext | undefined;

  constructor({ profile, options, complaints, hand, clock, program }: Belongings) {
    this.#profile = profile;
    this.#options = options;
    this.#complaints = complaints;
    this.#hand = hand;
    this.#clock = clock;
    this.#program = program;
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('The browser is closed: await person.open()');
    return this.#context;
  }

  get openPages(): Page[] {
    return this.#context?.pages() ?? [];
  }

  /** What the clock of the pages and workers shows, in epoch milliseconds. */
  now(): number {
    return this.#clock.now();
  }

  /** Opens the browser with its profile, at the instant where its clock was left. Returns its first page, which is empty. */
  async open(): Promise<Page> {
    this.#context = await chromium.launchPersistentContext(this.#profile, {
      ...this.#options,
      ...(this.#program ? { executablePath: this.#program } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run'
      ]
    });
    await this.#complaints.watch(this.#context);
    if (this.#movesClock) await this.#clock.install(this.#context);
    if (this.#hand === 'keyboard') holdByKeyboard(this.#context);
    return this.#context.pages()[0] ?? (await this.#context.newPage());
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** Closes the browser and opens it again, as a person does the next morning. */
  async reopen(): Promise<Page> {
    await this.close();
    return this.open();
  }

  /**
   * Moves the clock on, also while the browser is closed. Timers do not move with it: the open pages are told that they are looked at
   * again, at which the runner looks at the clock, as it does after sleep.
   */
  async advanceClock(milliseconds: number): Promise<void> {
    if (!this.#movesClock) throw new Error("The clock moves only with test.use({ serviceWorkers: 'block' })");
    await this.#clock.advance(milliseconds, this.#context);
    for (const page of this.openPages) {
      await page.evaluate(() => {
        document.dispatchEvent(new Event('visibilitychange'));
        dispatchEvent(new Event('focus'));
      });
    }
  }

  /** Moves the clock on to an instant in epoch milliseconds. */
  async moveClockTo(instant: number): Promise<void> {
    await this.advanceClock(instant - this.now());
  }

  /**
   * Lets a minute pass, and one more for as long as `seen` fails: what happened outside is read each minute, and a reading that was under
   * way as the clock moved has seen only what was there before.
   */
  async advanceUntil(seen: () => Promise<void>): Promise<void> {
    await expect(async () => {
      await this.advanceClock(60_000);
      await seen();
    }).toPass({ timeout: 60_000 });
  }

  get #movesClock(): boolean {
    return this.#options.serviceWorkers === 'block';
  }
}

type Hand = 'mouse' | 'keyboard';

type Fixtures = {
  /** What the person works the app with. HAND=keyboard puts the mouse of every test away. */
  hand: Hand;
  /** Whether what appears and goes does so by and by, as most people have it: each picture of it is drawn by the processor. */
  isMoving: boolean;
  /** For what belongs to the browser around the page, such as installing. */
  wholeBrowser: boolean;
  /** The folder that is served; a test that changes the site serves a copy of its own. */
  siteFolder: string;
  /** The clock of the person's browser. */
  clock: Clock;
  /** The built app, served as hosts serve it, on a port of its own. */
  site: { url: string };
  complaints: Complaints;
  /** The person's browser, open. `page` is its first page. */
  person: Person;
  /** The person's other browser, of the size of a phone, open: another profile under the same clock. */
  phone: Person;
  /** How a person's browser is opened, with a profile of its own, and closed for good. */
  ways: {
    readonly hand: Hand;
    open: (own?: BrowserContextOptions) => Promise<Person>;
    close: (person: Person) => Promise<void>;
  };
  /** A Brevo on this computer, at `brevo.url`, whose clock is the person's. */
  brevo: Brevo;
};

/**
 * The tests of the built app. Options: `serviceWorkers` ('block' unless the test is about being offline: then 'allow', and the clock
 * stays), `locale`, `timezoneId`, `viewport`, `deviceScaleFactor`, as Playwright has them; `hand`. A complaint that the test does not expect fails it.
 */
export const test = base.extend<Fixtures>({
  siteFolder: ['build', { option: true }],
  isMoving: [false, { option: true }],
  wholeBrowser: [false, { option: true }],
  hand: [process.env.HAND === 'keyboard' ? 'keyboard' : 'mouse', { option: true }],

  // Playwright wants its own first argument destructured, even if nothing is taken from it.
  clock: async ({}, use) => use(new Clock()),

  site: async ({ siteFolder, clock, serviceWorkers }, use) => {
    // A service worker keeps what it is given: then the clock stays.
    const own = serviceWorkers === 'block' ? { script: (path: string) => clock.script(siteFolder, path) } : {};
    const site = await serveSite({ folder: siteFolder, ...own });
    await use(site);
    await site.close();
  },

  complaints: async ({}, use) => {
    const complaints = new Complaints();
    await use(complaints);
    if (complaints.unexpected.length > 0) {
      throw new Error(`The app complained:\n${complaints.unexpected.join('\n')}`);
    }
  },

  person: async ({ ways }, use) => {
    const person = await ways.open();
    await use(person);
    if (ways.hand === 'keyboard') for (const page of person.openPages) await expectFocusKept(page);
    await ways.close(person);
  },

  phone: async ({ ways }, use) => {
    const phone = await ways.open({ viewport: { width: 390, height: 844 } });
    await use(phone);
    await ways.close(phone);
  },

  ways: async (
    {
      site,
      clock,
      complaints,
      hand,
      isMoving,
      wholeBrowser,
      serviceWorkers,
      locale,
      timezoneId,
      viewport,
      deviceScaleFactor,
      hasTouch,
      isMobile
    },
    use
  ) => {
    const profiles = new Map<Person, string>();
    const given = {
      baseURL: site.url,
      serviceWorkers,
      locale,
      timezoneId,
      viewport,
      deviceScaleFactor,
      hasTouch,
      isMobile,
      reducedMotion: isMoving ? ('no-preference' as const) : ('reduce' as const)
    };
    await use({
      hand,
      open: async (own = {}) => {
        const profile = await mkdtemp(join(tmpdir(), 'person-'));
        const person = new Person({
          profile,
          // Playwright's own types allow undefined where its functions do not.
          options: Object.fromEntries(Object.entries({ ...given, ...own }).filter(([, value]) => value !== undefined)),
          complaints,
          hand,
          clock,
          program: wholeBrowser ? findChromium() : findHeadlessChromium()
        });
        profiles.set(person, profile);
        await person.open();
        return person;
      },
      close: async (person) => {
        await person.close();
        const profile = profiles.get(person);
        if (profile) await rm(profile, { recursive: true, force: true, maxRetries: 3 });
      }
    });
  },

  brevo: async ({ person }, use) => {
    const brevo = await startBrevo({ now: () => person.now() });
    await use(brevo);
    await brevo.close();
  },

  context: async ({ person }, use) => use(person.context),

  page: async ({ person }, use) => {
    const [first] = person.context.pages();
    await use(first ?? (await person.context.newPage()));
  }
});

/** The same with a copy of the build, which the test may change. */
export const testWithOwnSite = test.extend({
  siteFolder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'site-'));
    await cp('build', folder, { recursive: true });
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  }
});
