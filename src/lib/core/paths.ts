/** A path into JSON: names and places in lists, from the outside in. */
export type Path = readonly (string | number)[];

const PART = /^(?:([^.[\]]+)|\[(\d{1,6})\])/;

/** Reads `customer.emails[0].value`; null where it is none. A name has no dot and no bracket in it. */
export function parsePath(text: string): Path | null {
  const path: (string | number)[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const isFirst = path.length === 0;
    if (!isFirst && rest.startsWith('.')) {
      rest = rest.slice(1);
      if (rest === '' || rest.startsWith('[')) return null;
    } else if (!isFirst && !rest.startsWith('[')) return null;
    const [part, name, place] = PART.exec(rest) ?? [];
    if (part === undefined) return null;
    path.push(name ?? Number(place));
    rest = rest.slice(part.length);
  }
  return path.length === 0 ? null : path;
}

/** What lies there of a value that JSON holds; undefined where nothing does. Only what is the value's own is looked at. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    if (Array.isArray(current) !== (typeof part === 'number')) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}
