import { newEvent } from '$lib/core/events/define';
import type { Effect } from '$lib/core/definitions';
import type { Given } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { words, type Words } from '$lib/core/words';
import { createContact, together } from '$lib/records/contacts';
import { identityKey } from '$lib/records/contacts/identity';
import {
  eventOfJson,
  eventOfRow,
  namesEvents,
  type FileReading,
  type GivenEvent,
  type GivenPerson
} from '$lib/records/events/given-event';
import type { Transaction } from '$lib/storage/port';
import type { EventImportPlan, EventImportReport, Progress } from './drafts';
import { consequences } from './consequences';
import { openCsv } from './csv';
import type { Desk } from './desk';
import { linesOf } from './lines';

/** Lines of the file in one transaction. */
const BATCH = 500;
/** Refused lines that are kept, to be shown. */
const MOST_REFUSED = 1_000;

/** A line that was read, or why not. */
type Line = { readonly line: number; readonly raw: string; readonly read: Result<GivenEvent> };

/** Refused lines, and what the others became. */
class Report {
  recorded = 0;
  duplicates = 0;
  created = 0;
  refusedCount = 0;
  readonly refused: EventImportReport['refused'][number][] = [];

  refuse({ line, raw }: Pick<Line, 'line' | 'raw'>, reason: Words): void {
    this.refusedCount++;
    if (this.refused.length < MOST_REFUSED) this.refused.push({ line, reason, raw: raw.slice(0, 200) });
  }
}

/**
 * Reads events from a file of JSON lines or of separated values, batch by batch: the facts, what they change and the contacts made
 * for them are one transaction each. A line that is refused keeps no other from being taken.
 */
export async function importEvents(
  desk: Desk,
  file: File,
  plan: EventImportPlan,
  onProgress: (progress: Progress) => void = () => undefined
): Promise<Result<EventImportReport>> {
  const { settings } = await desk.parts.storage.read((reader) => reader.view());
  const workspace = settings.get('workspace');
  const reading: FileReading = {
    unknownTypes: plan.unknownTypes,
    timeZone: workspace?.timeZone ?? 'UTC',
    country: workspace?.country ?? 'FR'
  };
  const opened = await openLines(file, reading);
  if (!opened.ok) return opened;
  const report = new Report();
  let done = 0;
  for await (const lines of inBatches(opened.value)) {
    await commit(desk, lines, plan, report);
    done += lines.length;
    onProgress({ done, total: null });
  }
  const { recorded, duplicates, created, refusedCount, refused } = report;
  return ok({ lines: done, recorded, duplicates, created, refusedCount, refused });
}

async function openLines(file: File, reading: FileReading): Promise<Result<AsyncIterable<Line[]>>> {
  const start = (await file.slice(0, 4_096).text()).replace(/^\ufeff/, '').trimStart();
  if (start === '') return failed(words('words.import.empty_file'));
  if (start.startsWith('{')) return ok(jsonLines(file, reading));
  const opened = await openCsv(file);
  if (!opened.ok) return opened;
  const { headers, records } = opened.value;
  if (!namesEvents(headers)) return failed(words('words.event.no_type_column'));
  return ok(
    (async function* () {
      for await (const some of records)
        yield some.map((record): Line => {
          if (!('fields' in record))
            return { line: record.line, raw: record.raw, read: failed(words(`words.import.${record.broken}`)) };
          return { line: record.line, raw: record.fields.join(' '), read: eventOfRow(headers, record.fields, reading) };
        });
    })()
  );
}

async function* jsonLines(file: File, reading: FileReading): AsyncIterable<Line[]> {
  for await (const some of linesOf(file))
    yield some.map((line): Line => {
      if ('tooLong' in line) return { ...line, read: failed(words('words.event.line_too_long')) };
      return { line: line.line, raw: line.text, read: eventOfJson(line.text, reading) };
    });
}

async function* inBatches(lines: AsyncIterable<Line[]>): AsyncIterable<Line[]> {
  for await (const some of lines) for (let at = 0; at < some.length; at += BATCH) yield some.slice(at, at + BATCH);
}

