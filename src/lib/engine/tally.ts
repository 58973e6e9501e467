import type { Enrolment, JournalBlock, JournalEntry, Statistic } from '$lib/core/rows/automations';

/** What an entry of the journal counts as: its kind, or the branch by which a step was left. */
function countedAs(entry: JournalEntry): string {
  return entry.kind === 'moved' ? `branch:${entry.branch ?? 'next'}` : entry.kind;
}

export type Tally = Map<string, Statistic>;

/**
 * Adds the entries of a block, or those in an enrolment's own row, to a tally. The statistics kept and their check from the whole
 * journal both go through here.
 */
export function tally(
  block: Pick<JournalBlock | Enrolment, 'automationId' | 'versionId' | 'entries'>,
  counts: Tally
): void {
  for (const entry of block.entries ?? []) {
    const what = countedAs(entry);
    const id = `${block.versionId} ${entry.stepId ?? ''} ${what}`;
    const known = counts.get(id);
    if (known) known.count++;
    else
      counts.set(id, {
        id,
        automationId: block.automationId,
        versionId: block.versionId,
        stepId: entry.stepId,
        what,
        count: 1
      });
  }
}
