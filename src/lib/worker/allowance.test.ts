import { afterEach, describe, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { failed } from '$lib/core/result';
import { words } from '$lib/core/words';
import { accountEdits } from './edits/accounts';
import { ACCEPTED, closeWorlds, due, statuses } from './testing/due';
import { brevoAccount, type World } from './testing/world';

afterEach(closeWorlds);

const keyOf = (sent: World['calls'][number]): string =>
  (sent.init?.headers?.['api-key'] ?? '').replace('secret of ', '');

function editsOf(world: World) {
  return accountEdits(world.desk, () => Promise.resolve(failed(words('words.outbox.key_locked'))));
}

const draft = { provider: 'email.brevo', name: 'Atelier', fields: {}, secrets: {}, throughRelay: false };

describe('an account with a limit', () => {
  test('makes so many calls in a period, the first ones due, and the others when the next one begins', async () => {
    const { world, sent } = await due(7, () => ACCEPTED);
    await world.put(update('accounts', 'acc1', { limit: { calls: 3, per: 'hour' } }));
    await world.look();
    expect(sent.map(({ to }) => to)).toEqual(['c000', 'c001', 'c002']);
    const waiting = (await world.outbox()).filter(({ status }) => status === 'queued');
    expect(waiting).toHaveLength(4);
    for (const { dueAt, reason, attempts } of waiting) {
      expect({ dueAt, reason, attempts }).toEqual({
        dueAt: world.now + HOUR,
        reason: words('words.outbox.limit', {
          calls: words('format.number', { value: 3 }),
          per: words('words.outbox.per.hour')
        }),
        attempts: 0
      });
    }
    world.now += HOUR - 1;
    await world.look();
    expect(sent).toHaveLength(3);
    world.now += 1;
    await world.look();
    expect(sent).toHaveLength(6);
    world.now += HOUR;
    await world.look();
    expect(new Set(sent.map(({ to }) => to)).size).toBe(7);
    expect(await statuses(world)).toEqual({ sent: 7 });
  });

  test('counts repeats as well, and what left before a restart', async () => {
    const { world, sent } = await due(2, (_, n) => (n === 0 ? { status: 429, body: {} } : ACCEPTED));
    await world.put(update('accounts', 'acc1', { limit: { calls: 2, per: 'day' } }));
    await world.look();
    world.now += 10 * MINUTE;
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 1, sent: 1 });
    world.now += DAY;
    await world.look();
    expect(sent).toHaveLength(3);
    expect(await statuses(world)).toEqual({ sent: 2 });
  });

  test('repeats what may have arrived while its provider knows the key, whatever the limit', async () => {
    const { world, sent } = await due(1, (_, n) => (n === 0 ? { status: 500, body: {} } : ACCEPTED));
    await world.put(update('accounts', 'acc1', { limit: { calls: 1, per: 'day' } }));
    await world.look();
    world.now += 10 * MINUTE;
    await world.look();
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  test('given more, or none, sends on at once', async () => {
    const { world, sent } = await due(5, () => ACCEPTED);
    await world.put(update('accounts', 'acc1', { limit: { calls: 1, per: 'day' } }));
    await world.look();
    expect(sent).toHaveLength(1);
    const more = { id: 'acc1', ...draft, limit: { calls: 3, per: 'day' as const } };
    expect(await editsOf(world).save(more)).toMatchObject({ ok: true });
    await world.look();
    expect(sent).toHaveLength(3);
    expect(await editsOf(world).save({ id: 'acc1', ...draft })).toMatchObject({ ok: true });
    await world.look();
    expect(sent).toHaveLength(5);
  });
});

describe('an account with another one for when it cannot', () => {
  async function withSecond(count: number, reply: Parameters<typeof due>[1]) {
    const { world, sent } = await due(count, reply);
    const second = { ...brevoAccount, id: 'acc2', fields: { ...brevoAccount.fields, apiKey: 'k2' } };
    await world.put(create('accounts', 'acc2', second), update('accounts', 'acc1', { fallbackId: 'acc2' }));
    const keys = () => world.calls.filter(({ url }) => url.endsWith('/v3/smtp/email')).map(keyOf);
    return { world, sent, keys };
  }

  test('lets it send what its provider has refused for good', async () => {
    const { world, keys } = await withSecond(10, () => (keys().at(-1) === 'k1' ? { status: 401, body: {} } : ACCEPTED));
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 10 });
    expect(keys().filter((key) => key === 'k2')).toHaveLength(10);
    expect(new Set((await world.outbox()).map(({ accountId }) => accountId))).toEqual(new Set(['acc2']));
    expect((await world.all('accounts')).find(({ id }) => id === 'acc1')?.paused).toBeDefined();
  });

  test('keeps what may have arrived: nobody gets it from both', async () => {
    const { world, keys } = await withSecond(1, (_, n) => {
      if (n === 0) return Promise.reject(new TypeError('the line is cut'));
      return keys().at(-1) === 'k1' ? { status: 401, body: {} } : ACCEPTED;
    });
    await world.look();
    world.now += 10 * MINUTE;
    await world.look();
    expect(keys()).toEqual(['k1', 'k1']);
    world.now += DAY;
    await world.look();
    expect(keys()).toEqual(['k1', 'k1']);
  });

  test('is not left for a rest of a few minutes', async () => {
    const { world, keys } = await withSecond(3, (_, n) =>
      n === 0 ? { status: 429, body: {}, headers: { 'x-sib-ratelimit-reset': '60' } } : ACCEPTED
    );
    await world.look();
    world.now += 5 * MINUTE;
    await world.look();
    expect(new Set(keys())).toEqual(new Set(['k1']));
    expect(await statuses(world)).toEqual({ sent: 3 });
  });

  test('is left when its limit is reached and the period is long', async () => {
    const { world, keys } = await withSecond(5, () => ACCEPTED);
    await world.put(update('accounts', 'acc1', { limit: { calls: 2, per: 'day' } }));
    await world.look();
    expect(keys().sort()).toEqual(['k1', 'k1', 'k2', 'k2', 'k2']);
  });

  test('waits for whichever of both can send first', async () => {
    const { world, keys } = await withSecond(3, () => (keys().at(-1) === 'k1' ? { status: 401, body: {} } : ACCEPTED));
    await world.put(update('accounts', 'acc2', { limit: { calls: 2, per: 'day' } }));
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 1, sent: 2 });
    world.now += DAY;
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 3 });
  });

  test('that names it back does not turn round for ever', async () => {
    const { world } = await withSecond(3, () => ({ status: 401, body: {} }));
    await world.put(update('accounts', 'acc2', { fallbackId: 'acc1' }));
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 3 });
    expect((await world.all('accounts')).every(({ paused }) => paused !== undefined)).toBe(true);
  });

  test('is refused one of another channel, itself, or one that is gone', async () => {
    const { world } = await withSecond(1, () => ACCEPTED);
    const edits = editsOf(world);
    for (const fallbackId of ['acc1', 'gone'])
      expect(await edits.save({ id: 'acc1', ...draft, fallbackId })).toMatchObject({ ok: false });
    await world.put(
      create('accounts', 'sms', { id: 'sms', provider: 'sms.brevo', name: 'SMS', fields: {}, createdAt: world.now })
    );
    expect(await edits.save({ id: 'acc1', ...draft, fallbackId: 'sms' })).toMatchObject({ ok: false });
    expect(await edits.remove('acc2')).toMatchObject({ ok: false });
    expect(await edits.save({ id: 'acc1', ...draft })).toMatchObject({ ok: true });
    expect(await edits.remove('acc2')).toMatchObject({ ok: true });
  });
});
