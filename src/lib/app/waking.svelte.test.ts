import { expect, test, vi } from 'vitest';
import { Waking } from './waking.svelte';

interface Kind {
  readonly sync?: boolean;
  readonly periodic?: boolean;
  readonly isOnline?: boolean;
  readonly state?: PermissionState;
  /** Background Sync may be switched off by itself. */
  readonly isAllowed?: boolean;
}

function browser({ sync = true, periodic = true, isOnline = true, state = 'granted', isAllowed = true }: Kind = {}) {
  const asked: string[] = [];
  const offline: (() => void)[] = [];
  const registration = {
    ...(sync ? { sync: { register: (tag: string) => Promise.resolve(void asked.push(`sync ${tag}`)) } } : {}),
    ...(periodic
      ? {
          periodicSync: {
            register: (tag: string, { minInterval }: { minInterval: number }) =>
              Promise.resolve(void asked.push(`periodic ${tag} ${minInterval}`))
          }
        }
      : {})
  };
  const given = {
    container: { ready: Promise.resolve(registration as unknown as ServiceWorkerRegistration) },
    isOnline: () => isOnline,
    permission: (name: string) => Promise.resolve(name === 'background-sync' && isAllowed ? 'granted' : state),
    listen: (_: string, listener: () => void) => void offline.push(listener)
  };
  return { asked, given, goOffline: () => offline.forEach((listener) => listener()) };
}

test('asks to be woken once the connection is gone, and each hour where that is allowed', async () => {
  const { asked, given, goOffline } = browser();
  const waking = new Waking();
  await waking.ask(given);
  expect(asked).toEqual(['periodic look 3600000']);
  expect(waking).toMatchObject({ onReconnect: true, nowAndThen: true });
  goOffline();
  expect(asked).toEqual(['periodic look 3600000', 'sync look']);
});

test('asks at once where it starts without a connection', async () => {
  const { asked, given } = browser({ isOnline: false, periodic: false });
  const waking = new Waking();
  await waking.ask(given);
  expect(asked).toEqual(['sync look']);
  expect(waking).toMatchObject({ onReconnect: true, nowAndThen: false });
});

test('knows where a browser has neither, does not allow it, or refuses', async () => {
  const none = new Waking();
  await none.ask(browser({ sync: false, periodic: false }).given);
  expect(none).toMatchObject({ onReconnect: false, nowAndThen: false });

  const denied = new Waking();
  const { asked, given } = browser({ state: 'denied' });
  await denied.ask(given);
  expect(denied).toMatchObject({ onReconnect: true, nowAndThen: false });
  expect(asked).toEqual([]);

  const forbidden = new Waking();
  await forbidden.ask(browser({ state: 'denied', isAllowed: false }).given);
  expect(forbidden).toMatchObject({ onReconnect: false, nowAndThen: false });

  const unknown = new Waking();
  await unknown.ask({ ...browser().given, permission: vi.fn().mockRejectedValue(new TypeError('no such permission')) });
  expect(unknown.nowAndThen).toBe(false);
});
