import type { Catalogue } from '$lib/core/definitions';
import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { SimulatedJourney, Simulation } from '$lib/core/simulation';
import { jumpOf } from '../branches';
import type { Counts, Trail } from '../cards';
import { after, placeKey, stepIn } from '../places';

/** Where a journey is at an instant: at a step, ended in some way, or not begun (null). */
export type Whereabouts = { readonly stepId: Id } | { readonly ended: 'completed' | 'exited' | 'failed' };

const ENDS: ReadonlySet<JournalEntry['kind']> = new Set(['completed', 'exited', 'failed']);

export function whereAt(entries: readonly JournalEntry[], at: Instant, graph: Graph): Whereabouts | null {
  const last = entries.findLast((entry) => entry.at <= at);
  if (!last) return null;
  if (ENDS.has(last.kind)) return { ended: last.kind as 'completed' };
  const stepId = last.kind === 'moved' ? targetOf(last, graph) : (last.stepId ?? graph.entry);
  return stepId === null ? { ended: 'completed' } : { stepId };
}

function targetOf({ stepId, branch = 'next' }: JournalEntry, graph: Graph): Id | null {
  return (stepId === null ? undefined : stepIn(graph, stepId)?.next[branch]) ?? null;
}

/** The counts on the canvas as they are at an instant: who waits where, who has gone which way. */
export function countsAt(
  journeys: readonly Pick<SimulatedJourney, 'entries' | 'enteredBy'>[],
  at: Instant,
  graph: Graph,
  catalogue: Catalogue
): Counts {
  const waiting: Record<Id, number> = {};
  const left: Record<string, number> = {};
  const entered: Record<Id, number> = {};
  const add = (counts: Record<string, number>, key: string) => (counts[key] = (counts[key] ?? 0) + 1);
  for (const { entries, enteredBy } of journeys) {
    for (const { at: then, kind, stepId, branch = 'next' } of entries) {
      if (then > at) break;
      if (kind === 'entered' || kind === 'restarted') add(entered, triggerOf(enteredBy, graph, catalogue));
      else if (kind === 'moved') add(left, `${stepId ?? ''} ${branch}`);
    }
    const where = whereAt(entries, at, graph);
    if (where && 'stepId' in where) add(waiting, where.stepId);
  }
  return { waiting, left, entered };
}

/** The trigger that listens to the event by which somebody came in; the first one where nobody knows. */
export function triggerOf(eventType: string, graph: Graph, catalogue: Catalogue): Id {
  const heard = graph.triggers.find(({ unit }) => catalogue.triggers.get(unit)?.event.type === eventType);
  return (heard ?? graph.triggers[0])?.id ?? '';
}

/** The way that a journey has gone by its first `count` entries. */
export function trailOf(
  { entries, enteredBy }: Pick<SimulatedJourney, 'entries' | 'enteredBy'>,
  count: number,
  graph: Graph,
  catalogue: Catalogue
): Trail {
  const trigger = triggerOf(enteredBy, graph, catalogue);
  const nodes = new Set<Id>([trigger]);
  const edges = new Set<string>([`entry ${trigger}`]);
  let at: Id | null = trigger;
  for (const entry of entries.slice(0, count)) {
    const { kind, stepId, branch = 'next' } = entry;
    if (kind === 'entered') continue;
    if (stepId !== null) {
      nodes.add(stepId);
      at = stepId;
    }
    if (kind !== 'moved' || stepId === null) continue;
    edges.add(placeKey(after(stepId, branch)));
    const step = stepIn(graph, stepId);
    const target: Id | null = step ? (step.next[branch] ?? jumpOf(step, catalogue)) : null;
    if (target !== null) nodes.add(target);
    at = target ?? stepId;
  }
  return { nodes, edges, at };
}

/** How many messages would leave on each day, from the first on. */
export function sentByDay({ messages, start, end }: Pick<Simulation, 'messages' | 'start' | 'end'>): number[] {
  const days = Array.from({ length: Math.max(1, Math.ceil((end - start) / DAY)) }, () => 0);
  for (const { at, status } of messages) {
    const day = Math.min(days.length - 1, Math.floor((at - start) / DAY));
    if (status === 'sent' && day >= 0) days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

/** Of each contact the journey that it began last by an instant, or the first of those to come. */
export function journeysAt(journeys: readonly SimulatedJourney[], at: Instant): Map<Id, SimulatedJourney> {
  const found = new Map<Id, SimulatedJourney>();
  for (const journey of journeys) {
    const known = found.get(journey.contactId);
    if (!known || (journey.enteredAt <= at && journey.enteredAt >= known.enteredAt))
      found.set(journey.contactId, journey);
  }
  return found;
}

/** Under which end a journey is counted. */
export type End = 'underWay' | 'completed' | 'exited' | 'failed';

export function endOf(where: Whereabouts): End {
  return 'ended' in where ? where.ended : 'underWay';
}

/** How many journeys there are of each end at an instant. */
export function endsAt(journeys: readonly SimulatedJourney[], at: Instant, graph: Graph) {
  const ends = { underWay: 0, completed: 0, exited: 0, failed: 0 };
  for (const { entries } of journeys) {
    const where = whereAt(entries, at, graph);
    if (where) ends[endOf(where)]++;
  }
  return ends;
}
