import {
  PROFILE_LINK_LASTS,
  unsignedPattern,
  type ConfirmPayload,
  type PageLanguage,
  type ProfilePayload,
  type TokenPage,
  type UnsubscribePayload
} from '$lib/core/pages';
import type { Account, EmailRequest, OutboxRow } from '$lib/core/rows/messages';
import { OPT_IN_LASTS } from '$lib/core/rows/opt-ins';
import { byMail, byPage, type WayOut } from '$lib/messages/way-out';

type Signed = Pick<OutboxRow, 'id' | 'contactId' | 'automationId' | 'createdAt' | 'optInId' | 'request'>;

/**
 * The request as it leaves: the links in it to the relay's pages signed for its reader, the same ones at each attempt. Where there is no
 * relay any more that shows pages, its reader leaves or writes by a message to the sender. `openSecret` answers null while secrets are
 * locked.
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
  const profiles = formsIn(request);
  if (leaving === null && confirming === null && profiles.length === 0) return request;
  const { pages, fields } = relay ?? {};
  const keyId = fields?.pagesKey;
  if (!pages || typeof keyId !== 'string') {
    const sender = request.from.email;
    const written = withProfiles(
      request,
      new Map(profiles.map(({ found }) => [found, byMail(sender, 'profile').address]))
    );
    return leaving === null && confirming === null ? written : withWayOut(written, byMail(sender));
  }
  const key = await openSecret(keyId);
  if (key === null) return request;
  const addressOf = async (page: TokenPage, payload: readonly string[]): Promise<string> =>
    `${pages.url}/${page}/${await signedToken(key, page, payload)}`;
  if (confirming !== null) {
    const { optInId = '', automationId, createdAt } = row;
    const payload: ConfirmPayload = [confirming, optInId, automationId, String(createdAt + OPT_IN_LASTS)];
    return withAddress(request, 'c', await addressOf('c', payload));
  }
  const signed = new Map<string, string>();
  for (const { found, language, formId } of profiles) {
    const payload: ProfilePayload = [language, formId, row.id, String(row.createdAt + PROFILE_LINK_LASTS)];
    signed.set(found, await addressOf('p', payload));
  }
  const written = withProfiles(request, signed);
  if (leaving === null) return written;
  const payload: UnsubscribePayload = [leaving, row.contactId, row.id];
  return withWayOut(written, byPage(await addressOf('u', payload), request.from.email));
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
  return found === undefined ? null : languageOf(found);
}

/** Links to forms, each once, as they stand unsigned. */
function formsIn({ html = '', text = '' }: EmailRequest) {
  const found = new Map([...`${html} ${text}`.matchAll(unsignedPattern('p'))].map((match) => [match[0], match]));
  return [...found.values()].map((match) => ({
    found: match[0],
    language: languageOf(match),
    formId: match[2] ?? ''
  }));
}

function languageOf([, language]: RegExpMatchArray): PageLanguage {
  return language === 'en' ? 'en' : 'fr';
}

function withAddress(request: EmailRequest, page: TokenPage, address: string): EmailRequest {
  return withAddresses(request, page, () => address);
}

function withProfiles(request: EmailRequest, addresses: ReadonlyMap<string, string>): EmailRequest {
  return withAddresses(request, 'p', (found) => addresses.get(found) ?? found);
}

function withAddresses(
  { html, text, ...request }: EmailRequest,
  page: TokenPage,
  addressOf: (found: string) => string
): EmailRequest {
  const escaped = (found: string) => addressOf(found).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return {
    ...request,
    ...(html === undefined ? {} : { html: html.replace(unsignedPattern(page), escaped) }),
    ...(text === undefined ? {} : { text: text.replace(unsignedPattern(page), addressOf) })
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
