import { afterEach, describe, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import type { FailurePolicy } from '$lib/core/fields';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import { tally, type Tally } from '$lib/engine/tally';
import { MemoryStorage } from '$lib/storage/memory';
import { openStorage } from '$lib/storage/dexie/storage';
import type { Storage } from '$lib/storage/port';
import { accountEdits } from './edits/accounts';
import { attentionEdits } from './edits/attention';
import { outboxEdits } from './edits/outbox';
import { Removals } from './removals';
import { oneMessageACall, welcomeGraph, welcomeWorkspace, World } from './testing/world';

type Reply = { status: number; body: unknown; headers?: Record<string, string> };
const ACCEPTED: Reply = { status: 201, body: { messageId: '<m@x>' } };
const lost = () => Promise.reject(new TypeError('reset'));

let databases = 0;
const storages: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['on Dexie', () => openStorage({ name: `failure-${++databases}` })]
];

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

/** Contacts whose welcome mail is due; the provider answers as `reply` says, and knows what `listed` holds. */
async function due(
  count: number,
  policy: FailurePolicy,
  reply: (n: number) => Reply | Promise<Reply>,
  storage: Storage = new MemoryStorage()
) {
  const ids = Array.from({ length: count }, (_, n) => `c${n}`);
  const world = oneMessageACall(new World(storage));
  worlds.push(world);
  const steps = welcomeGraph.steps.map((step) =>
    step.id === 's2'
      ? { ...step, fields: { ...step.fields, onFailure: policy }, next: { sent: 's3', failed: 's5' } }
      : step
  );
  const graph: Graph = { ...welcomeGraph, steps };
  await world.put(...welcomeWorkspace(ids, 'acc1'));
  await world.put(update('versions', 'a1-v1', { graph }));
  await world.open();
  const sent: string[] = [];
  const listed: { subject: string; messageId: string; date: string }[] = [];
  const setReply = (next: (n: number) => Reply | Promise<Reply>) => (reply = next);
  world.answer = (url, init) => {
    if (url.includes('/v3/smtp/emails')) return Promise.resolve({ status: 200, body: { transactionalEmails: listed } });
    if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
    sent.push((JSON.parse(String(init?.body)) as { headers: { idempotencyKey: string } }).headers.idempotencyKey);
    return Promise.resolve(reply(sent.length - 1));
  };
  await world.addToList(ids, 'l1');
  world.now += HOUR;
  return { world, sent, listed, setReply };
}

/** Long enough for every try and look-up. */
async function longAfter(world: World): Promise<void> {
  for (let n = 0; n < 40; n++) await world.pass(MINUTE);
  for (let n = 0; n < 30; n++) await world.pass(2 * HOUR);
}

async function statisticsAreTheJournals(world: World): Promise<void> {
  const counts: Tally = new Map();
  for (const block of await world.all('journal')) tally(block, counts);
  for (const { automationId, versionId, entries = [] } of await world.all('enrolments'))
    tally({ automationId, versionId, entries }, counts);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect((await world.all('statistics')).sort(byId)).toEqual([...counts.values()].sort(byId));
}

const said = async (world: World) => (await world.journal('c0')).flatMap(({ words }) => words?.key ?? []);

const REFUSALS: [string, Reply][] = [
  ['400', { status: 400, body: { code: 'invalid_parameter', message: 'email is not valid in to' } }],
  ['413', { status: 413, body: 'too large' }],
  ['422', { status: 422, body: { message: 'unprocessable' } }]
];

describe.each(REFUSALS)('a refusal for good (%s)', (_, refusal) => {
  test.each([
    ['continue', { status: 'waiting', stepId: 's3' }],
    ['branch', { status: 'completed' }],
    ['exit', { status: 'exited' }],
    ['wait', { status: 'waiting', stepId: 's2', wait: { for: 'person' } }]
  ] as const)('%s: harms its own journey alone', async (policy, then) => {
    const { world, sent } = await due(2, policy, (n) => (n === 0 ? refusal : ACCEPTED));
    await world.look();
    expect(await world.enrolment('c0')).toMatchObject(then);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's3' });
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['failed', 'sent']);
    expect(sent).toHaveLength(2);
    await statisticsAreTheJournals(world);
  });
});

