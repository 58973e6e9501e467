import { create } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { readAttributes } from '$lib/records/attribute-values';
import { createCompany, deleteCompany, linkCompany, updateCompany } from '$lib/records/companies';
import type { WorkerApi } from '../api';
import { NO_EFFECT, type Desk } from '../desk';
import { nameRefusal } from './names';

const BATCH = 1_000;

export function companyEdits(desk: Desk): WorkerApi['companies'] {
  return {
    save: (draft) =>
      desk.tryEdit(async (transaction, given) => {
        const refused = nameRefusal(draft.name);
        if (refused) return failed(refused);
        const attributes = readAttributes(draft.attributes, (await transaction.view()).companyAttributes);
        if (!attributes.ok) return attributes;
        const fields = { name: draft.name.trim(), ownerId: draft.ownerId, attributes: attributes.value };
        if (draft.id === undefined) {
          const { company, ...effect } = createCompany(fields, given);
          return ok({ effect, value: company.id });
        }
        const company = await transaction.get('companies', draft.id);
        if (!company) return failed(words('words.company.gone'));
        return ok({ effect: updateCompany(company, fields, given), value: company.id });
      }),
    remove: async (id) => {
      const company = await desk.parts.storage.read((reader) => reader.get('companies', id));
      if (!company) return failed(words('words.company.gone'));
      const contactIds = await unlinkAll('contacts', id);
      const dealIds = await unlinkAll('deals', id);
      await desk.edit(() => Promise.resolve({ effect: deleteCompany(company), value: undefined }));
      return ok({ company, contactIds, dealIds });
    },
    restore: async ({ company, contactIds, dealIds }) => {
      await desk.edit(async (transaction) =>
        (await transaction.get('companies', company.id))
          ? { effect: NO_EFFECT, value: undefined }
          : { effect: { changes: [create('companies', company.id, company)], events: [] }, value: undefined }
      );
      await relink('contacts', contactIds, company.id);
      await relink('deals', dealIds, company.id);
    }
  };

  /** Takes its contacts or deals away from a company, some in each transaction; returns whose they are. */
  async function unlinkAll(table: 'contacts' | 'deals', companyId: Id): Promise<Id[]> {
    const unlinked: Id[] = [];
    for (;;) {
      const ids = await desk.edit(async (transaction) => {
        const rows = await transaction.query(table, { index: 'companyId', equals: companyId, limit: BATCH });
        const found = rows.map(({ id }) => id);
        return { effect: linkCompany(table, found, null), value: found };
      });
      if (ids.length === 0) return unlinked;
      unlinked.push(...ids);
    }
  }

  /** Those that have come to another company meanwhile stay with that. */
  async function relink(table: 'contacts' | 'deals', ids: readonly Id[], companyId: Id): Promise<void> {
    for (let start = 0; start < ids.length; start += BATCH) {
      await desk.edit(async (transaction) => {
        const rows = await transaction.getMany(table, ids.slice(start, start + BATCH));
        const free = rows.flatMap((row) => (row && row.companyId === undefined ? [row.id] : []));
        return { effect: linkCompany(table, free, companyId), value: undefined };
      });
    }
  }
}
