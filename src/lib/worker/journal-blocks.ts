import type { Change } from '$lib/core/changes';
import type { JournalBlock, JournalEntry } from '$lib/core/rows/automations';
import { keyOf } from '$lib/core/tables';
import type { Transaction } from '$lib/storage/port';

/**
 * These changes, with each new block of a journal under a number that is free. One is taken where another device had brought the journey
 * further than it is here: what that one has noted stays, and what is noted now comes after it.
 */
export async function withFreeBlocks(transaction: Transaction, changes: readonly Change[]): Promise<readonly Change[]> {
  const isBlock = ({ table, create }: Change): boolean => table === 'journal' && create !== undefined;
  if (!changes.some(isBlock)) return changes;
  const ids = changes.flatMap((change) => (isBlock(change) ? [change.id] : []));
  const found = await transaction.getMany('journal', ids);
  const isTaken = new Map(ids.map((id, at) => [id, found[at] !== undefined]));
  const free: Change[] = [];
  for (const change of changes) {
    const taken = isBlock(change) && isTaken.get(change.id) === true;
    free.push(...(taken ? await after(transaction, change.create as JournalBlock) : [change]));
  }
  return free;
}

/** The block as the last one of its journal, without what the journal says already. */
async function after(transaction: Transaction, block: JournalBlock): Promise<Change[]> {
  const { enrolmentId: id } = block;
  const blocks = await transaction.query('journal', { from: [id, -Infinity], to: [id, Infinity] });
  const said = new Set(blocks.flatMap(({ entries }) => entries.map(textOf)));
  const entries = block.entries.filter((entry) => !said.has(textOf(entry)));
  if (entries.length === 0) return [];
  const last = { ...block, entries, seq: Math.max(...blocks.map(({ seq }) => seq)) + 1 };
  return [{ table: 'journal', id: keyOf('journal', last), create: last }];
}

function textOf({ at, kind, stepId, visit = 1, branch, eventId }: JournalEntry): string {
  return JSON.stringify([at, kind, stepId, visit, branch, eventId]);
}
