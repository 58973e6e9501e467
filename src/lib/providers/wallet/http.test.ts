import { expect, test } from 'vitest';
import { describeProvider, jsonOf, providerOf, SECRET, send, wallet } from '../contract';

const settings = { address: 'https://passes.atelier.fr/api' };

describeProvider('wallet.http', {
  request: wallet,
  settings,
  accepted: { status: 200, body: { id: 7 } },
  messageId: '7',
  takesAnyYes: true,
  // A 2xx with success false.
  refusals: [
    {
      answer: { status: 200, body: { success: false, message: 'no such pass' } },
      scope: 'recipient',
      says: 'no such pass'
    },
    { answer: { status: 401 }, scope: 'account' }
  ],
  works: { status: 200, body: {} }
});

test('a pass service is sent what the adapter documents', async () => {
  const { calls } = await send(providerOf('wallet.http'), wallet, [{ status: 204 }], settings);
  expect(calls[0]).toMatchObject({
    url: 'https://passes.atelier.fr/api',
    init: { headers: { authorization: `Bearer ${SECRET}`, 'idempotency-key': 'k1' } }
  });
  expect(jsonOf(calls[0]!)).toEqual({
    operation: 'move_and_notify',
    passes: ['sn-1'],
    campaignId: 'ete',
    text: 'Bonjour'
  });
});
