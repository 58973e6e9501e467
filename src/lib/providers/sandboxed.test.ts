import { describe, expect, test } from 'vitest';
import type { OutboundRequest } from '$lib/core/rows/messages';
import { email, lookUp, providerOf, push, send, sms, wallet } from './contract';

/** The Sandbox has no outside that could fail, so that it has no part in the contract of those that have one. */
function describeSandbox(id: string, request: OutboundRequest): void {
  describe(id, () => {
    const sandbox = providerOf(id);

    test('takes every message without a call, and names it by its key', async () => {
      const { result, calls } = await send(sandbox, request, ['lost']);
      expect(result).toEqual({ status: 'accepted', messageId: '<k1@sandbox.ricochet>' });
      expect(calls).toEqual([]);
    });

    test('keeps what it took, remembers every key, and always works', async () => {
      expect([sandbox.keepsContent, sandbox.idempotencyWindow]).toEqual([true, Infinity]);
      expect((await lookUp(sandbox, request, [])).found).toEqual({ messageIds: ['<k1@sandbox.ricochet>'] });
      expect(await sandbox.test({ fields: {}, fetch: () => Promise.reject(new Error('no outside')) })).toMatchObject({
        ok: true
      });
    });
  });
}

describeSandbox('sandbox', email);
describeSandbox('sandbox.sms', sms);
describeSandbox('sandbox.push', push);
describeSandbox('sandbox.wallet', wallet);
