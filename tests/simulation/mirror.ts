import { applyChange, type Change, type ChangeOf } from '$lib/core/changes';
import { TABLE_NAMES, keyOf, type Key, type TableName, type Tables } from '$lib/core/tables';

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

  /** Each row that the commit has touched, once, in the order of first touch. */
  commit(changes: readonly Change[]): Touched[] {
    const touched = new Map<string, { table: TableName; id: string; before: Tables[TableName] | undefined }>();
    for (const change of changes) {
      const rows = this.rowsOf(change.table);
      const id = textOf(change.id);
      const name = `${change.table} ${id}`;
      const before = rows.get(id);
      if (!touched.has(name)) touched.set(name, { table: change.table, id, before });
      const after = applyChange(before, change as ChangeOf<TableName>);
      if (after === undefined) rows.delete(id);
      else rows.set(id, after);
    }
    return [...touched.values()].map((row) => ({ ...row, after: this.rowsOf(row.table).get(row.id) }));
  }

  get<T extends TableName>(table: T, id: Key): Tables[T] | undefined {
    return this.rowsOf(table).get(textOf(id)) as Tables[T] | undefined;
  }

  all<T extends TableName>(table: T): Tables[T][] {
    return [...this.rowsOf(table).values()] as Tables[T][];
  }

  private rowsOf(table: TableName): Map<string, Tables[TableName]> {
    return this.tables.get(table) as Map<string, Tables[TableName]>;
  }
}

export function textOf(id: Key): string {
  return typeof id === 'string' ? id : id.join('\u0000');
}

export function rowText<T extends TableName>(table: T, row: Tables[T]): string {
  return textOf(keyOf(table, row));
}
