interface Named {
  readonly id: string;
}

/**
 * Makes a thing of each key, and makes it anew only where something that it is made with is another than it was: a letter typed into
 * one step of three hundred is then the work of one. What is read while it is made must be among what it is made with.
 */
export function remembering<K extends object, V>(): (key: K, madeWith: readonly unknown[], make: () => V) => V {
  const known = new WeakMap<K, { readonly made: V; readonly madeWith: readonly unknown[] }>();
  return (key, madeWith, make) => {
    const before = known.get(key);
    if (before?.madeWith.every((one, at) => Object.is(one, madeWith[at]))) return before.made;
    const made = make();
    known.set(key, { made, madeWith });
    return made;
  };
}

/** Of a list that holds the very things of the list before, the list before. */
export function keeping<T extends Named>(): (now: T[]) => T[] {
  let before: T[] = [];
  return (now) => {
    if (now.length !== before.length || now.some((one, at) => one !== before[at])) before = now;
    return before;
  };
}
