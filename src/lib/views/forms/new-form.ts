import type { Id } from '$lib/core/ids';
import type { Confirmation, Form, FormField, FormType } from '$lib/core/rows/forms';
import { m } from '$lib/i18n';

export type DraftForm = Omit<Form, 'id' | 'createdAt' | 'updatedAt'>;

/** A form as it starts: it asks for the address, in the words of the language. */
export function newForm(name: string, type: FormType): DraftForm {
  const words = {
    sign_up: {
      title: m['forms.start.signUpTitle'](),
      intro: m['forms.start.signUpIntro'](),
      button: m['forms.start.signUpButton'](),
      thanks: m['forms.start.signUpThanks']()
    },
    unsubscribe: {
      title: m['forms.start.unsubscribeTitle'](),
      intro: m['forms.start.unsubscribeIntro'](),
      button: m['forms.start.unsubscribeButton'](),
      thanks: m['forms.start.unsubscribeThanks']()
    },
    profile_update: {
      title: m['forms.start.profileTitle'](),
      intro: m['forms.start.profileIntro'](),
      button: m['forms.start.profileButton'](),
      thanks: m['forms.start.profileThanks']()
    }
  }[type];
  return {
    name,
    type,
    ...words,
    fields: [newField({ for: 'email' }, true)],
    listIds: [],
    consent: type === 'sign_up' ? m['forms.start.consent']() : ''
  };
}

export function newField(asks: FormField['asks'], required = false): FormField {
  const label = asks.for === 'email' ? m['forms.askEmail']() : asks.for === 'phone' ? m['forms.askPhone']() : '';
  return { id: crypto.randomUUID(), asks, label, help: '', required };
}

/** The email that asks for a confirmation as it starts. */
export function newConfirmation(senderId: Id): Confirmation {
  return {
    senderId,
    subject: m['messages.confirmation.subject'](),
    text: m['messages.confirmation.text'](),
    button: m['messages.confirmation.button']()
  };
}
