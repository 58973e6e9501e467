// What every component test starts with: matchers for the DOM, a clean page after each, and the few things that
// browsers have and jsdom has not.
import '@testing-library/jest-dom/vitest';
import '@testing-library/svelte/vitest';
import { configure } from '@testing-library/dom';
import { afterEach } from 'vitest';

// Two checks run at once on a small computer: what shows soon there may take seconds.
configure({ asyncUtilTimeout: 10_000 });

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
// A dialog locks the page and unlocks it a moment after it has gone: later than the next test begins.
afterEach(() => document.body.removeAttribute('style'));
