import { beforeEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { failed } from '$lib/core/result';
import { words } from '$lib/core/words';
import { accountEdits } from './edits/accounts';
import { START, World } from './testing/world';

const draft = {
  provider: 'email.resend',
  name: 'Resend',
  fields: { baseUrl: 'https://api.resend.com' },
  throughRelay: false,
  secrets: { apiKey: 're_secret' }
};
let world: World;
beforeEach(() => {
  world = new World();
});

/** Tests the account. `answers`: whether the server answers a page that reads what it says, and one that does not. */
async function tried(answers: { readers: boolean; others: boolean }, change: Partial<typeof draft> = {}) {
  world.answer = (_url, init) =>
    (init?.mode === 'no-cors' ? answers.others : answers.readers)
      ? Promise.resolve({ status: 200, body: { data: [{ status: 'verified' }] } })
      : Promise.reject(new TypeError('Failed to fetch'));
  const edits = accountEdits(world.desk, () => Promise.resolve(failed(words('words.outbox.key_locked'))));
  return edits.test({ ...draft, ...change });
}

const connectRelay = () =>
  world.put(
    create('accounts', 'r1', {
      id: 'r1',
      provider: 'relay',
      name: 'Relais',
      fields: { url: 'https://relay.example', secret: 'key-of-relay' },
      createdAt: START
    })
  );

describe('a test that gets no answer', () => {
  test('of a server that is there: it refuses pages, and a relay is the way', async () => {
    expect(await tried({ readers: false, others: true })).toEqual(
      failed(words('words.provider.connect_relay', { provider: 'Resend' }))
    );
    await connectRelay();
    expect(await tried({ readers: false, others: true })).toEqual(
      failed(words('words.provider.use_relay', { provider: 'Resend' }))
    );
  });

  test('asks whether somebody is there without the key', async () => {
    await tried({ readers: false, others: true });
    expect(world.calls.at(-1)).toEqual({ url: 'https://api.resend.com/', init: { mode: 'no-cors' } });
  });

  test('of nobody: it cannot be reached', async () => {
    expect(await tried({ readers: false, others: false })).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.no_answer', params: { host: 'api.resend.com' } }
    });
  });

  test('through the relay is not asked again around it', async () => {
    await connectRelay();
    expect(await tried({ readers: false, others: true }, { throughRelay: true })).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.no_answer' }
    });
    expect(world.calls).toHaveLength(1);
  });
});

test('what answers is left as it is', async () => {
  expect(await tried({ readers: true, others: true })).toMatchObject({ ok: true });
  expect(world.calls).toHaveLength(1);
});

test('without a network nobody is asked', async () => {
  world.isOnline = false;
  expect(await tried({ readers: true, others: true })).toEqual(failed(words('words.provider.offline')));
  expect(world.calls).toEqual([]);
});

test.each(['api.resend.com', '/v3', '', 'ftp://api.resend.com'])(
  'what is no address (%j) would lead to the app’s own host: the key goes nowhere',
  async (baseUrl) => {
    expect(await tried({ readers: true, others: true }, { fields: { baseUrl } })).toEqual(
      failed(words('words.account.field_missing', { field: 'baseUrl' }))
    );
    expect(world.calls).toEqual([]);
  }
);
