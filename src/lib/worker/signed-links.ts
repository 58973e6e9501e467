import {
  answersIn,
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
import { base64url, hmac, sealed } from './sealing-answers';

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
  const [leaving] = foundIn(request, 'u').map(languageOf);
  const [confirming] = foundIn(request, 'c');
  const profiles = formsIn(request);
  if (!leaving && !confirming && profiles.length === 0) return request;
  const { pages, fields } = relay ?? {};
  const keyId = fields?.pagesKey;
  if (!pages || typeof keyId !== 'string') {
    const sender = request.from.email;
    const written = withProfiles(
      request,
      new Map(profiles.map(({ found }) => [found, byMail(sender, 'profile').address]))
    );
    return !leaving && !confirming ? written : withWayOut(written, byMail(sender));
  }
  const key = await openSecret(keyId);
  if (key === null) return request;
  const addressOf = async (
    page: TokenPage,
    payload: ConfirmPayload | UnsubscribePayload | ProfilePayload
  ): Promise<string> => `${pages.url}/${page}/${await signedToken(key, page, payload)}`;
  if (confirming) {
    const { optInId = '', automationId, createdAt } = row;
    const answers = answersIn(confirming[2]);
    const until = String(createdAt + OPT_IN_LASTS);
    const shown = answers === null ? [] : [await sealed(answers, key)];
    const payload = [languageOf(confirming), optInId, automationId, until, ...shown] as ConfirmPayload;
    return withAddress(request, 'c', await addressOf('c', payload));
  }
  const signed = new Map<string, string>();
  for (const { found, language, formId } of profiles) {
    const payload: ProfilePayload = [language, formId, row.id, String(row.createdAt + PROFILE_LINK_LASTS)];
    signed.set(found, await addressOf('p', payload));
  }
  const written = withProfiles(request, signed);
  if (!leaving) return written;
  const payload: UnsubscribePayload = [leaving, row.contactId, row.id];
  return withWayOut(written, byPage(await addressOf('u', payload), request.from.email));
}

/** Whether headers of the request will name its reader: the way out of marketing emails does, where a page of the relay is that. */
export function hasOwnHeaders(request: OutboxRow['request'], relay: Account | null): boolean {
  return (
    request.channel === 'email' &&
    request.kind === 'marketing' &&
    relay?.pages !== undefined &&
    foundIn(request, 'u').length > 0
  );
}

/** `{payload}.{signature}`, as core/pages.ts says. */
export async function signedToken(key: string, page: TokenPage, payload: readonly unknown[]): Promise<string> {
  const encoded = base64url(new TextEncoder().encode(JSON.stringify(payload)));
  return `${encoded}.${base64url(await hmac(key, new TextEncoder().encode(`${page}.${encoded}`)))}`;
}

function foundIn({ html = '', text = '' }: EmailRequest, page: TokenPage): RegExpMatchArray[] {
  return [...`${html} ${text}`.matchAll(unsignedPattern(page))];
}

/** Links to forms, each once, as they stand unsigned. */
function formsIn(request: EmailRequest) {
  const found = new Map(foundIn(request, 'p').map((match) => [match[0], match]));
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
