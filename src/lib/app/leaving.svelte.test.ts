import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SECOND } from '$lib/core/instants';
import { workspaceDatabase } from './database';
import { whenLeaving } from './leaving';

const leave = () => dispatchEvent(new Event('beforeunload', { cancelable: true }));

function told() {
  const said: string[] = [];
  whenLeaving({ left: () => said.push('left'), stayed: () => said.push('stayed') });
  return said;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
// The page's own databases were left too.
afterEach(async () => {
  vi.restoreAllMocks();
  await vi.advanceTimersByTimeAsync(2 * SECOND);
  vi.useRealTimers();
  await vi.waitFor(async () => expect((await workspaceDatabase()).isOpen()).toBe(true));
});

test('tells that the page is about to be left, and once that it has stayed', async () => {
  const said = told();
  leave();
  expect(said).toEqual(['left']);
  await vi.advanceTimersByTimeAsync(SECOND);
  leave();
  await vi.advanceTimersByTimeAsync(1.5 * SECOND);
  expect(said).toEqual(['left', 'left']);
  await vi.advanceTimersByTimeAsync(SECOND);
  expect(said).toEqual(['left', 'left', 'stayed']);
});

test('tells nothing where another asks whether to leave, however late that one began to listen', () => {
  const said = told();
  const ask = (event: Event) => event.preventDefault();
  addEventListener('beforeunload', ask);
  leave();
  removeEventListener('beforeunload', ask);
  expect(said).toEqual([]);
  leave();
  expect(said).toEqual(['left']);
});

test('tells nothing in other browsers, where nobody waits for who has left', () => {
  vi.spyOn(navigator, 'vendor', 'get').mockReturnValue('Google Inc.');
  const said = told();
  vi.restoreAllMocks();
  leave();
  expect(said).toEqual([]);
});
