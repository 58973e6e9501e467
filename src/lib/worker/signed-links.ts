import {
  unsignedPattern,
  type ConfirmPayload,
  type PageLanguage,
  type TokenPage,
  type UnsubscribePayload
} from '$lib/core/pages';
import type { Account, EmailRequest, OutboxRow } from '$lib/core/rows/messages';
import { OPT_IN_LASTS } from '$lib/core/rows/opt-ins';
import { byMail, byPage, type WayOut } from '$lib/messages/way-out';

type Signed = Pick<OutboxRow, 'id' | 'contactId' | 'automationId' | 'createdAt' | 'optInId' | 'request'>;

/**
 * The request as it leaves: the links in it to the relay's pages signed for its reader, the same ones at each attempt. Where there is no
 * relay any more that shows pages, its reader leaves by a message to the sender. `openSecret` answers null while secrets are locked.
 */
export async function withSignedLinks(
  row: Signed,
  relay: Account | null,
  openSecret: (id: string) => Promise<string | null>
): Promise<OutboxRow['request']> {
  const { request } = row;
  if (request.channel !== 'email') return request;
  const leaving = languageIn(request, 'u');
  const confirming = languageIn(request, 'c');
  if (leaving === null && confirming === null) return request;
  const { pages, fields } = relay ?? {};
  const keyId = fields?.pagesKey;
  if (!pages || typeof keyId !== 'string') return withWayOut(request, byMail(request.from.email));
  const key = await openSecret(keyId);
  if (key === null) return request;
  const addressOf = async (page: TokenPage, payload: readonly string[]): Promise<string> =>
    `${pages.url}/${page}/${await signedToken(key, page, payload)}`;
  if (confirming !== null) {
    const { optInId = '', automationId, createdAt } = row;
    const payload: ConfirmPayload = [confirming, optInId, automationId, String(createdAt + OPT_IN_LASTS)];
    return withAddress(request, 'c', await addressOf('c', payload));
  }
  const payload: UnsubscribePayload = [leaving ?? 'fr', row.contactId, row.id];
  return withWayOut(request, byPage(await addressOf('u', payload), request.from.email));
}

/** `{payload}.{signature}`, as core/pages.ts says. */
export async function signedToken(key: string, page: TokenPage, payload: readonly string[]): Promise<string> {
  const encoded = base64url(new TextEncoder().encode(JSON.stringify(payload)));
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const signing = await crypto.subtle.importKey('raw', new TextEncoder().encode(key), usage, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(`${page}.${encoded}`));
  return `${encoded}.${base64url(new Uint8Array(signature))}`;
}

function languageIn({ html = '', text = '' }: EmailRequest, page: TokenPage): PageLanguage | null {
  const [found] = `${html} ${text}`.matchAll(unsignedPattern(page));
  return found === undefined ? null : found[1] === 'en' ? 'en' : 'fr';
}

function withAddress({ html, text, ...request }: EmailRequest, page: TokenPage, address: string): EmailRequest {
  const escaped = address.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return {
    ...request,
    ...(html === undefined ? {} : { html: html.replace(unsignedPattern(page), () => escaped) }),
    ...(text === undefined ? {} : { text: text.replace(unsignedPattern(page), () => address) })
  };
}

function withWayOut(request: EmailRequest, { address, headers: wayOut }: WayOut): EmailRequest {
  const others = Object.entries(request.headers ?? {}).filter(([name]) => !/^list-unsubscribe/i.test(name));
  return {
    ...withAddress(request, 'u', address),
    headers: { ...Object.fromEntries(others), ...(request.kind === 'marketing' ? wayOut : {}) }
  };
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
