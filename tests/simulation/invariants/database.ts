import { TABLE_NAMES } from '$lib/core/tables';
import { rowText } from '../mirror';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'the database holds what was committed and nothing else';

/** Against the mirror, row by row: what a transaction left half done, or lost, shows. */
export const databaseIsAsCommitted: Invariant = ({ mirror }) => ({
  atEnd: async (storage) => {
    for (const table of TABLE_NAMES) {
      // The revision of the small tables is the storage's own affair.
      if (table === 'runtime') continue;
      const rows = await storage.read((reader) => reader.query(table, {}));
      const expected = new Map(mirror.all(table).map((row) => [rowText(table, row), row]));
      for (const row of rows) {
        const id = rowText(table, row);
        const wanted = expected.get(id);
        if (wanted === undefined) throw new Violation(NAME, `${table} ${id} should not be there`);
        if (canonical(row) !== canonical(wanted))
          throw new Violation(NAME, `${table} ${id} is ${canonical(row)} and should be ${canonical(wanted)}`);
        expected.delete(id);
      }
      const [lost] = expected.keys();
      if (lost !== undefined) throw new Violation(NAME, `${table} ${lost} is lost`);
    }
  }
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part
  );
}
