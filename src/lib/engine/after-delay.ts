import type { CalendarDuration, Graph } from '$lib/core/graph';
import type { Catalogue } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { WorkspaceView } from '$lib/core/tables';
import type { Words } from '$lib/core/words';
import { fieldsOf } from '$lib/core/unit-fields';
import { stepOf } from './steps';

/** A message that comes right after a delay: the only ones that can be handed over ahead. */
export interface AfterDelay {
  readonly stepId: Id;
  readonly delay: CalendarDuration;
  /** Who sends it, where that is a choice: a name or number for SMS, an address for emails; null while nobody is chosen. */
  readonly from: string | null;
  /** The account through which it goes; null: the Sandbox. */
  readonly accountId: Id | null;
}

/** A message right after a delay: whether it would be handed over ahead, and to whom or why not. */
export interface GoingAhead {
  readonly stepId: Id;
  readonly goes: boolean;
  readonly says: Words;
}

const DELAY = 'rule.delay';

/** The messages of a graph that come right after a delay, in the order of its steps. */
export function messagesAfterDelays(graph: Graph, catalogue: Catalogue, view: WorkspaceView): AfterDelay[] {
  const delay = catalogue.steps.get(DELAY);
  const delays = new Map<Id, CalendarDuration>();
  for (const step of graph.steps) {
    const next = step.next.next ?? null;
    if (!delay || step.unit !== DELAY || next === null) continue;
    delays.set(next, (fieldsOf(step, delay) as { duration: CalendarDuration }).duration);
  }
  return [...delays].flatMap(([stepId, duration]): AfterDelay[] => {
    const step = stepOf(graph, stepId);
    const definition = step && catalogue.steps.get(step.unit);
    if (!definition || !('request' in definition)) return [];
    return [{ stepId, delay: duration, ...senderOf(fieldsOf(step, definition), step.unit, view) }];
  });
}

function senderOf(
  fields: Readonly<Record<string, unknown>>,
  unit: string,
  { senders, smsSenders }: WorkspaceView
): Pick<AfterDelay, 'from' | 'accountId'> {
  const { senderId, accountId } = fields as { senderId?: Id | null; accountId?: Id | null };
  if (senderId === undefined) return { from: '', accountId: accountId ?? null };
  if (unit === 'sms.send') {
    const sender = smsSenders.get(senderId ?? '');
    return { from: sender?.name ?? null, accountId: sender?.accountId ?? null };
  }
  const sender = senders.get(senderId ?? '');
  return { from: sender?.email ?? null, accountId: sender?.accountId ?? null };
}