describe('what may pass', () => {
  test.each([
    ['a 500', { status: 500, body: 'down' }],
    ['a 502 of a gateway', { status: 502, body: '<html>bad gateway</html>' }],
    ['a yes without an id', { status: 201, body: 'not json' }]
  ])('%s is tried again under the same key, and then arrives', async (_, reply) => {
    const { world, sent } = await due(1, 'wait', (n) => (n < 2 ? reply : ACCEPTED));
    await world.look();
    for (let n = 0; n < 5; n++) await world.pass(MINUTE);
    expect(await world.outbox()).toMatchObject([{ status: 'sent' }]);
    expect(new Set(sent).size).toBe(1);
  });

  test('a message that is tried again later is what the runner wakes up for', async () => {
    const { world } = await due(1, 'wait', (n) => (n === 0 ? { status: 500, body: 'down' } : ACCEPTED));
    await world.look();
    const [row] = await world.outbox();
    expect(row).toMatchObject({ status: 'queued' });
    expect(row?.dueAt).toBeGreaterThan(world.now);
    expect(await world.runner.nextDue()).toBe(row?.dueAt);
  });

  test('503 with a date: the account rests until then, and goes on by itself', async () => {
    const at = (world: World) => new Date(world.now + 10 * MINUTE).toUTCString();
    const { world, sent, setReply } = await due(3, 'wait', () => ACCEPTED);
    setReply((n) => (n === 0 ? { status: 503, body: '', headers: { 'retry-after': at(world) } } : ACCEPTED));
    await world.look();
    const before = sent.length;
    await world.pass(9 * MINUTE);
    expect(sent.length).toBe(before);
    expect((await world.all('accounts'))[0]?.paused).toMatchObject({ reason: { key: 'words.provider.down' } });
    await world.pass(2 * MINUTE);
    expect((await world.outbox()).every(({ status }) => status === 'sent')).toBe(true);
    expect((await world.all('accounts'))[0]).not.toHaveProperty('paused');
  });

  test('a changed key lets everything go on, once', async () => {
    const { world, sent, setReply } = await due(20, 'wait', () => ({
      status: 401,
      body: { message: 'Key not found' }
    }));
    await world.look();
    await world.pass(DAY);
    expect(sent.length).toBeLessThan(10);
    expect((await world.outbox()).every(({ status }) => status === 'queued')).toBe(true);
    setReply(() => ACCEPTED);
    const seal = () => Promise.resolve({ ok: true as const, value: { id: 'new', keyId: 'k', iv: '', ciphertext: '' } });
    const draft = {
      id: 'acc1',
      provider: 'email.brevo',
      name: 'Atelier',
      fields: {},
      throughRelay: false,
      secrets: { apiKey: 'right' }
    };
    expect(await accountEdits(world.desk, seal).save(draft)).toMatchObject({ ok: true });
    await world.look();
    expect((await world.outbox()).every(({ status }) => status === 'sent')).toBe(true);
    expect(await world.enrolment('c7')).toMatchObject({ stepId: 's3' });
  });
});

describe('a call of which nobody knows whether it arrived', () => {
  test('is looked up: found, it counts as sent and its journey goes on with that message', async () => {
    const { world, sent, listed } = await due(1, 'wait', lost);
    await world.look();
    listed.push({ subject: 'Bienvenue, Prénom c0', messageId: '<found>', date: new Date(world.now).toISOString() });
    for (let n = 0; n < 40; n++) await world.pass(MINUTE);
    expect(await world.outbox()).toMatchObject([{ status: 'sent', messageId: '<found>', lookUps: { times: 1 } }]);
    expect((await world.outbox())[0]?.request).not.toHaveProperty('html');
    expect(await world.enrolment('c0')).toMatchObject({ stepId: 's3', sends: [{ messageId: '<found>' }] });
    expect(new Set(sent).size).toBe(1);
  });

  test('is not repeated after a sleep that outlasts the key: the provider no longer knows it', async () => {
    const { world, sent } = await due(1, 'wait', lost);
    await world.look();
    expect(await world.outbox()).toMatchObject([{ status: 'queued' }]);
    await world.pass(20 * MINUTE);
    expect(sent).toHaveLength(1);
    expect(await world.outbox()).toMatchObject([{ status: 'uncertain' }]);
  });

  test('is not another one that we know already', async () => {
    const { world, listed } = await due(2, 'wait', lost);
    await world.put(update('contacts', 'c1', { attributes: { FIRSTNAME: 'Prénom c0' } }));
    await world.look();
    listed.push({ subject: 'Bienvenue, Prénom c0', messageId: '<one>', date: new Date(world.now).toISOString() });
    await longAfter(world);
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['sent', 'uncertain']);
  });

  test('not found is no proof: it is asked a few times, and then left to the user with that', async () => {
    const { world, sent } = await due(1, 'wait', lost);
    await longAfter(world);
    const [row] = await world.outbox();
    expect(row).toMatchObject({
      status: 'uncertain',
      lookUps: { times: 6 },
      reason: { key: 'words.outbox.not_found' }
    });
    expect(await world.enrolment('c0')).toMatchObject({ status: 'waiting', stepId: 's2' });
    const asked = world.calls.filter(({ url }) => url.includes('/smtp/emails')).length;
    await world.pass(7 * DAY);
    expect(world.calls.filter(({ url }) => url.includes('/smtp/emails')).length).toBe(asked);
    expect(new Set(sent).size).toBe(1);
  });

  test('is sent again at the user’s word alone, which the journal keeps', async () => {
    const { world, setReply, sent } = await due(1, 'wait', lost);
    await longAfter(world);
    setReply(() => ACCEPTED);
    const before = sent.length;
    expect(await outboxEdits(world.desk).retry((await world.outbox()).map(({ id }) => id))).toBe(1);
    await world.look();
    expect(sent.length).toBe(before + 1);
    expect(await world.outbox()).toMatchObject([{ status: 'sent' }]);
    expect(await world.enrolment('c0')).toMatchObject({ stepId: 's3' });
    expect(await said(world)).toContain('words.step.sent_again_by_you');
    await statisticsAreTheJournals(world);
  });

  test('a crash in the middle of a call: after the key it is looked up too', async () => {
    const { world, listed } = await due(1, 'wait', () => new Promise<Reply>(() => undefined));
    void world.look();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = new World(world.storage);
    worlds.push(next);
    next.now = world.now + HOUR;
    next.answer = world.answer;
    listed.push({ subject: 'Bienvenue, Prénom c0', messageId: '<kept>', date: new Date(world.now).toISOString() });
    await next.open();
    await next.pass(3 * MINUTE);
    expect(await next.outbox()).toMatchObject([{ status: 'sent', messageId: '<kept>' }]);
  });
});

