import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import type { Result } from '$lib/core/result';
import type { Attribute, AttributeValue, Contact } from '$lib/core/rows/contacts';
import type { Words } from '$lib/core/words';
import { words } from '$lib/i18n';
import { readValues } from '../attributes/read-values';
import { orSayBug } from '../shared/outcome';
import type { ContactDraft } from './choice';

/** Which field each refusal belongs to; the others stand above the form. */
const FIELD_OF: Readonly<Record<string, string>> = {
  'words.contact.not_an_email': 'email',
  'words.contact.taken_email': 'email',
  'words.contact.unknown_by_anything': 'email',
  'words.contact.not_a_phone': 'phone',
  'words.contact.taken_phone': 'phone',
  'words.contact.taken_external_id': 'externalId'
};

/** What is being typed about a contact, and what is wrong with it. */
export class ContactForm {
  email = $state('');
  phone = $state('');
  externalId = $state('');
  listIds = $state<string[]>([]);
  ownerId = $state<string | undefined>();
  companyId = $state<string | undefined>();
  values = $state<Record<string, AttributeValue | null>>({});
  /** Words by field: `email`, `phone`, `externalId`, `attribute:<id>`, or '' for the whole. */
  errors = $state<Record<string, string>>({});
  isSaving = $state(false);
  /** As it was when the form was opened. */
  readonly #before: Contact | null;

  constructor(contact: Contact | null, listId: Id | null = null) {
    this.#before = contact;
    this.email = contact?.email ?? '';
    this.phone = contact?.phone ?? '';
    this.externalId = contact?.externalId ?? '';
    this.ownerId = contact?.ownerId;
    this.companyId = contact?.companyId;
    this.values = { ...contact?.attributes };
    if (listId !== null) this.listIds = [listId];
  }

  /** The contact's id, or null while something is wrong: the fields then say what. */
  async save(attributes: readonly Attribute[]): Promise<Id | null> {
    const read = readValues(attributes, $state.snapshot(this.values));
    this.errors = read.errors;
    if (Object.keys(read.errors).length > 0) return null;
    this.isSaving = true;
    try {
      const result: Result<Id> = await orSayBug(engine().contacts.save(this.#draft(read.values)));
      if (result.ok) return result.value;
      this.#blame(result.reason);
      return null;
    } finally {
      this.isSaving = false;
    }
  }

  /** Of a contact who is there, what was changed: automations and other devices may have written the rest meanwhile. */
  #draft(attributes: Record<string, AttributeValue | null>): ContactDraft {
    const typed = { email: this.email.trim(), phone: this.phone.trim(), externalId: this.externalId.trim() };
    const links = { ownerId: this.ownerId ?? null, companyId: this.companyId ?? null };
    const listIds = [...this.listIds];
    const before = this.#before;
    if (!before) return { ...typed, attributes, listIds, ...links };
    const known = before.attributes;
    return {
      id: before.id,
      ...changed(typed, (name) => before[name] ?? ''),
      attributes: Object.fromEntries(Object.entries(attributes).filter(([id, value]) => isOther(value, known[id] ?? null))), // prettier-ignore
      listIds,
      ...changed(links, (name) => before[name] ?? null)
    };
  }

  #blame(reason: Words): void {
    this.errors[FIELD_OF[reason.key] ?? ''] = words(reason);
  }
}

/** Those of the values that are not as they were. */
function changed<T extends object>(values: T, was: (name: keyof T) => unknown): Partial<T> {
  const names = (Object.keys(values) as (keyof T)[]).filter((name) => isOther(values[name], was(name)));
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Partial<T>;
}

function isOther(value: unknown, was: unknown): boolean {
  return JSON.stringify(value) !== JSON.stringify(was);
}
