import { describe, expect, test } from 'vitest';
import type { ProviderDefinition, SendResult } from '$lib/core/providers';
import type { Fetch } from '$lib/core/fetch';
import { initialValues } from '$lib/core/fields';
import type { Result } from '$lib/core/result';
import type { EmailRequest, PushRequest, OutboundRequest, SmsRequest, WebhookRequest } from '$lib/core/rows/messages';
import type { Words } from '$lib/core/words';
import { providers } from './registry';

/** What every secret field holds in the tests: no result may repeat it. */
export const SECRET = 'xkeysib-very-secret';
export const NOW = Date.UTC(2027, 0, 5, 8);

/** What the outside answers. Names of headers in small letters. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export const email: EmailRequest = {
  channel: 'email',
  kind: 'marketing',
  senderId: 'e1',
  from: { name: 'Léa', email: 'lea@atelier.fr' },
  to: { name: 'Camille Noël', email: 'camille@exemple.fr' },
  subject: 'Bienvenue à l’été 🎉',
  templateId: 'm1',
  emailName: 'Bienvenue',
  tag: 'été',
  html: '<p>Bonjour 🎉</p>',
  text: 'Bonjour 🎉',
  headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' }
};

export const sms: SmsRequest = {
  channel: 'sms',
  kind: 'promotional',
  senderId: 'p1',
  from: 'Atelier',
  to: '+33612345678',
  smsName: 'Soldes',
  tag: 'soldes',
  text: 'Soldes d’été 🎉 STOP'
};

export const push: PushRequest = {
  channel: 'push',
  to: ['d1', 'd2'],
  platforms: ['ios', 'web'],
  pushName: 'Soldes',
  title: 'Soldes',
  body: 'Dès demain',
  url: 'https://atelier.fr/soldes',
  imageUrl: 'https://atelier.fr/soldes.png'
};

export const wallet: OutboundRequest = {
  channel: 'wallet',
  operation: 'move_and_notify',
  passes: ['sn-1'],
  campaignId: 'ete',
  text: 'Bonjour'
};

export const webhook: WebhookRequest = {
  channel: 'webhook',
  method: 'POST',
  url: 'https://exemple.fr/hook',
  headers: { 'x-api-key': SECRET },
  body: '{"a":1}'
};

/** Refusals that are told in words of our own, with what is to be done. */
type Refusal = 'key_refused' | 'address_refused' | 'brevo_address_refused' | 'sender_refused' | 'quota_used_up';

/** What a test of an account finds wrong with it, though the key may be right. */
type Trouble =
  | Refusal
  | 'no_sender'
  | 'domain_unverified'
  | 'no_credit'
  | 'may_not_send'
  | 'sending_off'
  | 'test_server'
  | 'unknown_there';

/** What an adapter's own test says of its provider; the contract tries the rest. */
export interface Contract {
  readonly request: OutboundRequest;
  /** Fields that are no secrets and have no initial value. */
  readonly settings?: Record<string, unknown>;
  readonly accepted: Reply;
  /** Null: the provider names none. */
  readonly messageId: string | null;
  /** Documented refusals, and what a person reads of each where it is the provider's own text. */
  readonly refusals?: readonly {
    readonly answer: Reply;
    readonly scope: 'recipient' | 'account';
    readonly says?: string;
    /** Where the words are more than what the provider says: the name of their message. */
    readonly kind?: Refusal;
  }[];
  /** Documented answers that ask to try again, and after how many ms; null: as our back-off says. */
  readonly delays?: readonly { readonly answer: Reply; readonly after: number | null }[];
  /** Answers that do not say whether the message was taken. */
  readonly unclear?: readonly Reply[];
  /** What the read-only call of the test button gets when all is well. Left out: the provider has no account to test. */
  readonly works?: Reply;
  /** Documented answers to the calls of the test button that say what is wrong, and what a person reads of each. */
  readonly troubles?: readonly { readonly answers: readonly Reply[]; readonly says: Trouble }[];
  /** Any 2xx is a yes, whatever its body: the user's own address. */
  readonly takesAnyYes?: true;
}

