import { parsedJson } from '$lib/core/json';
import type { CancelResult, SendResult } from '$lib/core/providers';
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
  return ok({ status: answer.status, header: (name) => answer.headers.get(name), text, json: parsedJson(text) });
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
  const text = shortened(said);
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
  if (status === 401 || status === 403) {
    const key = `words.provider.${isAboutAddress(text) ? 'address_refused' : 'key_refused'}`;
    return { status: 'rejected', scope: 'account', reason: words(key, { provider }) };
  }
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

/**
 * What a call means that takes a message back, where the vendor says nothing else of its status: a refusal for good says that it is too
 * late, one for now that it is to be asked again.
 */
export function cancelOf(provider: string, answer: Exchange, said: string | undefined): CancelResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return { status: 'cancelled' };
  const common = commonResult(provider, answer);
  if (common?.status === 'retry') {
    const { after, at, reason } = common;
    return { status: 'retry', after, ...(at === undefined ? {} : { at }), reason };
  }
  if (common?.status === 'unknown') return common;
  // A wrong key says nothing of the message: it may be right again in time.
  if (common?.status === 'rejected') return { status: 'retry', after: null, reason: common.reason };
  return { status: 'late', reason: saidBy(provider, status, said) };
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

/** Whether what is said of a refused call is about the IP address that it came from: the account lists those that it takes. */
export function isAboutAddress(said: string | undefined): boolean {
  return /\bIP[ -]?address|authori[sz]ed_ips|\bIP\b.*\b(whitelist|allow|authori[sz])/i.test(said ?? '');
}

/** What the provider said of a sender that it does not let send: its address or its domain is not verified. */
export function senderRefused(provider: string, status: number, said: string | undefined): Words {
  return refusalWords('sender_refused', provider, status, said);
}

/** What the provider said of an account that has sent all that it may, or has nothing left to pay with. */
export function quotaUsedUp(provider: string, status: number, said: string | undefined): Words {
  return refusalWords('quota_used_up', provider, status, said);
}

function refusalWords(kind: string, provider: string, status: number, said: string | undefined): Words {
  const text = shortened(said);
  return words(`words.provider.${kind}`, { provider, text: text === '' ? String(status) : text });
}

function shortened(said: string | undefined): string {
  return (said ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}
