import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { wayTo, type Way } from './keyboard-way';

/** More than any screen asks for; whoever needs more goes round in circles. */
const MOST_TURNS = 60;
/** For what opens or closes to take the focus, or give it back. */
const SOON = { timeout: 2_000, intervals: [10, 20, 50] };

type Options = { timeout?: number; delay?: number; position?: object; button?: string; clickCount?: number };
type Choice = string | { label?: string; value?: string };

const held = new WeakSet<BrowserContext>();
const last = new WeakMap<Page, { done: string; path: string }>();
/** Where the page was as the last deed began: a key may lead on at once. */
const paths = new WeakMap<Page, string>();
function pathOf(page: Page): string {
  const { pathname, hash } = new URL(page.url());
  return pathname + hash;
}

/**
 * From now on what tests do to the pages of this context is done by real keys alone: Tab and arrows until the focus is on it, then
 * Enter or Space, and typing. What only a pointer could do throws.
 */
export function holdByKeyboard(context: BrowserContext): void {
  held.add(context);
  for (const page of context.pages()) takeMouse(page);
  context.on('page', takeMouse);
}

function takeMouse(page: Page): void {
  giveVerbs(page);
  page.on('domcontentloaded', () => last.delete(page));
  page.on('framenavigated', () => pathOf(page) !== last.get(page)?.path && last.delete(page));
  // While somebody listens the dialog of the system stays closed.
  page.on('filechooser', () => undefined);
  Object.defineProperty(page, 'mouse', {
    get: () => {
      throw new Error('This hand has a keyboard only');
    }
  });
}

/** Playwright keeps its class of locators to itself; all have one prototype. */
function giveVerbs(page: Page): void {
  const prototype = Object.getPrototypeOf(page.locator('body')) as Record<string, (...given: never[]) => unknown>;
  if (given.has(prototype)) return;
  given.add(prototype);
  for (const [verb, byKeyboard] of Object.entries(verbs)) {
    const byMouse = prototype[verb];
    prototype[verb] = function (this: Locator, ...args: never[]) {
      if (!held.has(this.page().context())) return byMouse?.apply(this, args);
      return byKeyboard(this, ...args);
    };
  }
}
const given = new WeakSet<object>();

const verbs: Record<string, (locator: Locator, ...args: never[]) => Promise<unknown>> = {
  click,
  check: (locator: Locator, options?: Options) => setChecked(locator, true, options),
  uncheck: (locator: Locator, options?: Options) => setChecked(locator, false, options),
  setChecked,
  fill,
  clear: (locator: Locator, options?: Options) => fill(locator, '', options),
  selectOption,
  press,
  pressSequentially: async (locator: Locator, text: string, options?: Options) => {
    await reach(locator, options);
    await locator.page().keyboard.type(text);
  },
  focus: reach,
  blur: (locator: Locator, options?: Options) => press(locator, 'Tab', options),
  setInputFiles,
  ...Object.fromEntries(
    ['hover', 'dragTo', 'tap', 'dblclick', 'dispatchEvent'].map((verb) => [
      verb,
      (locator: Locator) => Promise.reject(new Error(`${verb} is nothing for a keyboard: ${String(locator)}`))
    ])
  )
};

async function click(locator: Locator, options: Options = {}): Promise<void> {
  if (options.position || (options.button ?? 'left') !== 'left' || options.clickCount)
    throw new Error(`A key has no place: ${String(locator)}`);
  const works = await reach(locator, options);
  if (works === null || (works === 'Space' && (await isChosenRadio(locator)))) return;
  const leadsAnywhere = await leads(locator);
  await locator.page().keyboard.press(works, options.delay === undefined ? {} : { delay: options.delay });
  if (!leadsAnywhere) remember(locator, works);
}

/** A link begins a page, if only the one that is shown, at its beginning. */
async function leads(locator: Locator): Promise<boolean> {
  return (
    isInFrame(locator) ||
    (await locator.evaluate(({ ownerDocument: { activeElement } }) => Boolean(activeElement?.matches('a[href]'))))
  );
}