/** The one contract of all adapters, tried with the answers that the provider documents. */
export function describeProvider(id: string, contract: Contract): void {
  const {
    request,
    settings,
    accepted,
    messageId,
    refusals = [],
    delays = [],
    unclear = [],
    works,
    troubles = []
  } = contract;
  const provider = providerOf(id);
  const sent = async (...replies: (Reply | 'lost')[]) => (await send(provider, request, replies, settings)).result;

  describe(`the contract of ${id}`, () => {
    test('an accepted call', async () => {
      const { result, calls } = await send(provider, request, [accepted], settings);
      expect(result).toMatchObject({ status: 'accepted', ...(messageId === null ? {} : { messageId }) });
      expect(calls).toHaveLength(1);
    });

    test('the same key gives the same call', async () => {
      const first = await send(provider, request, [accepted], settings);
      const second = await send(provider, request, [accepted], settings);
      expect(first.calls).toEqual(second.calls);
    });

    test('a lost or broken answer is unknown, never not sent', async () => {
      expect((await sent('lost')).status).toBe('unknown');
      expect((await sent({ status: 500, body: 'oops' })).status).toBe('unknown');
      expect((await sent({ status: 502, body: '<html>' })).status).toBe('unknown');
      for (const answer of unclear) expect((await sent(answer)).status).toBe('unknown');
      if (contract.takesAnyYes) return;
      for (const body of ['<html>', '', 'null', '[]', '"yes"', '{}'])
        expect((await sent({ status: 200, body })).status, body).toBe('unknown');
    });

    test('too fast, or down: tried again when the provider says', async () => {
      const later = { status: 'retry', after: 7_000 };
      expect(await sent({ status: 429, headers: { 'retry-after': '7' } })).toMatchObject(later);
      expect(await sent({ status: 429, body: 'slow down' })).toMatchObject({ status: 'retry', after: null });
      expect(await sent({ status: 503, headers: { 'retry-after': '7' } })).toMatchObject(later);
      for (const { answer, after } of delays)
        expect(await sent(answer), JSON.stringify(answer)).toMatchObject({ status: 'retry', after });
    });

    test('a refusal is for good and says why', async () => {
      for (const status of [400, 401, 403, 404, 413, 422])
        for (const body of [{ code: 'x', message: 'no such thing' }, 'no such thing', 'null', '[]', '<html>'])
          expect((await sent({ status, body })).status, `${status} ${JSON.stringify(body)}`).toBe('rejected');
      for (const { answer, scope, says, kind = says === undefined ? undefined : 'said' } of refusals)
        expect(await sent(answer), JSON.stringify(answer)).toMatchObject({
          status: 'rejected',
          scope,
          reason: {
            ...(kind === undefined ? {} : { key: `words.provider.${kind}` }),
            ...(says === undefined ? {} : { params: { text: says } })
          }
        });
    });

    test('a wrong key concerns the account; no result repeats it', async () => {
      const refused = await sent({ status: 401, body: { message: `wrong key ${SECRET}` } });
      expect(refused).toMatchObject({ status: 'rejected', ...(contract.takesAnyYes ? {} : { scope: 'account' }) });
      if (!contract.takesAnyYes) expect(JSON.stringify(refused)).not.toContain(SECRET);
      const answers = [accepted, ...refusals.map(({ answer }) => answer), { status: 500, body: '' }, 'lost' as const];
      for (const answer of answers) expect(JSON.stringify(await sent(answer))).not.toContain(SECRET);
    });

    if (works)
      test('the test button says whether the key works', async () => {
        const said = (...replies: (Reply | 'lost')[]) => tried(provider, replies, settings);
        expect(await said(works)).toMatchObject({ ok: true });
        for (const { answers, says } of troubles)
          expect(await said(...answers), JSON.stringify(answers)).toMatchObject({
            ok: false,
            reason: { key: `words.provider.${says}` }
          });
        expect(await said({ status: 429 })).toMatchObject({ ok: false, reason: { key: 'words.provider.busy' } });
        expect(await said({ status: 503 })).toMatchObject({ ok: false, reason: { key: 'words.provider.broken' } });
        for (const reply of [
          { status: 401, body: {} },
          { status: 500, body: 'oops' },
          { status: 401, body: 'Forbidden' }
        ])
          expect(await said(reply)).toMatchObject({
            ok: false,
            reason: { key: expect.stringMatching(/^words\.provider\./) as string }
          });
        expect(await said('lost')).toMatchObject({ ok: false, reason: { key: 'words.provider.no_answer' } });
      });
  });
}

