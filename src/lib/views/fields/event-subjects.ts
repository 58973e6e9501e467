import type { Catalogue } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import type { Control, Fields } from '$lib/core/fields';
import type { Graph } from '$lib/core/graph';
import type { EventSubjects } from '../filters/subjects';
import { compareWords, words } from '$lib/i18n';

/** Properties of this event may be named freely. */
const OPEN_EVENT = 'custom.event';

export function eventSubjects(type: string): EventSubjects | null {
  const event = EVENT_TYPES.get(type);
  return event ? { properties: event.properties, isOpen: type === OPEN_EVENT } : null;
}

/** What conditions of a field may look at: the properties it lists, or those of the event that another field names. */
export function subjectsOf(
  control: Extract<Control, { kind: 'eventFilters' }>,
  fields: Readonly<Record<string, unknown>>
): EventSubjects | null {
  if (control.of !== undefined) return eventSubjects(String(fields[control.of]));
  return control.properties ? { properties: control.properties, isOpen: 'name' in control.properties } : null;
}

/** The event that lets a contact in: the properties of all triggers together. */
export function entryEvent(graph: Graph, catalogue: Catalogue): EventSubjects | null {
  const events = graph.triggers.flatMap(({ unit }) => catalogue.triggers.get(unit)?.event ?? []);
  if (events.length === 0) return null;
  const properties: Fields = Object.assign({}, ...events.map((event) => event.properties)) as Fields;
  return { properties, isOpen: events.some(({ type }) => type === OPEN_EVENT) };
}

/** Every event type, or those that a trigger listens to, by name. */
export function eventChoices(
  types: Iterable<string> = EVENT_TYPES.keys()
): { value: string; label: string; detail: string }[] {
  return [...types]
    .map((type) => ({ value: type, label: words({ key: `catalogue.${type}.name` }), detail: type }))
    .sort((left, right) => compareWords(left.label, right.label));
}
