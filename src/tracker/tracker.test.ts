import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { trackerPost, type TrackedEvent } from '$lib/core/tracking';
import { buildTracker } from '../commands/tracker.mjs';

const INBOX = 'https://relay.example/in/address-of-my-own-site';
const NOW = Date.UTC(2027, 0, 5, 12);

let code: string;
beforeAll(async () => {
  code = await buildTracker();
});
let time: Time;
beforeEach(() => {
  time = new Time();
});

/** The time of the pages of one test, and of nothing else: what other files have left running in this process goes on by the real one. */
class Time {
  now = NOW;
  #due: { readonly at: number; readonly work: () => void }[] = [];

  after(work: () => void, ms = 0): void {
    this.#due.push({ at: this.now + ms, work });
  }

  /** Goes on by so many ms. What is due is done at its time, and so is all that follows from it at once. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      this.now = next.at;
      this.#due = this.#due.filter((one) => one !== next);
      next.work();
      await settled();
    }
    this.now = end;
  }

  #earliest(end: number) {
    const [first] = this.#due.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
    return first;
  }
}

/** Promises have come to rest. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What a visitor's device keeps, and what it was asked for. */
class Device {
  readonly items = new Map<string, string>();
  asked = 0;
  getItem(key: string): string | null {
    this.asked++;
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

interface Options {
  readonly url?: string;
  readonly before?: unknown[][];
  readonly navigator?: Record<string, unknown>;
}

/** One page of the site, with the built tracker in it. */
function openPage(device: Device, { url = 'https://shop.example/', before = [], navigator = {} }: Options = {}) {
  const posts: string[] = [];
  const beacons: string[] = [];
  const network = { status: 202 };
  const target = new EventTarget();
  const location = { href: url };
  const go = (to: string) => (location.href = new URL(to, location.href).href);
  const history = {
    state: { of: 'the site' } as unknown,
    pushState: (_state: unknown, _: string, to: string) => void go(to),
    replaceState: (_state: unknown, _: string, to: string) => void go(to)
  };
  const page: Record<string, unknown> = {
    document: {
      title: 'Shop',
      referrer: '',
      visibilityState: 'visible',
      currentScript: { getAttribute: (name: string) => (name === 'data-inbox' ? INBOX : null) }
    },
    location,
    history,
    crypto,
    URL,
    Blob,
    setTimeout: time.after.bind(time),
    Date: { now: () => time.now },
    localStorage: device,
    addEventListener: target.addEventListener.bind(target),
    navigator: { onLine: true, sendBeacon: (_: string, body: string) => beacons.push(body), ...navigator },
    fetch: (address: string, { body }: { body: string }) => {
      expect(address).toBe(INBOX);
      if (network.status === 0) return Promise.reject(new Error('offline'));
      posts.push(body);
      return Promise.resolve({ status: network.status });
    }
  };
  page.window = page;
  if (before.length > 0) page.ricochet = Object.assign(() => undefined, { q: before });
  runInContext(code, createContext(page));
  const told = (bodies: string[]): TrackedEvent[] =>
    bodies.flatMap((body) => v.parse(trackerPost, JSON.parse(body)).events);
  return {
    ricochet: (...call: unknown[]) => (page.ricochet as (...call: unknown[]) => void)(...call),
    navigator: page.navigator as Record<string, unknown>,
    location,
    history,
    network,
    posts,
    beacons,
    events: () => told(posts),
    types: () => told(posts).map(({ type }) => type),
    beaconed: () => told(beacons),
    leave: () => target.dispatchEvent(new Event('pagehide')),
    tell: (name: string) => target.dispatchEvent(new Event(name)),
    wait: (ms = 1_000) => time.pass(ms)
  };
}

const keptBy = (device: Device) => JSON.parse(device.items.get('ricochet') ?? '{}') as Record<string, unknown>;

test('the built file is under 2 kB, knows nothing newer than ES2019, and loads nothing', () => {
  expect(gzipSync(code, { level: 9 }).byteLength).toBeLessThan(2_000);
  expect(code).not.toMatch(/\?\?|\?\.[a-z]|import|document\.cookie|eval/);
});

test('before consent nothing is kept and nothing sent; then what was done on this page is told, with its own times', async () => {
  const device = new Device();
  const page = openPage(device, { before: [['track', 'Before', { a: 1 }]] });
  page.ricochet('cart', { id: 'c1', items: [] });
  await page.wait(60_000);
  page.leave();
  expect([device.items.size, page.posts, page.beacons]).toEqual([0, [], []]);

  page.ricochet('consent', 'granted');
  await page.wait();
  expect(page.posts).toHaveLength(1);
  expect(page.types()).toEqual(['session', 'track', 'page', 'cart']);
  expect(page.events().map(({ at }) => at)).toEqual([NOW, NOW, NOW, NOW]);
  expect(keptBy(device)).toMatchObject({ consent: 'granted', queue: [] });
});

test('consent is remembered; denying erases what was kept, and nothing more is told', async () => {
  const device = new Device();
  const first = openPage(device);
  first.ricochet('consent', 'granted');
  await first.wait();
  const { visitor } = keptBy(device);
  const second = openPage(device, { url: 'https://shop.example/mugs' });
  await second.wait();
  expect(second.types()).toEqual(['page']);
  expect((JSON.parse(second.posts[0]!) as { visitor: string }).visitor).toBe(visitor);

  second.ricochet('track', 'Just before');
  second.ricochet('consent', 'denied');
  expect(keptBy(device)).toEqual({ consent: 'denied' });
  second.ricochet('track', 'After');
  second.leave();
  await second.wait(60_000);
  expect([second.types(), second.beacons]).toEqual([['page'], []]);

  second.ricochet('consent', 'granted');
  await second.wait();
  expect(keptBy(device).visitor).not.toBe(visitor);
});

test.each([{ globalPrivacyControl: true }, { doNotTrack: '1' }])(
  '%o is a no, unless this site was told yes',
  async (navigator) => {
    const device = new Device();
    const page = openPage(device, { navigator });
    page.ricochet('track', 'Unheard');
    await page.wait();
    expect([device.items.size, page.posts]).toEqual([0, []]);
    page.ricochet('consent', 'granted');
    await page.wait();
    expect(page.types()).toEqual(['session', 'page']);
    const next = openPage(device, { navigator, url: 'https://shop.example/2' });
    await next.wait();
    expect(next.types()).toEqual(['page']);
  }
);

test('each page counts once, those of a single-page site too', async () => {
  const page = openPage(new Device(), { before: [['consent', 'granted']] });
  page.history.pushState(null, '', '/mugs');
  await page.wait();
  page.history.replaceState(null, '', '/mugs#reviews');
  page.tell('popstate');
  page.tell('pageshow');
  await page.wait();
  page.history.pushState(null, '', '/cart');
  await page.wait();
  const pages = page.events().filter(({ type }) => type === 'page');
  expect(pages.map(({ data }) => data.url)).toEqual([
    'https://shop.example/',
    'https://shop.example/mugs',
    'https://shop.example/cart'
  ]);
  expect(pages[1]?.data.referrer).toBe('https://shop.example/');
});

test('a session begins once, and anew after half an hour without a sign', async () => {
  const page = openPage(new Device(), { before: [['consent', 'granted']] });
  for (const minutes of [0, 20, 20, 31]) {
    await page.wait(minutes * 60_000);
    page.ricochet('track', 'Sign');
  }
  await page.wait();
  expect(page.types()).toEqual(['session', 'page', 'track', 'track', 'track', 'session', 'track']);
});

test('whose email it was is told once there is consent, and taken off the address at once', async () => {
  const page = openPage(new Device(), { url: 'https://shop.example/?a=1&rc=token-of-camille#top' });
  expect(page.location.href).toBe('https://shop.example/?a=1#top');
  page.ricochet('consent', 'granted');
  await page.wait();
  const events = page.events();
  expect(events.map(({ type }) => type)).toEqual(['session', 'identify', 'page']);
  expect(events[1]?.data).toEqual({ token: 'token-of-camille' });
  expect(events[2]?.data.url).toBe('https://shop.example/?a=1');
});

test('offline it waits on the device, also for another page; online it is sent once', async () => {
  const device = new Device();
  const page = openPage(device, { before: [['consent', 'granted']] });
  await page.wait();
  page.navigator.onLine = false;
  page.ricochet('identify', 'camille@exemple.fr', { FIRSTNAME: 'Camille' });
  await page.wait(120_000);
  expect(page.types()).toEqual(['session', 'page']);
  const next = openPage(device, { url: 'https://shop.example/2', navigator: { onLine: false } });
  await next.wait();
  next.navigator.onLine = true;
  next.tell('online');
  await next.wait(120_000);
  expect(next.types()).toEqual(['identify', 'page']);
  expect(keptBy(device).queue).toEqual([]);
});

test('what fails is tried again; what waits when the page is left goes by a beacon, once, under the same ids', async () => {
  const device = new Device();
  const page = openPage(device, { before: [['consent', 'granted']] });
  page.network.status = 0;
  await page.wait();
  page.network.status = 202;
  await page.wait(31_000);
  expect(page.types()).toEqual(['session', 'page']);
  page.ricochet('order', { id: 'o1' });
  page.leave();
  page.leave();
  expect(page.beaconed().map(({ type }) => type)).toEqual(['order']);
  const next = openPage(device, { url: 'https://shop.example/thanks' });
  await next.wait();
  expect(next.events()[0]?.id).toBe(page.beaconed()[0]?.id);
});

test('nothing that a page calls makes it throw, and a shop may go on changing what it gave', async () => {
  const page = openPage(new Device(), { before: [['consent', 'granted'], [], ['no such call']] });
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  for (const given of [
    [],
    [null],
    ['track'],
    ['cart', null],
    ['order', loop],
    ['consent', 'perhaps'],
    ['constructor', 1],
    [{}],
    ['track', 1n]
  ])
    page.ricochet(...given);
  const cart = { id: 'c1', items: ['mug'] };
  page.ricochet('cart', cart);
  cart.items.push('bowl');
  await page.wait();
  expect(page.events().at(-1)?.data).toEqual({ id: 'c1', items: ['mug'] });
});
