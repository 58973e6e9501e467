/** Kept until the script is there: the calls of the page do not have to wait for it. */
const STUB = 'window.ricochet=window.ricochet||function(){(ricochet.q=ricochet.q||[]).push(arguments)}';

/** What the user pastes into the pages of their site. `relay`: its address without a slash at the end. */
export function trackerSnippet(relay: string, sourceId: string): string {
  return [
    `<script>${STUB}</script>`,
    `<script async src="${relay}/track.js" data-inbox="${relay}/in/${sourceId}"></script>`
  ].join('\n');
}

/** What says what the visitor chose, for cookie banners that tell it by an event, as their documentation has it. */
export const CONSENT_CALLS = {
  other: "ricochet('consent', 'granted')",
  Axeptio:
    "(window._axcb = window._axcb || []).push(sdk => sdk.on('cookies:complete', choices => ricochet('consent', choices.ricochet ? 'granted' : 'denied')))",
  Complianz:
    "document.addEventListener('cmplz_status_change', ({ detail }) => detail.category === 'marketing' && ricochet('consent', detail.value === 'allow' ? 'granted' : 'denied'))",
  Cookiebot:
    "['CookiebotOnAccept', 'CookiebotOnDecline'].forEach(name => addEventListener(name, () => ricochet('consent', Cookiebot.consent.marketing ? 'granted' : 'denied')))",
  CookieYes:
    "document.addEventListener('cookieyes_consent_update', ({ detail }) => ricochet('consent', detail.accepted.includes('analytics') ? 'granted' : 'denied'))"
} as const;
export type Banner = keyof typeof CONSENT_CALLS;

/** What a page can say besides, as code that a person changes to fit. */
export const CALLS = [
  "ricochet('identify', 'camille@example.com', { FIRSTNAME: 'Camille' })",
  "ricochet('track', 'Video watched', { minutes: 3 })",
  "ricochet('cart', { id: 'c1', currency: 'EUR', total: 39.8, items: [{ name: 'Mug', price: 19.9, quantity: 2 }] })",
  "ricochet('order', { id: 'o1', currency: 'EUR', total: 39.8, items: [{ name: 'Mug', price: 19.9, quantity: 2 }] })"
] as const;
