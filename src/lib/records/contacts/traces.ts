import { remove, update, type Change } from '$lib/core/changes';
import type { Id } from '$lib/core/ids';
import type { Contact, ImportBlock, ImportRow } from '$lib/core/rows/contacts';
import type { Deal, Task } from '$lib/core/rows/crm';
import type { EventRow } from '$lib/core/rows/events';
import type { QuarantineRow } from '$lib/core/rows/inbox';
import type { OptIn } from '$lib/core/rows/opt-ins';
import { namedBy, type Intent, type OutboxRow } from '$lib/core/rows/messages';
import { goesWith } from './erase';
import { knownName } from './known-name';

/** Rows that hold something of contacts beside what is others' or the workspace's. */
export interface SharedRows {
  readonly imports: readonly ImportRow[];
  readonly importBlocks: readonly ImportBlock[];
  readonly intents: readonly Intent[];
  /** Facts about nobody who is known, in which one of them is named all the same. */
  readonly events: readonly EventRow[];
  /** Posts that were not understood, and are about one of them. */
  readonly quarantine: readonly QuarantineRow[];
  /** Sign-ups with an address of theirs that nobody has confirmed, and the emails that ask for that. */
  readonly optIns: readonly OptIn[];
  readonly asking: readonly OutboxRow[];
  /** The contacts' deals, and the tasks of these. */
  readonly deals: readonly Deal[];
  readonly dealTasks: readonly Task[];
}

type Rejected = ImportRow['rejected'][number];

/** Says whether a text is about one of these contacts: it has the address, the number, the id given by others, or the whole name. */
export function mentions(contacts: readonly Contact[]): (text: string) => boolean {
  const persons = contacts.map(({ email, phone, externalId, attributes }) => ({
    email: email?.toLowerCase(),
    // As it may be written in a country, and with anything between the digits.
    phone: phone?.replace(/\D/g, '').slice(-9),
    externalId: externalId?.toLowerCase(),
    name: ['FIRSTNAME', 'LASTNAME'].flatMap((key) => {
      const value = attributes[key];
      return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : [];
    })
  }));
  return (text) => {
    const low = text.toLowerCase();
    const digits = low.replace(/\D/g, '');
    const cells = low.split(/[|,;\t]/).map((cell) => cell.trim());
    return persons.some(
      ({ email, phone, externalId, name }) =>
        (email !== undefined && low.includes(email)) ||
        (phone !== undefined && phone.length >= 6 && digits.includes(phone)) ||
        (externalId !== undefined && cells.includes(externalId)) ||
        (name.length === 2 && name.every((part) => low.includes(part)))
    );
  };
}

/** The rejected lines of an import that are about them. */
export function linesAbout({ rejected }: Pick<ImportRow, 'rejected'>, about: (text: string) => boolean): Rejected[] {
  return rejected.filter(
    ({ raw, params }) => about(raw) || Object.values(params ?? {}).some((one) => about(String(one)))
  );
}

/** Whether a fact about nobody who is known is about one of these contacts all the same. */
export function isAbout(
  { contactId, properties, dedupeKey = '' }: EventRow,
  about: (text: string) => boolean
): boolean {
  return contactId === null && about([dedupeKey, ...leavesOf(properties)].join('|'));
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/**
 * Takes what is about contacts who are erased out of rows that stay: rejected lines of imports keep their number and reason, blocks of
 * imports and calls on their way lose the ids, deals of others lose address, number and name; facts about nobody who is known go, and so
 * do posts that were not understood, and sign-ups that were not confirmed.
 * `outboxIds`: the contacts' messages.
 */
export function traceChanges(
  { imports, importBlocks, intents, events, quarantine, optIns, asking, deals, dealTasks }: SharedRows,
  contacts: readonly Contact[],
  outboxIds: ReadonlySet<Id>,
  erased: ReadonlySet<Id>
): Change[] {
  const about = mentions(contacts);
  const ids = contacts.map(({ id }) => id);
  const gone = new Set(deals.filter((deal) => goesWith(deal, erased)).map(({ id }) => id));
  return [
    ...imports.flatMap((row): Change[] => {
      const lines = new Set(linesAbout(row, about));
      if (lines.size === 0) return [];
      const rejected = row.rejected.map((one) => (lines.has(one) ? { line: one.line, key: one.key, raw: '' } : one));
      return [update('imports', row.id, { rejected })];
    }),
    ...importBlocks.map(({ importId, seq }): Change => {
      const removeFromSet = { created: ids, listed: ids };
      return { table: 'importBlocks', id: [importId, seq], removeFromSet };
    }),
    ...intents.map((intent): Change => {
      const left = namedBy(intent, (id) => !outboxIds.has(id));
      return left.outboxIds.length === 0 ? remove('intents', intent.id) : update('intents', intent.id, left);
    }),
    ...events.map(({ id }) => remove('events', id)),
    ...quarantine.map(({ id }) => remove('quarantine', id)),
    ...optIns.map(({ id }) => remove('optIns', id)),
    ...asking.map(({ id }) => remove('outbox', id)),
    ...deals.filter(({ id }) => !gone.has(id)).flatMap((deal) => withoutPersons(deal, contacts)),
    ...dealTasks
      .filter(({ dealId }) => gone.has(dealId ?? ''))
      .map(({ id, contactId }): Change =>
        contactId === undefined ? remove('tasks', id) : update('tasks', id, { dealId: undefined })
      )
  ];
}

/** A deal that stays says no more who the contact is or how they can be reached: an automation calls its deals by their contact. */
function withoutPersons(deal: Deal, contacts: readonly Contact[]): Change[] {
  const addresses = contacts.flatMap(({ email, phone }) => [email, phone]).flatMap((one) => (one ? [one] : []));
  const names = contacts.map(knownName).filter((name) => name.trim() !== '');
  // A first name alone is others' too: in what somebody wrote it says little.
  const whole = names.filter((name) => name.trim().includes(' '));
  const name = without(deal.name, addresses, names);
  const notes = deal.notes.map((note) => ({ ...note, text: without(note.text, addresses, whole) }));
  const attributes = Object.fromEntries(
    Object.entries(deal.attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? without(value, addresses, whole) : value
    ])
  );
  const isChanged =
    JSON.stringify([name, notes, attributes]) !== JSON.stringify([deal.name, deal.notes, deal.attributes]);
  return isChanged ? [update('deals', deal.id, { name, notes, attributes })] : [];
}

/** Addresses go wherever they are; names where they are words of their own, the longest first. */
function without(text: string, addresses: readonly string[], names: readonly string[]): string {
  const patterns = [
    ...addresses.map(escaped),
    ...[...names]
      .sort((one, other) => other.length - one.length)
      .map((name) => `(?<![\\p{L}\\p{N}])${escaped(name.trim())}(?![\\p{L}\\p{N}])`)
  ];
  return patterns.reduce((left, pattern) => left.replace(new RegExp(pattern, 'giu'), '…'), text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
