import type { Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { Deed, SimulatedMessage, Simulation } from '$lib/core/simulation';
import { words } from '$lib/i18n';
import type { IconName } from '$lib/ui/icons';
import { branchName } from '$lib/views/catalogue/units';
import { eventIcon, eventTitle } from '$lib/views/events/event-words';
import { entryText } from '$lib/views/journeys/journey-words';
import { stepIn } from '../places';

/** One line of what happens to a contact. */
export interface TimelineItem {
  readonly at: Instant;
  readonly tone: 'plain' | 'good' | 'bad' | 'deed' | 'message' | 'held';
  readonly icon: IconName | null;
  readonly title: string;
  readonly detail: string;
  /** The way by which a step was left, where it has a name. */
  readonly branch?: string;
  readonly deed?: Deed;
  readonly message?: SimulatedMessage;
}

/** What happens to one contact, oldest first: what it does, the decisions of its journeys, and its messages in their place. */
export function timelineOf(simulation: Simulation, contactId: Id, graph: Graph): TimelineItem[] {
  const messages = simulation.messages.filter((message) => message.contactId === contactId);
  const placed = new Set<Id>();
  const items: { readonly order: number; readonly item: TimelineItem }[] = [];
  for (const journey of simulation.journeys) {
    if (journey.contactId !== contactId) continue;
    for (const entry of journey.entries) {
      const message = messages.find(
        ({ id, journeyId, stepId, at }) =>
          journeyId === journey.id &&
          stepId === entry.stepId &&
          entry.kind === 'moved' &&
          at <= entry.at &&
          !placed.has(id)
      );
      if (message) placed.add(message.id);
      if (message) items.push({ order: 1, item: messageItem(message) });
      else if (says(entry)) items.push({ order: 1, item: entryItem(entry, graph) });
    }
  }
  // Of other automations, and those that have not left.
  for (const message of messages) if (!placed.has(message.id)) items.push({ order: 2, item: messageItem(message) });
  for (const deed of simulation.deeds)
    if (deed.contactId === contactId)
      items.push({
        order: 0,
        item: { at: deed.at, tone: 'deed', icon: eventIcon(deed), title: eventTitle(deed), detail: '', deed }
      });
  return items.sort((one, other) => one.item.at - other.item.at || one.order - other.order).map(({ item }) => item);
}

/** That a wait is over, a message queued or a step passed without a word is told by what comes next. */
function says({ kind, words: text, branch }: JournalEntry): boolean {
  if (kind === 'woke' || kind === 'queued') return false;
  return kind !== 'moved' || text !== undefined || (branch !== 'next' && branch !== 'to');
}

function entryItem(entry: JournalEntry, graph: Graph): TimelineItem {
  const { title, detail } = entryText(entry, { graph });
  const { kind, at, branch = 'next', stepId } = entry;
  const tone = kind === 'failed' ? 'bad' : kind === 'completed' ? 'good' : 'plain';
  const step = stepId === null ? undefined : stepIn(graph, stepId);
  const isNamed = kind === 'moved' && branch !== 'next' && branch !== 'sent' && branch !== 'to' && step !== undefined;
  return {
    at,
    tone,
    icon: null,
    title,
    detail,
    ...(isNamed ? { branch: branchName(step.unit, branch, step.fields) } : {})
  };
}

function messageItem(message: SimulatedMessage): TimelineItem {
  const { at, status, channel, title, reason } = message;
  const icon = channel === 'email' ? 'mail' : channel === 'webhook' ? 'webhook' : 'message-square';
  const tone = status === 'sent' ? 'message' : 'held';
  return { at, tone, icon, title, detail: reason ? words(reason) : '', message };
}
