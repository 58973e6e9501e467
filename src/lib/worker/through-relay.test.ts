import { expect, test } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import type { Fetch } from '$lib/core/fetch';
import { REFUSAL_HEADER, SECRET_HEADER } from '$lib/core/inbox';
import { HOUR } from '$lib/core/instants';
import type { Account } from '$lib/core/rows/messages';
import { active, START, welcomeWorkspace, World } from './testing/world';
import { wayOf } from './through-relay';

const relay: Account = {
  id: 'r1',
  provider: 'relay',
  name: 'Relais',
  fields: { url: 'https://relay.example/', secret: 'key-of-relay' },
  createdAt: START
};

/** A welcome mail whose account goes through the relay, which answers so. */
async function due(reply: { status: number; body: unknown; headers?: Record<string, string> }, withRelay = true) {
  const world = new World();
  await world.put(...welcomeWorkspace(['c1'], 'acc1'), update('accounts', 'acc1', { throughRelay: true }));
  if (withRelay) await world.put(create('accounts', 'r1', relay));
  world.answer = (url) =>
    Promise.resolve(url.includes('/v3/smtp/email') ? reply : { status: 200, body: { items: [], more: false } });
  await world.open();
  await world.addToList(['c1'], 'l1');
  await world.pass(HOUR);
  const sends = world.calls.filter(({ url }) => url.endsWith('/v3/smtp/email'));
  const [row] = await world.outbox();
  world.close();
  return { world, sends, row };
}

test('calls leave through the relay, with its secret beside the provider’s key, and are settled as ever', async () => {
  const { sends, row } = await due({ status: 201, body: { messageId: '<m@x>' } });
  expect(sends).toHaveLength(1);
  expect(sends[0]?.url).toMatch(/^https:\/\/relay\.example\/pass\/[^/]+\/v3\/smtp\/email$/);
  expect(sends[0]?.init?.headers).toMatchObject({
    [SECRET_HEADER]: 'secret of key-of-relay',
    'api-key': expect.stringMatching(/^secret of /) as string
  });
  expect(row).toMatchObject({ status: 'sent', messageId: '<m@x>' });
});

test('the report is read through it too', async () => {
  const { world } = await due({ status: 201, body: { messageId: '<m@x>' } });
  const reports = world.calls.filter(({ url }) => url.includes('/statistics/events'));
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.every(({ url }) => url.startsWith('https://relay.example/pass/'))).toBe(true);
});

test.each([
  ['wrong_secret', 401, 'words.relay.wrong_secret'],
  ['host_not_allowed', 403, 'words.relay.host_not_allowed'],
  ['too_large', 413, 'words.relay.refused']
])(
  'what the relay itself refuses (%s) is no answer of the provider: the account rests and says why',
  async (code, status, key) => {
    const headers = { [REFUSAL_HEADER]: code };
    const { world, row } = await due({ status, body: { error: code, message: '' }, headers });
    expect(row?.status).toBe('queued');
    expect((await world.all('accounts')).find(({ id }) => id === 'acc1')?.paused?.reason.key).toBe(key);
  }
);

test('where the relay could not reach the provider it is not known whether the call arrived', async () => {
  const headers = { [REFUSAL_HEADER]: 'unreachable' };
  const { row } = await due({ status: 502, body: { error: 'unreachable', message: '' }, headers });
  expect(row?.doubtSince).toBeDefined();
});

test('without a relay nothing leaves, and the account says what it lacks', async () => {
  const { world, sends, row } = await due({ status: 201, body: {} }, false);
  expect(sends).toEqual([]);
  expect(row?.status).toBe('queued');
  expect((await world.all('accounts'))[0]?.paused?.reason.key).toBe('words.relay.none');
});

test('what was passed on counts, though the relay refuses a later call of the same message', async () => {
  const parts = {
    ...new World().parts,
    fetch: ((url) =>
      Promise.resolve({
        ok: url.endsWith('/first'),
        status: url.endsWith('/first') ? 201 : 401,
        headers: { get: () => (url.endsWith('/first') ? null : 'wrong_secret') },
        text: () => Promise.resolve('{}')
      })) as Fetch
  };
  const way = await wayOf({ throughRelay: true }, relay, parts);
  if (!way.ok) throw new Error(way.reason.key);
  await way.value.fetch('https://api.example/first');
  await way.value.fetch('https://api.example/second');
  expect(way.value.refusal()).toBeNull();
});

test('what waits in quarantine and comes once more, since the relay was connected anew, is kept once and stops nothing', async () => {
  const world = new World();
  await world.put(...welcomeWorkspace(['c1']), create('accounts', 'r1', relay));
  const items = [
    { seq: 5, sourceId: 's'.repeat(22), kind: 'stripe', receivedAt: START, contentType: 'text/plain', body: '<html>' }
  ];
  world.answer = (url) =>
    Promise.resolve({ status: 200, body: { items: /after=0/.test(url) ? items : [], more: false } });
  await world.open();
  await world.look();
  expect(await world.all('quarantine')).toHaveLength(1);
  await world.put(remove('accounts', 'r1'), create('accounts', 'r2', { ...relay, id: 'r2' }));
  await world.pass(HOUR);
  expect(await world.all('quarantine')).toHaveLength(1);
  expect((await world.all('cursors')).find(({ sourceId }) => sourceId === 'relay.inbox:r2')).toMatchObject({
    cursor: '5|acknowledged'
  });
  world.close();
});

test.each([
  ['allowed', { status: 200, body: {} }, { status: 'sent' }],
  [
    'not on its list',
    {
      status: 403,
      body: { error: 'host_not_allowed', message: '' },
      headers: { [REFUSAL_HEADER]: 'host_not_allowed' }
    },
    { status: 'queued', reason: { key: 'words.relay.host_not_allowed', params: { host: 'hooks.exemple.fr' } } }
  ]
])('a webhook goes through it where its step says so: %s', async (_, reply, expected) => {
  const world = new World();
  const fields = { method: 'POST', url: 'https://hooks.exemple.fr/a', headers: [], body: '{}', signingSecret: null, throughRelay: true, answer: [], onFailure: 'branch' }; // prettier-ignore
  const step = { id: 's1', unit: 'webhook.call', version: 1, fields, next: { done: null, failed: null } };
  const graph = { triggers: [{ id: 't1', unit: 'contact.added_to_list', version: 1, fields: { listIds: ['l2'] } }], entry: 's1', steps: [step], notes: [] }; // prettier-ignore
  await world.put(...welcomeWorkspace(['c1']), create('accounts', 'r1', relay), ...active(graph, {}, 'a2'));
  world.answer = (url) =>
    Promise.resolve(url.includes('/pass/') ? reply : { status: 200, body: { items: [], more: false } });
  await world.open();
  await world.addToList(['c1'], 'l2');
  const calls = world.calls.filter(({ url }) => url.includes('hooks.exemple.fr'));
  expect(calls.map(({ url }) => url)).toEqual(['https://relay.example/pass/hooks.exemple.fr/a']);
  expect(await world.outbox()).toMatchObject([expected]);
  world.close();
});
