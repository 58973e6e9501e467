import type { PageLanguage, SiteTexts } from '$lib/core/pages';
import type { FormType } from '$lib/core/rows/forms';
import type { ConfirmationTexts } from '$lib/messages/confirmation';
import type { AnswerTexts } from '$lib/records/forms';
import { m } from '$lib/i18n/paraglide/content/messages.js';

/** What the relay's public pages say. They are read by people who have never seen this app. */
export function pageTexts(locale: PageLanguage): SiteTexts {
  const said = (page: 'resubscribed' | 'confirmed' | 'refused' | 'lapsed' | 'unknown' | 'failed') => ({
    title: m[`pages.${page}.title`]({}, { locale }),
    lead: m[`pages.${page}.lead`]({}, { locale })
  });
  return {
    form: {
      optional: m['pages.form.optional']({}, { locale }),
      trap: m['pages.form.trap']({}, { locale }),
      missing: m['pages.form.missing']({}, { locale }),
      notEmail: m['pages.form.notEmail']({}, { locale }),
      notFitting: m['pages.form.notFitting']({}, { locale }),
      consentMissing: m['pages.form.consentMissing']({}, { locale }),
      again: m['pages.form.again']({}, { locale }),
      wrong: m['pages.form.wrong']({}, { locale }),
      email: m['pages.form.email']({}, { locale }),
      phone: m['pages.form.phone']({}, { locale }),
      send: m['pages.form.send']({}, { locale }),
      thanks: m['pages.form.thanks']({}, { locale }),
      checkMail: m['pages.form.checkMail']({}, { locale })
    },
    unsubscribe: {
      title: m['pages.unsubscribe.title']({}, { locale }),
      lead: m['pages.unsubscribe.lead']({}, { locale }),
      button: m['pages.unsubscribe.button']({}, { locale })
    },
    unsubscribed: {
      title: m['pages.unsubscribed.title']({}, { locale }),
      lead: m['pages.unsubscribed.lead']({}, { locale }),
      button: m['pages.unsubscribed.button']({}, { locale })
    },
    resubscribed: said('resubscribed'),
    confirm: {
      title: m['pages.confirm.title']({}, { locale }),
      lead: m['pages.confirm.lead']({}, { locale }),
      button: m['pages.confirm.button']({}, { locale }),
      answers: {
        title: m['pages.answers.title']({}, { locale }),
        rest: m['pages.answers.rest']({}, { locale }),
        agreed: m['pages.answers.agreed']({}, { locale }),
        refuse: m['pages.answers.refuse']({}, { locale }),
        own: m['pages.answers.own']({}, { locale })
      }
    },
    confirmed: said('confirmed'),
    refused: said('refused'),
    lapsed: said('lapsed'),
    unknown: said('unknown'),
    failed: said('failed')
  };
}

/** What an email says that asks for a confirmation, where the form says nothing itself, and how it calls what was filled in. */
export function confirmationTexts(locale: PageLanguage, type: FormType): ConfirmationTexts & AnswerTexts {
  const of = type === 'profile_update' ? 'profileConfirmation' : 'confirmation';
  return {
    subject: m[`messages.${of}.subject`]({}, { locale }),
    text: m[`messages.${of}.text`]({}, { locale }),
    button: m[`messages.${of}.button`]({}, { locale }),
    ignore: m[`messages.${of}.ignore`]({}, { locale }),
    phone: m['pages.form.phone']({}, { locale }),
    yes: m['pages.answers.yes']({}, { locale }),
    no: m['pages.answers.no']({}, { locale })
  };
}
