import { applyChange, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { words, type Words } from '$lib/core/words';
import type { Cause } from '../cause';
import type { ContactFields } from '../contact-fields';
import { createContact } from '../create';
import { identitiesOf } from '../identity';
import { addToList } from '../membership';
import { updateContact } from '../update';

export interface ImportedRow {
  readonly line: number;
  readonly fields: ContactFields;
  /** `<kind> <value>` of each of its identities. */
  readonly knownAs: readonly string[];
}

export function importedRow(line: number, fields: ContactFields): ImportedRow {
  return { line, fields, knownAs: identitiesOf({ id: '', ...fields }).map(({ kind, value }) => `${kind} ${value}`) };
}

/** Who has an identity, by `<kind> <value>`. The batch adds those of the contacts it makes. */
export type Owners = Map<string, Id>;

export interface BatchSettings {
  readonly listId: Id | null;
  readonly duplicates: 'update' | 'skip';
}

export interface BatchEffect extends Effect {
  readonly created: readonly Id[];
  /** Contacts there before that were added to the list. */
  readonly listed: readonly Id[];
  readonly updated: number;
  readonly skipped: number;
  readonly rejected: readonly { line: number; reason: Words }[];
}

/** The contacts, there already, that the rows mean: the batch needs them to update them. */
export function contactsMeant(rows: readonly ImportedRow[], owners: ReadonlyMap<string, Id>): Set<Id> {
  return new Set(rows.flatMap(({ knownAs }) => ownersOf(knownAs, owners)));
}

/**
 * What some rows of the file do, in their order: a contact is made, or, where somebody has the address, number or id already, updated or
 * left as it is. A row that names two contacts is rejected. `found`: the contacts of `contactsMeant`.
 */
export function importBatch(
  rows: readonly ImportedRow[],
  { owners, found }: { owners: Owners; found: ReadonlyMap<Id, Contact> },
  settings: BatchSettings,
  given: Cause
): BatchEffect {
  const changes: Change[] = [];
  const events: EventRow[] = [];
  const created = new Set<Id>();
  const listed: Id[] = [];
  const rejected: { line: number; reason: Words }[] = [];
  const present = new Map(found);
  const listIds = settings.listId === null ? [] : [settings.listId];
  let updated = 0;
  let skipped = 0;

  const take = (effect: Effect): void => {
    for (const change of effect.changes) changes.push(change);
    for (const event of effect.events) events.push(event);
  };
  const keep = (contact: Contact, knownAs: readonly string[]): void => {
    present.set(contact.id, contact);
    for (const name of knownAs) owners.set(name, contact.id);
  };

  for (const { line, fields, knownAs } of rows) {
    const meant = ownersOf(knownAs, owners);
    const contact = meant[0] === undefined ? undefined : present.get(meant[0]);
    if (meant.length > 1) rejected.push({ line, reason: words('words.import.two_contacts') });
    else if (meant.length === 0) {
      const effect = createContact(fields, listIds, given);
      take(effect);
      keep(effect.contact, knownAs);
      created.add(effect.contact.id);
    } else if (settings.duplicates === 'skip' || contact === undefined || contact.hiddenAt !== undefined) skipped++;
    else {
      const update = updateContact(contact, fields, given);
      const listing = settings.listId === null ? null : addToList(contact, settings.listId, given);
      take(update);
      if (listing) take(listing);
      if (listing && listing.changes.length > 0 && !created.has(contact.id)) listed.push(contact.id);
      keep(after(contact, [...update.changes, ...(listing?.changes ?? [])]), knownAs);
      updated++;
    }
  }
  return { changes, events, created: [...created], listed, updated, skipped, rejected };
}

function ownersOf(knownAs: readonly string[], owners: ReadonlyMap<string, Id>): Id[] {
  const ids: Id[] = [];
  for (const name of knownAs) {
    const owner = owners.get(name);
    if (owner !== undefined && !ids.includes(owner)) ids.push(owner);
  }
  return ids;
}

function after(contact: Contact, changes: readonly Change[]): Contact {
  let row = contact;
  for (const change of changes) if (change.table === 'contacts') row = applyChange(row, change) ?? row;
  return row;
}
