import { create, remove, update } from '$lib/core/changes';
import { failed, ok } from '$lib/core/result';
import { attributeSchema } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import * as v from 'valibot';
import type { AttributesApi } from '../api';
import type { AttributeTable } from '../drafts';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { namedRefusal } from './names';

/** Attributes of contacts, of companies or of deals. */
export function attributeEdits(desk: Desk, removals: Removals, table: AttributeTable): AttributesApi {
  return {
    save: (attribute) =>
      desk.tryEdit(async (transaction, { now }) => {
        const { [table]: attributes } = await transaction.view();
        const refused = namedRefusal([...attributes.values()], attribute.name, attribute.id);
        if (refused) return failed(refused);
        const before = attributes.get(attribute.id);
        const row = { ...attribute, name: attribute.name.trim(), createdAt: before?.createdAt ?? now };
        if (!v.is(attributeSchema, row)) return failed(words('words.attribute.not_a_key', { key: attribute.id }));
        const isChoice = row.kind === 'choice' || row.kind === 'choices';
        if (isChoice && (row.options ?? []).length === 0) return failed(words('words.attribute.no_options'));
        // Values of another kind are there already: they would be neither here nor there.
        if (before && before.kind !== row.kind) return failed(words('words.attribute.kind_is_fixed'));
        const change = before
          ? update(table, row.id, { name: row.name, options: row.options })
          : create(table, row.id, row);
        return ok({ effect: { changes: [change], events: [] }, value: row.id });
      }),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          if (!(await transaction.get(table, id))) return failed(words('words.attribute.gone'));
          return ok({ effect: { changes: [remove(table, id)], events: [] }, value: undefined });
        })
      )
  };
}
