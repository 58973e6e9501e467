import type { Page } from '@playwright/test';
import type { TableName, Tables } from '../../../src/lib/core/tables';

/** The rows of these tables as they are on the disk, read beside the app. */
export function readRows<T extends TableName>(page: Page, names: readonly T[]): Promise<{ [K in T]: Tables[K][] }> {
  return page.evaluate(
    async (tables) => {
      const done = <R>(request: IDBRequest<R>): Promise<R> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error ?? new Error('no answer'));
        });
      const open = async (name: string): Promise<IDBDatabase> => done(indexedDB.open(name));
      const meta = await open('ricochet-meta');
      const { name } = (await done(meta.transaction('names').objectStore('names').get('workspace'))) as {
        name: string;
      };
      meta.close();
      const database = await open(name);
      const transaction = database.transaction(tables);
      const rows = await Promise.all(
        tables.map(async (table) => [table, await done(transaction.objectStore(table).getAll())] as const)
      );
      database.close();
      return Object.fromEntries(rows);
    },
    [...names] as TableName[]
  ) as Promise<{ [K in T]: Tables[K][] }>;
}
