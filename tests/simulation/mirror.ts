import { applyChange, type Change, type ChangeOf } from '$lib/core/changes';
import {
  TABLE_NAMES,
  VIEW_TABLES,
  keyOf,
  type Key,
  type TableName,
  type Tables,
  type WorkspaceView
} from '$lib/core/tables';

const IN_VIEW: ReadonlySet<TableName> = new Set(VIEW_TABLES);

/** A row before and after a commit; undefined: it was not there. */
export interface Touched<T extends TableName = TableName> {
  readonly table: T;
  readonly id: string;
  readonly before: Tables[T] | undefined;
  readonly after: Tables[T] | undefined;
}

/**
 * What the database must hold: every committed change applied to plain maps, in the order of the commits. It knows nothing of
 * transactions, indexes or caches, which is what makes it a check of them.
 */
export class Mirror {
  private readonly tables = new Map<TableName, Map<string, Tables[TableName]>>(
    TABLE_NAMES.map((table) => [table, new Map<string, Tables[TableName]>()])
  );

  /** Raised with each change to a small table. */
  revision = 0;
  /** Rows that are gone, as they were last: some come back. */
  private readonly gone = new Map<string, Tables[TableName]>();

  /** Each row that the commit has touched, once, in the order of first touch. */
  commit(changes: readonly Change[]): Touched[] {
    const touched = new Map<string, { table: TableName; id: string; before: Tables[TableName] | undefined }>();
    for (const change of changes) {
      if (IN_VIEW.has(change.table)) this.revision++;
      const rows = this.rowsOf(change.table);
      const id = textOf(change.id);
      const name = `${change.table} ${id}`;
      const before = rows.get(id);
      if (!touched.has(name)) touched.set(name, { table: change.table, id, before });
      const after = applyChange(before, change as ChangeOf<TableName>);
      if (after !== undefined) rows.set(id, after);
      else if (before !== undefined) {
        rows.delete(id);
        this.gone.set(name, before);
      }
    }
    return [...touched.values()].map((row) => ({ ...row, after: this.rowsOf(row.table).get(row.id) }));
  }

  get<T extends TableName>(table: T, id: Key): Tables[T] | undefined {
    return this.rowsOf(table).get(textOf(id)) as Tables[T] | undefined;
  }

  /** As it was before it was removed; undefined: it never was. */
  readonly buried = <T extends TableName>(table: T, id: Key): Tables[T] | undefined =>
    this.gone.get(`${table} ${textOf(id)}`) as Tables[T] | undefined;

  all<T extends TableName>(table: T): Tables[T][] {
    return [...this.rowsOf(table).values()] as Tables[T][];
  }

  private rowsOf(table: TableName): Map<string, Tables[TableName]> {
    return this.tables.get(table) as Map<string, Tables[TableName]>;
  }
}

const views = new WeakMap<Mirror, { revision: number; view: WorkspaceView }>();

/** The small tables, as the engine's pure parts want them. */
export function viewOf(mirror: Mirror): WorkspaceView {
  const known = views.get(mirror);
  if (known?.revision === mirror.revision) return known.view;
  const tables = VIEW_TABLES.map((table) => [table, new Map(mirror.all(table).map((row) => [row.id, row]))] as const);
  const view = Object.fromEntries(tables) as unknown as WorkspaceView;
  views.set(mirror, { revision: mirror.revision, view });
  return view;
}

export function textOf(id: Key): string {
  return typeof id === 'string' ? id : id.join('\u0000');
}

export function rowText<T extends TableName>(table: T, row: Tables[T]): string {
  return textOf(keyOf(table, row));
}
