import type { Change } from '$lib/core/changes';
import { VIEW_TABLES, type Key, type TableName, type Tables, type WorkspaceView } from '$lib/core/tables';
import { indexOf, keyText } from './indexes';
import type { Query, Transaction } from './port';
import { byRow, onlyCreated, rowsToRead, toWrites, type KnownRows, type Row, type Writes } from './writes';

/** What a transaction stands on: the rows of a database, as they are within one transaction of it. */
export interface Rows {
  getMany(table: TableName, ids: readonly Key[]): Promise<(Row | undefined)[]>;
  query(table: TableName, query: Query): Promise<Row[]>;
  count(table: TableName, query: Query): Promise<number>;
  /** Rejects with `Conflict`. */
  write(table: TableName, writes: Writes): Promise<void>;
}

/** The view that the last transaction left, and the revision of the small tables that it shows. */
export interface KeptView {
  readonly revision: number;
  readonly view: WorkspaceView;
}

const IN_VIEW: ReadonlySet<TableName> = new Set(VIEW_TABLES);

/**
 * A transaction over any kind of rows: a row that it has read or written is not read again, changes are merged and written table
 * by table, and a change to a small table raises the revision.
 */
export class OpenTransaction implements Transaction {
  /** All changes so far, in their order. */
  readonly changes: Change[] = [];
  #known = new Map<TableName, KnownRows>();
  /** Rows that are changed but not written yet: one that is changed twice is written once. */
  readonly #unwritten = new Map<TableName, Map<string, Row>>();
  readonly #before = new Map<TableName, KnownRows>();
  #kept: KeptView | null;
  #raised = false;
  #void: { cause: unknown } | null = null;
  #isOver = false;

  constructor(
    private readonly rows: Rows,
    kept: KeptView | null
  ) {
    this.#kept = kept;
  }

  async get<T extends TableName>(table: T, id: Key): Promise<Tables[T] | undefined> {
    this.check();
    const known = this.#knownOf(table);
    const text = keyText(id);
    if (!known.has(text)) known.set(text, (await this.rows.getMany(table, [id]))[0]);
    return known.get(text) as Tables[T] | undefined;
  }

