import type { InboxItem, InboxKind, InboxPage, InboxSource } from '$lib/core/inbox';
import { MIB } from './bodies';
import type { Database } from './platform';

const POSTS_A_MINUTE = 600;
const MINUTE = 60_000;
const KEPT_FOR = 30 * 24 * 60 * MINUTE;
/** Taking a page apart and writing it out has to fit into the 10 ms of computing that the free plan gives to a call. */
const PAGE_SIZE = MIB;
/** How many posts apart what is too old is looked for, where no cron trigger does it. */
const BETWEEN_CLEANINGS = 100;

/** AUTOINCREMENT: a number is not given again after its row has gone, or the app would skip the new one as known. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS sources (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, secret TEXT NOT NULL
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, source_id TEXT NOT NULL, kind TEXT NOT NULL, received_at INTEGER NOT NULL,
    content_type TEXT NOT NULL, size INTEGER NOT NULL, body TEXT NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS posts_of_minute (
    source_id TEXT PRIMARY KEY, minute INTEGER NOT NULL, posts INTEGER NOT NULL
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS published (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID`
];

/**
 * The first number is the time at which the table was made: where the user starts anew with an empty database, what comes is newer than
 * what the app has seen, which it would otherwise skip, and acknowledge away.
 */
const FIRST_NUMBER = `INSERT INTO sqlite_sequence (name, seq)
  SELECT 'inbox', ? WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'inbox')`;

/** What is written down where the body counts `size` bytes. */
export type NewItem = Omit<InboxItem, 'seq'> & { readonly size: number };

/** Set once the tables are there, so that only the first call to this instance of the relay makes them. */
let areTablesMade = false;

export async function openStore(database: Database): Promise<Store> {
  if (!areTablesMade) {
    const tables = TABLES.map((sql) => database.prepare(sql));
    await database.batch([...tables, database.prepare(FIRST_NUMBER).bind(Date.now())]);
    areTablesMade = true;
  }
  return new Store(database);
}

export class Store {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async putSource(id: string, { kind, secret }: InboxSource): Promise<void> {
    await this.#database
      .prepare('INSERT OR REPLACE INTO sources (id, kind, secret) VALUES (?, ?, ?)')
      .bind(id, kind, secret)
      .run();
  }

  /** What it posted stays until the app has it. */
  async deleteSource(id: string): Promise<void> {
    await this.#database.batch([
      this.#database.prepare('DELETE FROM sources WHERE id = ?').bind(id),
      this.#database.prepare('DELETE FROM posts_of_minute WHERE source_id = ?').bind(id)
    ]);
  }

  async sources(): Promise<readonly { readonly id: string; readonly kind: InboxKind }[]> {
    const { results } = await this.#database
      .prepare('SELECT id, kind FROM sources ORDER BY id')
      .all<{ id: string; kind: InboxKind }>();
    return results;
  }

  async source(id: string): Promise<InboxSource | null> {
    return this.#database.prepare('SELECT kind, secret FROM sources WHERE id = ?').bind(id).first<InboxSource>();
  }

  async publish(id: string, content: object): Promise<void> {
    await this.#database
      .prepare('INSERT OR REPLACE INTO published (id, content) VALUES (?, ?)')
      .bind(id, JSON.stringify(content))
      .run();
  }

  async unpublish(id: string): Promise<void> {
    await this.#database.prepare('DELETE FROM published WHERE id = ?').bind(id).run();
  }

  /** What was published under `id`, as it was found right then; undefined where there is nothing. */
  async published(id: string): Promise<unknown> {
    const row = await this.#database
      .prepare('SELECT content FROM published WHERE id = ?')
      .bind(id)
      .first<{ content: string }>();
    return row === null ? undefined : JSON.parse(row.content);
  }

  /**
   * Counts the post and keeps it, in one transaction, unless its source has had its share of this minute. `seq` is null then, and
   * nothing is written any more until the next minute.
   */
  async keep(item: NewItem, share = POSTS_A_MINUTE): Promise<{ readonly seq: number | null }> {
    const minute = Math.floor(item.receivedAt / MINUTE);
    const [, kept] = await this.#database.batch([
      this.#database
        .prepare(
          `INSERT INTO posts_of_minute (source_id, minute, posts) VALUES (?1, ?2, 1)
           ON CONFLICT (source_id) DO UPDATE SET posts = iif(minute = ?2, posts + 1, 1), minute = ?2
           WHERE minute <> ?2 OR posts <= ?3`
        )
        .bind(item.sourceId, minute, share),
      this.#database
        .prepare(
          `INSERT INTO inbox (source_id, kind, received_at, content_type, size, body) SELECT ?1, ?2, ?3, ?4, ?5, ?6
           WHERE (SELECT posts FROM posts_of_minute WHERE source_id = ?1) <= ?7`
        )
        .bind(item.sourceId, item.kind, item.receivedAt, item.contentType, item.size, item.body, share)
    ]);
    return { seq: kept !== undefined && kept.meta.changes > 0 ? kept.meta.last_row_id : null };
  }

  /** Which of these sources have posted something in the last thirty days. */
  async whichPosted(sourceIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { results } = await this.#database
      .prepare(
        `SELECT source_id AS id FROM posts_of_minute WHERE source_id IN (${sourceIds.map(() => '?').join(', ')})`
      )
      .bind(...sourceIds)
      .all<{ id: string }>();
    return new Set(results.map(({ id }) => id));
  }

  /** What this source posts next is kept, whatever it has posted in this minute. */
  async forgetShare(sourceId: string): Promise<void> {
    await this.#database.prepare('DELETE FROM posts_of_minute WHERE source_id = ?').bind(sourceId).run();
  }

  /** At most `limit`, and no more than a page may weigh; an item alone always fits. */
  async page(after: number, limit: number): Promise<InboxPage> {
    const { results: sizes } = await this.#database
      .prepare('SELECT seq, size FROM inbox WHERE seq > ? ORDER BY seq LIMIT ?')
      .bind(after, limit + 1)
      .all<{ seq: number; size: number }>();
    let weight = 0;
    const fitting = sizes.slice(0, limit).filter(({ size }) => (weight += size) <= PAGE_SIZE);
    const { results: items } = await this.#database
      .prepare(
        `SELECT seq, source_id AS sourceId, kind, received_at AS receivedAt, content_type AS contentType, body
         FROM inbox WHERE seq > ? AND seq <= ? ORDER BY seq`
      )
      .bind(after, fitting.at(-1)?.seq ?? after)
      .all<InboxItem>();
    return { items: [...items], more: sizes.length > fitting.length };
  }

  async acknowledge(upTo: number): Promise<void> {
    await this.#database.prepare('DELETE FROM inbox WHERE seq <= ?').bind(upTo).run();
  }

  /** Rows come in the order of time: what is read is what is too old, and one row more. Links that were used once are counted no more. */
  async forgetOld(now: number): Promise<void> {
    await this.#database.batch([
      this.#database
        .prepare(
          `DELETE FROM inbox
           WHERE seq < coalesce((SELECT seq FROM inbox WHERE received_at >= ? ORDER BY seq LIMIT 1), 9223372036854775807)`
        )
        .bind(now - KEPT_FOR),
      this.#database.prepare('DELETE FROM posts_of_minute WHERE minute < ?').bind(Math.floor((now - KEPT_FOR) / MINUTE))
    ]);
  }
}

export function isTimeToClean(seq: number): boolean {
  return seq % BETWEEN_CLEANINGS === 0;
}

/** Until a source that has had its share may post again. */
export function secondsToNextMinute(now: number): number {
  return Math.ceil((MINUTE - (now % MINUTE)) / 1000);
}
