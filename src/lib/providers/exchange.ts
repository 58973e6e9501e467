import type { SendResult } from '$lib/core/providers';
import type { Answer, Fetch } from '$lib/core/fetch';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';

/** What came back: the status, a way to read headers, the body as text and, where it is JSON, as a value. */
export interface Exchange {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly text: string;
  readonly json: unknown;
}

/**
 * Makes one call. A rejected `fetch` does not say whether the call left and was carried out, so that the reason comes back as
 * 'no answer', never as 'not sent'.
 */
export async function exchange(fetch: Fetch, url: string, init: Parameters<Fetch>[1]): Promise<Result<Exchange>> {
  let answer: Answer;
  let text: string;
  try {
    answer = await fetch(url, init);
    text = await answer.text();
  } catch {
    return failed(words('words.provider.no_answer', { host: hostOf(url) }));
  }
  return ok({ status: answer.status, header: (name) => answer.headers.get(name), text, json: parseJson(text) });
}

/** The API's address without a slash at its end. */
export function baseOf(address: string): string {
  return address.replace(/\/+$/, '');
}

/** HTTP basic authorization of a name and a password in ASCII (RFC 7617). */
export function basicAuthorization(name: string, password: string): string {
  return `Basic ${btoa(`${name}:${password}`)}`;
}

/** What the provider said, shortened for people. Never holds what we sent. */
export function saidBy(provider: string, status: number, said: string | undefined): Words {
  const text = (said ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
  return text === ''
    ? words('words.provider.status', { provider, status })
    : words('words.provider.said', { provider, text });
}

/** `Retry-After` or a rate-limit header in seconds, as ms; null where it is none. */
export function secondsToMs(header: string | null): number | null {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

/** `Retry-After` as RFC 9110 has it: seconds, or the date at which to try again. */
export function retryAfter(header: string | null): { after: number | null; at?: number } {
  const after = secondsToMs(header);
  const at = after === null && header !== null ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? { after } : { after: null, at };
}

/** Answers whose meaning is the same everywhere; null where the adapter has to look closer. */
export function commonResult(provider: string, { status, header, text }: Exchange): SendResult | null {
  if (status === 401 || status === 403)
    return { status: 'rejected', scope: 'account', reason: words('words.provider.key_refused', { provider }) };
  if (status === 429) {
    return {
      status: 'retry',
      scope: 'account',
      ...retryAfter(header('retry-after')),
      reason: words('words.provider.too_fast', { provider })
    };
  }
  if (status === 503)
    return {
      status: 'retry',
      scope: 'account',
      ...retryAfter(header('retry-after')),
      reason: words('words.provider.down', { provider })
    };
  // A gateway that gave up, or a crash after the work was done: it may have been accepted.
  if (status >= 500 || status === 408)
    return { status: 'unknown', reason: saidBy(provider, status, text.startsWith('<') ? '' : text) };
  return null;
}

/** A success status with a body that the API does not send: a proxy's, or a captive portal's. */
export function notTheApi(provider: string): SendResult {
  return { status: 'unknown', reason: words('words.provider.not_the_api', { provider }) };
}

/** The properties of a JSON object; none where it is anything else. */
export function propertiesOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

/** The objects of a JSON list; none where it is no list. */
export function objectsOf(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(json) ? json.map(propertiesOf) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Whether a key works, by a call that only reads. `account` names the account that the answer is about: '' where it has no name,
 * undefined where the answer is not the API's.
 */
export async function tryKey({
  provider,
  url,
  headers,
  fetch,
  said,
  account
}: {
  provider: string;
  url: string;
  headers: Record<string, string>;
  fetch: Fetch;
  said: (answer: Exchange) => string | undefined;
  account: (json: unknown) => string | undefined;
}): Promise<Result<Words>> {
  const answer = await exchange(fetch, url, { headers });
  if (!answer.ok) return answer;
  const { status, json } = answer.value;
  if (status === 401 || status === 403) return failed(words('words.provider.key_refused', { provider }));
  if (status !== 200) return failed(saidBy(provider, status, said(answer.value)));
  const name = account(json);
  if (name === undefined) return failed(words('words.provider.not_the_api', { provider }));
  return ok(
    name === ''
      ? words('words.provider.accepts_key', { provider })
      : words('words.provider.works', { provider, account: name })
  );
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
