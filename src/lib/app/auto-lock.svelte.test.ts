import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerWith } from '../../../tests/components/engine';
import { lockWhenLeft } from './auto-lock';
import { preferences } from './preferences.svelte';

const MINUTE = 60_000;
const lock = vi.fn(() => Promise.resolve());
answerWith({ keys: { lock } });

let end: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2027, 0, 15) });
  localStorage.clear();
  localStorage.setItem('ricochet.active', String(Date.now()));
  preferences.lockAfter = 15;
  lock.mockClear();
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

const touch = () => dispatchEvent(new Event('pointerdown'));

test('after as long as was chosen without a touch it locks, once', () => {
  end = lockWhenLeft();
  vi.advanceTimersByTime(14 * MINUTE);
  touch();
  vi.advanceTimersByTime(14 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
});

test('a device that slept locks at the first touch, and where another tab is opened first', () => {
  end = lockWhenLeft();
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  touch();
  expect(lock).toHaveBeenCalledTimes(1);
  end();
  vi.setSystemTime(Date.now() + 60 * MINUTE);
  end = lockWhenLeft();
  expect(lock).toHaveBeenCalledTimes(2);
});

test('never, where that was chosen', () => {
  preferences.lockAfter = null;
  end = lockWhenLeft();
  vi.advanceTimersByTime(600 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
});
