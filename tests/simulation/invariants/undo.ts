import type { Contact } from '$lib/core/rows/contacts';
import { Violation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'what was given since stays, whatever is taken back';

/** A company that comes back takes nobody away from the one that they have been given meanwhile. */
export const undoKeepsWhatIsNew: Invariant = ({ mirror }) => ({
  committed: ({ touched }) => {
    const isBack = touched.some(
      ({ table, id, before, after }) =>
        table === 'companies' && before === undefined && after !== undefined && mirror.buried('companies', id)
    );
    if (!isBack) return;
    for (const { table, id, before, after } of touched) {
      if (table !== 'contacts') continue;
      const [was, is] = [before, after] as (Contact | undefined)[];
      if (was?.companyId !== undefined && is !== undefined && is.companyId !== was.companyId)
        throw new Violation(NAME, `${id} was given ${was.companyId}, and is at ${is.companyId} again`);
    }
  }
});
