import type { Locks } from '../lease';

/** One lock among several tabs: given in the order of asking, stolen, or given only where it is free. */
export function sharedLock(): Locks {
  let holder: { reject: (reason: unknown) => void } | null = null;
  const queue: (() => void)[] = [];
  const next = (): void => {
    holder = null;
    queue.shift()?.();
  };
  return {
    request: ((_name: string, { steal, ifAvailable }: LockOptions, hold: (lock: Lock | null) => Promise<void> | void) =>
      new Promise<void>((resolve, reject) => {
        const take = (): void => {
          const mine = { reject };
          holder = mine;
          void Promise.resolve(hold({ name: 'runner', mode: 'exclusive' }))
            .then(resolve, reject)
            .finally(() => {
              if (holder === mine) next();
            });
        };
        if (steal) holder?.reject(new DOMException('stolen', 'AbortError'));
        if (ifAvailable && holder !== null) resolve(hold(null));
        else if (steal || holder === null) take();
        else queue.push(take);
      })) as Locks['request']
  };
}
