import { instantFromText } from '$lib/core/calendar';
import { EVENT_TYPES } from '$lib/core/events';
import type { EventType } from '$lib/core/events/define';
import type { Fields, ValuesOf } from '$lib/core/fields';
import { isInstant, type Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { parseEmail, parsePhone } from '../contacts/identity';
import { givenProperties } from './given-property';
import { readEvent } from './read-event';

/** Who an event of a file is about, as far as the file says. */
export interface GivenPerson {
  readonly contactId?: string;
  /** in lower case */
  readonly email?: string;
  /** as the file writes it */
  readonly shownEmail?: string;
  /** E.164 */
  readonly phone?: string;
  readonly externalId?: string;
}

export interface GivenEvent {
  readonly eventType: EventType;
  readonly properties: ValuesOf<Fields>;
  readonly person: GivenPerson;
  /** null: it does not say */
  readonly occurredAt: Instant | null;
  readonly dedupeKey?: string;
}

export interface FileReading {
  /** What becomes of types that are not known here. */
  readonly unknownTypes: 'custom' | 'refuse';
  readonly timeZone: string;
  /** ISO 3166 country of phone numbers without a prefix. */
  readonly country: string;
}

type Given = Readonly<Record<string, unknown>>;

const CUSTOM = 'custom.event';

/** One line of JSON: `{ type, email | contactId | phone | externalId, occurredAt, dedupeKey, properties: { … } }`. */
export function eventOfJson(line: string, reading: FileReading): Result<GivenEvent> {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return failed(words('words.event.not_json'));
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return failed(words('words.event.not_json'));
  const { properties = {}, ...rest } = given as Given;
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    return failed(words('words.event.properties_no_object'));
  return eventOf(rest, properties as Given, reading);
}

/** One row of a table: columns as above, `properties` holding JSON, or a column for each property, `properties.total`. */
export function eventOfRow(
  headers: readonly string[],
  fields: readonly string[],
  reading: FileReading
): Result<GivenEvent> {
  const own: Record<string, unknown> = {};
  let properties: Record<string, unknown> = {};
  for (const [at, header] of headers.entries()) {
    const value = fields[at]?.trim() ?? '';
    if (header === 'properties') {
      const found = value === '' ? {} : parsedObject(value);
      if (found === null) return failed(words('words.event.properties_no_object'));
      properties = { ...found, ...properties };
    } else if (header.startsWith('properties.')) {
      if (value !== '') properties[header.slice('properties.'.length)] = value;
    } else if (value !== '') own[header] = value;
  }
  return eventOf(own, properties, reading);
}

/** Whether the columns of a file are those of events. */
export function namesEvents(headers: readonly string[]): boolean {
  return headers.includes('type');
}

function eventOf(own: Given, properties: Given, reading: FileReading): Result<GivenEvent> {
  const type = typeof own.type === 'string' ? own.type.trim() : '';
  if (type === '') return failed(words('words.event.no_type'));
  const isKnown = EVENT_TYPES.has(type);
  if (!isKnown && reading.unknownTypes === 'refuse') return failed(words('words.event.unknown_type', { type }));
  const whole = isKnown ? properties : { ...properties, name: type };
  const known = EVENT_TYPES.get(isKnown ? type : CUSTOM);
  const read = readEvent(known?.type ?? type, givenProperties(known?.properties ?? {}, whole, reading.timeZone));
  if (!read.ok) return read;
  const person = personOf(own, reading.country);
  if (!person.ok) return person;
  const occurredAt = instantOf(own.occurredAt, reading.timeZone);
  if (occurredAt === undefined) return failed(words('words.event.not_an_instant', { value: textOf(own.occurredAt) }));
  const dedupeKey = textOf(own.dedupeKey).trim();
  return ok({ ...read.value, person: person.value, occurredAt, ...(dedupeKey === '' ? {} : { dedupeKey }) });
}

function personOf({ contactId, email, phone, externalId }: Given, country: string): Result<GivenPerson> {
  const address = textOf(email).trim() === '' ? null : parseEmail(textOf(email));
  if (address?.ok === false) return address;
  const number = textOf(phone).trim() === '' ? null : parsePhone(textOf(phone), country);
  if (number?.ok === false) return number;
  return ok({
    ...(textOf(contactId).trim() === '' ? {} : { contactId: textOf(contactId).trim() }),
    ...(address ? { email: address.value.value, shownEmail: address.value.shown } : {}),
    ...(number ? { phone: number.value } : {}),
    ...(textOf(externalId).trim() === '' ? {} : { externalId: textOf(externalId).trim() })
  });
}

/** Undefined where it is no instant; numbers are seconds or, if large, milliseconds. */
function instantOf(value: unknown, timeZone: string): Instant | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'number' ? value : /^\d{9,}$/.test(textOf(value)) ? Number(value) : null;
  if (number !== null) {
    const instant = Math.trunc(number < 1e11 ? number * 1_000 : number);
    return isInstant(instant) ? instant : undefined;
  }
  return instantFromText(textOf(value), timeZone) ?? undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function parsedObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
