import { afterEach, describe, expect, test, vi } from 'vitest';
import { create, remove, update } from '$lib/core/changes';
import { HOUR, MINUTE, SECOND } from '$lib/core/instants';
import { failed } from '$lib/core/result';
import { words } from '$lib/core/words';
import { MemoryStorage } from '$lib/storage/memory';
import { accountEdits } from './edits/accounts';
import { automationEdits } from './edits/automations';
import { Removals } from './removals';
import { outboxEdits } from './edits/outbox';
import { freeLocked } from './freeing';
import { ACCEPTED, answering, closeWorlds, due, never, statuses, type Reply } from './testing/due';
import { active, START, welcomeGraph, welcomeWorkspace, World } from './testing/world';

afterEach(closeWorlds);

describe('lanes', () => {
  test('go on, and their answers are recorded, though the first call hangs', async () => {
    const { world, sent } = await due(500, (_, n) => (n === 0 ? never : ACCEPTED));
    void world.look();
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ sending: 1, sent: 499 }));
    expect(new Set(sent.map(({ to }) => to)).size).toBe(500);
    expect(await world.enrolment('c499')).toMatchObject({ stepId: 's3' });
  });

  test('make as many calls at once as the provider allows', async () => {
    let underWay = 0;
    let most = 0;
    const { world } = await due(40, async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
      return ACCEPTED;
    });
    await world.look();
    expect(most).toBe(6);
    expect(await statuses(world)).toEqual({ sent: 40 });
  });

  test('journeys move while a call hangs', async () => {
    const { world } = await due(1, () => never);
    void world.look();
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ sending: 1 }));
    await world.put(create('contacts', 'late', { ...(await world.all('contacts'))[0]!, id: 'late', listIds: [] }));
    void world.addToList(['late'], 'l1');
    await vi.waitFor(async () => expect(await world.enrolment('late')).toMatchObject({ stepId: 's1' }));
    world.now += HOUR;
    void world.look();
    await vi.waitFor(async () => expect(await world.enrolment('late')).toMatchObject({ stepId: 's2' }));
  });

  test('what becomes due while they are busy is due next, and not overlooked', async () => {
    const { world } = await due(1, () => {
      world.now += 2 * MINUTE;
      return ACCEPTED;
    });
    world.now = START + MINUTE;
    await world.put(create('contacts', 'late', { ...(await world.all('contacts'))[0]!, id: 'late', listIds: [] }));
    await world.addToList(['late'], 'l1');
    world.now = START + HOUR;
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 1 });
    expect(world.now).toBe(START + HOUR + 2 * MINUTE);
    expect(await world.runner.nextDue()).toBe(START + HOUR + MINUTE);
  });

  test('let nothing leave that has waited for long, without a look at what has become of its reader', async () => {
    const answers: (() => void)[] = [];
    const { world, sent } = await due(9, (_, n) =>
      n < 6 ? new Promise<Reply>((resolve) => answers.push(() => resolve(ACCEPTED))) : ACCEPTED
    );
    const looking = world.runner.look();
    await vi.waitFor(() => expect(answers).toHaveLength(6));
    const blocklist = { campaigns: true, transactionalSenderIds: [], sms: false };
    await world.put(update('contacts', 'c006', { blocklist }), update('contacts', 'c007', { hiddenAt: world.now }));
    world.now += 20 * SECOND;
    await world.lease.confirm();
    for (const answer of answers) answer();
    await looking;
    expect(sent.slice(6).map(({ to }) => to)).toEqual(['c008']);
    expect(await statuses(world)).toEqual({ sent: 7, skipped: 1, queued: 1 });
    expect((await world.outbox()).find(({ contactId }) => contactId === 'c008')).toMatchObject({ attempts: 1 });
    world.runner.end();
  });

  test('stop when the network goes: what has not left is as it was', async () => {
    const { world, sent } = await due(50, (_, n) => {
      if (n === 9) world.isOnline = false;
      return ACCEPTED;
    });
    await world.look();
    expect(await statuses(world)).toEqual({ sent: sent.length, queued: 50 - sent.length });
    expect(sent.length).toBeLessThan(20);
    const [waiting] = (await world.outbox()).filter(({ status }) => status === 'queued');
    expect(waiting).toMatchObject({ attempts: 0 });
    expect(waiting).not.toHaveProperty('firstAttemptAt');
    world.isOnline = true;
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 50 });
    expect(sent).toHaveLength(50);
  });
});

