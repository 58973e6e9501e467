import { applyChange, update, type Change } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import { newEvent } from '$lib/core/events/define';
import { emailUnsubscribed } from '$lib/core/events/emails';
import { formSubmitted } from '$lib/core/events/forms';
import type { Given, Id } from '$lib/core/ids';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { Form } from '$lib/core/rows/forms';
import { addToList, createContact, removeFromList, together, updateContact, type Cause } from '$lib/records/contacts';
import { block } from '$lib/records/contacts/consent';
import type { Answers } from './answers';

/** What a form does, and whose answers they are: null for an address that nobody has. */
export interface Submitted extends Effect {
  readonly contactId: Id | null;
}

/**
 * Who has typed. `known`: the contact who has the address (or, of a sign-up without one, the number). `isFree`: whether nobody else has
 * the number. `isTheirs`: whether it is sure that they have typed it, and no stranger who knows their address.
 */
export interface Typist {
  readonly known: Contact | null;
  readonly isFree: boolean;
  readonly isTheirs: boolean;
}

/**
 * What a form does with answers that are in order. An unsubscription or an update by an address that nobody has changes nothing; it is
 * kept all the same. What anybody may have typed overwrites nothing of a contact who is here: a sign-up fills in attributes without a
 * value and adds to lists, an update does nothing. To leave has to be easy: an unsubscription counts whoever asks for it.
 */
export function submit(form: Form, answers: Answers, typist: Typist, given: Given): Submitted {
  const cause: Cause = { ...given, via: 'form' };
  const { known, isFree, isTheirs } = typist;
  switch (form.type) {
    case 'sign_up':
      return known ? signedUpAgain(form, answers, { ...typist, known }, cause) : signedUp(form, answers, isFree, cause);
    case 'unsubscribe':
      return known ? unsubscribed(form, answers, known, cause) : unknown(form, answers, given);
    case 'profile_update':
      return known && isTheirs
        ? of(form, answers, known.id, updateContact(known, fieldsOf(answers, isFree), cause), given)
        : unknown(form, answers, given);
  }
}

function signedUp(form: Form, answers: Answers, isFree: boolean, cause: Cause): Submitted {
  const { contact, ...effect } = createContact(fieldsOf(answers, isFree), form.listIds, cause);
  return of(form, answers, contact.id, effect, cause);
}

/** Whether campaigns reach them again by this: they had unsubscribed, and agree anew. */
export function agreesAnew({ type, consent }: Form, answers: Answers, known: Contact | null): boolean {
  return type === 'sign_up' && consent.trim() !== '' && answers.consent && known?.blocklist?.campaigns === true;
}

/** Who agrees anew gets campaigns again; who is about to be deleted stays. */
function signedUpAgain(
  form: Form,
  answers: Answers,
  { known, isFree, isTheirs }: Typist & { readonly known: Contact },
  cause: Cause
): Submitted {
  const changes: Change[] = [
    ...(isTheirs && agreesAnew(form, answers, known)
      ? [
          update('contacts', known.id, {
            blocklist: { ...known.blocklist, campaigns: false, unsubscriptionId: undefined },
            updatedAt: cause.now
          })
        ]
      : []),
    ...(known.hiddenAt === undefined ? [] : [update('contacts', known.id, { hiddenAt: undefined })])
  ];
  const updated = updateContact(known, isTheirs ? fieldsOf(answers, isFree) : missingOf(answers, known), cause);
  return of(
    form,
    answers,
    known.id,
    together({ changes, events: [] }, updated, ...listed(form, known, addToList, cause)),
    cause
  );
}

/** No campaign any more, before anybody hears of it. */
function unsubscribed(form: Form, answers: Answers, known: Contact, cause: Cause): Submitted {
  const blocked: Effect = { changes: block(known, { campaigns: true }, cause.now), events: [] };
  const listIds = form.listIds;
  const left = listed({ listIds }, known, removeFromList, cause);
  const properties = { messageId: '', emailName: '', tag: '', emailType: '', listId: listIds[0] ?? '' };
  const told = newEvent(emailUnsubscribed, { ...factsOf(known.id, cause), properties });
  return of(form, answers, known.id, together(blocked, ...left, { changes: [], events: [told] }), cause);
}

function unknown(form: Form, answers: Answers, given: Given): Submitted {
  return of(form, answers, null, { changes: [], events: [] }, given);
}

function of(form: Form, answers: Answers, contactId: Id | null, effect: Effect, given: Given): Submitted {
  const hasConsent = form.consent.trim() !== '' && answers.consent;
  const event: EventRow = newEvent(formSubmitted, {
    ...factsOf(contactId, given),
    properties: {
      formId: form.id,
      formName: form.name,
      formType: form.type,
      fields: answers.shown,
      consent: hasConsent ? form.consent : '',
      consentAt: hasConsent ? given.now : null,
      confirmedAt: null
    }
  });
  return { contactId, changes: effect.changes, events: [...effect.events, event] };
}

function factsOf(contactId: Id | null, { now, newId }: Given) {
  return { id: newId(), contactId, occurredAt: now, receivedAt: now, source: 'app' };
}

/** A number that is another contact's stays there. */
function fieldsOf({ email, phone, attributes }: Answers, isFree: boolean) {
  return {
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined || !isFree ? {} : { phone }),
    attributes
  };
}

/** An address or a number is never filled in: what is written to the contact would reach whoever typed it. */
function missingOf({ attributes }: Answers, known: Contact) {
  return {
    attributes: Object.fromEntries(Object.entries(attributes).filter(([id]) => known.attributes[id] === undefined))
  };
}

function listed({ listIds }: Pick<Form, 'listIds'>, known: Contact, move: typeof addToList, cause: Cause): Effect[] {
  let contact = known;
  return listIds.map((listId) => {
    const effect = move(contact, listId, cause);
    for (const change of effect.changes)
      if (change.table === 'contacts') contact = applyChange(contact, change) ?? contact;
    return effect;
  });
}
