import { create, remove } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { contactAddedManually } from '$lib/core/events/contacts';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Id } from '$lib/core/ids';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import {
  addToList,
  createContact,
  hideContact,
  identityKeysOf,
  readContact,
  refuseTaken,
  removeFromList,
  showContact,
  together,
  updateContact,
  type Cause,
  type ContactPatch
} from '$lib/records/contacts';
import { causedEvent } from '$lib/records/contacts/cause';
import { identityKey } from '$lib/records/contacts/identity';
import { setCompany, setOwner } from '$lib/records/contacts/owner';
import { readAttributes } from '$lib/records/attribute-values';
import type { Transaction } from '$lib/storage/port';
import type { WorkerApi } from '../api';
import type { ContactChoice, ContactDraft } from '../drafts';
import { NO_EFFECT, type Desk } from '../desk';
import { exportContacts } from '../contact-export';
import { personalData } from '../personal-data';

/**
 * Contacts in one transaction: a bulk action on all of them takes several. The first are few, so that what they cause is soon under
 * way; then each is twice as large, since every commit costs.
 */
const FIRST_BATCH = 250;
const LARGEST_BATCH = 1_000;

export function contactEdits(
  desk: Desk,
  findContacts: (choice: ContactChoice) => Promise<readonly Id[]>,
  matching: (filters: FilterTree) => Promise<Id[]>
): WorkerApi['contacts'] {
  /** The same effect on each contact chosen, in batches; returns how many it concerned. */
  async function forEach(
    choice: ContactChoice,
    effectOf: (contact: Contact, given: Cause, view: WorkspaceView) => Effect
  ): Promise<number> {
    const ids = await findContacts(choice);
    let concerned = 0;
    for (
      let start = 0, size = FIRST_BATCH;
      start < ids.length;
      start += size, size = Math.min(2 * size, LARGEST_BATCH)
    ) {
      const batch = ids.slice(start, start + size);
      concerned += await desk.edit(async (transaction, given) => {
        const contacts = await transaction.getMany('contacts', batch);
        const view = await transaction.view();
        const effects = contacts.flatMap((contact) =>
          contact ? [effectOf(contact, { ...given, via: 'manual' }, view)] : []
        );
        const value = effects.filter(({ changes, events }) => changes.length + events.length > 0).length;
        return { effect: together(...effects), value };
      });
    }
    return concerned;
  }

  return {
    matching,
    save: (draft) =>
      desk.tryEdit(async (transaction, given) => {
        const saved = await savedContact(transaction, draft, { ...given, via: 'manual' });
        return saved.ok ? ok({ effect: saved.value.effect, value: saved.value.id }) : saved;
      }),
    remove: async (choice) => {
      const ids = [...(await findContacts(choice))];
      await forEach({ ids }, (contact, { now }) => hideContact(contact, now));
      return { ids };
    },
    restore: async (ids) => {
      await forEach({ ids }, showContact);
    },
    addToList: (choice, listId) =>
      // The list may have been removed meanwhile, in another tab.
      forEach(choice, (contact, given, { lists }) =>
        lists.has(listId) ? addToList(contact, listId, given) : NO_EFFECT
      ),
    removeFromList: (choice, listId) => forEach(choice, (contact, given) => removeFromList(contact, listId, given)),
    addIdentity: ({ contactId, kind, value }) =>
      desk.tryEdit(async (transaction) => {
        const tidy = value.trim();
        if (tidy === '') return failed(words('words.name.empty'));
        if (!(await transaction.get('contacts', contactId))) return failed(words('words.contact.gone'));
        const key = identityKey({ kind, value: tidy });
        const known = await transaction.get('identities', key);
        if (known && known.contactId !== contactId) return failed(words('words.contact.taken_device', { value: tidy }));
        const changes = known ? [] : [create('identities', key, { kind, value: tidy, contactId })];
        return ok({ effect: { changes, events: [] }, value: undefined });
      }),
    removeIdentity: ({ contactId, kind, value }) =>
      desk.edit(async (transaction) => {
        const key = identityKey({ kind, value });
        const known = await transaction.get('identities', key);
        const changes = known?.contactId === contactId ? [remove('identities', key)] : [];
        return { effect: { changes, events: [] }, value: undefined };
      }),
    exportFile: async (choice, options, goesOn) =>
      exportContacts(desk.parts.storage, await findContacts(choice), options, goesOn),
    exportData: async (id) => {
      const data = await desk.parts.storage.read((reader) => personalData(reader, id, desk.parts.now()));
      return data ? ok(data) : failed(words('words.contact.gone'));
    },
    addToAutomation: (choice, automationId) =>
      forEach(choice, (contact, given) => ({
        changes: [],
        events: [causedEvent(contactAddedManually, contact.id, { automationId, addedBy: '' }, given)]
      }))
  };
}

async function savedContact(
  transaction: Transaction,
  draft: ContactDraft,
  given: Cause
): Promise<Result<{ id: Id; effect: Effect }>> {
  const view = await transaction.view();
  const attributes = readAttributes(draft.attributes, view.attributes);
  if (!attributes.ok) return attributes;
  const known = draft.id === undefined ? undefined : await transaction.get('contacts', draft.id);
  if (draft.id !== undefined && !known) return failed(words('words.contact.gone'));
  const typed = { ...(known && identityFieldsOf(known)), ...draft };
  const read = readContact({ ...typed, attributes: attributes.value }, view.settings.get('workspace')?.country ?? 'FR');
  if (!read.ok) return read;
  const found = await transaction.getMany('identities', identityKeysOf(read.value));
  const listIds = (draft.listIds ?? []).filter((id) => view.lists.has(id));
  const free = refuseTaken(read.value, found, draft.id ?? null);
  if (!free.ok) return free;
  if (!known) {
    const { contact, ...effect } = createContact(free.value, listIds, given);
    return ok({ id: contact.id, effect: together(effect, linksOf(contact, draft, given)) });
  }
  const updated = updateContact(known, patchOf(draft, free.value), given);
  const listed = listIds.map((listId) => addToList(known, listId, given));
  return ok({ id: known.id, effect: together(updated, ...listed, linksOf(known, draft, given)) });
}

/** By what a contact is known, where the form leaves that as it is. */
function identityFieldsOf({ email, phone, externalId }: Contact): Pick<ContactDraft, 'email' | 'phone' | 'externalId'> {
  return {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(externalId === undefined ? {} : { externalId })
  };
}

/** A field of the form that was emptied takes the value away; one that was not shown leaves it. */
function patchOf(draft: ContactDraft, read: ContactPatch): ContactPatch {
  const patch: { -readonly [K in keyof ContactPatch]: ContactPatch[K] } = { attributes: read.attributes };
  for (const property of ['email', 'phone', 'externalId'] as const) {
    if (draft[property] !== undefined) patch[property] = read[property] ?? null;
  }
  return patch;
}

/** Owner and company, where the form has asked for them. */
function linksOf(contact: Contact, { ownerId, companyId }: ContactDraft, { now }: Cause): Effect {
  return together(
    ownerId === undefined ? NO_EFFECT : setOwner(contact, ownerId, now),
    companyId === undefined ? NO_EFFECT : setCompany(contact, companyId, now)
  );
}
