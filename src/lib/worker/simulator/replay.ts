import type { BranchField } from '$lib/core/fields';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import type { Replay, ReplayStep } from '$lib/core/simulation';
import { explainFilter, type Explanation } from '$lib/filters/explain';
import { needsOf } from '$lib/filters/needs';
import { filterTime } from '$lib/filters/time';
import { outboxId, stepOf } from '$lib/engine/steps';
import { knownName } from '$lib/records/contacts/known-name';
import type { Reader } from '$lib/storage/port';
import { loadRelated } from '../related';
import { shownMessage } from './run';

/** A real journey from its journal: each line with the version it ran on, the event that caused it and the message that it sent. */
export async function replayOf(reader: Reader, enrolmentId: Id): Promise<Replay | null> {
  const enrolment = await reader.get('enrolments', enrolmentId);
  if (!enrolment) return null;
  const blocks = await reader.query('journal', { from: [enrolmentId, 0], to: [enrolmentId, Number.MAX_SAFE_INTEGER] });
  const lines = [
    ...blocks.flatMap(({ entries, versionId }) => entries.map((entry) => ({ entry, versionId }))),
    ...(enrolment.entries ?? []).map((entry) => ({ entry, versionId: enrolment.versionId }))
  ];
  const contact = await reader.get('contacts', enrolment.contactId);
  const eventIds = [...new Set(lines.flatMap(({ entry }) => entry.eventId ?? []))];
  const events = new Map((await reader.getMany('events', eventIds)).map((event) => [event?.id, event]));
  const messages = await messagesOf(reader, enrolment, lines);
  const view = await reader.view();
  const versionIds = [...new Set(lines.map(({ versionId }) => versionId))];
  return {
    contact: { id: enrolment.contactId, name: contact ? knownName(contact) : '' },
    enteredBy: enrolment.event.type,
    versions: versionIds.flatMap((id) => view.versions.get(id) ?? []),
    steps: lines.map(({ entry, versionId }, at): ReplayStep => {
      const event = entry.eventId === enrolment.event.id ? enrolment.event : events.get(entry.eventId);
      return {
        entry,
        versionId,
        event: event
          ? { id: event.id, type: event.type, occurredAt: event.occurredAt, properties: event.properties }
          : null,
        message: messages[at] ?? null
      };
    })
  };
}

/** Of lines that left a step by sending, or failed to: their messages. */
async function messagesOf(reader: Reader, { id }: Enrolment, lines: readonly { readonly entry: JournalEntry }[]) {
  const ids = lines.map(({ entry: { kind, stepId, visit = 1 } }) =>
    stepId !== null && (kind === 'moved' || kind === 'waits') ? outboxId(id, stepId, visit) : null
  );
  const wanted = [...new Set(ids.flatMap((one) => one ?? []))];
  const found = new Map((await reader.getMany('outbox', wanted)).map((row) => [row?.id, row]));
  return ids.map((one) => {
    const row = found.get(one ?? undefined);
    return row ? shownMessage(row) : null;
  });
}

/**
 * Each branch of a split with what its conditions see: the event is that of the journey, the contact is as it is now. Empty where the
 * step does not choose by conditions, null where something is gone.
 */
export async function whyOf(
  reader: Reader,
  { enrolmentId, versionId, stepId }: { enrolmentId: Id; versionId: Id; stepId: Id },
  now: Instant
): Promise<{ branch: string; explanation: Explanation }[] | null> {
  const view = await reader.view();
  const enrolment = await reader.get('enrolments', enrolmentId);
  const contact = enrolment && (await reader.get('contacts', enrolment.contactId));
  const version = view.versions.get(versionId);
  if (!contact || !version) return null;
  const given = stepOf(version.graph, stepId)?.fields.branches;
  const branches = Array.isArray(given) ? (given as BranchField[]) : [];
  const time = filterTime(view, now);
  const found: { branch: string; explanation: Explanation }[] = [];
  for (const { name, filters } of branches) {
    if (filters === null) continue;
    const related = await loadRelated(reader, [contact], needsOf(filters, time));
    const { properties } = enrolment.event;
    found.push({ branch: name, explanation: explainFilter(filters, contact, properties, time, related(contact.id)) });
  }
  return found;
}
