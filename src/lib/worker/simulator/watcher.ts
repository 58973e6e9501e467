import type { Change } from '$lib/core/changes';
import type { Catalogue } from '$lib/core/definitions';
import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { MemoryStorage } from '$lib/storage/memory';
import type { Milestone } from './script';

/**
 * Sees from the changes that are committed which journeys have got where: what lines of the script count from. A step that sends is
 * reached once its message has been sent.
 */
export class Watcher {
  rows = 0;
  private readonly sending: ReadonlySet<Id>;
  private touched = new Set<Id>();
  private sent = new Set<Id>();
  private readonly seen = new Map<Id, Enrolment['visits']>();

  constructor(
    private readonly automationId: Id,
    catalogue: Catalogue,
    graph: Graph
  ) {
    const sends = (unit: string): boolean => {
      const definition = catalogue.steps.get(unit);
      return definition !== undefined && 'request' in definition;
    };
    this.sending = new Set(graph.steps.filter(({ unit }) => sends(unit)).map(({ id }) => id));
  }

  note(changes: readonly Change[]): Promise<void> {
    this.rows += changes.length;
    for (const { table, id, set } of changes) {
      if (table === 'enrolments') this.touched.add(String(id));
      else if (table === 'outbox' && set?.status === 'sent') this.sent.add(String(id));
    }
    return Promise.resolve();
  }

  /** What was there before is no news. */
  reset(): void {
    this.rows = 0;
    this.touched = new Set();
    this.sent = new Set();
  }

  /** What has been reached since the last call. */
  async milestones(storage: MemoryStorage, now: Instant): Promise<Milestone[]> {
    if (this.touched.size === 0 && this.sent.size === 0) return [];
    const [touched, sent] = [[...this.touched], [...this.sent]];
    this.touched = new Set();
    this.sent = new Set();
    const { enrolments, messages } = await storage.read(async (reader) => ({
      enrolments: await reader.getMany('enrolments', touched),
      messages: await reader.getMany('outbox', sent)
    }));
    const found = enrolments.flatMap((row) =>
      row?.automationId === this.automationId ? this.progressOf(row, now) : []
    );
    for (const row of messages)
      if (row?.automationId === this.automationId)
        found.push({
          what: 'step',
          stepId: row.stepId,
          contactId: row.contactId,
          journeyId: row.enrolmentId,
          visit: row.visit,
          at: now,
          message: row.id
        });
    return found;
  }

  private progressOf({ id, contactId, visits }: Enrolment, now: Instant): Milestone[] {
    const before = this.seen.get(id);
    this.seen.set(id, visits);
    const base = { contactId, journeyId: id, at: now };
    const entry: Milestone[] = before ? [] : [{ ...base, what: 'entry', stepId: null, visit: 1 }];
    const steps = Object.entries(visits).filter(
      ([stepId, count]) => count > (before?.[stepId] ?? 0) && !this.sending.has(stepId)
    );
    return [...entry, ...steps.map(([stepId, visit]): Milestone => ({ ...base, what: 'step', stepId, visit }))];
  }
}
