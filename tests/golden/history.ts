import type { Change } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { EventRow } from '$lib/core/rows/events';
import { journalOf } from '$lib/engine/journal';
import { World } from '$lib/worker/testing/world';

/** What came in from outside the engine at an instant: facts, and what they changed. */
export interface Happening {
  readonly at: Instant;
  readonly changes: readonly Change[];
  readonly events: readonly EventRow[];
}

/** A workspace, and what happened in it until an instant. */
export interface Past {
  readonly about: string;
  readonly workspace: readonly Change[];
  readonly happenings: readonly Happening[];
  readonly until: Instant;
}

/** What the engine made of a past: by enrolment, outbox row, statistic and contact. */
export interface Outcome {
  readonly journeys: Record<string, { status: string; journal: readonly JournalEntry[] }>;
  readonly outbox: Record<string, { status: string; sentAt?: Instant; subject?: string }>;
  readonly statistics: Record<string, number>;
  readonly contacts: Record<string, { attributes: unknown; listIds: readonly string[] }>;
}

/** A past with what the engine made of it when it was recorded. Such a file is never changed: every later engine says the same. */
export interface History extends Past {
  readonly outcome: Outcome;
}

/** Lets the engine of today live through a past, its clock going from one due time to the next. */
export async function relive({ workspace, happenings, until }: Past): Promise<Outcome> {
  const world = new World();
  await world.put(...workspace);
  await world.open();
  for (const { at, changes, events } of happenings) {
    await passTo(world, at);
    await world.desk.edit(() => Promise.resolve({ effect: { changes, events }, value: undefined }));
    await world.look();
  }
  await passTo(world, until);
  const outcome = await outcomeOf(world);
  world.close();
  // As it is in a file.
  return JSON.parse(JSON.stringify(outcome)) as Outcome;
}

async function passTo(world: World, instant: Instant): Promise<void> {
  for (let due = await world.runner.nextDue(); due < instant; due = await world.runner.nextDue()) {
    world.now = due;
    await world.look();
  }
  world.now = instant;
  await world.look();
}

async function outcomeOf(world: World): Promise<Outcome> {
  const [enrolments, journal, outbox, statistics, contacts] = await Promise.all([
    world.all('enrolments'),
    world.all('journal'),
    world.outbox(),
    world.all('statistics'),
    world.all('contacts')
  ]);
  const journeys = enrolments.map((enrolment) => {
    const blocks = journal.filter(({ enrolmentId }) => enrolmentId === enrolment.id);
    return [enrolment.id, { status: enrolment.status, journal: journalOf(enrolment, blocks) }] as const;
  });
  return {
    journeys: Object.fromEntries(journeys),
    outbox: Object.fromEntries(
      outbox.map(({ id, status, sentAt, request }) => [
        id,
        { status, sentAt, ...(request.channel === 'email' ? { subject: request.subject } : {}) }
      ])
    ),
    statistics: Object.fromEntries(statistics.map(({ id, count }) => [id, count])),
    contacts: Object.fromEntries(contacts.map(({ id, attributes, listIds }) => [id, { attributes, listIds }]))
  };
}
