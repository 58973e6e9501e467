import { engine } from '$lib/app/engine';
import { live, type Live } from '$lib/app/live.svelte';
import { contactCount, contactOrder, contactsById, firstContacts, type ContactsShown } from '$lib/app/queries';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';

/** What the table shows: with filters, those who meet them. */
export interface Shown extends ContactsShown {
  readonly filters: FilterTree | null;
}

/** How many rows are read at a time. */
export const CHUNK = 50;
const KEPT = 2_000;

/**
 * The rows of a long table of contacts. The order of all ids is read once for each view; of the rows only those near the window are,
 * a chunk at a time. Until the order is there the first chunk stands in for it.
 */
export class ContactRows {
  readonly #shown: () => Shown;
  readonly #newest: () => readonly Contact[];
  readonly #kept = new Map<Id, Contact>();
  /** The last order found, shown while the next is being read. */
  #before: { listId: Id | null; filters: FilterTree | null; ids: readonly Id[] } | null = null;
  #from = $state(0);
  #to = $state(CHUNK);
  #hasRead = $state(false);

  /** `newest`: the first chunk of all contacts, newest first. */
  constructor(shown: () => Shown, newest: () => readonly Contact[]) {
    this.#shown = shown;
    this.#newest = newest;
    $effect(() => {
      if (!this.#mustWait) this.#hasRead = true;
    });
  }

  readonly #counted = $derived(this.#hasRead ? live(contactCount) : null);

  // The database does one thing at a time: the keys of all would hold up the first rows, and so would counting them.
  readonly #mustWait = $derived.by(
    () => this.#before?.listId !== this.#shown().listId && this.#first?.isLoading === true
  );
  readonly #order = $derived.by(() => {
    if (this.#mustWait) return null;
    const shown = this.#shown();
    return live(async (database) => {
      const { filters, listId } = shown;
      const all = await contactOrder(database, shown);
      // The worker is asked last: a live query loses sight of what it reads after anything that is not the database.
      const among = filters === null ? null : new Set(await engine().contacts.matching(filters));
      const ids = among === null ? all : all.filter((id) => among.has(id));
      this.#before = { listId, filters, ids };
      return ids;
    });
  });

  readonly #first = $derived.by((): Live<readonly Contact[]> | null => {
    const shown = this.#shown();
    if (!isWhole(shown)) return null;
    if (isNewest(shown)) return { value: this.#keep(this.#newest()), isLoading: false };
    const { listId, sort } = shown;
    return live(async (database) => this.#keep(await firstContacts(database, { listId, sort, limit: CHUNK })));
  });

  /** Ids in order; null until they are known. */
  readonly ids = $derived.by((): readonly Id[] | null => {
    const found = this.#order?.value;
    if (found) return found;
    const before = this.#before;
    const { listId, filters } = this.#shown();
    return before && before.listId === listId && before.filters === filters ? before.ids : null;
  });

  /** How many contacts there are in all; undefined until they are counted. */
  readonly total = $derived(this.#counted?.value);

  readonly isSettled = $derived(this.#order?.isLoading === false);
  readonly #standIns = $derived(this.ids === null ? (this.#first?.value ?? []) : []);
  readonly count = $derived(this.ids?.length ?? this.#standIns.length);

  readonly #window = $derived.by(() => {
    const wanted = (this.ids ?? []).slice(this.#from, this.#to);
    return live(async (database) => {
      this.#keep(await contactsById(database, wanted));
      return this.#kept;
    });
  });

  /** Rows that were read once are shown at once the next time. */
  #keep(rows: readonly Contact[]): readonly Contact[] {
    if (this.#kept.size > KEPT) this.#kept.clear();
    for (const row of rows) this.#kept.set(row.id, row);
    return rows;
  }

  /** The row at an index; undefined while it is being fetched. */
  at(index: number): Contact | undefined {
    if (this.ids === null) return this.#standIns[index];
    const id = this.ids[index];
    const kept = this.#window.value ?? this.#kept;
    return id === undefined ? undefined : kept.get(id);
  }

  /** The rows now in view: time to fetch them. */
  show(first: number, last: number): void {
    this.#from = Math.floor(first / CHUNK) * CHUNK;
    this.#to = Math.ceil((last + 1) / CHUNK) * CHUNK;
  }
}

/** Whether all contacts of the list are shown: then the first are known at once. */
function isWhole({ search, filters }: Shown): boolean {
  return search.trim() === '' && filters === null;
}

function isNewest(shown: Shown): boolean {
  const { by, descending } = shown.sort;
  return isWhole(shown) && shown.listId === null && by === 'created' && descending;
}
