import { catalogue } from '$lib/catalogue/registry';
import { EVENT_TYPES } from '$lib/core/events';
import { initialValues } from '$lib/core/fields';
import { MINUTE, type Instant } from '$lib/core/instants';
import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import type { EventRow } from '$lib/core/rows/events';
import { admitsBy } from '$lib/engine/match';
import { sources } from '$lib/sources/registry';
import { addedTo } from '../journals';
import { viewOf } from '../mirror';
import { Violation, type Commit, type Simulation } from '../simulation';
import type { Invariant } from './invariant';

const NAME = 'a wait is met by what happened in its time, whenever that is learnt';

type EventWait = Extract<NonNullable<Enrolment['wait']>, { for: 'event' }>;

/** By which branch a waiting step may be left, and that nobody waits for what is known to have happened. */
export const waitsAreFair: Invariant = (simulation) => ({
  committed: (commit) => {
    for (const { entries, before, after } of addedTo(commit, simulation.mirror)) {
      if (after?.wait?.for === 'event' && after.wait !== before?.wait && entries.at(-1)?.kind === 'waits')
        begins(simulation, commit, after, after.wait);
      if (before?.wait?.for !== 'event') continue;
      const left = entries.find(
        ({ kind }) => kind === 'moved' || kind === 'exited' || kind === 'restarted' || kind === 'failed'
      );
      if (left?.kind !== 'moved' || left.stepId !== before.stepId) continue;
      // Brought to another version, it waits for what that one says.
      if (entries.slice(0, entries.indexOf(left)).some(({ kind }) => kind === 'switched')) {
        if (left.branch === 'yes') metAnew(simulation, after ?? before, left);
        continue;
      }
      if (left.branch === 'yes') met(simulation, before, before.wait, left);
      if (left.branch === 'no') passed(simulation, commit, before, before.wait);
    }
  },
  atEnd: () => {
    for (const enrolment of simulation.mirror.all('enrolments')) {
      const { wait, automationId } = enrolment;
      if (wait?.for !== 'event' || simulation.mirror.get('automations', automationId)?.status !== 'active') continue;
      const event = answerTo(simulation, enrolment, wait, simulation.mirror.all('events'));
      if (event) throw new Violation(NAME, `${enrolment.id} waits for ${wait.event}, and ${event.id} has happened`);
    }
  }
});

/** Nobody begins to wait for what is known to have happened. */
function begins(simulation: Simulation, { touched }: Commit, enrolment: Enrolment, wait: EventWait): void {
  const fresh = new Set(touched.flatMap(({ table, id }) => (table === 'events' ? [id] : [])));
  const known = simulation.mirror.all('events').filter(({ id, unmatched }) => !fresh.has(id) && unmatched !== 1);
  const event = answerTo(simulation, enrolment, wait, known);
  if (event)
    throw new Violation(NAME, `${enrolment.id} begins to wait for ${wait.event}, and ${event.id} has happened`);
}

/** Left because the event came: it did, and within the time. */
function met({ mirror }: Simulation, { id }: Enrolment, wait: EventWait, { eventId = '' }: JournalEntry): void {
  const event = mirror.get('events', eventId) ?? mirror.buried('events', eventId);
  if (event?.type !== wait.event) throw new Violation(NAME, `${id} was met by ${eventId}, which is no ${wait.event}`);
  if (!isWithin(wait, event))
    throw new Violation(
      NAME,
      `${id} was met by ${eventId} of ${event.occurredAt}, out of ${wait.from} to ${wait.limit}`
    );
}

/** Left because of what the version says to which it was brought in that moment. */
function metAnew({ mirror }: Simulation, { id, versionId }: Enrolment, { stepId, eventId = '' }: JournalEntry): void {
  const event = mirror.get('events', eventId) ?? mirror.buried('events', eventId);
  const step = mirror.get('versions', versionId)?.graph.steps.find((one) => one.id === stepId);
  const wanted = (step?.fields as { event?: string } | undefined)?.event;
  if (event?.type !== wanted) throw new Violation(NAME, `${id} was met by ${eventId}, which is no ${wanted}`);
}

