import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { inboxPage } from '$lib/core/inbox';
import { pagePost, SEALING, type FormTexts, type PagePost, type PublishedSite, type SiteTexts } from '$lib/core/pages';
import * as v from 'valibot';

/** A relay as its user calls it. */
interface Relay {
  asUser(path: string, init?: RequestInit): Promise<Response>;
}

export const KEY = 'a-key-that-only-the-app-and-its-relay-know';

export const formTexts: FormTexts = {
  optional: '(optional)',
  trap: 'Leave empty',
  missing: 'Missing.',
  notEmail: 'No address.',
  notFitting: 'Does not fit.',
  consentMissing: 'Agree first.',
  again: 'Once more.',
  wrong: 'See below.',
  email: 'Email',
  phone: 'Phone',
  send: 'Send',
  thanks: 'Thanks',
  checkMail: 'Look into your mail.'
};
export const aboutAnswers = {
  title: 'Filled in',
  rest: 'And more.',
  agreed: 'You agree to:',
  refuse: 'Not me',
  own: 'Fill it in yourself'
};
const texts = (language: string): SiteTexts => ({
  form: formTexts,
  unsubscribe: { title: `${language} leave?`, lead: 'One press is enough.', button: 'Leave' },
  unsubscribed: { title: `${language} done`, lead: 'You get no more letters.', button: 'Back' },
  resubscribed: { title: `${language} back`, lead: 'You get letters again.' },
  confirm: { title: `${language} was it you?`, lead: 'Somebody signed up.', button: 'Confirm', answers: aboutAnswers },
  confirmed: { title: `${language} confirmed`, lead: 'Thank you.' },
  refused: { title: `${language} refused`, lead: 'Erased.' },
  lapsed: { title: `${language} lapsed`, lead: 'It was good for seven days.' },
  unknown: { title: `${language} unknown`, lead: 'This link is not complete.' },
  failed: { title: `${language} failed`, lead: 'Try again.' }
});
export const site: PublishedSite = {
  key: KEY,
  language: 'fr',
  look: {
    name: 'Atelier Léa',
    accent: '#b93a24',
    onAccent: '#ffffff',
    text: '#1d1f2b',
    background: '#f6f4ef',
    surface: '#ffffff'
  },
  texts: { fr: texts('fr'), en: texts('en') }
};

export const base64url = (text: string) => Buffer.from(text).toString('base64url');
export function tokenOf(payload: unknown, { key = KEY, page = 'u' } = {}): string {
  const encoded = base64url(typeof payload === 'string' ? payload : JSON.stringify(payload));
  return `${encoded}.${createHmac('sha256', key).update(`${page}.${encoded}`).digest('base64url')}`;
}

/** What was filled in, as a link to confirm has it; `text` instead of what it should be. */
export function sealedOf(text: unknown, key = KEY): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', createHmac('sha256', key).update(SEALING).digest(), nonce);
  const encrypted = [cipher.update(typeof text === 'string' ? text : JSON.stringify(text), 'utf8'), cipher.final()];
  return Buffer.concat([nonce, ...encrypted, cipher.getAuthTag()]).toString('base64url');
}

/** Publishes what all pages share, as the app does. */
export async function publish(relay: Relay, content: unknown = site): Promise<number> {
  const { status } = await relay.asUser('/pages', { method: 'PUT', body: JSON.stringify(content) });
  return status;
}

/** What waits in the inbox. */
export async function waiting(relay: Relay) {
  const { items } = v.parse(inboxPage, await (await relay.asUser('/inbox')).json());
  return items.map(({ kind, sourceId, contentType, body }) => {
    const post: PagePost = v.parse(pagePost, JSON.parse(body));
    return { kind, sourceId, contentType, post };
  });
}

/** What is done within one minute by the clock of the relay, which counts posts by the minute: once more where a new one has begun. */
export async function withinOneMinute<T>(work: (minute: number) => Promise<T>): Promise<T> {
  for (;;) {
    const minute = Math.floor(Date.now() / 60_000);
    const done = await work(minute);
    if (Math.floor(Date.now() / 60_000) === minute) return done;
  }
}

/** The inbox is empty after it. */
export async function acknowledge(relay: Relay): Promise<void> {
  await relay.asUser('/inbox/acknowledged', {
    method: 'POST',
    body: JSON.stringify({ upTo: Number.MAX_SAFE_INTEGER })
  });
}