describe('while a call is under way', () => {
  async function underWay(): Promise<{ world: World; id: string }> {
    const { world } = await due(1, () => never);
    void world.look();
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ sending: 1 }));
    return { world, id: (await world.outbox())[0]?.id ?? '' };
  }

  test('a person can neither cancel it nor have it repeated', async () => {
    const { world, id } = await underWay();
    const edits = outboxEdits(world.desk);
    expect([await edits.cancel([id]), await edits.retry([id])]).toEqual([0, 0]);
    expect(await statuses(world)).toEqual({ sending: 1 });
  });

  test('ending its journey or removing its automation leaves the message', async () => {
    const { world } = await underWay();
    const edits = automationEdits(world.desk, new Removals(world.desk));
    await edits.exit((await world.all('enrolments')).map(({ id }) => id));
    await edits.pause('a1');
    expect(await edits.remove('a1')).toMatchObject({ ok: true });
    expect(await statuses(world)).toEqual({ sending: 1 });
  });
});

describe('a journey that is ended by hand while its call is under way', () => {
  const endAll = (world: World) =>
    world
      .all('enrolments')
      .then((rows) => automationEdits(world.desk, new Removals(world.desk)).exit(rows.map(({ id }) => id)));

  test('has it tried no more where the provider refuses it for now', async () => {
    let release: (reply: Reply) => void = () => undefined;
    const refusal = new Promise<Reply>((resolve) => (release = resolve));
    const { world, sent } = await due(1, () => refusal);
    void world.look();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    await endAll(world);
    release({ status: 429, body: {}, headers: { 'x-sib-ratelimit-reset': '7' } });
    await vi.waitFor(async () => expect(await statuses(world)).toEqual({ cancelled: 1 }));
    await world.pass(HOUR);
    expect(sent).toHaveLength(1);
  });

  test('asks the provider rather than repeating it where the app was closed before the answer', async () => {
    const storage = new MemoryStorage();
    const { world, sent } = await due(1, () => never, {}, storage);
    void world.look();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    await endAll(world);
    const reopened = new World(storage);
    reopened.now = START + HOUR + MINUTE;
    const again = answering(reopened, () => ACCEPTED);
    await reopened.open();
    expect(again).toEqual([]);
    expect(await statuses(reopened)).toEqual({ uncertain: 1 });
    // The user's word goes further than the journey: it is tried until the provider takes it.
    const [row] = await reopened.outbox();
    reopened.answer = () => Promise.resolve({ status: 429, body: {}, headers: { 'x-sib-ratelimit-reset': '7' } });
    await outboxEdits(reopened.desk).retry([row!.id]);
    await reopened.look();
    expect(await statuses(reopened)).toEqual({ queued: 1 });
    answering(reopened, () => ACCEPTED);
    await reopened.pass(MINUTE);
    expect(await statuses(reopened)).toEqual({ sent: 1 });
  });
});

