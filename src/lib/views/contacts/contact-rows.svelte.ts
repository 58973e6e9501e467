import { live } from '$lib/app/live.svelte';
import { contactOrder, contactPage, contactsById, type ContactsShown } from '$lib/app/queries';
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

  readonly #order = $derived.by(() => {
    const shown = this.#shown();
    return live(async (database) => {
      const ids = await contactOrder(database, shown);
      this.#before = { listId: shown.listId, ids };
      return ids;
    });
  });

  readonly #first = $derived.by(() => {
    const { search, ...shown } = this.#shown();
    return search.trim() === ''
      ? live((database) => contactPage(database, { ...shown, offset: 0, limit: CHUNK }))
      : null;
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
      const rows = await contactsById(database, wanted);
      if (this.#kept.size > KEPT) this.#kept.clear();
      for (const row of rows) this.#kept.set(row.id, row);
      return this.#kept;
    });
  });

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
