import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import { HOUR, MINUTE, SECOND } from '$lib/core/instants';
import { unsigned } from '$lib/core/pages';
import type { Account, OutboxRow } from '$lib/core/rows/messages';
import { providers } from '$lib/providers/registry';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { outboxRow } from '$lib/storage/testing/rows';
import { intoBatches } from './batching';
import { automationEdits } from './edits/automations';
import { outboxEdits } from './edits/outbox';
import type { Call } from './lanes';
import { Removals } from './removals';
import { closeWorlds, statuses, tidied, type Reply } from './testing/due';
import { sender, START, welcomeWorkspace, World } from './testing/world';

afterEach(closeWorlds);

interface Version {
  readonly to: readonly [{ readonly email: string }];
  readonly subject: string;
  readonly headers?: Record<string, string>;
}
/** A call that the provider got: to whom, under which key. */
interface Got {
  readonly to: readonly string[];
  readonly key: string;
  readonly body: string;
}

/** Brevo, as it documents itself: a key is taken once. What is `lost` is taken, and not answered. */
class Brevo {
  readonly got: Got[] = [];
  /** Everybody to whom something was sent, in that order. */
  readonly reached: string[] = [];
  reply: (call: Got) => Reply | 'lost' | 'hang' | null = () => null;
  private readonly keys = new Set<string>();

  answer: World['answer'] = (url, init) => {
    if (url.includes('/statistics/events')) return Promise.resolve({ status: 200, body: { events: this.report() } });
    if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
    const body = String(init?.body);
    const { messageVersions, ...alone } = JSON.parse(body) as Version & {
      messageVersions?: Version[];
      headers: { idempotencyKey: string };
    };
    const versions = messageVersions ?? [alone];
    const call = { to: versions.map(({ to }) => nameOf(to[0].email)), key: alone.headers.idempotencyKey, body };
    this.got.push(call);
    const reply = this.reply(call);
    if (reply === 'hang') return new Promise(() => undefined);
    if (reply !== null && reply !== 'lost') return Promise.resolve(reply);
    if (this.keys.has(call.key)) return Promise.resolve({ status: 400, body: { code: 'duplicate_parameter' } });
    this.keys.add(call.key);
    this.reached.push(...call.to);
    if (reply === 'lost') return Promise.reject(new TypeError('reset'));
    const ids = call.to.map((name) => `<${name}@brevo>`);
    return Promise.resolve({ status: 201, body: messageVersions ? { messageIds: ids } : { messageId: ids[0] } });
  };

  private report() {
    return this.reached.map((name) => ({
      event: 'requests',
      email: `${name}@exemple.fr`,
      subject: `Bienvenue, Prénom ${name}`,
      messageId: `<${name}@brevo>`
    }));
  }
}

const nameOf = (email: string): string => email.split('@')[0] ?? '';
const named = (count: number) => Array.from({ length: count }, (_, n) => `c${String(n).padStart(3, '0')}`);

/** As many welcome emails are due at one account. */
async function due(count: number, storage: Storage = new MemoryStorage()): Promise<{ world: World; brevo: Brevo }> {
  const world = tidied(new World(storage));
  const brevo = new Brevo();
  world.answer = brevo.answer;
  await world.put(...welcomeWorkspace(named(count), 'acc1'));
  await world.open();
  await world.addToList(named(count), 'l1');
  world.now += HOUR;
  return { world, brevo };
}

const rowOf = async (world: World, name: string): Promise<OutboxRow> =>
  (await world.outbox()).find(({ contactId }) => contactId === name)!;