describe('answers', () => {
  test('400: one bad recipient fails alone and goes down the failure branch', async () => {
    const refused = { status: 400, body: { code: 'invalid_parameter', message: 'email is not valid in to' } };
    const { world } = await due(3, ({ to }) => (to === 'c001' ? refused : ACCEPTED));
    await world.look();
    expect((await world.outbox()).map(({ status }) => status)).toEqual(['sent', 'failed', 'sent']);
    expect(await world.enrolment('c001')).toMatchObject({ status: 'completed' });
    expect(await world.enrolment('c002')).toMatchObject({ stepId: 's3' });
    expect((await world.all('accounts'))[0]).not.toHaveProperty('paused');
  });

  test('401: the account rests, the rest of its rows are spared, and go out once when it is resumed', async () => {
    let isRefused = true;
    const { world, sent } = await due(40, () => (isRefused ? { status: 401, body: {} } : ACCEPTED));
    await world.look();
    expect(sent).toHaveLength(6);
    expect((await world.all('accounts'))[0]).toMatchObject({ paused: { until: null } });
    const rows = await world.outbox();
    expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 'queued'));
    expect(rows.filter(({ attempts }) => attempts === 1)).toHaveLength(6);
    await world.pass(HOUR);
    expect(sent).toHaveLength(6);
    isRefused = false;
    await accountEdits(world.desk, () => Promise.resolve(failed(words('words.keys.locked')))).resume('acc1');
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 40 });
    expect(sent.slice(6).map(({ to }) => to)).toHaveLength(40);
  });

  test('429: the account waits for as long as it says', async () => {
    let isLimited = true;
    const { world, sent } = await due(20, () =>
      isLimited ? { status: 429, body: {}, headers: { 'x-sib-ratelimit-reset': '7' } } : ACCEPTED
    );
    await world.look();
    isLimited = false;
    const before = sent.length;
    await world.pass(6 * SECOND);
    expect(sent).toHaveLength(before);
    await world.pass(SECOND);
    expect(await statuses(world)).toEqual({ sent: 20 });
    expect((await world.all('accounts'))[0]).not.toHaveProperty('paused');
  });

  test('500: repeated under the same key while it holds, then it is uncertain', async () => {
    const { world, sent } = await due(1, () => ({ status: 500, body: 'down' }));
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 1 });
    await world.pass(37 * SECOND);
    expect(sent).toHaveLength(2);
    for (let n = 0; n < 40; n++) await world.pass(MINUTE);
    expect(await statuses(world)).toEqual({ uncertain: 1 });
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    const [row] = await world.outbox();
    expect((row?.lastAttemptAt ?? 0) - START - HOUR).toBeLessThan(15 * MINUTE);
    expect(await world.enrolment('c000')).toMatchObject({ status: 'waiting', stepId: 's2' });
  });

  test('a lost answer: the provider knows the key, and the message counts as sent once', async () => {
    const duplicate = { status: 400, body: { code: 'duplicate_parameter', message: 'already in use' } };
    const { world, sent } = await due(1, (_, n) => (n === 0 ? Promise.reject(new TypeError('reset')) : duplicate));
    await world.look();
    await world.pass(37 * SECOND);
    expect(await statuses(world)).toEqual({ sent: 1 });
    expect(sent[0]?.key).toBe(sent[1]?.key);
  });

  test('a lost answer, and the app is closed until the key is forgotten: nothing leaves without the user’s word', async () => {
    const { world, sent } = await due(1, () => Promise.reject(new TypeError('reset')));
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 1 });
    await world.pass(3 * HOUR);
    expect(await statuses(world)).toEqual({ uncertain: 1 });
    expect(sent).toHaveLength(1);
  });

  test('a lost answer and then a refusal: whether the first try arrived is not known', async () => {
    const { world } = await due(1, (_, n) =>
      n === 0
        ? Promise.reject(new TypeError('reset'))
        : { status: 400, body: { code: 'invalid_parameter', message: 'no' } }
    );
    await world.look();
    await world.pass(37 * SECOND);
    expect(await statuses(world)).toEqual({ uncertain: 1 });
  });

  test('sent again by the user when its journey has ended: the journey stays as it ended', async () => {
    const { world, sent } = await due(1, () => Promise.reject(new TypeError('reset')));
    await world.look();
    await world.pass(3 * HOUR);
    const [row] = await world.outbox();
    expect(row?.status).toBe('uncertain');
    await automationEdits(world.desk, new Removals(world.desk)).exit([row!.enrolmentId]);
    await outboxEdits(world.desk).retry([row!.id]);
    await world.look();
    expect(sent).toHaveLength(2);
    expect(await world.enrolment('c000')).toMatchObject({ status: 'exited' });
  });

  test('a try that is asked for before its time does not outlive the key', async () => {
    const { world, sent } = await due(1, () => Promise.reject(new TypeError('reset')));
    await world.look();
    const { id } = (await world.outbox())[0]!;
    for (let minutes = 0; minutes < 30; minutes += 4) {
      if ((await world.outbox())[0]?.status !== 'queued') break;
      await outboxEdits(world.desk).retry([id]);
      await world.pass(4 * MINUTE);
    }
    expect(sent.length).toBeGreaterThan(1);
    const [row] = await world.outbox();
    expect((row?.lastAttemptAt ?? 0) - START - HOUR).toBeLessThan(15 * MINUTE);
    expect(await statuses(world)).toEqual({ uncertain: 1 });
    await outboxEdits(world.desk).retry([id]);
    await world.look();
    expect(sent.length).toBeGreaterThan(2);
  });
});

