import { create, remove, update } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { removeFromList, together } from '$lib/records/contacts';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals, Step } from '../removals';
import { namedRefusal } from './names';

const BATCH = 1_000;

export function listEdits(desk: Desk, removals: Removals): WorkerApi['lists'] {
  return {
    save: ({ id, name }) =>
      desk.tryEdit(async (transaction, { now, newId }) => {
        const { lists } = await transaction.view();
        const refused = namedRefusal([...lists.values()], name, id);
        if (refused) return failed(refused);
        const value = id ?? newId();
        const change =
          id === undefined
            ? create('lists', value, { id: value, name: name.trim(), createdAt: now })
            : update('lists', id, { name: name.trim() });
        return ok({ effect: { changes: [change], events: [] }, value });
      }),
    remove: (id) =>
      removals.remove(async (step) => {
        // The last transaction finds nobody on the list and removes it: nobody can come onto it in between.
        for (;;) {
          const taken = await emptied(step, id);
          if (!taken.ok || taken.value === 0) return taken;
        }
      })
  };
}

/** Takes contacts off the list, some in each transaction; returns how many. */
/** Takes some off the list; removes it where nobody is on it any more. Returns how many were taken off. */
function emptied(step: Step, listId: Id): Promise<Result<number>> {
  return step(async (transaction, given) => {
    if (!(await transaction.get('lists', listId))) return failed(words('words.list.gone'));
    const members = await transaction.query('contacts', { index: 'listIds', equals: listId, limit: BATCH });
    if (members.length === 0) return ok({ effect: { changes: [remove('lists', listId)], events: [] }, value: 0 });
    const effects = members.map((contact) => removeFromList(contact, listId, { ...given, via: 'manual' }));
    return ok({ effect: together(...effects), value: members.length });
  });
}
