type Path = readonly (string | symbol)[];

/** A stand-in for an object that is still being made: a call on any path of it waits, then is made on the object itself. */
export function forward<T extends object>(ready: Promise<T>, path: Path = []): T {
  return new Proxy(() => undefined, {
    get: (_, key) => forward(ready, [...path, key]),
    apply: async (_, __, given: unknown[]) => {
      let parent: unknown = undefined;
      let target: unknown = await ready;
      for (const key of path) [parent, target] = [target, (target as Record<string | symbol, unknown>)[key]];
      if (typeof target !== 'function') throw new TypeError(`the worker has no ${path.map(String).join('.')}`);
      return (target as (...args: unknown[]) => unknown).apply(parent, given);
    }
  }) as unknown as T;
}
