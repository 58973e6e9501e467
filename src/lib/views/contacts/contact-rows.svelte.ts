import { live } from '$lib/app/live.svelte';
import {
  contactCount,
  contactOrder,
  contactPage,
  contactsById,
  NEWEST_FIRST,
  type ContactsShown
} from '$lib/app/queries';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';

const CHUNK = 50;
const KEPT = 2_000;

/**
 * The rows of a long table of contacts. The order of all ids is read once for each view; of the rows only those near the window are,
 * a chunk at a time. Until the order is there the first chunk stands in for it.
 */
export class ContactRows {
  readonly #shown: () => ContactsShown;
  readonly #kept = new Map<Id, Contact>();
  /** The last order found, shown while the next is being read. */
  #before: { listId: Id | null; ids: readonly Id[] } | null = null;
  #from = $state(0);
  #to = $state(CHUNK);

  constructor(shown: () => ContactsShown) {
    this.#shown = shown;
  }

  /** How many contacts there are in all. Counting is slow too. */
  readonly total = live(async (database) => {
    await firstRows(database, { listId: null, sort: NEWEST_FIRST });
    return contactCount(database);
  });

  readonly #order = $derived.by(() => {
    const shown = this.#shown();
    return live(async (database) => {
      // The database does one thing at a time: the keys of all would hold up the first rows.
      if (this.#before?.listId !== shown.listId && shown.search.trim() === '') await firstRows(database, shown);
      const ids = await contactOrder(database, shown);
      this.#before = { listId: shown.listId, ids };
      return ids;
    });
  });

  readonly #first = $derived.by(() => {
    const shown = this.#shown();
    return shown.search.trim() === '' ? live((database) => this.#keep(firstRows(database, shown))) : null;
  });

  /** Ids in order; null until they are known. */
  readonly ids = $derived.by((): readonly Id[] | null => {
    const found = this.#order.value;
    if (found) return found;
    const before = this.#before;
    return before && before.listId === this.#shown().listId ? before.ids : null;
  });

  readonly isSettled = $derived(!this.#order.isLoading);
  readonly #standIns = $derived(this.ids === null ? (this.#first?.value ?? []) : []);
  readonly count = $derived(this.ids?.length ?? this.#standIns.length);

  readonly #window = $derived.by(() => {
    const wanted = (this.ids ?? []).slice(this.#from, this.#to);
    return live(async (database) => {
      await this.#keep(contactsById(database, wanted));
      return this.#kept;
    });
  });

  /** Rows that were read once are shown at once the next time. */
  async #keep(reading: Promise<Contact[]>): Promise<Contact[]> {
    const rows = await reading;
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

function firstRows(
  database: Parameters<typeof contactPage>[0],
  { listId, sort }: Omit<ContactsShown, 'search'>
): Promise<Contact[]> {
  return contactPage(database, { listId, sort, offset: 0, limit: CHUNK });
}