export function providerOf(id: string): ProviderDefinition {
  const provider = providers.get(id);
  if (!provider) throw new Error(`no provider ${id}`);
  return provider;
}

/** Tries the test button; the outside answers with the replies, one a call. */
export function tried(
  provider: ProviderDefinition,
  replies: readonly (Reply | 'lost')[],
  settings: Record<string, unknown> = {}
): Promise<Result<Words>> {
  return provider.test({ fields: { ...fieldsOf(provider), ...settings }, fetch: fetchOf(replies).fetch });
}

/** Sends a request; the outside answers with the replies, one a call. */
export async function send(
  provider: ProviderDefinition,
  request: OutboundRequest,
  replies: readonly (Reply | 'lost')[],
  settings: Record<string, unknown> = {}
): Promise<{ result: SendResult; calls: Call[] }> {
  const { fetch, calls } = fetchOf(replies);
  const fields = { ...fieldsOf(provider), ...settings };
  const result = await provider.send({ fields, request, key: 'k1', fetch, now: NOW });
  return { result, calls };
}

/** Looks up a request whose answer was lost. */
export async function lookUp(
  provider: ProviderDefinition,
  request: OutboundRequest,
  replies: readonly (Reply | 'lost')[],
  settings: Record<string, unknown> = {}
) {
  const { fetch, calls } = fetchOf(replies);
  const fields = { ...fieldsOf(provider), ...settings };
  const found = await provider.lookUp?.({ fields, request, key: 'k1', since: NOW, now: NOW + 600_000, fetch });
  return { found, calls };
}

/** Nothing found, and no answer, are told apart; no secret is said. */
export function describeLookUp(id: string, request: OutboundRequest, settings: Record<string, unknown> = {}): void {
  test(`${id} tells nothing found from no answer`, async () => {
    const provider = providerOf(id);
    expect((await lookUp(provider, request, [{ status: 200, body: {} }], settings)).found).toEqual({ messageIds: [] });
    for (const reply of ['lost', { status: 401, body: { message: 'no' } }, { status: 500, body: '<html>' }] as const) {
      const { found } = await lookUp(provider, request, [reply], settings);
      expect(found).toMatchObject({ reason: { key: expect.stringMatching(/^words\.provider/) as string } });
      expect(JSON.stringify(found)).not.toContain(SECRET);
    }
  });
}

export interface Call {
  readonly url: string;
  readonly init: Parameters<Fetch>[1];
}

/** The JSON that a call carried. */
export function jsonOf({ init }: Call): unknown {
  return JSON.parse(init?.body ?? '');
}

/** The form that a call carried; a name that comes twice keeps the last. */
export function formOf({ init }: Call): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(init?.body));
}

export function fieldsOf(provider: ProviderDefinition): Record<string, unknown> {
  const secrets = Object.entries(provider.fields).filter(([, { control }]) => control.kind === 'secret');
  return { ...initialValues(provider.fields), ...Object.fromEntries(secrets.map(([name]) => [name, SECRET])) };
}

/** An outside that answers with the replies, one a call, and remembers the calls. */
export function fetchOf(replies: readonly (Reply | 'lost')[]): { fetch: Fetch; calls: Call[] } {
  const calls: Call[] = [];
  const ahead = [...replies];
  const fetch: Fetch = (url, init) => {
    calls.push({ url, init });
    const reply = ahead.shift() ?? 'lost';
    if (reply === 'lost') return Promise.reject(new TypeError(`failed to fetch ${url} with ${SECRET}`));
    const { status, body = '', headers = {} } = reply;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve({
      ok: status < 300,
      status,
      headers: { get: (name) => headers[name.toLowerCase()] ?? null },
      text: () => Promise.resolve(text)
    });
  };
  return { fetch, calls };
}
