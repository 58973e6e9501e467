import { update } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Given, Id } from '$lib/core/ids';
import type { Deal } from '$lib/core/rows/crm';

/** A note on the deal, after those that are there. */
export function addNote(deal: Deal, text: string, { now, newId }: Given): Effect {
  const notes = [...deal.notes, { id: newId(), text, at: now }];
  return { changes: [update('deals', deal.id, { notes, updatedAt: now })], events: [] };
}

export function removeNote(deal: Deal, noteId: Id, { now }: Pick<Given, 'now'>): Effect {
  const notes = deal.notes.filter(({ id }) => id !== noteId);
  return { changes: [update('deals', deal.id, { notes, updatedAt: now })], events: [] };
}