async function commit(desk: Desk, lines: readonly Line[], plan: EventImportPlan, report: Report): Promise<void> {
  const good = lines.flatMap(({ line, raw, read }) => {
    if (read.ok) return [{ line, raw, given: read.value }];
    report.refuse({ line, raw }, read.reason);
    return [];
  });
  if (good.length === 0) return;
  await desk.edit(async (transaction, given) => {
    const people = await peopleOf(transaction, good.map((one) => one.given.person)); // prettier-ignore
    const fresh = await unknownKeys(transaction, good.flatMap((one) => one.given.dedupeKey ?? [])); // prettier-ignore
    const events: EventRow[] = [];
    const effects: Effect[] = [];
    const made: Contact[] = [];
    for (const { line, raw, given: event } of good) {
      if (event.dedupeKey !== undefined && !fresh.delete(event.dedupeKey)) {
        report.duplicates++;
        continue;
      }
      const owner = people.ownerOf(event.person) ?? ownerFor(event.person, plan, given);
      if (typeof owner === 'object' && 'key' in owner) {
        report.refuse({ line, raw }, owner);
        continue;
      }
      if (typeof owner === 'object') {
        made.push(owner.contact);
        effects.push(owner.effect);
        people.remember(event.person, owner.contact.id);
      }
      const contactId = typeof owner === 'object' ? owner.contact.id : owner === UNMATCHED ? null : owner;
      events.push(eventRow(event, contactId, given));
    }
    report.recorded += events.length;
    report.created += made.length;
    const changes = await consequences(transaction, events, given.now, made);
    return { effect: together(...effects, { changes, events }), value: undefined };
  });
}

function eventRow(
  { eventType, properties, occurredAt, dedupeKey }: GivenEvent,
  contactId: string | null,
  given: Given
) {
  return newEvent(eventType, {
    id: given.newId(),
    contactId,
    occurredAt: occurredAt ?? given.now,
    receivedAt: given.now,
    properties,
    source: 'import',
    ...(dedupeKey === undefined ? {} : { dedupeKey })
  });
}

const UNMATCHED = 'nobody';

/** For somebody who is not known: a new contact, nobody, or why the line is refused. */
function ownerFor(
  { email, shownEmail, phone, externalId }: GivenPerson,
  { unknownPeople }: EventImportPlan,
  given: Given
): { contact: Contact; effect: Effect } | Words | typeof UNMATCHED {
  if (unknownPeople === 'unmatched') return UNMATCHED;
  if (unknownPeople === 'refuse') return words('words.event.unknown_person');
  if (email === undefined && phone === undefined && externalId === undefined) return words('words.event.no_person');
  const address = shownEmail ?? email;
  const fields = {
    ...(address === undefined ? {} : { email: address }),
    ...(phone === undefined ? {} : { phone }),
    ...(externalId === undefined ? {} : { externalId }),
    attributes: {}
  };
  const { contact, ...effect } = createContact(fields, [], { ...given, via: 'import' });
  return { contact, effect };
}

interface People {
  /** Undefined: nobody is known by that. */
  ownerOf(person: GivenPerson): string | undefined;
  remember(person: GivenPerson, contactId: string): void;
}

async function peopleOf(transaction: Transaction, people: readonly GivenPerson[]): Promise<People> {
  const contactIds = [...new Set(people.flatMap(({ contactId }) => contactId ?? []))];
  const keys = [...new Map(people.flatMap((person) => keysOf(person).map((key) => [key.join(' '), key]))).values()];
  const [contacts, identities] = await Promise.all([
    transaction.getMany('contacts', contactIds),
    transaction.getMany('identities', keys)
  ]);
  const ids = new Set(contacts.flatMap((contact) => contact?.id ?? []));
  const owners = new Map(identities.flatMap((row) => (row ? [[`${row.kind} ${row.value}`, row.contactId]] : [])));
  return {
    ownerOf: (person) =>
      person.contactId !== undefined && ids.has(person.contactId)
        ? person.contactId
        : keysOf(person)
            .map((key) => owners.get(key.join(' ')))
            .find((id) => id !== undefined),
    remember: (person, contactId) => {
      for (const key of keysOf(person)) owners.set(key.join(' '), contactId);
    }
  };
}

function keysOf({ email, phone, externalId }: GivenPerson) {
  return [
    ...(email === undefined ? [] : [identityKey({ kind: 'email', value: email })]),
    ...(phone === undefined ? [] : [identityKey({ kind: 'phone', value: phone })]),
    ...(externalId === undefined ? [] : [identityKey({ kind: 'external', value: externalId })])
  ];
}

async function unknownKeys(transaction: Transaction, keys: readonly string[]): Promise<Set<string>> {
  const fresh = new Set(keys);
  if (fresh.size === 0) return fresh;
  for (const { dedupeKey } of await transaction.query('events', { index: 'dedupeKey', anyOf: [...fresh] }))
    if (dedupeKey !== undefined) fresh.delete(dedupeKey);
  return fresh;
}
