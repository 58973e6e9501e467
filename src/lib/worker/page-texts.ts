import type { PageLanguage, SiteTexts } from '$lib/core/pages';
import { m } from '$lib/i18n/paraglide/screens/messages.js';

/** What the relay's public pages say. They are read by people who have never seen this app. */
export function pageTexts(locale: PageLanguage): SiteTexts {
  const said = (page: 'unsubscribed' | 'unknown' | 'failed') => ({
    title: m[`pages.${page}.title`]({}, { locale }),
    lead: m[`pages.${page}.lead`]({}, { locale })
  });
  return {
    unsubscribe: {
      title: m['pages.unsubscribe.title']({}, { locale }),
      lead: m['pages.unsubscribe.lead']({}, { locale }),
      button: m['pages.unsubscribe.button']({}, { locale })
    },
    unsubscribed: said('unsubscribed'),
    unknown: said('unknown'),
    failed: said('failed')
  };
}
