import Dexie from 'dexie';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import { fold } from '$lib/filters/text';
import { knownName } from '$lib/records/contacts/known-name';
import type { WorkspaceDatabase } from '$lib/storage/dexie/database';
import { contactsById, isShown } from '$lib/storage/dexie/queries';
import { workspaceDatabase } from './database';

/** Rows read at once: the page must be able to draw in between. */
const BATCH = 1_000;

/** How long changes are gathered before they are read, in ms: an import makes many. */
const GATHERED = 250;

/**
 * The texts of all contacts in memory, so that each letter typed finds them without a reading of the table: 10,000 contacts take some
 * 2 MB. Read when it is first wanted, and for as long as it is followed whenever contacts have changed.
 */
export class ContactIndex {
  #ids: Id[] = [];
  #texts: string[] = [];
  #isStale = true;
  #reading: Promise<void> | null = null;
  readonly #followers = new Set<() => void>();

  private constructor(private readonly database: WorkspaceDatabase) {
    const contacts = `idb://${database.name}/contacts/`;
    Dexie.on('storagemutated', (parts) => {
      if (!(contacts in parts || 'all' in parts)) return;
      this.#isStale = true;
      for (const follower of this.#followers) follower();
    });
  }

  static #opened: Promise<ContactIndex> | null = null;

  /** The one index of this page. */
  static open(): Promise<ContactIndex> {
    return (ContactIndex.#opened ??= workspaceDatabase().then((database) => new ContactIndex(database)));
  }

  /** Reads what has changed. */
  refresh(): Promise<void> {
    if (!this.#isStale) return this.#reading ?? Promise.resolve();
    return (this.#reading ??= this.#read()
      .catch((error: unknown) => {
        this.#isStale = true;
        throw error;
      })
      .finally(() => (this.#reading = null)));
  }

  /**
   * Reads what has changed, now and whenever contacts change, until what it returns is called; tells after each reading. Until it is
   * done, `find` answers from what was read before.
   */
  follow(onread: () => void): () => void {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let pause = GATHERED;
    const read = async (): Promise<void> => {
      const from = performance.now();
      await this.refresh();
      // While contacts change without end, most of the time is left to the page.
      pause = Math.max(GATHERED, 4 * (performance.now() - from));
      if (!this.#followers.has(changed)) return;
      onread();
      // They have changed while they were read.
      if (this.#isStale) changed();
    };
    const changed = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        void read();
      }, pause);
    };
    this.#followers.add(changed);
    void read();
    return () => {
      this.#followers.delete(changed);
      if (timer !== null) clearTimeout(timer);
    };
  }

  /** How many contacts hold all the words, and the best of them: those whose name or address begins with a word come first. */
  async find(query: string, limit: number): Promise<{ contacts: Contact[]; count: number }> {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) return { contacts: [], count: 0 };
    if (this.#ids.length === 0) await this.refresh();
    const { ids, count } = best(this.#ids, this.#texts, words, limit);
    const contacts = (await contactsById(this.database, ids)).filter(isShown);
    // Who has gone since it was read is not counted.
    return { contacts, count: count - (ids.length - contacts.length) };
  }

  async #read(): Promise<void> {
    const ids: Id[] = [];
    const texts: string[] = [];
    this.#isStale = false;
    const { contacts } = this.database;
    let batch = await contacts.toCollection().limit(BATCH).toArray();
    while (batch.length > 0) {
      for (const contact of batch) {
        if (!isShown(contact)) continue;
        ids.push(contact.id);
        texts.push(textOf(contact));
      }
      const last = batch[batch.length - 1] as Contact;
      batch = batch.length < BATCH ? [] : await contacts.where('id').above(last.id).limit(BATCH).toArray();
    }
    this.#ids = ids;
    this.#texts = texts;
  }
}

/** Pure: what `find` does over what is in memory. */
export function best(
  ids: readonly Id[],
  texts: readonly string[],
  words: readonly string[],
  limit: number
): { ids: Id[]; count: number } {
  const [first = ''] = words;
  const atStart: Id[] = [];
  const atWord: Id[] = [];
  const inside: Id[] = [];
  let count = 0;
  for (const [index, text] of texts.entries()) {
    const at = text.indexOf(first);
    if (at < 0 || !words.every((word) => text.includes(word))) continue;
    count++;
    const found = at === 0 ? atStart : text.includes(SEPARATOR + first) ? atWord : inside;
    if (found.length < limit) found.push(ids[index] as Id);
  }
  return { ids: [...atStart, ...atWord, ...inside].slice(0, limit), count };
}

const SEPARATOR = ' ';

/** The name first, and each value after a space. */
function textOf(contact: Contact): string {
  const { email, phone, externalId, attributes } = contact;
  const values = [knownName(contact), email, phone, externalId, ...Object.values(attributes)];
  return fold(values.filter((value) => value !== undefined).join(SEPARATOR));
}
