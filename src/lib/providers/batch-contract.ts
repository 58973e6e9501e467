import { describe, expect, test } from 'vitest';
import type { SendResult } from '$lib/core/providers';
import type { EmailRequest } from '$lib/core/rows/messages';
import { fetchOf, fieldsOf, NOW, providerOf, SECRET, type Call, type Reply } from './contract';

/** What an adapter's own test says of the calls in which its provider takes several messages. */
interface BatchContract {
  readonly request: EmailRequest;
  /** The answer where all of these ids were given, in their order. */
  readonly accepted: (ids: readonly string[]) => Reply;
  /** Documented refusals of the whole call. */
  readonly refusals: readonly { readonly answer: Reply; readonly scope: 'recipient' | 'account' }[];
}

/** Sends as many messages as there are readers; the outside answers with the replies, one a call. */
export async function sendTogether(
  id: string,
  requests: readonly EmailRequest[],
  ...replies: (Reply | 'lost')[]
): Promise<{ result: SendResult | readonly SendResult[] | undefined; calls: Call[] }> {
  const provider = providerOf(id);
  const { fetch, calls } = fetchOf(replies);
  const fields = fieldsOf(provider);
  const result = await provider.batches?.send({ fields, requests: requests, key: 'b1', fetch, now: NOW });
  return { result, calls };
}

/** The same message to several readers, each by their name. */
export function toEach(request: EmailRequest, ...names: string[]): EmailRequest[] {
  return names.map((name) => ({
    ...request,
    to: { name, email: `${name.toLowerCase()}@exemple.fr` },
    html: `<p>${name}</p>`,
    text: name
  }));
}

/** The one contract of all adapters whose providers take several messages in one call. */
export function describeBatches(id: string, { request, accepted, refusals }: BatchContract): void {
  const requests = toEach(request, 'Camille', 'Noé', 'Zoé');
  const ids = ['<m1>', '<m2>', '<m3>'];
  const resultOf = async (...replies: (Reply | 'lost')[]) => (await sendTogether(id, requests, ...replies)).result;

  describe(`the contract of ${id}, for several messages in one call`, () => {
    test('one call takes them, and each has its own id', async () => {
      const { result, calls } = await sendTogether(id, requests, accepted(ids));
      expect(result).toEqual(ids.map((messageId) => ({ status: 'accepted', messageId })));
      expect(calls).toHaveLength(1);
    });

    test('the same key gives the same call, another key another', async () => {
      const first = await sendTogether(id, requests, accepted(ids));
      expect(await sendTogether(id, requests, accepted(ids))).toEqual(first);
      const { fetch, calls } = fetchOf([accepted(ids)]);
      const provider = providerOf(id);
      await provider.batches?.send({
        fields: fieldsOf(provider),
        requests: requests,
        key: 'b2',
        fetch,
        now: NOW
      });
      expect(calls[0]).not.toEqual(first.calls[0]);
    });

    test('an answer that is lost, broken, or does not speak of each, is unknown for all', async () => {
      const unclear = ['', 'null', '[]', '{}', '<html>'].map((body): Reply => ({ status: 200, body }));
      for (const answer of ['lost' as const, { status: 500, body: 'oops' }, accepted(ids.slice(0, 2)), ...unclear])
        expect(await resultOf(answer), JSON.stringify(answer)).toMatchObject({ status: 'unknown' });
    });

    test('too fast, or down: tried again when the provider says', async () => {
      for (const status of [429, 503])
        expect(await resultOf({ status, headers: { 'retry-after': '7' } })).toMatchObject({
          status: 'retry',
          after: 7_000
        });
    });

    test('a refusal is that of the call', async () => {
      for (const { answer, scope } of refusals)
        expect(await resultOf(answer), JSON.stringify(answer)).toMatchObject({ status: 'rejected', scope });
      const refused = await resultOf({ status: 401, body: { message: `wrong key ${SECRET}` } });
      expect(refused).toMatchObject({ status: 'rejected', scope: 'account' });
      expect(JSON.stringify(refused)).not.toContain(SECRET);
    });
  });
}
