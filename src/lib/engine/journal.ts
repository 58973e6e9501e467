import { create, type Change } from '$lib/core/changes';
import type { Enrolment, JournalBlock, JournalEntry } from '$lib/core/rows/automations';

/** So many entries stay in the enrolment's own row, which is written anyway; then they become a block. Most journeys never need one. */
const LONGEST = 24;

/** An enrolment with its journal so far, and the blocks that this made. */
export interface Journalled {
  readonly enrolment: Enrolment;
  readonly blocks: readonly Change[];
}

/** The enrolment with these entries at the end of its journal. */
export function journalled(enrolment: Enrolment, entries: readonly JournalEntry[]): Journalled {
  const longer = { ...enrolment, entries: [...(enrolment.entries ?? []), ...entries] };
  return longer.entries.length > LONGEST ? sealed(longer) : { enrolment: longer, blocks: [] };
}

/** The entries that are still in the enrolment's row as a block, which keeps the version in which they happened. */
export function sealed(enrolment: Enrolment): Journalled {
  const { id, automationId, versionId, contactId, seq, entries = [] } = enrolment;
  if (entries.length === 0) return { enrolment, blocks: [] };
  const block: JournalBlock = { enrolmentId: id, seq, contactId, automationId, versionId, entries };
  return { enrolment: { ...enrolment, entries: [], seq: seq + 1 }, blocks: [create('journal', [id, seq], block)] };
}

/** The whole journal, oldest first, from the blocks of the enrolment in their order. */
export function journalOf(
  enrolment: Pick<Enrolment, 'entries'> | undefined,
  blocks: readonly Pick<JournalBlock, 'entries'>[]
): JournalEntry[] {
  return [...blocks.flatMap(({ entries }) => entries), ...(enrolment?.entries ?? [])];
}
