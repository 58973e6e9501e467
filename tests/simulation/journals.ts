import type { Enrolment, JournalBlock, JournalEntry } from '$lib/core/rows/automations';
import type { Mirror, Touched } from './mirror';
import type { Commit } from './simulation';

/** What one commit has added to the journal of one enrolment. */
export interface Added {
  readonly enrolmentId: string;
  readonly entries: readonly JournalEntry[];
  /** As it was; undefined: it has just begun. */
  readonly before: Enrolment | undefined;
  /** As it is; undefined: it was removed. */
  readonly after: Enrolment | undefined;
}

/**
 * What a commit has added to journals, told by the rows alone: the entries that have left an enrolment's row for a block are no news,
 * and those of a block that follow on from them are.
 */
export function addedTo({ touched }: Commit, mirror: Mirror): Added[] {
  const blocks = new Map<string, JournalBlock[]>();
  const enrolments = new Map<string, Touched>();
  for (const row of touched) {
    if (row.table === 'enrolments') enrolments.set(row.id, row);
    if (row.table !== 'journal' || row.before !== undefined || row.after === undefined) continue;
    const block = row.after as JournalBlock;
    blocks.set(block.enrolmentId, [...(blocks.get(block.enrolmentId) ?? []), block]);
  }
  return [...new Set([...blocks.keys(), ...enrolments.keys()])].flatMap((enrolmentId): Added[] => {
    const row = enrolments.get(enrolmentId);
    const before = row?.before as Enrolment | undefined;
    const after = (row === undefined ? mirror.get('enrolments', enrolmentId) : row.after) as Enrolment | undefined;
    if (after === undefined) return [];
    // One that comes back brings its journal along.
    const known = before ?? mirror.buried('enrolments', enrolmentId);
    const made = (blocks.get(enrolmentId) ?? [])
      .filter(({ seq }) => seq >= (known?.seq ?? 0))
      .sort((one, other) => one.seq - other.seq);
    const all = [...made.flatMap((block) => block.entries), ...(after.entries ?? [])];
    const entries = all.slice(known?.entries?.length ?? 0);
    return entries.length === 0 ? [] : [{ enrolmentId, entries, before, after }];
  });
}
