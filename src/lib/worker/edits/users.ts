import type { Id } from '$lib/core/ids';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { parseEmail } from '$lib/records/contacts';
import { createUser, deleteUser, disown, OWNED_TABLES, updateUser, type OwnedTable } from '$lib/records/users';
import type { WorkerApi } from '../api';
import type { Desk } from '../desk';
import type { Removals, Step } from '../removals';
import { namedRefusal } from './names';

const BATCH = 1_000;

export function userEdits(desk: Desk, removals: Removals): WorkerApi['users'] {
  return {
    save: ({ id, name, email }) =>
      desk.tryEdit(async (transaction, given) => {
        const { users } = await transaction.view();
        const refused = namedRefusal([...users.values()], name, id);
        if (refused) return failed(refused);
        const address = email.trim() === '' ? null : parseEmail(email);
        if (address?.ok === false) return address;
        const fields = { name: name.trim(), email: address?.value.shown ?? '' };
        if (id === undefined) {
          const { user, ...effect } = createUser(fields, given);
          return ok({ effect, value: user.id });
        }
        const user = users.get(id);
        return user ? ok({ effect: updateUser(user, fields), value: id }) : failed(words('words.user.gone'));
      }),
    remove: (id) =>
      removals.remove(async (step) => {
        for (const table of OWNED_TABLES) await disownAll(step, table, id);
        return step(async (transaction) => {
          if (!(await transaction.get('users', id))) return failed(words('words.user.gone'));
          return ok({ effect: deleteUser({ id }), value: undefined });
        });
      })
  };

  /** Nothing finds rows by their owner: all are looked at, some at a time. */
  async function disownAll(step: Step, table: OwnedTable, userId: Id): Promise<void> {
    for await (const rows of desk.parts.storage.batches(table, BATCH)) {
      const ids = rows.filter(({ ownerId }) => ownerId === userId).map(({ id }) => id);
      if (ids.length > 0) await step(() => Promise.resolve(ok({ effect: disown(table, ids), value: undefined })));
    }
  }
}