describe('rows that a provider takes in one call', () => {
  test('leave together, each is known by its own id, and each journey goes on', async () => {
    const { world, brevo } = await due(250);
    await world.look();
    expect(brevo.got.map(({ to }) => to.length).sort((a, b) => a - b)).toEqual([50, 100, 100]);
    expect([...brevo.reached].sort()).toEqual(named(250));
    expect(new Set(brevo.got.map(({ key }) => key)).size).toBe(3);
    expect(await statuses(world)).toEqual({ sent: 250 });
    for (const row of await world.outbox()) {
      expect(row.messageId).toBe(`<${row.contactId}@brevo>`);
      expect(row).not.toHaveProperty('batchKey');
      expect(row.request).not.toHaveProperty('html');
      expect(await world.enrolment(row.contactId)).toMatchObject({ stepId: 's3' });
    }
    expect(await world.all('intents')).toEqual([]);
  });

  test('leave beside each other where they are no more than the provider takes side by side', async () => {
    const { world, brevo } = await due(6);
    await world.look();
    expect(brevo.got.map(({ to }) => to)).toEqual(named(6).map((name) => [name]));
  });

  test('are of one sender', async () => {
    const { world, brevo } = await due(16);
    const rows = await world.all('outbox');
    expect(rows).toEqual([]);
    await world.put(create('senders', 'e2', { ...sender('acc1'), id: 'e2', email: 'autre@atelier.fr' }));
    await world.look();
    expect(brevo.got).toHaveLength(1);
    expect(JSON.parse(brevo.got[0]!.body)).toMatchObject({ sender: { email: 'lea@atelier.fr' } });
  });

  test('wait as if nothing had been tried while the network is gone', async () => {
    const { world, brevo } = await due(20);
    world.isOnline = false;
    await world.look();
    expect(brevo.got).toEqual([]);
    const row = await rowOf(world, 'c000');
    expect(row).toMatchObject({ status: 'queued', attempts: 0 });
    expect(row).not.toHaveProperty('batchKey');
    world.isOnline = true;
    await world.look();
    expect(brevo.got).toHaveLength(1);
  });

  test('go one a call where other devices may run the journeys: they know of no batch', async () => {
    const { world, brevo } = await due(8);
    await world.put(create('runtime', 'connection', { id: 'connection' } as never));
    await world.look();
    expect(brevo.got.map(({ to }) => to.length)).toEqual(Array(8).fill(1));
  });

  test('count as many against what the account may make', async () => {
    const { world, brevo } = await due(30);
    await world.put(update('accounts', 'acc1', { limit: { calls: 20, per: 'hour' } }));
    await world.look();
    expect(brevo.got.map(({ to }) => to.length)).toEqual([20]);
    expect(await statuses(world)).toEqual({ sent: 20, queued: 10 });
    await world.pass(HOUR);
    expect(brevo.got.map(({ to }) => to.length)).toEqual([20, 10]);
  });

  test('are joined anew after an answer that says that nothing was taken', async () => {
    const { world, brevo } = await due(12);
    brevo.reply = () => ({ status: 429, body: {}, headers: { 'retry-after': '60' } });
    await world.look();
    expect(await rowOf(world, 'c003')).not.toHaveProperty('batchKey');
    brevo.reply = () => null;
    await world.pass(MINUTE);
    expect(brevo.got.map(({ to }) => to.length)).toEqual([12, 12]);
    expect(brevo.got[0]!.key).not.toBe(brevo.got[1]!.key);
    expect(await statuses(world)).toEqual({ sent: 12 });
  });

  test('rest with their account, and their key is not asked for twice', async () => {
    const { world, brevo } = await due(250);
    brevo.reply = () => ({ status: 401, body: { message: 'Key not found' } });
    await world.look();
    expect(brevo.got.length).toBeLessThanOrEqual(3);
    expect(await statuses(world)).toEqual({ queued: 250 });
    expect((await world.all('accounts'))[0]).toMatchObject({ paused: { until: null } });
  });
});

describe('a batch that is refused for what is in it', () => {
  test('is taken apart: the one that is wrong fails, the others are sent', async () => {
    const { world, brevo } = await due(12);
    brevo.reply = ({ to }) =>
      to.includes('c005') ? { status: 400, body: { code: 'invalid_parameter', message: 'email is not valid' } } : null;
    await world.look();
    expect(brevo.got.map(({ to }) => to.length)).toEqual([12, ...Array<number>(12).fill(1)]);
    expect(await statuses(world)).toEqual({ sent: 11, failed: 1 });
    expect(await rowOf(world, 'c005')).toMatchObject({ status: 'failed', attempts: 2 });
  });
});