  async getMany<T extends TableName>(table: T, ids: readonly Key[]): Promise<(Tables[T] | undefined)[]> {
    this.check();
    const known = this.#knownOf(table);
    await this.#read(
      table,
      ids.filter((id) => !known.has(keyText(id)))
    );
    return ids.map((id) => known.get(keyText(id)) as Tables[T] | undefined);
  }

  async query<T extends TableName>(table: T, query: Query): Promise<Tables[T][]> {
    this.check();
    await this.#writeOut(table);
    const found = await this.rows.query(table, query);
    const known = this.#knownOf(table);
    return found.map((row) => {
      const text = textOf(table, row);
      const same = known.get(text);
      if (same === undefined) known.set(text, row);
      return (same ?? row) as Tables[T];
    });
  }

  async count<T extends TableName>(table: T, query: Query = {}): Promise<number> {
    this.check();
    await this.#writeOut(table);
    return this.rows.count(table, query);
  }

  async view(): Promise<WorkspaceView> {
    const revision = await this.#revision();
    if (this.#kept?.revision !== revision) {
      const tables = await Promise.all(VIEW_TABLES.map(async (table) => [table, await this.#mapOf(table)] as const));
      this.#kept = { revision, view: Object.fromEntries(tables) as unknown as WorkspaceView };
    }
    return this.#kept.view;
  }

  async apply(changes: readonly Change[]): Promise<void> {
    this.check();
    if (changes.length === 0) return;
    for (const change of changes) this.changes.push(change);
    try {
      await this.#write(changes);
      if (!this.#raised && changes.some(({ table }) => IN_VIEW.has(table))) await this.#raise();
    } catch (cause) {
      this.#void = { cause };
      throw cause;
    }
    if (this.#raised && changes.some(({ table }) => IN_VIEW.has(table))) this.#kept = null;
  }

  /** Writes what is changed and not written yet: the last thing before the commit. */
  async finish(): Promise<void> {
    this.check();
    await Promise.all([...this.#unwritten.keys()].map((table) => this.#writeOut(table)));
  }

  /** Throws where the transaction is void or over. */
  check(): void {
    if (this.#void) throw this.#void.cause;
    if (this.#isOver) throw new Error('the transaction is over');
  }

  end(): void {
    this.#isOver = true;
  }

  /** The row as it was before this transaction first changed it; undefined of one that it has not read. */
  before(table: TableName, id: Key): Row | undefined {
    return this.#before.get(table)?.get(keyText(id));
  }

  /** What the next transaction may start from, if this one is committed. */
  get kept(): KeptView | null {
    return this.#kept;
  }

  async #write(changes: readonly Change[]): Promise<void> {
    const { created, others } = onlyCreated(changes, (table) => this.#knownOf(table).size > 0);
    const tables = byRow(others);
    for (const [table, rows] of tables) {
      const ids = rowsToRead(rows, this.#knownOf(table));
      if (ids.length > 0) await this.#read(table, ids);
    }
    for (const [table, rows] of tables) this.#remember(table, rows.keys());
    const planned = [...tables].map(([table, rows]) => [table, toWrites(table, rows, this.#knownOf(table))] as const);
    // All requests are made before the first one is awaited: the database carries them out in this order.
    await Promise.all([
      ...[...created].map(([table, adds]) => this.rows.write(table, { deletes: [], puts: [], adds })),
      ...planned.map(([table, writes]) => this.#writeSome(table, writes))
    ]);
  }

  #remember(table: TableName, texts: Iterable<string>): void {
    const before = this.#before.get(table) ?? new Map<string, Row | undefined>();
    const known = this.#knownOf(table);
    for (const text of texts) if (!before.has(text)) before.set(text, known.get(text));
    this.#before.set(table, before);
  }

  /** New and deleted rows at once, since that may be a conflict; changed ones before anything asks for them by an index. */
  async #writeSome(table: TableName, { deletes, puts, adds }: Writes): Promise<void> {
    const unwritten = this.#unwritten.get(table) ?? new Map<string, Row>();
    for (const id of deletes) unwritten.delete(keyText(id));
    for (const row of puts) unwritten.set(textOf(table, row), row);
    this.#unwritten.set(table, unwritten);
    if (deletes.length + adds.length > 0) await this.rows.write(table, { deletes, puts: [], adds });
  }

  async #writeOut(table: TableName): Promise<void> {
    const puts = [...(this.#unwritten.get(table)?.values() ?? [])];
    if (puts.length === 0) return;
    this.#unwritten.delete(table);
    await this.rows.write(table, { deletes: [], puts, adds: [] });
  }

  async #revision(): Promise<number> {
    const row = await this.get('runtime', 'revision');
    return row?.id === 'revision' ? row.value : 0;
  }

  async #raise(): Promise<void> {
    const next = { id: 'revision' as const, value: (await this.#revision()) + 1 };
    this.#knownOf('runtime').set('revision', next);
    await this.rows.write('runtime', { deletes: [], puts: [next], adds: [] });
    this.#raised = true;
  }

  async #mapOf(table: (typeof VIEW_TABLES)[number]): Promise<ReadonlyMap<string, Row>> {
    return new Map((await this.query(table, {})).map((row) => [row.id, row]));
  }

  async #read(table: TableName, ids: readonly Key[]): Promise<void> {
    if (ids.length === 0) return;
    const known = this.#knownOf(table);
    const found = await this.rows.getMany(table, ids);
    ids.forEach((id, position) => known.set(keyText(id), found[position]));
  }

  #knownOf(table: TableName): KnownRows {
    let known = this.#known.get(table);
    if (known === undefined) this.#known.set(table, (known = new Map<string, Row | undefined>()));
    return known;
  }
}

function textOf(table: TableName, row: Row): string {
  const { path } = indexOf(table, undefined);
  const values = row as unknown as Record<string, string | number>;
  return typeof path === 'string' ? String(values[path]) : keyText(path.map((part) => values[part] as string | number));
}
