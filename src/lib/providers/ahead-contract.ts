import { describe, expect, test } from 'vitest';
import type { CancelResult } from '$lib/core/providers';
import type { OutboundRequest } from '$lib/core/rows/messages';
import { fetchOf, fieldsOf, NOW, providerOf, SECRET, type Call, type Reply } from './contract';

/** What an adapter's own test says of messages that leave later. */
export interface AheadContract {
  readonly request: OutboundRequest;
  readonly settings?: Record<string, unknown>;
  readonly accepted: Reply;
  /** Where it goes: what of the call names the time, as read by `scheduledIn`. */
  readonly scheduledIn: (call: Call) => unknown;
  readonly scheduled: unknown;
  /** The documented calls that take it back, and the answer that says that it was. */
  readonly cancel: { readonly method: string; readonly url: string; readonly body?: string; readonly answer: Reply };
  /** Documented answers to a call that comes too late; the second one to the question what became of it. */
  readonly late: readonly Reply[];
  /** The same, where an earlier call had its effect. Left out: the provider does not tell the two apart. */
  readonly again?: readonly Reply[];
}

/** When the messages of these tests are to leave. */
export const LEAVES = NOW + 7_200_500;

const nameOf = (from: string | { email: string }) => (typeof from === 'string' ? from : from.email);

/** A message that is handed over to leave later, and taken back. */
export function describeAhead(id: string, contract: AheadContract): void {
  const { request, settings = {}, accepted, scheduledIn, scheduled, cancel, late, again } = contract;
  const provider = providerOf(id);
  const cancelled = async (...replies: (Reply | 'lost')[]): Promise<{ result: CancelResult; calls: Call[] }> => {
    const { fetch, calls } = fetchOf(replies);
    const fields = { ...fieldsOf(provider), ...settings };
    const result = await provider.ahead?.cancel({ fields, messageId: 'm/1', key: 'k1', fetch });
    if (!result) throw new Error(`${id} takes nothing back`);
    return { result, calls };
  };

  describe(`${id} lets messages leave later`, () => {
    test('the time is said as documented, and nothing of it where there is none', async () => {
      const { fetch, calls } = fetchOf([accepted, accepted]);
      const args = { fields: { ...fieldsOf(provider), ...settings }, request, key: 'k1', fetch, now: NOW };
      expect(await provider.send({ ...args, leavesAt: LEAVES })).toMatchObject({ status: 'accepted' });
      await provider.send(args);
      expect(calls.map(scheduledIn)).toEqual([scheduled, undefined]);
      expect(provider.ahead?.takesFrom?.('from' in request ? nameOf(request.from) : '') ?? true).toBe(true);
    });

    test('and takes them back', async () => {
      const { result, calls } = await cancelled(cancel.answer);
      expect(result).toEqual({ status: 'cancelled' });
      expect(calls).toMatchObject([
        {
          url: cancel.url,
          init: { method: cancel.method, ...(cancel.body === undefined ? {} : { body: cancel.body }) }
        }
      ]);
    });

    test('too late is told from not now, and from nobody knows', async () => {
      expect((await cancelled(...late)).result.status).toBe('late');
      if (again) expect((await cancelled(...again)).result).toEqual({ status: 'cancelled' });
      expect((await cancelled('lost')).result.status).toBe('unknown');
      expect((await cancelled({ status: 500, body: '<html>' })).result.status).toBe('unknown');
      expect((await cancelled({ status: 429, headers: { 'retry-after': '7' } })).result).toMatchObject({
        status: 'retry',
        after: 7_000
      });
      const refused = (await cancelled({ status: 401, body: { message: `wrong key ${SECRET}` } })).result;
      expect(refused.status).toBe('retry');
      expect(JSON.stringify(refused)).not.toContain(SECRET);
    });
  });
}
