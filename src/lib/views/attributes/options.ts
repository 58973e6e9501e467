import type { Attribute } from '$lib/core/rows/contacts';
import { folded } from '$lib/i18n';
import { attributeKey } from './attribute-key';

type Options = NonNullable<Attribute['options']>;

/**
 * Options from lines of text. One that was there keeps its id, by its name or, where as many lines stand as before, by its place: so a
 * renamed option keeps the contacts that have it.
 */
export function toOptions(text: string, before: Options): Options {
  const names = [...new Map(text.split('\n').map((line) => [folded(line.trim()), line.trim()])).values()].filter(
    Boolean
  );
  const taken = new Set(before.map(({ id }) => id));
  return names.map((name, place) => {
    const same = before.find((option) => folded(option.name) === folded(name));
    const renamed = names.length === before.length ? before[place] : undefined;
    const isFree = renamed && !names.some((other) => folded(other) === folded(renamed.name));
    const id = same?.id ?? (isFree ? renamed.id : newId(name, taken));
    taken.add(id);
    return { id, name };
  });
}

function newId(name: string, taken: ReadonlySet<string>): string {
  return attributeKey(name, new Set([...taken].map((id) => id.toUpperCase()))).toLowerCase();
}
