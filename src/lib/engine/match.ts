import type { Fields, ValuesOf } from '$lib/core/fields';
import type { EventCondition } from '$lib/core/graph';
import type { Instant } from '$lib/core/instants';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import { compileFilter } from '$lib/filters/compile';
import { initialValues } from '$lib/core/fields';
import type { Entrance } from './listeners';

/** Whether an event lets its contact into an automation by this way: the trigger's own rule, then its filters. */
export function admits(
  { trigger, definition, automation }: Entrance,
  event: EventRow,
  contact: Contact,
  view: WorkspaceView,
  now: Instant
): boolean {
  if (contact.hiddenAt !== undefined || contact.mergedInto !== undefined) return false;
  const fields = { ...initialValues(definition.fields), ...trigger.fields } as ValuesOf<Fields> & {
    filters?: FilterTree | null;
  };
  const properties = { ...initialValues(definition.event.properties), ...event.properties };
  if (definition.admits && !definition.admits({ fields, properties, automationId: automation.id })) return false;
  return meets(fields.filters ?? null, contact, properties, view, now);
}

/** What an event does to a journey under way, beyond waking it. */
export function interruption(
  version: Version,
  event: EventRow,
  contact: Contact,
  view: WorkspaceView,
  now: Instant
): 'exit' | 'restart' | null {
  const meetsOne = (conditions: readonly EventCondition[]): boolean =>
    conditions.some(
      ({ event: type, filters }) => type === event.type && meets(filters, contact, event.properties, view, now)
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
  view: WorkspaceView,
  now: Instant
): boolean {
  if (filters === null) return true;
  return compileFilter(filters, { now, timeZone: view.settings.get('workspace')?.timeZone ?? 'UTC' })(
    contact,
    properties
  );
}