describe('a batch whose answer is lost', () => {
  async function inDoubt(count = 12) {
    const { world, brevo } = await due(count);
    brevo.reply = () => 'lost';
    await world.look();
    brevo.reply = () => null;
    expect(await statuses(world)).toEqual({ queued: count });
    return { world, brevo };
  }

  test('is repeated whole, under its key and with what was in it, and nobody gets it twice', async () => {
    const { world, brevo } = await inDoubt();
    await world.pass(2 * MINUTE);
    expect(brevo.got).toHaveLength(2);
    expect(brevo.got[1]).toEqual(brevo.got[0]);
    expect(brevo.reached).toEqual(named(12));
    expect(await statuses(world)).toEqual({ sent: 12 });
    expect(await rowOf(world, 'c007')).toMatchObject({ messageId: '<c007@brevo>' });
    expect(await rowOf(world, 'c007')).not.toHaveProperty('batchKey');
  });

  test('is the same call to the letter, in whichever order its rows had become due', async () => {
    const { world, brevo } = await due(12);
    // Each is due again by its own jitter.
    brevo.reply = () => ({ status: 429, body: {} });
    await world.look();
    brevo.reply = () => 'lost';
    await world.pass(2 * MINUTE);
    brevo.reply = () => null;
    await world.pass(2 * MINUTE);
    expect(brevo.got.map(({ to }) => to.length)).toEqual([12, 12, 12]);
    expect(brevo.got[2]).toEqual(brevo.got[1]);
  });

  test('waits until the last of it is due', async () => {
    const { world, brevo } = await inDoubt();
    await world.put(update('outbox', (await rowOf(world, 'c009')).id, { dueAt: world.now + 10 * MINUTE }));
    await world.pass(9 * MINUTE);
    expect(brevo.got).toHaveLength(1);
    await world.pass(2 * MINUTE);
    expect(brevo.got[1]).toEqual(brevo.got[0]);
  });

  test('is repeated whole though one of it alone is asked for by hand', async () => {
    const { world, brevo } = await inDoubt();
    await world.put(update('outbox', (await rowOf(world, 'c009')).id, { dueAt: world.now + HOUR }));
    expect(await outboxEdits(world.desk).retry([(await rowOf(world, 'c002')).id])).toBe(1);
    await world.look();
    expect(brevo.got[1]).toEqual(brevo.got[0]);
    expect(await statuses(world)).toEqual({ sent: 12 });
  });

  test('waits whole while one of it has to wait', async () => {
    const { world, brevo } = await inDoubt();
    await world.pass(25 * SECOND);
    // Removed, and it can still be undone.
    await world.put(update('contacts', 'c004', { hiddenAt: world.now }));
    await world.pass(20 * SECOND);
    expect(brevo.got).toHaveLength(1);
    await world.put(update('contacts', 'c004', { hiddenAt: undefined }));
    await world.pass(2 * MINUTE);
    expect(brevo.got[1]).toEqual(brevo.got[0]);
    expect(await statuses(world)).toEqual({ sent: 12 });
  });

  test('is repeated without whoever has left their journey since: of theirs nobody knows', async () => {
    const { world, brevo } = await inDoubt();
    await automationEdits(world.desk, new Removals(world.desk)).exit([(await world.enrolment('c004')).id]);
    await world.pass(2 * MINUTE);
    expect(brevo.got[1]).toMatchObject({ key: brevo.got[0]!.key, to: named(12).filter((name) => name !== 'c004') });
    expect(await statuses(world)).toEqual({ sent: 11, uncertain: 1 });
    expect(brevo.reached).toEqual(named(12));
  });

  test('is not repeated once its key is forgotten: each of it is looked up', async () => {
    const { world, brevo } = await inDoubt();
    await world.pass(HOUR);
    expect(brevo.got).toHaveLength(1);
    expect(await statuses(world)).toEqual({ uncertain: 12 });
  });

  test('sent again by hand, each of it goes under its own key', async () => {
    const { world, brevo } = await inDoubt();
    await world.pass(HOUR);
    const ids = (await world.outbox()).slice(0, 2).map(({ id }) => id);
    expect(await outboxEdits(world.desk).retry(ids)).toBe(2);
    await world.look();
    expect(brevo.got.slice(1).map(({ to }) => to)).toEqual([['c000'], ['c001']]);
    expect(await statuses(world)).toEqual({ sent: 2, uncertain: 10 });
  });

  test('and then refused: of none is it said that it was not sent', async () => {
    const { world, brevo } = await inDoubt();
    brevo.reply = () => ({ status: 400, body: { message: 'no such thing' } });
    await world.pass(2 * MINUTE);
    expect(await statuses(world)).toEqual({ uncertain: 12 });
  });

  test('lets go of whoever is erased: no row of others names them', async () => {
    const { world, brevo } = await inDoubt();
    await world.put(remove('outbox', (await rowOf(world, 'c004')).id));
    expect(JSON.stringify(await rowOf(world, 'c005'))).not.toContain('c004');
    await world.pass(2 * MINUTE);
    expect(brevo.got[1]!.to).not.toContain('c004');
    expect(await statuses(world)).toEqual({ sent: 11 });
  });
});

