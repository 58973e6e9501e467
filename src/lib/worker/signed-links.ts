import { UNSIGNED_UNSUBSCRIBE, type PageLanguage, type TokenPage, type UnsubscribePayload } from '$lib/core/pages';
import type { Account, EmailRequest, OutboxRow } from '$lib/core/rows/messages';
import { byMail, byPage, type WayOut } from '$lib/messages/way-out';

/**
 * The request as it leaves: the links in it to the relay's pages signed for its reader, the same ones at each attempt. Where there is no
 * relay any more that shows pages, its reader leaves by a message to the sender. `openSecret` answers null while secrets are locked.
 */
export async function withSignedLinks(
  { id, contactId, request }: Pick<OutboxRow, 'id' | 'contactId' | 'request'>,
  relay: Account | null,
  openSecret: (id: string) => Promise<string | null>
): Promise<OutboxRow['request']> {
  if (request.channel !== 'email') return request;
  const [language] = placesIn(request);
  if (language === undefined) return request;
  const { pages, fields } = relay ?? {};
  const keyId = fields?.pagesKey;
  if (!pages || typeof keyId !== 'string') return withWayOut(request, byMail(request.from.email));
  const key = await openSecret(keyId);
  if (key === null) return request;
  const payload: UnsubscribePayload = [language, contactId, id];
  const token = await signedToken(key, 'u', payload);
  return withWayOut(request, byPage(`${pages.url}/u/${token}`, request.from.email));
}

/** `{payload}.{signature}`, as core/pages.ts says. */
export async function signedToken(key: string, page: TokenPage, payload: readonly string[]): Promise<string> {
  const encoded = base64url(new TextEncoder().encode(JSON.stringify(payload)));
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const signing = await crypto.subtle.importKey('raw', new TextEncoder().encode(key), usage, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(`${page}.${encoded}`));
  return `${encoded}.${base64url(new Uint8Array(signature))}`;
}

function placesIn({ html = '', text = '' }: EmailRequest): PageLanguage[] {
  return [...`${html} ${text}`.matchAll(UNSIGNED_UNSUBSCRIBE)].map(([, language]) => (language === 'en' ? 'en' : 'fr'));
}

function withWayOut(
  { html, text, headers, ...request }: EmailRequest,
  { address, headers: wayOut }: WayOut
): EmailRequest {
  const others = Object.entries(headers ?? {}).filter(([name]) => !/^list-unsubscribe/i.test(name));
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return {
    ...request,
    ...(html === undefined ? {} : { html: html.replace(UNSIGNED_UNSUBSCRIBE, () => escaped) }),
    ...(text === undefined ? {} : { text: text.replace(UNSIGNED_UNSUBSCRIBE, () => address) }),
    headers: { ...Object.fromEntries(others), ...(request.kind === 'marketing' ? wayOut : {}) }
  };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
