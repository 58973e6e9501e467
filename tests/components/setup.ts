// What every component test starts with: matchers for the DOM, a clean page after each, and the few things that
// browsers have and jsdom has not.
import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/dom';
import { act, cleanup, setup } from '@testing-library/svelte';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { dismissToast, toasts } from '$lib/ui/toasts.svelte';
import { keepSchedule } from '../fixtures/schedule';
import { answerWith } from './engine';

// Two checks run at once on a small computer: what shows soon there may take seconds.
configure({ asyncUtilTimeout: 10_000 });

// The files of one process share what is loaded: what one of them would put in a module's place would stand there for the next. So these
// two are the same for all, and each file says what the worker answers.
vi.mock('$lib/app/engine', async () => ({ engine: (await import('./engine')).engine }));
vi.mock('$app/navigation', async (original) => ({
  ...(await original<object>()),
  goto: vi.fn(),
  beforeNavigate: () => undefined
}));
answerWith({});

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver = NoResizeObserver;
Object.assign(globalThis, {
  matchMedia: (media: string) => ({ matches: false, media, addEventListener() {}, removeEventListener() {} })
});
Element.prototype.scrollIntoView = () => {};
// Nothing has a place here, and bits-ui hides what floats until it has one.
document.head.append(
  Object.assign(document.createElement('style'), {
    textContent: '[data-bits-floating-content-wrapper] { visibility: visible !important }'
  })
);
// What the library's own module for Vitest does; that is loaded once for all files, and would be heard of by the first alone.
beforeEach(async () => {
  await setup();
});
afterEach(async () => {
  await act();
  cleanup();
  // What one test was told is no news to the next, in whichever file that is.
  for (const { id } of toasts()) dismissToast(id);
});
// The next file begins with an empty page, and nothing that is kept.
afterAll(async () => {
  const { tables } = await workspaceDatabase();
  await Promise.all([...tables.map((table) => table.clear()), keepSchedule(null)]);
  localStorage.clear();
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});
// A dialog locks the page and unlocks it a moment after it has gone: later than the next test begins.
afterEach(() => document.body.removeAttribute('style'));