test('a crash in the middle of batches: opened again, they are repeated as they were', async () => {
  const storage = new MemoryStorage();
  const { world, brevo } = await due(250, storage);
  brevo.reply = () => 'hang';
  void world.look();
  await vi.waitFor(() => expect(brevo.got).toHaveLength(2));
  const first = [...brevo.got];
  const reopened = tidied(new World(storage));
  reopened.now = world.now + 5 * MINUTE;
  reopened.answer = brevo.answer;
  brevo.reply = () => null;
  await reopened.open();
  await reopened.look();
  expect(brevo.got.slice(2)).toEqual(expect.arrayContaining(first));
  expect(brevo.got).toHaveLength(5);
  expect(await statuses(reopened)).toEqual({ sent: 250 });
  expect(await reopened.all('intents')).toEqual([]);
});

describe('joining calls', () => {
  const provider = providers.get('email.brevo')!;
  const call = (
    id: string,
    { tag, ...row }: Partial<OutboxRow> & { tag?: string },
    accountId: string,
    html: string
  ): Call => {
    const plain = outboxRow({ id, ...row });
    const request = { ...plain.request, channel: 'email', tag, html } as OutboxRow['request'];
    const account = { id: accountId } as Call['account'];
    return { intentId: 'i', row: { ...plain, request }, provider, account, relay: null, siteDomains: [] };
  };
  test.each([
    ['Brevo, whose calls have one set of headers, takes', 'email.brevo', 'marketing', 20],
    ['Brevo, of messages that name no way out, takes', 'email.brevo', 'transactional', 1],
    ['Resend, which knows headers of each, takes', 'email.resend', 'marketing', 1]
  ] as const)('%s emails whose readers leave by a page of the relay in so many calls', (_, id, kind, count) => {
    const relay = { id: 'r1', pages: { url: 'https://relais.fr', site: '', forms: {} } } as unknown as Account;
    const calls = Array.from({ length: 20 }, (__, n): Call => {
      const one = call(`o${n}`, {}, 'acc1', `<a href="${unsigned('u', 'fr')}">Se désinscrire</a>`);
      const request = { ...one.row.request, kind } as OutboxRow['request'];
      return { ...one, provider: providers.get(id)!, relay, row: { ...one.row, request } };
    });
    expect(intoBatches(calls, { mayJoin: true, key: 'i' })).toHaveLength(count);
  });

  const someCall = fc.record({
    tag: fc.constantFrom('a', 'b'),
    account: fc.constantFrom('acc1', 'acc2'),
    more: fc.constantFrom<Partial<OutboxRow>>(
      {},
      {},
      {},
      { apart: true },
      { leavesAt: START },
      { doubtSince: START },
      { doubtSince: START, batchKey: 'k1' },
      { doubtSince: START, batchKey: 'k2' }
    ),
    size: fc.constantFrom(1_000, 1_000, 60_000)
  });

  test('each is in one batch, none is too large, and what is in one may be', () => {
    fc.assert(
      fc.property(fc.array(someCall, { maxLength: 400 }), fc.boolean(), (some, mayJoin) => {
        const calls = some.map(({ tag, account, more, size }, n) => {
          // A batch is of one account, and of one sender.
          const of = more.batchKey === undefined ? { tag, account } : { tag: 'a', account: 'acc1' };
          return call(`o${n}`, { ...more, tag: of.tag }, of.account, 'x'.repeat(size));
        });
        const all = intoBatches(calls, { mayJoin, key: 'i' });
        expect(all.flat().map(({ row }) => row.id).sort()).toEqual(calls.map(({ row }) => row.id).sort()); // prettier-ignore
        const keys = all.flatMap(([{ row }]) => row.batchKey ?? []);
        expect(new Set(keys).size).toBe(keys.length);
        for (const batch of all) {
          const [{ row, account }] = batch;
          const isOld = calls.some((one) => one.row.id === row.id && one.row.batchKey !== undefined);
          for (const one of batch) {
            expect(one.row.batchKey).toBe(row.batchKey);
            expect(one.account?.id).toBe(account?.id);
            expect((one.row.request as { tag?: string }).tag).toBe((row.request as { tag?: string }).tag);
          }
          if (isOld) continue;
          expect(batch.length).toBeLessThanOrEqual(100);
          expect(row.batchKey === undefined).toBe(batch.length === 1);
          if (batch.length === 1) continue;
          expect(mayJoin).toBe(true);
          const length = batch.reduce(
            (sum, one) => sum + ((one.row.request as { html?: string }).html ?? '').length,
            0
          );
          expect(length).toBeLessThanOrEqual(1_000_000);
          for (const one of batch)
            expect([one.row.apart, one.row.leavesAt, one.row.doubtSince]).toEqual([undefined, undefined, undefined]);
        }
      })
    );
  });
});
