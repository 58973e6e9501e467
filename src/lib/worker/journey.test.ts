import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { tally, type Tally } from '$lib/engine/tally';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { periodStatistics } from './period-statistics';
import { contact, START, welcomeWorkspace, World } from './testing/world';

let made = 0;
const storages: [string, () => Promise<Storage>][] = [
  ['in memory', () => Promise.resolve(new MemoryStorage())],
  ['on Dexie', () => openStorage({ name: `journey-${++made}` })]
];

let world: World;
afterEach(() => world.close());

describe.each(storages)('the welcome journey %s', (_, open) => {
  async function begin(contactIds: string[], accountId: string | null = null): Promise<World> {
    world = new World(await open());
    await world.put(...welcomeWorkspace(contactIds, accountId));
    await world.open();
    return world;
  }

  test('delay, email, an open within three days, list', async () => {
    await begin(['c1']);
    await world.addToList(['c1'], 'l1');
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's1', dueAt: START + HOUR });
    await world.pass(59 * MINUTE);
    expect(await world.outbox()).toEqual([]);
    await world.pass(MINUTE);
    const [sent] = await world.outbox();
    expect(sent).toMatchObject({
      status: 'sent',
      request: { subject: 'Bienvenue, Prénom c1', to: { email: 'c1@exemple.fr' } }
    });
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's3' });
    await world.put(create('reactions', 'r1', { id: 'r1', outboxId: sent!.id, kind: 'opened', at: world.now + HOUR }));
    await world.pass(2 * HOUR);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'completed', stepId: null });
    const [after] = await world.all('contacts');
    expect(after).toMatchObject({ listIds: ['l1', 'l2'] });
    expect((await world.journal('c1')).map(({ kind, branch }) => branch ?? kind)).toEqual([
      'entered',
      'waits',
      'woke',
      'next',
      'queued',
      'sent',
      'waits',
      'woke',
      'yes',
      'next',
      'completed'
    ]);
  });

  test('the statistics of a period are those of its journal, and of its messages', async () => {
    await begin(['c1', 'c2', 'c3']);
    await world.addToList(['c1', 'c2', 'c3'], 'l1');
    await world.pass(HOUR);
    const [sent] = await world.outbox();
    await world.put(create('reactions', 'r1', { id: 'r1', outboxId: sent!.id, kind: 'opened', at: world.now + HOUR }));
    await world.pass(2 * HOUR);
    await world.pass(3 * DAY);
    const { automationId } = await world.enrolment('c1');
    const all = await periodStatistics(world.parts.storage, automationId, { from: 0, to: Infinity });
    expect(all).toMatchObject({
      entered: 3,
      completed: 3,
      enteredBy: { 'contact.added_to_list': 3 },
      left: { 's1 next': 3, 's2 sent': 3, 's3 yes': 1, 's3 no': 2 },
      days: { '2027-01-05': { entered: 3, completed: 1 }, '2027-01-08': { entered: 0, completed: 2 } },
      messages: { s2: { sent: 3, opened: 1, clicked: 0 } }
    });
    const kept = (await world.all('statistics')).filter(({ what }) => what.startsWith('branch:'));
    expect(Object.fromEntries(kept.map(({ stepId, what, count }) => [`${stepId} ${what.slice(7)}`, count]))).toEqual(
      all.left
    );
    const later = await periodStatistics(world.parts.storage, automationId, { from: START + DAY, to: Infinity });
    expect(later).toMatchObject({ entered: 0, completed: 2, left: { 's3 no': 2 }, messages: {} });
  });

  test('no open: the attribute after three days, and statistics that equal the journal', async () => {
    await begin(['c1', 'c2']);
    await world.addToList(['c1', 'c2'], 'l1');
    await world.pass(HOUR);
    await world.pass(3 * DAY);
    expect((await world.all('contacts')).map(({ attributes }) => attributes.STATUS)).toEqual([
      'silencieux',
      'silencieux'
    ]);
    const counts: Tally = new Map();
    for (const enrolment of await world.all('enrolments')) tally(enrolment, counts);
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect((await world.all('statistics')).sort(byId)).toEqual([...counts.values()].sort(byId));
    expect(counts.get('a1-v1 s3 branch:no')?.count).toBe(2);
  });

  test('an open at 10:05 beats a limit at 11:00 when both are learnt later, and one after the limit does not', async () => {
    await begin(['c1', 'c2']);
    await world.addToList(['c1', 'c2'], 'l1');
    await world.pass(HOUR);
    const limit = world.now + 3 * DAY;
    const [first, second] = await world.outbox();
    await world.put(
      create('reactions', 'r1', { id: 'r1', outboxId: first!.id, kind: 'opened', at: limit - 55 * MINUTE }),
      create('reactions', 'r2', { id: 'r2', outboxId: second!.id, kind: 'opened', at: limit + MINUTE })
    );
    await world.pass(4 * DAY);
    expect(
      (await world.all('contacts')).map(({ listIds, attributes }) => [listIds.includes('l2'), attributes.STATUS])
    ).toEqual([
      [true, undefined],
      [false, 'silencieux']
    ]);
  });

  test('added twice, one journey; a second contact with no email goes on unsent', async () => {
    await begin(['c1']);
    await world.put(create('contacts', 'c2', contact('c2', { email: undefined })));
    await world.addToList(['c1', 'c1', 'c2'], 'l1');
    await world.addToList(['c1'], 'l2');
    await world.addToList(['c1'], 'l1');
    expect(await world.all('enrolments')).toHaveLength(2);
    await world.pass(HOUR);
    expect((await world.outbox()).map(({ contactId }) => contactId)).toEqual(['c1']);
    expect(await world.enrolment('c2')).toMatchObject({ stepId: 's3' });
  });

  test('offline the outbox waits; on reconnect it goes out, once', async () => {
    await begin(['c1'], 'acc1');
    world.answer = (url) =>
      Promise.resolve(
        url.includes('/smtp/email') ? { status: 201, body: { messageId: '<m@x>' } } : { status: 200, body: {} }
      );
    await world.addToList(['c1'], 'l1');
    world.isOnline = false;
    await world.pass(HOUR);
    expect(await world.outbox()).toMatchObject([{ status: 'queued', attempts: 0 }]);
    const sends = () => world.calls.filter(({ url }) => url.endsWith('/v3/smtp/email'));
    expect(sends()).toEqual([]);
    world.isOnline = true;
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    expect(await world.outbox()).toMatchObject([{ status: 'sent', messageId: '<m@x>' }]);
    expect(sends()).toHaveLength(1);
    expect(sends()[0]?.init?.headers).toMatchObject({ 'api-key': 'secret of k1' });
  });

  test('a time limit is held until the source has been read up to it, but not beyond the allowance', async () => {
    await begin(['c1'], 'acc1');
    let sourceAnswers: { status: number; body: unknown } = { status: 200, body: {} };
    world.answer = (url) =>
      Promise.resolve(url.includes('/smtp/email') ? { status: 201, body: { messageId: '<m@x>' } } : sourceAnswers);
    await world.addToList(['c1'], 'l1');
    await world.pass(HOUR);
    await world.pass(3 * DAY - HOUR);
    sourceAnswers = { status: 500, body: 'down' };
    await world.pass(HOUR);
    expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
    await world.pass(DAY + MINUTE);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'completed' });
    expect((await world.journal('c1')).find(({ branch }) => branch === 'no')?.words).toEqual({
      key: 'words.step.limit_passed_unread',
      params: { source: 'Atelier' }
    });
  });
});
