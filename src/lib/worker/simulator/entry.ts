import { addDuration } from '$lib/core/calendar';
import { automationStarted } from '$lib/core/events/automations';
import { contactAddedToList } from '$lib/core/events/contacts';
import type { CalendarDuration, Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { SimulatedEntry } from '$lib/core/simulation';
import type { Parts } from '../parts';
import type { Planned } from './agenda';
import { chance } from './chance';

/** The deeds by which contacts enter, and the contacts as they were before. */
export function entering(
  contacts: readonly Contact[],
  entry: SimulatedEntry,
  given: {
    readonly automationId: Id;
    readonly graph: Graph;
    readonly catalogue: Parts['catalogue'];
    readonly start: Instant;
    readonly seed: number;
    readonly timeZone: string;
  }
): { readonly contacts: readonly Contact[]; readonly planned: readonly Planned[] } {
  const does = doneBy(entry, given);
  if (entry.by === 'itself' || does === null) return { contacts, planned: [] };
  const span = spanOf(entry.over, given);
  const planned = contacts.map(({ id }, at): Planned => ({
    contactId: id,
    // One after another, each within its own share of the span, so that none of them come at once.
    at: given.start + Math.floor((span * (at + chance(given.seed, 'entry', id))) / Math.max(1, contacts.length)),
    ...does,
    lineId: null
  }));
  const { listId } = does.properties;
  if (does.type !== contactAddedToList.type || typeof listId !== 'string') return { contacts, planned };
  // Who is on the list already could not join it.
  return { contacts: contacts.map((contact) => withoutList(contact, listId)), planned };
}

function spanOf(over: CalendarDuration | null, { start, timeZone }: { start: Instant; timeZone: string }): number {
  return over === null ? 0 : Math.min(addDuration(start, over, timeZone) - start, 365 * DAY);
}

function doneBy(
  entry: SimulatedEntry,
  { automationId, graph, catalogue }: { automationId: Id; graph: Graph; catalogue: Parts['catalogue'] }
): Pick<Planned, 'type' | 'properties'> | null {
  if (entry.by === 'itself') return null;
  if (entry.by === 'hand')
    return { type: automationStarted.type, properties: { automationId, fromAutomationId: null } };
  const trigger = graph.triggers.find(({ id }) => id === entry.triggerId);
  const definition = trigger && catalogue.triggers.get(trigger.unit);
  return definition ? { type: definition.event.type, properties: entry.properties } : null;
}

function withoutList(contact: Contact, listId: Id): Contact {
  const { [listId]: _joined, ...listedAt } = contact.listedAt;
  return { ...contact, listIds: contact.listIds.filter((id) => id !== listId), listedAt };
}
