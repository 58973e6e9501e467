import type { Locks } from '../lease';

/** One lock among several tabs: given in the order of asking, or stolen. */
export function sharedLock(): Locks {
  let holder: { reject: (reason: unknown) => void } | null = null;
  const queue: (() => void)[] = [];
  const next = (): void => {
    holder = null;
    queue.shift()?.();
  };
  return {
    request: ((_name: string, { steal }: { steal?: boolean }, hold: () => Promise<void>) =>
      new Promise<void>((resolve, reject) => {
        const take = (): void => {
          const mine = { reject };
          holder = mine;
          void hold()
            .then(resolve, reject)
            .finally(() => {
              if (holder === mine) next();
            });
        };
        if (steal) holder?.reject(new DOMException('stolen', 'AbortError'));
        if (steal || holder === null) take();
        else queue.push(take);
      })) as Locks['request']
  };
}