/** Left because the time is over: it is, nothing happened, and whoever might still tell of something has been asked. */
function passed(simulation: Simulation, { at, touched }: Commit, enrolment: Enrolment, wait: EventWait): void {
  const { mirror } = simulation;
  const { limit } = wait;
  if (limit === null || limit > at) throw new Violation(NAME, `${enrolment.id} ran out of time before ${limit}`);
  const fresh = new Set(
    touched.flatMap(({ table, id, before }) => (table === 'events' && before === undefined ? [id] : []))
  );
  const event = answerTo(
    simulation,
    enrolment,
    wait,
    mirror.all('events').filter(({ id }) => !fresh.has(id))
  );
  if (event)
    throw new Violation(NAME, `${enrolment.id} ran out of time, and ${event.id} had happened at ${event.occurredAt}`);
  for (const { id, delivers } of outlets(simulation)) {
    const cursor = mirror.get('cursors', id);
    const allowance = mirror.get('settings', 'workspace')?.sourceAllowance ?? 0;
    const isGivenUp = cursor?.failingSince !== undefined && at - cursor.failingSince > allowance;
    if (delivers.includes(wait.event) && !isGivenUp && (cursor?.watermark ?? 0) < limit)
      throw new Violation(
        NAME,
        `${enrolment.id} ran out of time at ${limit}, and ${id} was read up to ${cursor?.watermark} only`
      );
  }
}

/** Whether a source may still tell of the event from before the limit. */
export function isHeldBySource(simulation: Simulation, { wait }: Enrolment): boolean {
  if (wait?.for !== 'event') return false;
  const { event, limit } = wait;
  return outlets(simulation).some(
    ({ id, delivers }) =>
      delivers.includes(event) && (simulation.mirror.get('cursors', id)?.watermark ?? 0) < (limit ?? Infinity)
  );
}

function outlets({ mirror }: Simulation): { id: string; delivers: readonly string[] }[] {
  return [...sources.values()].flatMap(({ id, provider, delivers }) =>
    provider === 'sandbox'
      ? [{ id, delivers }]
      : mirror
          .all('accounts')
          .flatMap((account) => (account.provider === provider ? [{ id: `${id}:${account.id}`, delivers }] : []))
  );
}

/** The first of the events that the wait is for. */
function answerTo(
  { mirror, now }: Simulation,
  enrolment: Enrolment,
  wait: EventWait,
  events: readonly EventRow[]
): EventRow | undefined {
  const step = mirror.get('versions', enrolment.versionId)?.graph.steps.find(({ id }) => id === enrolment.stepId);
  const definition = catalogue.triggers.get(wait.event);
  const contact = mirror.get('contacts', enrolment.contactId);
  if (!step || !definition || !contact) return undefined;
  const fields = {
    ...initialValues(definition.fields),
    ...(step.fields.settings as Readonly<Record<string, unknown>>)
  };
  const way = { definition, fields, nodeId: step.id, automationId: enrolment.automationId };
  return events.find(
    (event) =>
      event.type === wait.event &&
      event.contactId === enrolment.contactId &&
      event.id !== enrolment.event.id &&
      isWithin(wait, event, enrolment.enteredAt) &&
      admitsBy(way, event, contact, {}, viewOf(mirror), now)
  );
}

/** Clocks of providers differ from ours: what is known by its message may have happened a little before it was sent. */
function isWithin(
  { event: type, from, limit, messageIds }: EventWait,
  event: EventRow,
  enteredAt: Instant = -Infinity
): boolean {
  if (limit !== null && event.occurredAt > limit) return false;
  if (messageIds === null) return event.occurredAt >= from;
  const property = EVENT_TYPES.get(type)?.messageProperty ?? '';
  return messageIds.includes(String(event.properties[property])) && event.occurredAt >= enteredAt - 10 * MINUTE;
}
