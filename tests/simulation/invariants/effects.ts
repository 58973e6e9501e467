import type { JournalEntry, Version } from '$lib/core/rows/automations';
import { addedTo } from '../journals';
import { Violation, type Commit } from '../simulation';
import { counts } from '../units';
import type { Invariant } from './invariant';

const NAME = 'what a step does to the user’s own data happens once, with the line in the journal';

/** In each single commit: as many lines of the journal say that a step was carried out as its effect is there. */
export const effectsOnce: Invariant = ({ mirror }) => ({
  committed: (commit) => {
    const counted = new Map<string, number>();
    let tasks = 0;
    const queued = new Set<string>();
    for (const { enrolmentId, entries, before, after } of addedTo(commit, mirror)) {
      let version = mirror.get('versions', (before ?? after)?.versionId ?? '');
      const contactId = after?.contactId ?? '';
      for (const entry of entries) {
        if (entry.kind === 'switched') version = mirror.get('versions', after?.versionId ?? '');
        const unit = unitOf(version, entry);
        if (entry.kind === 'queued') queued.add(`${enrolmentId}/${entry.stepId}/${entry.visit ?? 1}`);
        if (entry.kind !== 'moved' || unit === null) continue;
        if (counts(unit.unit, unit.fields)) counted.set(contactId, (counted.get(contactId) ?? 0) + 1);
        if (unit.unit === 'task.create') tasks++;
        if (unit.unit === 'deal.create' && (unit.fields.taskTitle ?? '') !== '') tasks++;
      }
    }
    for (const contactId of new Set([...counted.keys(), ...contactsIn(commit)])) {
      const change = countOf(commit, contactId);
      const told = counted.get(contactId) ?? 0;
      if (change !== null && change !== told)
        throw new Violation(NAME, `${contactId} was counted ${change} times, and the journal says ${told}`);
    }
    const made = createdIn(commit, 'tasks', mirror.buried).length;
    if (made !== tasks) throw new Violation(NAME, `${made} tasks were made, and the journal says ${tasks}`);
    const rows = createdIn(commit, 'outbox', mirror.buried);
    const unsaid = rows.find((id) => !queued.delete(id));
    const [unmade] = queued;
    if (unsaid !== undefined)
      throw new Violation(NAME, `the message ${unsaid} was made, and the journal says nothing of it`);
    if (unmade !== undefined) throw new Violation(NAME, `the journal says that ${unmade} was made, and it was not`);
  }
});

function unitOf(version: Version | undefined, { stepId }: JournalEntry) {
  return version?.graph.steps.find(({ id }) => id === stepId) ?? null;
}

function contactsIn({ touched }: Commit): string[] {
  return touched.flatMap(({ table, id }) => (table === 'contacts' ? [id] : []));
}

/** By how much the commit has raised the contact's counter; null where the contact has come or gone. */
function countOf({ touched }: Commit, contactId: string): number | null {
  const row = touched.find(({ table, id }) => table === 'contacts' && id === contactId);
  if (row === undefined) return 0;
  const [before, after] = [row.before, row.after] as { attributes: Record<string, unknown> }[];
  if (after === undefined) return null;
  return Number(after.attributes.COUNTER ?? 0) - Number(before?.attributes.COUNTER ?? 0);
}

function createdIn(
  { touched }: Commit,
  wanted: 'tasks' | 'outbox',
  buried: (table: 'tasks' | 'outbox', id: string) => unknown
): string[] {
  return touched.flatMap(({ table, id, before, after }) =>
    table === wanted && before === undefined && after !== undefined && buried(wanted, id) === undefined ? [id] : []
  );
}
