import type { Id } from '$lib/core/ids';
import type { Reader } from '$lib/storage/port';

/** Who is left of contacts that were found to be the same person as another one; undefined of one that is gone. */
export async function leftOf(reader: Reader, ids: readonly Id[]): Promise<(id: Id) => Id | undefined> {
  const next = new Map<Id, Id>();
  for (let ahead = ids; ahead.length > 0;) {
    const found = (await reader.getMany('contacts', ahead)).flatMap((contact) => contact ?? []);
    for (const { id, mergedInto } of found) next.set(id, mergedInto ?? id);
    ahead = found.flatMap(({ mergedInto }) => (mergedInto === undefined || next.has(mergedInto) ? [] : mergedInto));
  }
  return (id) => {
    let last = next.get(id);
    for (let hops = 0; last !== undefined && next.get(last) !== last && hops < next.size; hops++) last = next.get(last);
    return last;
  };
}
