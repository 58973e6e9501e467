import { describe, expect, test } from 'vitest';
import { update } from '$lib/core/changes';
import { RELAY_VERSION } from '$lib/core/inbox';
import { HOUR, MINUTE } from '$lib/core/instants';
import { PLAIN_BRAND } from '$lib/core/rows/emails';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { START } from './testing/world';
import { type RelayWorld, URL_OF_RELAY } from './testing/relay-world';

let world: RelayWorld;
besideRelay((begun) => {
  world = begun;
});

describe('the pages', () => {
  test('are published once a relay is connected, with the workspace’s name, and only once', async () => {
    await world.begin();
    expect(await world.relayAccount()).toMatchObject({
      pages: { url: URL_OF_RELAY, site: expect.stringMatching(/^\w{64}$/) as string }
    });
    await world.pass(HOUR);
    expect(world.calls.filter(({ url }) => url === `${URL_OF_RELAY}/pages`)).toHaveLength(1);
    expect(await (await world.visit(`${URL_OF_RELAY}/u/x.y`)).text()).toMatch(/Atelier[^]*Ce lien ne fonctionne pas/);
  });

  test('are published anew when what they are made of changes', async () => {
    await world.begin();
    await world.put(
      update('settings', 'workspace', { brand: { ...PLAIN_BRAND, name: 'Chez Léa', accent: '#ffee00' } })
    );
    await world.look();
    const shown = await (await world.visit(`${URL_OF_RELAY}/u/x.y`)).text();
    expect(shown).toContain('Chez Léa');
    // Black can be read on yellow, white cannot.
    expect(shown).toContain('background:#ffee00;color:#1a1a1f');
  });

  test('wait for the network; what fails is said, tried again and then forgotten', async () => {
    world.isRelayOut = true;
    world.isOnline = false;
    await world.begin();
    expect(world.calls).toEqual([]);
    expect(await world.relayAccount()).not.toHaveProperty('unpublished');
    world.isOnline = true;
    await world.look();
    await world.look();
    expect(await world.relayAccount()).toMatchObject({
      unpublished: { failingSince: START, problem: { key: 'words.relay.no_answer' } }
    });
    const tried = () => world.calls.filter(({ url }) => url.endsWith('/pages')).length;
    expect(tried()).toBe(1);
    world.isRelayOut = false;
    await world.pass(MINUTE);
    expect(tried()).toBe(2);
    const now = await world.relayAccount();
    expect(now?.unpublished).toBeUndefined();
    expect(now?.pages?.url).toBe(URL_OF_RELAY);
  });

  test('wait while the secrets are locked', async () => {
    world.isLocked = true;
    await world.begin();
    expect(await world.relayAccount()).not.toHaveProperty('pages');
    world.isLocked = false;
    await world.pass(MINUTE);
    expect(await world.relayAccount()).toHaveProperty('pages');
  });

  test('of a relay that has become older than the app stay, which is said; pasted anew, it gets all of them again', async () => {
    await world.begin();
    await world.publishForm();
    const version = (await world.relayAccount())?.pages?.version;
    expect(version).toBe(RELAY_VERSION);
    const { answer } = world;
    let isOld = true;
    world.answer = async (url, init) => {
      const given = await answer(url, init);
      if (!isOld || url !== `${URL_OF_RELAY}/`) return given;
      return { ...given, body: { ...(JSON.parse(String(given.body)) as object), version: RELAY_VERSION - 1 } };
    };
    // As an older app has left it.
    await world.put(update('accounts', 'r1', { 'pages.version': undefined }));
    await world.look();
    expect(await world.relayAccount()).toMatchObject({
      unpublished: { problem: { key: 'words.relay.other_version' } },
      pages: { url: URL_OF_RELAY, forms: { f1: expect.any(String) as string } }
    });
    await world.put(update('forms', 'f1', { title: 'Le courrier' }));
    await world.look();
    expect(await (await world.relay.call('/f/f1')).text()).toContain('<h1>Le courrier</h1>');
    const asked = () => world.calls.filter(({ url }) => url === `${URL_OF_RELAY}/`).length;
    const before = asked();
    await world.put(update('settings', 'workspace', { country: 'BE' }));
    await world.look();
    expect(asked()).toBe(before);
    isOld = false;
    await world.relay.sql('DELETE FROM published');
    await world.pass(MINUTE);
    expect((await world.relayAccount())?.unpublished).toBeUndefined();
    expect((await world.relayAccount())?.pages?.version).toBe(RELAY_VERSION);
    expect(await (await world.relay.call('/f/f1')).text()).toContain('<h1>Le courrier</h1>');
  });

  test('that were taken away meanwhile go from a relay that is pasted anew', async () => {
    await world.begin();
    await world.publishForm();
    await world.put(
      update('accounts', 'r1', { 'pages.version': undefined }),
      update('forms', 'f1', { isPublic: false })
    );
    await world.look();
    expect((await world.relay.call('/f/f1')).status).toBe(404);
  });

  test('of an older relay, which knows none, are told to be of another version', async () => {
    await world.begin();
    world.answer = () => Promise.resolve({ status: 404, body: { error: 'unknown_route', message: '' } });
    await world.put(update('settings', 'workspace', { name: 'Autre' }));
    await world.look();
    expect(await world.relayAccount()).toMatchObject({
      unpublished: { problem: { key: 'words.relay.other_version' } }
    });
  });
});
