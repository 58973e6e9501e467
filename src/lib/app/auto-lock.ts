import { engine } from './engine';
import { preferences } from './preferences.svelte';
import { askStatus } from './status.svelte';

const MINUTE = 60_000;
/** How often it is looked whether it is time, and how often it is written down that somebody is there. */
const EVERY = 10_000;
/** When somebody last did something, in any tab. */
const ACTIVE = 'ricochet.active';

/**
 * Locks the keys once nobody has touched the app for as long as was chosen, in any of its tabs. Returns what ends it. Harmless where there
 * is no passphrase: the engine then has nothing to lock.
 */
export function lockWhenLeft(): () => void {
  const lastActive = (): number => Number(localStorage.getItem(ACTIVE) ?? 0);
  const isActive = (): void => {
    // Whoever comes back too late finds it locked, though their first touch is an activity.
    lockIfLeft();
    if (Date.now() - lastActive() > EVERY) localStorage.setItem(ACTIVE, String(Date.now()));
  };
  const lockIfLeft = (): void => {
    const minutes = preferences.lockAfter;
    if (minutes === null || Date.now() - lastActive() <= minutes * MINUTE) return;
    localStorage.setItem(ACTIVE, String(Date.now()));
    void engine().keys.lock().then(askStatus);
  };
  // Another tab may have slept for long, and sleep still.
  lockIfLeft();
  localStorage.setItem(ACTIVE, String(Date.now()));
  const touches = ['pointerdown', 'keydown'] as const;
  for (const touch of touches) addEventListener(touch, isActive, { capture: true, passive: true });
  addEventListener('focus', lockIfLeft);
  document.addEventListener('visibilitychange', lockIfLeft);
  const timer = setInterval(lockIfLeft, EVERY);
  return () => {
    for (const touch of touches) removeEventListener(touch, isActive, { capture: true });
    removeEventListener('focus', lockIfLeft);
    document.removeEventListener('visibilitychange', lockIfLeft);
    clearInterval(timer);
  };
}
