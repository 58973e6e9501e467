import { afterEach, expect, test, vi } from 'vitest';
import { namedKeys } from './keys';

afterEach(() => vi.unstubAllGlobals());

test('keys are named as the keyboard in front of the person names them', () => {
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15' });
  expect(['Ctrl', 'Ctrl ⇧ Z', 'Del'].map(namedKeys)).toEqual(['⌘', '⌘ ⇧ Z', 'Del']);
  vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' });
  expect(namedKeys('Ctrl ⇧ Z')).toBe('Ctrl ⇧ Z');
});
