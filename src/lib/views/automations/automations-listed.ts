import { automations, enrolmentCountsByStatus, versionById } from '$lib/app/queries';
import type { Automation } from '$lib/core/rows/automations';

export interface AutomationListed {
  readonly automation: Automation;
  /** Journeys that have not ended. */
  readonly underWay: number;
  readonly completed: number;
  readonly publishedAt: number | undefined;
}

/** Last changed first. */
export async function automationsListed(database: Parameters<typeof automations>[0]): Promise<AutomationListed[]> {
  return Promise.all(
    (await automations(database)).map(async (automation) => {
      const { activeVersionId } = automation;
      const [counts, version] = await Promise.all([
        enrolmentCountsByStatus(database, automation.id),
        activeVersionId === null ? undefined : versionById(database, activeVersionId)
      ]);
      return {
        automation,
        underWay: counts.active + counts.waiting,
        completed: counts.completed,
        publishedAt: version?.publishedAt
      };
    })
  );
}
