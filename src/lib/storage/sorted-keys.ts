import type { Key } from '$lib/core/tables';
import { compareKeys } from './indexes';

interface Entry {
  readonly key: Key | number;
  readonly id: Key;
  readonly text: string;
}

/** The entries of one index, in its order: by key, and by the row's id where keys are equal. */
export class SortedKeys {
  readonly #entries: Entry[] = [];

  insert(key: Key | number, id: Key, text: string): void {
    this.#entries.splice(this.#position(key, id), 0, { key, id, text });
  }

  remove(key: Key | number, id: Key): void {
    const at = this.#position(key, id);
    const entry = this.#entries[at];
    if (entry && compareKeys(entry.key, key) === 0 && compareKeys(entry.id, id) === 0) this.#entries.splice(at, 1);
  }

  /** The texts of the rows' ids between two keys, both included. A row with several entries comes several times. */
  range(from: Key | number | undefined, to: Key | number | undefined, limit = Infinity): string[] {
    const texts: string[] = [];
    for (let at = from === undefined ? 0 : this.#position(from, null); at < this.#entries.length; at++) {
      const entry = this.#entries[at] as Entry;
      if (to !== undefined && compareKeys(entry.key, to) > 0) break;
      texts.push(entry.text);
      if (texts.length >= limit && limit !== Infinity) break;
    }
    return texts;
  }

  /** The first entry not before (key, id); without an id: not before the key. */
  #position(key: Key | number, id: Key | null): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle] as Entry;
      const order = compareKeys(entry.key, key) || (id === null ? 0 : compareKeys(entry.id, id));
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
