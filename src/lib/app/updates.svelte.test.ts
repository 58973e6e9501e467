import { describe, expect, test, vi } from 'vitest';
import { Updates } from './updates.svelte';

type FakeWorker = EventTarget & { postMessage: ReturnType<typeof vi.fn> };
const fakeWorker = (): FakeWorker => Object.assign(new EventTarget(), { postMessage: vi.fn() });

function start({ controlled = true, waiting = null as FakeWorker | null } = {}) {
  const registration = Object.assign(new EventTarget(), {
    waiting,
    installing: null as FakeWorker | null,
    update: vi.fn(() => Promise.resolve())
  });
  const container = Object.assign(new EventTarget(), {
    controller: controlled ? fakeWorker() : null,
    register: vi.fn(() => Promise.resolve(registration))
  });
  const reload = vi.fn();
  const updates = new Updates(reload);
  const newVersion = () => {
    const worker = fakeWorker();
    registration.installing = worker;
    registration.dispatchEvent(new Event('updatefound'));
    registration.installing = null;
    registration.waiting = worker;
    worker.dispatchEvent(new Event('statechange'));
    return worker;
  };
  return {
    updates,
    reload,
    registration,
    container,
    newVersion,
    takeOver: () => container.dispatchEvent(new Event('controllerchange')),
    watching: updates.watch(container as never)
  };
}

describe('updates', () => {
  test('a first visit asks nothing and reloads nothing', async () => {
    const { updates, watching, newVersion, takeOver, reload } = start({ controlled: false });
    await watching;
    newVersion();
    takeOver();
    expect(updates.ready).toBe(false);
    expect(reload).not.toHaveBeenCalled();
  });

  test('a newer version is told and waits', async () => {
    const { updates, watching, newVersion, reload } = start();
    await watching;
    const worker = newVersion();
    expect(updates.ready).toBe(true);
    expect(worker.postMessage).not.toHaveBeenCalled();
    expect(reload).not.toHaveBeenCalled();
  });

  test('a version that waited before the page opened is told', async () => {
    const { updates, watching } = start({ waiting: fakeWorker() });
    await watching;
    expect(updates.ready).toBe(true);
  });

  test('once accepted it takes over, then the page reloads', async () => {
    const { updates, watching, newVersion, takeOver, reload } = start();
    await watching;
    const worker = newVersion();
    updates.apply();
    expect(worker.postMessage).toHaveBeenCalledWith('SKIP_WAITING');
    expect(reload).not.toHaveBeenCalled();
    takeOver();
    expect(reload).toHaveBeenCalledOnce();
  });

  test('a tab does not reload when another one accepted, it says so', async () => {
    const { updates, watching, takeOver, reload } = start();
    await watching;
    takeOver();
    expect(updates.ready).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    updates.apply();
    expect(reload).toHaveBeenCalledOnce();
  });

  test('a browser that refuses leaves the app as it is', async () => {
    const { container, reload } = start();
    container.register.mockRejectedValueOnce(new Error('refused'));
    const updates = new Updates(reload);
    await updates.watch(container as never);
    expect(updates.ready).toBe(false);
  });

  test('looks for a newer version when the app is looked at again', async () => {
    const { watching, registration } = start();
    await watching;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(registration.update).toHaveBeenCalled();
  });
});
