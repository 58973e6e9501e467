import { statisticsByAutomation, versionById, waitingByStep } from '$lib/app/queries';
import type { Automation } from '$lib/core/rows/automations';
import type { Counts } from './cards';

type Database = Parameters<typeof statisticsByAutomation>[0];

/** What is counted at the steps: who waits on the version that runs, and who has gone which way on any version. */
export async function countsOf(
  database: Database,
  automation: Pick<Automation, 'id' | 'activeVersionId'>
): Promise<Counts> {
  const version =
    automation.activeVersionId === null ? undefined : await versionById(database, automation.activeVersionId);
  const [waiting, statistics] = await Promise.all([
    version ? waitingByStep(database, version) : {},
    statisticsByAutomation(database, automation.id)
  ]);
  const left: Record<string, number> = {};
  for (const { stepId, what, count } of statistics) {
    if (stepId === null || !what.startsWith(LEFT_BY)) continue;
    const key = `${stepId} ${what.slice(LEFT_BY.length)}`;
    left[key] = (left[key] ?? 0) + count;
  }
  return { waiting, left };
}

/** What the statistics call a step that was left by a branch. */
const LEFT_BY = 'branch:';
