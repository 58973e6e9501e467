import { createSubscriber } from 'svelte/reactivity';

/** What this browser says of the room that the app takes, in bytes, and whether it promises to keep it. */
export interface Space {
  readonly used: number;
  readonly quota: number;
  readonly isKept: boolean;
}

/** From which part of the quota on the person is warned. */
const NEARLY = 0.8;

/** Whether so much is used that something should be done. */
export function isNearlyFull({ used, quota }: Space): boolean {
  return quota > 0 && used >= NEARLY * quota;
}

let known: Space | null = null;
let ask: (() => void) | null = null;

const subscribe = createSubscriber((update) => {
  ask = () =>
    void measured().then((space) => {
      known = space;
      update();
    });
  ask();
  const timer = setInterval(ask, 60_000);
  return () => {
    clearInterval(timer);
    ask = null;
  };
});

/** Null until it is known, and where the browser does not say. */
export function space(): Space | null {
  subscribe();
  return known;
}

/** Asks the browser not to evict the data when the disk fills up. Some ask the person, some decide by themselves. */
export async function keepStorage(): Promise<boolean> {
  // Absent where the page is not secure, whatever the types say.
  const storage = navigator.storage as StorageManager | undefined;
  const isKept = (await storage?.persist()) ?? false;
  ask?.();
  return isKept;
}

async function measured(): Promise<Space | null> {
  // Absent where the page is not secure, whatever the types say.
  const storage = navigator.storage as StorageManager | undefined;
  if (!storage) return null;
  const [{ usage = 0, quota = 0 }, isKept] = await Promise.all([storage.estimate(), storage.persisted()]);
  return { used: usage, quota, isKept };
}