describe.each(storages)('journeys that wait for the user, %s', (_, open) => {
  const refused = REFUSALS[0]![1];
  const editsOf = (world: World) => attentionEdits(world.desk, new Removals(world.desk));
  const idsOf = async (world: World) => (await world.all('enrolments')).map(({ id }) => id);

  test('are found, many at once, and try again with what was mended', async () => {
    const { world, setReply, sent } = await due(600, 'wait', () => refused, await open());
    await world.look();
    const waiting = await world.storage.read((reader) =>
      reader.query('enrolments', { index: 'wakes', equals: 'person a1' })
    );
    expect(waiting).toHaveLength(600);
    setReply(() => ACCEPTED);
    await world.put(update('templates', 'm1', { subject: 'Mieux, {{ contact.FIRSTNAME }}' }));
    expect(await editsOf(world).retry(await idsOf(world))).toBe(600);
    await world.look();
    const rows = await world.outbox();
    expect(rows.filter(({ status }) => status === 'sent')).toHaveLength(600);
    expect(rows.filter(({ status }) => status === 'cancelled')).toHaveLength(600);
    expect(new Set(sent).size).toBe(1_200);
    expect(rows.find(({ status }) => status === 'sent')?.request).toMatchObject({ subject: /^Mieux/ as never });
    expect(await said(world)).toContain('words.step.retried_by_you');
    expect(await editsOf(world).retry(await idsOf(world))).toBe(0);
    await statisticsAreTheJournals(world);
  });

  test('are skipped: they go on as if it had been sent', async () => {
    const { world } = await due(2, 'wait', () => refused, await open());
    await world.look();
    expect(await editsOf(world).skip(await idsOf(world))).toBe(2);
    expect(await world.enrolment('c0')).toMatchObject({ status: 'waiting', stepId: 's3' });
    expect(await said(world)).toContain('words.step.skipped_by_you');
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    await statisticsAreTheJournals(world);
  });

  test('leave, which can be taken back', async () => {
    const { world } = await due(2, 'wait', () => refused, await open());
    await world.look();
    const removals = new Removals(world.desk);
    const before = await world.all('enrolments');
    const left = await attentionEdits(world.desk, removals).exit(await idsOf(world));
    expect(await world.enrolment('c0')).toMatchObject({ status: 'exited' });
    expect(await removals.undo(left.ok ? left.value : '')).toMatchObject({ ok: true });
    expect(await world.all('enrolments')).toEqual(before);
    await statisticsAreTheJournals(world);
  });

  test('a failed message of theirs that is tried again in the outbox takes the journey along', async () => {
    const { world, setReply } = await due(1, 'wait', () => refused, await open());
    await world.look();
    setReply(() => ACCEPTED);
    expect(await outboxEdits(world.desk).retry((await world.outbox()).map(({ id }) => id))).toBe(1);
    await world.pass(SECOND);
    expect(await world.enrolment('c0')).toMatchObject({ stepId: 's3', sends: [{ messageId: '<m@x>' }] });
  });

  test('a template that is gone and comes back: what never was a message is tried again too', async () => {
    const { world } = await due(1, 'wait', () => ACCEPTED, await open());
    await world.put({ table: 'templates', id: 'm1', delete: true });
    await world.look();
    expect(await world.enrolment('c0')).toMatchObject({ wait: { for: 'person' } });
    expect(await world.outbox()).toEqual([]);
    const [, , ...workspace] = welcomeWorkspace([]);
    const template = workspace.find(({ table }) => table === 'templates')!;
    await world.put(create('templates', 'm1', template.create as never));
    await editsOf(world).retry(await idsOf(world));
    await world.look();
    expect(await world.enrolment('c0')).toMatchObject({ stepId: 's3' });
  });
});