describe('a locked key', () => {
  test('holds its messages without a try, and they leave once it is open', async () => {
    const { world, sent } = await due(2, () => ACCEPTED);
    world.isLocked = true;
    for (let hours = 0; hours < 30; hours++) await world.pass(HOUR);
    expect(sent).toEqual([]);
    for (const row of await world.outbox())
      expect(row).toMatchObject({ status: 'queued', attempts: 0, reason: { key: 'words.outbox.key_locked' } });
    expect((await world.all('accounts'))[0]?.paused).toBeUndefined();
    world.isLocked = false;
    await freeLocked(world.desk);
    await world.look();
    expect(await statuses(world)).toEqual({ sent: 2 });
  });

  test('lets no webhook leave without its signature or its secret headers', async () => {
    const secret = { name: 'Authorization', value: 's1', secret: true };
    for (const fields of [{ signingSecret: 's1' }, { headers: [secret] }]) {
      const world = new World(new MemoryStorage());
      const sent = answering(world, () => ACCEPTED);
      world.isLocked = true;
      await world.put(...welcomeWorkspace(['c1']), remove('automations', 'a1'), remove('versions', 'a1-v1'));
      const call = { method: 'POST', url: 'https://exemple.fr/', headers: [], body: '', onFailure: 'wait', ...fields };
      const step = { id: 's1', unit: 'webhook.call', version: 1, fields: call, next: { sent: null, failed: null } };
      await world.put(...active({ ...welcomeGraph, entry: 's1', steps: [step] }, {}, 'a2'));
      await world.open();
      await world.addToList(['c1'], 'l1');
      await world.pass(HOUR);
      expect(world.calls).toEqual([]);
      expect(sent).toEqual([]);
      expect(await world.outbox()).toMatchObject([{ status: 'queued', attempts: 0 }]);
    }
  });
});

describe('the moment of sending', () => {
  test('two messages of one contact that are due together count towards the cap', async () => {
    const { world, sent } = await due(1, () => ACCEPTED, { frequencyCap: { count: 1, days: 7 } });
    await world.put(...active(welcomeGraph, { frequencyCap: { count: 1, days: 7 } }, 'a2'));
    world.now -= HOUR;
    await world.put(update('contacts', 'c000', { listIds: [] }));
    await world.addToList(['c000'], 'l1');
    await world.pass(HOUR);
    expect(sent).toHaveLength(1);
    expect(await statuses(world)).toEqual({ sent: 1, queued: 1 });
  });

  test('a contact that a journey deletes, since its message may not leave, gets no other message that is due with it', async () => {
    const { world, sent } = await due(1, () => ACCEPTED);
    const [, mail] = welcomeGraph.steps;
    const confirmation = {
      ...mail!,
      fields: { ...mail!.fields, type: 'transactional' },
      next: { sent: null, failed: null }
    };
    const news = { ...mail!, next: { sent: 's3', failed: null } };
    const deleting = { id: 's3', unit: 'contact.delete', version: 1, fields: { confirm: 'SUPPRIMER' }, next: {} };
    const [delay] = welcomeGraph.steps;
    await world.put(
      ...active({ ...welcomeGraph, steps: [delay!, confirmation] }, {}, 'a2'),
      ...active({ ...welcomeGraph, steps: [delay!, news, deleting] }, {}, 'a3'),
      update('contacts', 'c000', { listIds: [], blocklist: { campaigns: true, transactionalSenderIds: [] } }),
      remove('automations', 'a1')
    );
    world.now -= HOUR;
    await world.addToList(['c000'], 'l1');
    await world.pass(HOUR);
    expect(sent).toEqual([]);
    await world.pass(MINUTE);
    expect(sent).toEqual([]);
    expect(await world.all('contacts')).toEqual([]);
  });

  test('a journey that an exit condition has ended sends no more', async () => {
    const exit = [{ event: 'contact.added_to_list', filters: null }];
    const { world, sent } = await due(1, () => ACCEPTED, { exit });
    world.isOnline = false;
    await world.look();
    expect(await statuses(world)).toEqual({ queued: 1 });
    await world.addToList(['c000'], 'l2');
    expect(await world.enrolment('c000')).toMatchObject({ status: 'exited' });
    world.isOnline = true;
    await world.look();
    expect(sent).toEqual([]);
    expect(await statuses(world)).toEqual({ cancelled: 1 });
  });
});