const isInFrame = (locator: Locator) => String(locator).includes('contentFrame()');

/** Arrows choose as they go. */
function isChosenRadio(locator: Locator): Promise<boolean> {
  return locator.evaluate(({ ownerDocument: { activeElement } }) =>
    Boolean(activeElement?.matches('input[type=radio]:checked'))
  );
}

async function setChecked(locator: Locator, checked: boolean, options?: Options): Promise<void> {
  if ((await locator.isChecked(options)) === checked) return;
  const works = await reach(locator, options);
  if ((await locator.isChecked()) !== checked && works) await locator.page().keyboard.press(works);
  remember(locator, 'Space');
  await expect(locator).toBeChecked({ checked });
}

async function press(locator: Locator, key: string, options?: Options): Promise<void> {
  await reach(locator, options);
  await locator.page().keyboard.press(key);
  remember(locator, key);
}

async function fill(locator: Locator, value: string, options?: Options): Promise<void> {
  await reach(locator, options);
  const { keyboard } = locator.page();
  const type = await locator.evaluate((element) => element.getAttribute('type'));
  if (type === 'range') return slide(locator, Number(value));
  if (type === 'date') return typeDate(locator, value);
  await keyboard.press('ControlOrMeta+a');
  if (value === '') await keyboard.press('Delete');
  else await keyboard.type(value);
  remember(locator, value);
}

async function slide(locator: Locator, value: number): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const { distance, step, page } = await locator.evaluate((element, wanted) => {
      const { min, max, step: by, valueAsNumber } = element as HTMLInputElement;
      // As Chromium has it: Page Up is a tenth of the way.
      return { distance: wanted - valueAsNumber, step: Number(by) || 1, page: (Number(max) - Number(min)) / 10 };
    }, value);
    if (Math.abs(distance) < step) return;
    const far = Math.abs(distance) > page / 2;
    const key = far ? (distance > 0 ? 'PageUp' : 'PageDown') : distance > 0 ? 'ArrowRight' : 'ArrowLeft';
    await pressTimes(locator.page(), key, far ? 1 : Math.round(Math.abs(distance) / step));
  }
  throw new Error(`No key brings ${String(locator)} to ${value}`);
}

/** Which part comes first is for the browser to say. */
async function typeDate(locator: Locator, value: string): Promise<void> {
  const [year = '', month = '', day = ''] = value.split('-');
  const { keyboard } = locator.page();
  for (const order of [
    [day, month, year],
    [month, day, year],
    [year, month, day]
  ]) {
    await pressTimes(locator.page(), 'ArrowLeft', 3);
    await keyboard.type(order.join(''));
    if ((await locator.inputValue()) === value) return leave(locator);
  }
  throw new Error(`${value} cannot be typed into ${String(locator)}`);
}

/** A field of a date has several stops. */
async function leave(locator: Locator): Promise<void> {
  for (let stops = 0; stops < 5; stops++) {
    await locator.page().keyboard.press('Tab');
    if (!(await locator.evaluate((element) => element === element.ownerDocument.activeElement))) return;
  }
  throw new Error(`Tab does not leave ${String(locator)}`);
}

