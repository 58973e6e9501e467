import type { TriggerDefinition } from '$lib/core/definitions';
import { initialValues } from '$lib/core/fields';
import type { FilterTree } from '$lib/core/filter-tree';
import type { EventCondition } from '$lib/core/graph';
import type { Instant } from '$lib/core/instants';
import type { Related } from '$lib/core/related';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';
import { compileFilter } from '$lib/filters/compile';
import { filterTime } from '$lib/filters/time';
import type { Entrance } from './listeners';

/** A trigger with its settings: of an automation, or of a step that waits for its event. */
export interface Way {
  readonly definition: TriggerDefinition;
  readonly fields: Readonly<Record<string, unknown>>;
  /** the trigger's id, or the step's */
  readonly nodeId: string;
  readonly automationId: string;
}

/** Whether an event lets its contact into an automation by this way in. */
export function admits(
  { trigger, definition, automation }: Entrance,
  event: EventRow,
  contact: Contact,
  related: Related,
  view: WorkspaceView,
  now: Instant
): boolean {
  if (contact.hiddenAt !== undefined || contact.mergedInto !== undefined) return false;
  if (definition === null) return event.properties.automationId === automation.id;
  const way = { definition, fields: fieldsOf(trigger, definition), nodeId: trigger.id, automationId: automation.id };
  return admitsBy(way, event, contact, related, view, now);
}

/** The trigger's own rule, then its filters. */
export function admitsBy(
  { definition, fields, nodeId, automationId }: Way,
  event: EventRow,
  contact: Contact,
  related: Related,
  view: WorkspaceView,
  now: Instant
): boolean {
  if (event.type !== definition.event.type) return false;
  const properties = { ...initialValues(definition.event.properties), ...event.properties };
  if (definition.admits && !definition.admits({ fields: fields, properties, automationId, nodeId })) return false;
  // A tree on contacts (of a daily check) was asked when the event was written.
  if (definition.daily) return true;
  return meets((fields.filters ?? null) as FilterTree | null, contact, properties, related, view, now);
}

/** What an event does to a journey under way, beyond waking it. */
export function interruption(
  version: Version,
  event: EventRow,
  contact: Contact,
  related: Related,
  view: WorkspaceView,
  now: Instant
): 'exit' | 'restart' | null {
  const meetsOne = (conditions: readonly EventCondition[]): boolean =>
    conditions.some(
      ({ event: type, filters }) => type === event.type && meets(filters, contact, event.properties, related, view, now)
    );
  if (meetsOne(version.settings.exit)) return 'exit';
  return meetsOne(version.settings.restart) ? 'restart' : null;
}

/** Whether a journey waits for events of this type at all; the waiting step itself then looks closer. */
export function isAwaited(enrolment: Enrolment, event: EventRow): boolean {
  return enrolment.status === 'waiting' && enrolment.wait?.for === 'event' && enrolment.wait.event === event.type;
}

function meets(
  filters: FilterTree | null,
  contact: Contact,
  properties: EventRow['properties'],
  related: Related,
  view: WorkspaceView,
  now: Instant
): boolean {
  return filters === null || compileFilter(filters, filterTime(view, now))(contact, properties, related);
}
