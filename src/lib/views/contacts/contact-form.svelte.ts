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
  readonly #id: Id | undefined;

  constructor(contact: Contact | null, listId: Id | null = null) {
    this.#id = contact?.id;
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

  #draft(attributes: Record<string, AttributeValue | null>): ContactDraft {
    return {
      ...(this.#id === undefined ? {} : { id: this.#id }),
      email: this.email.trim(),
      phone: this.phone.trim(),
      externalId: this.externalId.trim(),
      attributes,
      listIds: [...this.listIds],
      ownerId: this.ownerId ?? null,
      companyId: this.companyId ?? null
    };
  }

  #blame(reason: Words): void {
    this.errors[FIELD_OF[reason.key] ?? ''] = words(reason);
  }
}
