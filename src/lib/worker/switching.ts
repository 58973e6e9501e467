import { update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Automation, Enrolment, SwitchChoice, Version } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { destinationOf, type Destination, type SwitchGroup } from '$lib/engine/switching';
import type { Reader, Transaction } from '$lib/storage/port';
import { givenUp } from './giving-up';
import type { Move } from './marking';
import { isQueued, onTheirWay, type OnTheirWay } from './on-their-way';
import { givenBy, type Parts, type Transact } from './parts';
import { turn } from './turn';

const BATCH = 500;

/**
 * Brings journeys on other versions to the one that was chosen on publishing. Whoever is done is on that version or has ended, so that
 * a closed browser goes on with the others. A journey whose message is on its way, or whose contact is hidden, waits for a later look.
 */
export async function switchJourneys(parts: Parts, transact: Transact, { automations }: WorkspaceView): Promise<void> {
  for (const { id, status, switching } of automations.values()) {
    if (status !== 'active' || !switching) continue;
    const held = new Set<Id>();
    while (await transact((transaction) => switchSome(transaction, id, held, parts)));
  }
}

/** One batch; whether there may be more. `held`: those that cannot go yet. */
async function switchSome(transaction: Transaction, automationId: Id, held: Set<Id>, parts: Parts): Promise<boolean> {
  const view = await transaction.view();
  const automation = view.automations.get(automationId);
  const to = view.versions.get(automation?.switching?.to ?? '');
  if (automation?.status !== 'active' || !automation.switching || !to) return false;
  const { switching } = automation;
  const found = await onEarlierVersions(transaction, earlierVersions(view, to), held, BATCH);
  if (found.length === 0) {
    if (held.size === 0) await transaction.apply([update('automations', automationId, { switching: undefined })]);
    return false;
  }
  const { moves, changes } = await movesOf(transaction, found, { view, to, choice: switching.choice, parts });
  const moved = new Set(moves.map(({ enrolment }) => enrolment.id));
  for (const { id } of found) if (!moved.has(id)) held.add(id);
  const done = update('automations', automationId, { 'switching.done': switching.done + moves.length });
  const given = givenBy(parts);
  if (moves.length > 0) await turn(transaction, { changes: [done, ...changes], moves }, { ...parts, ...given });
  return true;
}

interface Switch {
  readonly view: WorkspaceView;
  readonly to: Version;
  readonly choice: SwitchChoice;
  readonly parts: Pick<Parts, 'catalogue' | 'providers' | 'now'>;
}

/** Those that can go now, and what becomes of messages that nobody waits for any more. */
async function movesOf(
  transaction: Transaction,
  enrolments: readonly Enrolment[],
  { view, to, choice, parts }: Switch
): Promise<{ moves: Move[]; changes: Change[] }> {
  const contacts = await transaction.getMany(
    'contacts',
    enrolments.map(({ contactId }) => contactId)
  );
  const away = await onTheirWay(transaction);
  const moves: Move[] = [];
  const left: Id[] = [];
  for (const [at, enrolment] of enrolments.entries()) {
    const from = view.versions.get(enrolment.versionId);
    const contact = contacts[at];
    if (!from || !contact || contact.hiddenAt !== undefined) continue;
    const destination = destinationOf(enrolment, from, to, choice, parts.catalogue);
    if (!destination || isHeldByAnswer(enrolment, destination, away)) continue;
    if (enrolment.wait?.for === 'outbox' && destination.goes !== 'same') left.push(enrolment.wait.outboxId);
    moves.push({ enrolment, cause: { by: 'version', from, to, destination } });
  }
  const rows = await transaction.getMany('outbox', left);
  const queued = rows.filter((row): row is OutboxRow => row !== undefined && isQueued(row, away));
  const now = parts.now();
  return { moves, changes: queued.map((row) => givenUp(row, view, parts, now)) };
}

/** Its step is gone, or it leaves, while its message is on its way: what the provider says of that is still its step's. */
function isHeldByAnswer({ wait }: Enrolment, destination: Destination, away: OnTheirWay): boolean {
  return destination.goes !== 'same' && wait?.for === 'outbox' && away.has(wait.outboxId);
}

/** The versions before this one: journeys that have entered a later one stay there. */
export function earlierVersions(
  { versions }: WorkspaceView,
  { automationId, number }: Pick<Version, 'automationId' | 'number'>
): Version[] {
  return [...versions.values()].filter((one) => one.automationId === automationId && one.number < number);
}

async function onEarlierVersions(
  reader: Reader,
  versions: readonly Version[],
  without: ReadonlySet<Id>,
  limit: number
): Promise<Enrolment[]> {
  const found: Enrolment[] = [];
  for (const { id } of versions) {
    const most = limit - found.length + without.size;
    const rows = await reader.query('enrolments', { ...atStepsOf(id), limit: most });
    found.push(...rows.filter((row) => !without.has(row.id)));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Journeys that are at a step of a version: those that have ended are at none. */
function atStepsOf(versionId: Id) {
  return { index: '[versionId+stepId]', from: [versionId, ''], to: [versionId, '\uffff'] } as const;
}

/** How many journeys are under way on these versions. */
export async function underWay(reader: Reader, versions: readonly Pick<Version, 'id'>[]): Promise<number> {
  const counts = await Promise.all(versions.map(({ id }) => reader.count('enrolments', atStepsOf(id))));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Who would go where, if the draft were published now or were to go over to the version in force, before anything happens. */
export async function switchPreview(
  reader: Reader,
  { id, activeVersionId, draft }: Automation,
  choice: SwitchChoice,
  target: 'draft' | 'active',
  { catalogue }: Pick<Parts, 'catalogue'>
): Promise<SwitchGroup[]> {
  const view = await reader.view();
  const active = view.versions.get(activeVersionId ?? '');
  const isActive = target === 'active' && active;
  const to = isActive ? active : { id: '', automationId: id, number: Infinity, graph: draft.graph };
  const groups = earlierVersions(view, to).flatMap((version) =>
    version.graph.steps.flatMap(({ id: stepId }) => {
      const destination = destinationOf({ stepId, versionId: version.id }, version, to, choice, catalogue);
      return destination ? [{ versionId: version.id, number: version.number, stepId, destination }] : [];
    })
  );
  const counts = await Promise.all(
    groups.map(({ versionId, stepId }) =>
      reader.count('enrolments', { index: '[versionId+stepId]', equals: [versionId, stepId] })
    )
  );
  return groups.map((group, at) => ({ ...group, count: counts[at] ?? 0 })).filter(({ count }) => count > 0);
}
