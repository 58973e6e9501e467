import { isDate } from '$lib/core/calendar';
import type { Effect } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import { moneySchema } from '$lib/core/money';
import { failed, ok, type Result } from '$lib/core/result';
import type { Deal } from '$lib/core/rows/crm';
import { words } from '$lib/core/words';
import { readAttributes } from '$lib/records/attribute-values';
import type { Cause } from '$lib/records/contacts';
import { addNote, createDeal, deleteDeal, moveDeal, removeNote, updateDeal, type DealFields } from '$lib/records/deals';
import { stageById } from '$lib/records/pipelines';
import type { Transaction } from '$lib/storage/port';
import * as v from 'valibot';
import type { WorkerApi } from '../api';
import type { DealDraft } from '../drafts';
import type { Desk } from '../desk';
import type { Removals } from '../removals';
import { nameRefusal } from './names';

export function dealEdits(desk: Desk, removals: Removals): WorkerApi['deals'] {
  /** One deal that is there, changed. */
  const change = (
    id: Id,
    effectOf: (deal: Deal, given: Cause, transaction: Transaction) => Promise<Result<Effect>> | Result<Effect>
  ): Promise<Result<void>> =>
    desk.tryEdit(async (transaction, given) => {
      const deal = await transaction.get('deals', id);
      if (!deal) return failed(words('words.deal.gone'));
      const effect = await effectOf(deal, { ...given, via: 'manual' }, transaction);
      return effect.ok ? ok({ effect: effect.value, value: undefined }) : effect;
    });

  return {
    save: (draft) =>
      desk.tryEdit(async (transaction, given) => {
        const read = await readDeal(transaction, draft);
        if (!read.ok) return read;
        const cause = { ...given, via: 'manual' as const };
        if (draft.id === undefined) {
          const { deal, ...effect } = createDeal(read.value, cause);
          return ok({ effect, value: deal.id });
        }
        const deal = await transaction.get('deals', draft.id);
        if (!deal) return failed(words('words.deal.gone'));
        return ok({ effect: updateDeal(deal, read.value, cause), value: deal.id });
      }),
    move: (id, stageId) =>
      change(id, async (deal, given, transaction) => {
        const place = stageById(await transaction.view(), stageId);
        if (!place) return failed(words('words.step.stage_gone'));
        return ok(moveDeal(deal, { pipelineId: place.pipeline.id, stageId }, given));
      }),
    addNote: (id, text) =>
      change(id, (deal, given) =>
        text.trim() === '' ? failed(words('words.deal.empty_note')) : ok(addNote(deal, text.trim(), given))
      ),
    removeNote: (id, noteId) => change(id, (deal, given) => ok(removeNote(deal, noteId, given))),
    remove: (id) =>
      removals.remove((step) =>
        step(async (transaction) => {
          const deal = await transaction.get('deals', id);
          if (!deal) return failed(words('words.deal.gone'));
          const tasks = await transaction.query('tasks', { index: 'dealId', equals: id });
          return ok({ effect: deleteDeal(deal, tasks), value: undefined });
        })
      )
  };
}

/** What a form gives, in order. Contacts and a company that are gone are left out. */
async function readDeal(transaction: Transaction, draft: DealDraft): Promise<Result<DealFields>> {
  const refused = nameRefusal(draft.name);
  if (refused) return failed(refused);
  const view = await transaction.view();
  const place = stageById(view, draft.stageId);
  if (!place) return failed(words('words.step.stage_gone'));
  const { amount, expectedCloseOn } = draft;
  if (amount !== null && !v.is(moneySchema, amount)) return failed(words('words.deal.not_an_amount'));
  if (expectedCloseOn !== null && !isDate(expectedCloseOn)) return failed(words('words.deal.not_a_date'));
  const attributes = readAttributes(draft.attributes, view.dealAttributes);
  if (!attributes.ok) return attributes;
  const contacts = await transaction.getMany('contacts', draft.contactIds);
  const company = draft.companyId === null ? undefined : await transaction.get('companies', draft.companyId);
  return ok({
    name: draft.name.trim(),
    pipelineId: place.pipeline.id,
    stageId: place.stage.id,
    amount,
    ownerId: draft.ownerId,
    contactIds: contacts.flatMap((contact) => contact?.id ?? []),
    companyId: company?.id ?? null,
    expectedCloseOn,
    attributes: attributes.value
  });
}