/** By the letters that it begins with, as a select has it; from there by arrows. */
async function selectOption(locator: Locator, choice: Choice | Choice[], options?: Options): Promise<void> {
  if (Array.isArray(choice)) throw new Error('One at a time');
  const find = () =>
    locator.evaluate((element, wanted) => {
      const select = element as HTMLSelectElement;
      const able = [...select.options].filter(({ disabled, hidden }) => !disabled && !hidden);
      const asked = typeof wanted === 'string' ? { label: wanted, value: wanted } : wanted;
      const to = able.findIndex(({ label, value }) => label.trim() === asked.label || value === asked.value);
      const chosen = select.selectedOptions[0];
      return { to, from: chosen ? able.indexOf(chosen) : -1, label: able[to]?.label.trim() ?? '' };
    }, choice);
  await expect.poll(async () => (await find()).to, SOON).toBeGreaterThanOrEqual(0);
  await reach(locator, options);
  const { label, from, to } = await find();
  if (from === to) return;
  // Letters that are not on this keyboard are not typed but inserted, and a select takes no text.
  await locator.page().keyboard.type(/^[ -~]*/.exec(label)?.[0] ?? '');
  const after = await find();
  const distance = after.to - after.from;
  await pressTimes(locator.page(), distance > 0 ? 'ArrowDown' : 'ArrowUp', Math.abs(distance));
  remember(locator, label);
  await expect.poll(async () => (await find()).from, SOON).toBe(after.to);
}

/** The dialog of the system that opens is the system's: from there on it is given the file. */
async function setInputFiles(locator: Locator, files: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
  await reach(locator);
  const opened = locator.page().waitForEvent('filechooser');
  await locator.page().keyboard.press('Enter');
  await (await opened).setFiles(files);
  remember(locator, 'Enter');
}

async function pressTimes(page: Page, key: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await page.keyboard.press(key);
}

function remember(locator: Locator, key: string): void {
  const page = locator.page();
  last.set(page, { done: `${key} on ${String(locator)}`, path: paths.get(page) ?? pathOf(page) });
}

/**
 * Whoever has closed a dialog or removed a row goes on from where they were: the focus is never lost. Another page begins
 * at its beginning.
 */
export async function expectFocusKept(page: Page): Promise<void> {
  const before = last.get(page);
  if (!before) return;
  const isLost = async () =>
    last.get(page) === before &&
    pathOf(page) === before.path &&
    (await page.evaluate(() => document.activeElement === document.body || document.activeElement === null));
  await expect.poll(isLost, { ...SOON, message: `the focus is nowhere after ${before.done}` }).toBe(false);
  last.delete(page);
}

/** Brings the focus there. Resolves to the key that works what is there. */
async function reach(locator: Locator, options: Options = {}): Promise<'Enter' | 'Space' | null> {
  const page = locator.page();
  const time = options.timeout === undefined ? {} : { timeout: options.timeout };
  await expect(locator).toBeVisible(time);
  await expect(locator).toBeEnabled(time);
  await expectFocusKept(page);
  paths.set(page, pathOf(page));
  if (!isInFrame(locator)) return go(locator);
  await go(page.locator('iframe'));
  return goInFrame(locator);
}

async function go(to: Locator): Promise<'Enter' | 'Space' | null> {
  const look = (patient: boolean) => to.evaluate(wayTo, patient);
  const trail: string[] = [];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const way = await settled(look);
    if (way.kind === 'there') return way.works;
    if (way.kind === 'none') throw new Error(`By keyboard: ${way.why} (${String(to)})`);
    if (way.kind === 'keys') {
      trail.push(`${way.focus}: ${way.key} × ${way.times}`);
      await pressTimes(to.page(), way.key, way.times);
    }
  }
  throw new Error(`${String(to)} cannot be reached by keyboard. The focus went from\n${trail.join('\n')}`);
}

/** The message that is shown runs no script, not even one that looks: its links, one after the other. */
async function goInFrame(to: Locator): Promise<'Enter'> {
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const isThere = await expect(to)
      .toBeFocused({ timeout: 100 })
      .then(
        () => true,
        () => false
      );
    if (isThere) return 'Enter';
    await to.page().keyboard.press('Tab');
  }
  throw new Error(`${String(to)} cannot be reached by keyboard`);
}

async function settled(look: (patient: boolean) => Promise<Way>): Promise<Way> {
  const until = Date.now() + SOON.timeout;
  let way = await look(true);
  while (way.kind === 'wait' && Date.now() < until) way = await look(true);
  return way.kind === 'wait' ? look(false) : way;
}
