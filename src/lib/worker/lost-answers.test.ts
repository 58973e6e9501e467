import { afterEach, describe, expect, test, vi } from 'vitest';
import { update } from '$lib/core/changes';
import type { AutomationSettings } from '$lib/core/graph';
import { HOUR, MINUTE } from '$lib/core/instants';
import { MemoryStorage } from '$lib/storage/memory';
import { automationEdits } from './edits/automations';
import { Removals } from './removals';
import {
  ACCEPTED,
  answering,
  closeWorlds,
  due,
  never,
  statuses,
  versionSettings,
  type Reply,
  type Sent
} from './testing/due';
import { START, welcomeGraph, World } from './testing/world';

afterEach(closeWorlds);

describe('a lost answer is not forgotten', () => {
  async function doubtful(settings: Partial<AutomationSettings> = {}): Promise<{ world: World; sent: Sent[] }> {
    const { world, sent } = await due(1, () => Promise.reject(new TypeError('reset')), settings);
    await world.look();
    const [row] = await world.outbox();
    expect(row).toMatchObject({ status: 'queued', doubtSince: START + HOUR });
    return { world, sent };
  }

  /** Nobody may say that it was not sent: the provider is asked, which reports it. */
  async function isLookedUp(world: World, sent: readonly Sent[]): Promise<void> {
    const [row] = await world.outbox();
    expect(row).toMatchObject({ status: 'uncertain', request: { html: expect.any(String) as string } });
    expect(row?.dueAt).toBeLessThan(world.now + HOUR);
    const calls = sent.length;
    const listed = {
      date: new Date(START + HOUR).toISOString(),
      messageId: '<m@x>',
      subject: 'Bienvenue, Prénom c000'
    };
    const body = (url: string) => (url.includes('/v3/smtp/emails?') ? { transactionalEmails: [listed] } : {});
    world.answer = (url) => Promise.resolve({ status: 200, body: body(url) });
    await world.pass(HOUR);
    expect(await statuses(world)).toEqual({ sent: 1 });
    expect(sent).toHaveLength(calls);
  }

  test('when a person ends the journey', async () => {
    const { world, sent } = await doubtful();
    await automationEdits(world.desk, new Removals(world.desk)).exit([(await world.enrolment('c000')).id]);
    await isLookedUp(world, sent);
    expect(await world.enrolment('c000')).toMatchObject({ status: 'exited' });
  });

  test('when an exit condition ends it', async () => {
    const { world, sent } = await doubtful({ exit: [{ event: 'contact.added_to_list', filters: null }] });
    await world.addToList(['c000'], 'l2');
    await world.pass(MINUTE);
    expect(await world.enrolment('c000')).toMatchObject({ status: 'exited' });
    await isLookedUp(world, sent);
  });

  test('when consent is withdrawn: the journey goes on once it is known that it was sent', async () => {
    const { world, sent } = await doubtful();
    await world.put(
      update('contacts', 'c000', { blocklist: { campaigns: true, transactionalSenderIds: [], sms: false } })
    );
    await world.pass(MINUTE);
    expect(await world.enrolment('c000')).toMatchObject({ stepId: 's2' });
    await isLookedUp(world, sent);
    expect(await world.enrolment('c000')).toMatchObject({ stepId: 's3' });
  });

  test('when its automation is removed', async () => {
    const { world, sent } = await doubtful();
    const edits = automationEdits(world.desk, new Removals(world.desk));
    await edits.pause('a1');
    expect(await edits.remove('a1')).toMatchObject({ ok: true });
    await isLookedUp(world, sent);
  });

  test('when a new version lets it leave', async () => {
    const { world, sent } = await doubtful();
    const edits = automationEdits(world.desk, new Removals(world.desk));
    const [first, , third, ...rest] = welcomeGraph.steps;
    const graph = { ...welcomeGraph, steps: [{ ...first!, next: { next: 's3' } }, third!, ...rest] };
    await edits.saveDraft('a1', { graph, settings: versionSettings() });
    expect(await edits.publish('a1', { others: 'end' })).toMatchObject({ ok: true });
    await world.look();
    expect(await world.enrolment('c000')).toMatchObject({ status: 'exited' });
    await isLookedUp(world, sent);
  });
});

test('what waits for its turn until its key is forgotten is not repeated: the provider is asked', async () => {
  const answers: (() => void)[] = [];
  let answer = (): Promise<Reply> => Promise.reject(new TypeError('reset'));
  const { world, sent } = await due(8, () => answer());
  await world.look();
  expect(await statuses(world)).toEqual({ queued: 8 });
  answer = () => new Promise((resolve) => answers.push(() => resolve(ACCEPTED)));
  world.now += MINUTE;
  const looking = world.runner.look();
  await vi.waitFor(() => expect(answers).toHaveLength(6));
  // The computer sleeps, or the provider takes its time.
  world.now += 20 * MINUTE;
  await world.lease.confirm();
  answer = () => Promise.resolve(ACCEPTED);
  for (const one of answers) one();
  await looking;
  await world.look();
  expect(sent).toHaveLength(14);
  expect(await statuses(world)).toEqual({ sent: 6, uncertain: 2 });
});

describe('a crash between mark and record', () => {
  async function crashed(): Promise<{ storage: MemoryStorage; first: Sent[] }> {
    const storage = new MemoryStorage();
    const { world, sent } = await due(3, () => never, {}, storage);
    void world.look();
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ sending: 3 }));
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    return { storage, first: sent };
  }

  test.each([
    ['repeats the calls under their keys while these hold', 10 * MINUTE, { sent: 3 }],
    ['asks the user once they do not', 20 * MINUTE, { uncertain: 3 }]
  ])('%s', async (_, closedFor, expected) => {
    const { storage, first } = await crashed();
    const reopened = new World(storage);
    reopened.now = START + HOUR + closedFor;
    const sent = answering(reopened, () => ACCEPTED);
    await reopened.open();
    expect(await statuses(reopened)).toEqual(expected);
    expect(sent).toEqual(closedFor === 10 * MINUTE ? first : []);
    expect(await reopened.all('intents')).toEqual([]);
  });

  test('asks the provider at once where the send window opens only after the key is forgotten', async () => {
    const storage = new MemoryStorage();
    const sendWindow = { days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '10:05' };
    const { world, sent } = await due(1, () => never, { sendWindow }, storage);
    void world.look();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const reopened = new World(storage);
    reopened.now = START + HOUR + 6 * MINUTE;
    const again = answering(reopened, () => ACCEPTED);
    await reopened.open();
    expect(again).toEqual([]);
    expect(await statuses(reopened)).toEqual({ uncertain: 1 });
  });

  test('concerns the calls alone that had no answer: one that is to be tried later keeps its time', async () => {
    const storage = new MemoryStorage();
    const { world } = await due(2, (_, n) => (n === 0 ? never : { status: 500, body: 'down' }), {}, storage);
    void world.look();
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ sending: 1, queued: 1 }));
    const [intent] = await world.all('intents');
    expect(intent?.outboxIds).toHaveLength(1);
    const later = (await world.outbox()).find(({ status }) => status === 'queued');
    const reopened = new World(storage);
    reopened.now = START + HOUR + 20 * MINUTE;
    reopened.isOnline = false;
    answering(reopened, () => ACCEPTED);
    await reopened.open();
    expect(await statuses(reopened)).toEqual({ uncertain: 1, queued: 1 });
    expect(await reopened.outbox()).toContainEqual(later);
  });
});
