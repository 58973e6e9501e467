import type { EnrolmentStatus } from '$lib/core/rows/automations';
import type { Id } from '$lib/core/ids';
import type { Tables } from '$lib/core/tables';
import Dexie from 'dexie';
import type { WorkspaceDatabase } from '../database';
import type { Page } from './page';

/** Last changed first. */
export function automations(database: WorkspaceDatabase): Promise<Tables['automations'][]> {
  return database.automations.toArray().then((rows) => rows.sort((left, right) => right.updatedAt - left.updatedAt));
}

/** The active ones, by name, whose version in force has this trigger. */
export async function automationsByTrigger(
  database: WorkspaceDatabase,
  unit: string
): Promise<Tables['automations'][]> {
  const active = (await database.automations.toArray()).filter(({ status }) => status === 'active');
  const versions = await database.versions.bulkGet(active.map(({ activeVersionId }) => activeVersionId ?? ''));
  return active
    .filter((_, at) => versions[at]?.graph.triggers.some((trigger) => trigger.unit === unit))
    .sort((left, right) => left.name.localeCompare(right.name));
}

export function automationById(database: WorkspaceDatabase, id: Id): Promise<Tables['automations'] | undefined> {
  return database.automations.get(id);
}

/** Newest first. */
export async function versionsByAutomation(
  database: WorkspaceDatabase,
  automationId: Id
): Promise<Tables['versions'][]> {
  const rows = await database.versions.where('automationId').equals(automationId).toArray();
  return rows.sort((left, right) => right.number - left.number);
}

export async function versionsById(database: WorkspaceDatabase, ids: readonly Id[]): Promise<Tables['versions'][]> {
  return (await database.versions.bulkGet([...ids])).filter((row) => row !== undefined);
}

/** How many journeys are under way on each version. */
export async function underWayByVersion(
  database: WorkspaceDatabase,
  versions: readonly Pick<Tables['versions'], 'id'>[]
): Promise<ReadonlyMap<Id, number>> {
  const counts = await Promise.all(
    versions.map(({ id }) =>
      database.enrolments.where('[versionId+stepId]').between([id, Dexie.minKey], [id, Dexie.maxKey]).count()
    )
  );
  return new Map(versions.map(({ id }, at) => [id, counts[at] ?? 0]));
}

export function versionById(database: WorkspaceDatabase, id: Id): Promise<Tables['versions'] | undefined> {
  return database.versions.get(id);
}

/** In the order of the ids, which says nothing but stays the same. */
export function enrolmentsByStatus(
  database: WorkspaceDatabase,
  { automationId, status, offset, limit }: { automationId: Id; status: EnrolmentStatus } & Page
): Promise<Tables['enrolments'][]> {
  return database.enrolments
    .where('[automationId+status]')
    .equals([automationId, status])
    .offset(offset)
    .limit(limit)
    .toArray();
}

/** Those of one step of a version, first come first. */
export async function enrolmentsByStep(
  database: WorkspaceDatabase,
  { versionId, stepId, limit }: { versionId: Id; stepId: Id; limit: number }
): Promise<Tables['enrolments'][]> {
  const rows = await database.enrolments.where('[versionId+stepId]').equals([versionId, stepId]).limit(limit).toArray();
  return rows.sort((left, right) => left.since - right.since);
}

export async function enrolmentCountsByStatus(
  database: WorkspaceDatabase,
  automationId: Id
): Promise<Record<EnrolmentStatus, number>> {
  const countOf = (status: EnrolmentStatus): Promise<number> =>
    database.enrolments.where('[automationId+status]').equals([automationId, status]).count();
  const [active, waiting, completed, exited, failed] = await Promise.all([
    countOf('active'),
    countOf('waiting'),
    countOf('completed'),
    countOf('exited'),
    countOf('failed')
  ]);
  return { active, waiting, completed, exited, failed };
}

/** How many contacts are at each step of a version: an enrolment that has ended is at none. */
export async function waitingByStep(
  database: WorkspaceDatabase,
  version: Pick<Tables['versions'], 'id' | 'graph'>
): Promise<Record<Id, number>> {
  const stepIds = version.graph.steps.map(({ id }) => id);
  const counts = await Promise.all(
    stepIds.map((stepId) => database.enrolments.where('[versionId+stepId]').equals([version.id, stepId]).count())
  );
  return Object.fromEntries(stepIds.map((stepId, at) => [stepId, counts[at] as number]));
}

export function statisticsByAutomation(database: WorkspaceDatabase, automationId: Id): Promise<Tables['statistics'][]> {
  return database.statistics.where('automationId').equals(automationId).toArray();
}

export function enrolmentById(database: WorkspaceDatabase, id: Id): Promise<Tables['enrolments'] | undefined> {
  return database.enrolments.get(id);
}

/** The blocks of a journey's journal, oldest first; the end of it is in the enrolment's own row. */
export function journalBlocks(database: WorkspaceDatabase, enrolmentId: Id): Promise<Tables['journal'][]> {
  return database.journal
    .where('[enrolmentId+seq]')
    .between([enrolmentId, Dexie.minKey], [enrolmentId, Dexie.maxKey])
    .toArray();
}
