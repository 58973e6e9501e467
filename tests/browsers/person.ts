import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { keys, until, type Driver } from './driver';

/** What a person sees and a screen reader says: a role and a name, whole or as a pattern, perhaps within another such thing. */
export interface Thing {
  /** An ARIA role; 'password' for such a field, which has none. */
  role: string;
  name?: string | RegExp;
  within?: Thing;
  /** Of several that are alike, the first. */
  first?: true;
}

type Found = { x: number; y: number; isOpen: boolean }[];

/** Finds by role and name, as the component tests do. */
const findsByRole = await readFile(
  createRequire(import.meta.url).resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'),
  'utf8'
);

/** Somebody in front of a page, in any browser. */
export class Person {
  constructor(readonly driver: Driver) {}

  /** Clicks where the thing is, once it is alone of its kind, at rest, enabled, and nothing lies over it. */
  async click(thing: Thing): Promise<void> {
    let before = '';
    const waited = () => `${described(thing)} can be clicked, of which there are now: ${before}`;
    const [place] = await until(waited, async () => {
      const found = await this.#find(thing, true);
      const now = JSON.stringify(found);
      const isAtRest = now === before;
      before = now;
      return found.length === 1 && found[0]?.isOpen && isAtRest ? found : undefined;
    });
    await this.driver.click(place?.x ?? 0, place?.y ?? 0);
  }

  /** Puts a text into a field in place of what is there. */
  async fill(name: string, text: string, within?: Thing, role: 'textbox' | 'password' = 'textbox'): Promise<void> {
    await this.click({ role, name, ...(within ? { within } : {}) });
    await this.driver.typeWithControl('a');
    await this.driver.type(keys.delete + text);
  }

  /** Types into the field that has the focus, once one has: what has just opened takes it a moment later. */
  async type(text: string): Promise<void> {
    const isField = `document.activeElement?.matches('input, textarea') === true`;
    await until('a field with the focus', async () =>
      (await this.driver.evaluate(isField)) === true ? true : undefined
    );
    await this.driver.type(text);
  }

  /** Waits until exactly so many are there, one unless told. */
  async sees(thing: Thing, count = 1, timeout = 40_000): Promise<void> {
    const what = `${count} × ${described(thing)}`;
    await until(what, async () => ((await this.#find(thing)).length === count ? true : undefined), { timeout });
  }

  /** Waits until nothing like it is there. */
  async seesNo(thing: Thing): Promise<void> {
    await this.sees(thing, 0);
  }

  /** Waits until the page shows the text. */
  async reads(text: string | RegExp, timeout = 40_000): Promise<void> {
    await until(
      `the text ${String(text)}`,
      async () => {
        const shown = await this.pageText();
        return (typeof text === 'string' ? shown.includes(text) : text.test(shown)) || undefined;
      },
      { timeout }
    );
  }

  /** All that the page shows, each space a plain one. */
  async pageText(): Promise<string> {
    const text = (await this.driver.evaluate('document.body.innerText')) as string;
    return text.replace(/\s+/g, ' ');
  }

  async #find(thing: Thing, scroll = false): Promise<Found> {
    const finds = `(${find.toString()})(${inPage(thing)}, ${scroll})`;
    for (;;) {
      // Asked and found in one go: in between, the page may be another one, which has yet to be given what finds.
      const found = await this.driver.evaluate(`'TestingLibraryDom' in globalThis ? ${finds} : null`);
      if (found !== null) return found as unknown as Found;
      await this.driver.evaluate(`(function () { ${findsByRole}; }).call(globalThis)`);
    }
  }
}

/** Names as text, patterns as they are written: what the page gets. */
function inPage(thing: Thing | undefined): string {
  if (!thing) return 'undefined';
  const name = typeof thing.name === 'string' ? JSON.stringify(thing.name) : String(thing.name);
  return `{ role: ${JSON.stringify(thing.role)}, name: ${name}, within: ${inPage(thing.within)}, first: ${thing.first === true} }`;
}

function described({ role, name, within }: Thing): string {
  return `${role} ${name === undefined ? '' : `“${String(name)}” `}${within ? `in ${described(within)}` : ''}`.trim();
}

/** Runs in the page, so it uses nothing from outside itself. */
function find(thing: Thing, scroll: boolean): Found {
  type Query = (scope: Element, role: string, options: { name?: (name: string) => boolean }) => HTMLElement[];
  const { queryAllByRole } = (globalThis as unknown as { TestingLibraryDom: { queryAllByRole: Query } })
    .TestingLibraryDom;
  const search = ({ role, name, within, first }: Thing): HTMLElement[] => {
    const scopes = within ? search(within) : [document.body];
    const fits = (given: string): boolean => {
      const tidy = given.replace(/\s+/g, ' ').trim();
      return name instanceof RegExp ? name.test(tidy) : name === tidy;
    };
    const passwords = (scope: Element) =>
      [...scope.querySelectorAll<HTMLInputElement>('input[type=password]')].filter(({ labels }) =>
        [...(labels ?? [])].some((label) => fits(label.innerText))
      );
    const found = scopes.flatMap((scope) =>
      role === 'password' ? passwords(scope) : queryAllByRole(scope, role, name === undefined ? {} : { name: fits })
    );
    return first ? found.slice(0, 1) : found;
  };
  return search(thing).map((element) => {
    if (scroll) element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const hit = document.elementFromPoint(x, y);
    const isHit = hit !== null && (element.contains(hit) || hit.contains(element));
    return { x, y, isOpen: isHit && !element.matches(':disabled, [aria-disabled=true]') };
  });
}
