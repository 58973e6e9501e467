import { afterEach, describe, expect, test, vi } from 'vitest';
import { update } from '$lib/core/changes';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboxRow } from '$lib/core/rows/messages';
import { aheadNow } from '$lib/engine/ahead';
import { automationEdits } from './edits/automations';
import { outboxEdits } from './edits/outbox';
import { Removals } from './removals';
import { START, welcomeWorkspace, World } from './testing/world';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

const LEAVES = START + HOUR;

interface Posted {
  readonly method: string;
  readonly path: string;
  readonly body: { scheduledAt?: string; batchId?: string };
}

/** A contact in an hour's wait before a mail, which Brevo takes for later; `cancels`: what Brevo says to each DELETE, in turn. */
async function waiting(cancels: readonly (number | 'lost')[] = [204], settings = { ahead: true }) {
  const world = new World();
  worlds.push(world);
  const posted: Posted[] = [];
  const answers = [...cancels];
  world.answer = (url, init) => {
    const { pathname: path } = new URL(url);
    if (!path.startsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
    if (path === '/v3/smtp/emails') return Promise.resolve({ status: 200, body: { transactionalEmails: [] } });
    const method = init?.method ?? 'GET';
    posted.push({ method, path, body: method === 'POST' ? (JSON.parse(init?.body ?? '') as Posted['body']) : {} });
    if (method === 'POST') return Promise.resolve({ status: 201, body: { messageId: `<m${posted.length}@x>` } });
    const status = answers.shift() ?? 404;
    return status === 'lost'
      ? Promise.reject(new TypeError('reset'))
      : Promise.resolve({ status, body: status === 204 ? '' : { code: 'document_not_found', message: 'not found' } });
  };
  await world.put(...welcomeWorkspace(['c1'], 'acc1'));
  const [version] = await world.all('versions');
  await world.put(update('versions', 'a1-v1', { settings: { ...version?.settings, ...settings } }));
  await world.open();
  await world.addToList(['c1'], 'l1');
  await world.look();
  return { world, posted };
}

const statuses = async (world: World) => (await world.outbox()).map(({ status }) => status);
const said = async (world: World) => (await world.outbox()).flatMap(({ reason }) => reason?.key ?? []);
const calls = (posted: readonly Posted[]) => posted.map(({ method }) => method);

async function edit(world: World, set: Partial<Contact>): Promise<void> {
  await world.desk.edit(() =>
    Promise.resolve({ effect: { changes: [update('contacts', 'c1', { ...set })], events: [] }, value: undefined })
  );
  await world.look();
}

describe('a message after a delay', () => {
  test('is handed over as the delay begins, and its journey goes on from when it has left, without sending again', async () => {
    const { world, posted } = await waiting();
    expect(posted).toMatchObject([{ method: 'POST', body: { scheduledAt: new Date(LEAVES).toISOString() } }]);
    expect(await world.outbox()).toMatchObject([{ status: 'scheduled', leavesAt: LEAVES, messageId: '<m1@x>' }]);
    expect(await world.enrolment('c1')).toMatchObject({ stepId: 's1', ahead: { stepId: 's2', visit: 1 } });
    // The app was closed meanwhile.
    await world.pass(5 * HOUR);
    expect(await world.outbox()).toMatchObject([{ status: 'sent', sentAt: LEAVES }]);
    expect(await world.enrolment('c1')).toMatchObject({
      stepId: 's3',
      since: LEAVES,
      sends: [{ stepId: 's2', messageId: '<m1@x>', at: LEAVES }]
    });
    expect(await world.enrolment('c1')).not.toHaveProperty('ahead');
    expect(calls(posted)).toEqual(['POST']);
  });

  test('is sent as ever where the automation does not want it, or the provider is too near or too far from its time', async () => {
    const { posted } = await waiting([], { ahead: false });
    expect(posted).toEqual([]);
  });

  test('without a network it is not handed over in time: it is made anew and sent when its time has come', async () => {
    const { world, posted } = await waiting();
    posted.length = 0;
    const other = { ...(await world.all('contacts'))[0]!, id: 'c2', email: 'c2@exemple.fr', listIds: [], listedAt: {} };
    await world.put({ table: 'contacts', id: 'c2', create: other });
    world.isOnline = false;
    await world.addToList(['c2'], 'l1');
    world.now += 50 * MINUTE;
    world.isOnline = true;
    await world.look();
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['cancelled', 'scheduled']);
    await world.pass(10 * MINUTE);
    expect(posted).toMatchObject([{ method: 'POST' }]);
    expect(posted[0]?.body).not.toHaveProperty('scheduledAt');
    expect((await world.outbox()).map(({ status }) => status).sort()).toEqual(['cancelled', 'sent', 'sent']);
  });
});

test('is called off by the user before it is handed over: the journey goes on as after a failure, and nothing leaves', async () => {
  const { world, posted } = await waiting();
  const [row] = await world.outbox();
  await world.put(update('outbox', row?.id ?? '', { status: 'queued', messageId: undefined, dueAt: START + DAY }));
  expect(await outboxEdits(world.desk).cancel([row?.id ?? ''])).toBe(1);
  expect(await world.outbox()).toMatchObject([{ status: 'cancelled', calledOff: true }]);
  await world.pass(HOUR);
  expect(calls(posted)).toEqual(['POST']);
  expect((await world.journal('c1')).at(-2)).toMatchObject({ stepId: 's2', branch: 'failed' });
});

test('whose failure was cleared away, after the user had once sent it again, is made anew', () => {
  const row = { status: 'cancelled', byHand: true, reason: { key: 'words.outbox.cancelled_by_you' } } as OutboxRow;
  expect(aheadNow(row)).toBe('again');
  expect(aheadNow({ ...row, calledOff: true, reason: undefined })).toBe('called_off');
});

describe('is taken back', () => {
  test.each<[string, Partial<Contact>]>([
    ['unsubscribes', { blocklist: { campaigns: true, transactionalSenderIds: [] } }],
    ['is deleted', { hiddenAt: START }]
  ])('when its contact %s', async (_, set) => {
    const { world, posted } = await waiting();
    await edit(world, set);
    expect(posted.at(-1)).toMatchObject({ method: 'DELETE', path: `/v3/smtp/email/${posted[0]?.body.batchId}` });
    expect(await statuses(world)).toEqual(['recalled']);
    await world.pass(2 * HOUR);
    expect(calls(posted)).toEqual(['POST', 'DELETE']);
  });

  test('when its automation is paused; after that it is sent at its time, under a key of its own', async () => {
    const { world, posted } = await waiting();
    const automations = automationEdits(world.desk, new Removals(world.desk));
    await automations.pause('a1');
    await world.look();
    expect(await statuses(world)).toEqual(['recalled']);
    await automations.resume('a1');
    await world.pass(HOUR);
    expect(calls(posted)).toEqual(['POST', 'DELETE', 'POST']);
    expect(posted[2]?.body).not.toHaveProperty('scheduledAt');
    expect(await world.outbox()).toMatchObject([
      { status: 'recalled', visit: 1 },
      { status: 'sent', visit: 2 }
    ]);
    expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
  });

  test('when its journey is ended by hand', async () => {
    const { world, posted } = await waiting();
    const { id } = await world.enrolment('c1');
    await automationEdits(world.desk, new Removals(world.desk)).exit([id]);
    await world.look();
    expect(calls(posted)).toEqual(['POST', 'DELETE']);
    expect(await statuses(world)).toEqual(['recalled']);
  });

  test('by the user: the journey goes on as after a failure', async () => {
    const { world, posted } = await waiting();
    const [row] = await world.outbox();
    await outboxEdits(world.desk).recall([row?.id ?? '']);
    await world.look();
    expect(await statuses(world)).toEqual(['recalled']);
    await world.pass(HOUR);
    expect(calls(posted)).toEqual(['POST', 'DELETE']);
    expect((await world.journal('c1')).at(-2)).toMatchObject({ stepId: 's2', branch: 'failed' });
  });

  test('and an answer that was lost is asked for again: what is gone by then was taken back', async () => {
    const { world, posted } = await waiting(['lost', 404]);
    await edit(world, { blocklist: { campaigns: true, transactionalSenderIds: [] } });
    expect(await statuses(world)).toEqual(['recalling']);
    await world.pass(MINUTE);
    expect(calls(posted)).toEqual(['POST', 'DELETE', 'DELETE']);
    expect(await statuses(world)).toEqual(['recalled']);
  });

  test('too late: the user is told, and decides', async () => {
    const { world } = await waiting([404]);
    await edit(world, { blocklist: { campaigns: true, transactionalSenderIds: [] } });
    expect(await statuses(world)).toEqual(['uncertain']);
    expect(await said(world)).toEqual(['words.outbox.recall_late']);
    await world.pass(DAY);
    expect(await world.enrolment('c1')).toMatchObject({ wait: { for: 'outbox' } });
  });
});

test('who is erased while the network is away goes once the message was taken back', async () => {
  const { world, posted } = await waiting();
  world.isOnline = false;
  await edit(world, { hiddenAt: START });
  await world.pass(31_000);
  expect(await statuses(world)).toEqual(['recalling']);
  world.isOnline = true;
  await world.look();
  await world.pass(31_000);
  await vi.waitFor(async () => expect(await world.outbox()).toEqual([]));
  expect(calls(posted)).toEqual(['POST', 'DELETE']);
});

test('a call whose answer was lost as the app died is repeated under its key, and leaves once', async () => {
  const { world, posted } = await waiting();
  const [row] = await world.outbox();
  await world.put(update('outbox', row?.id ?? '', { status: 'queued', dueAt: START, messageId: undefined }), {
    table: 'intents',
    id: 'i1',
    create: { id: 'i1', at: START, outboxIds: [row?.id ?? ''] }
  });
  await world.runner.begin();
  world.runner.end();
  expect(posted.map(({ body }) => body.batchId)).toEqual([posted[0]?.body.batchId, posted[0]?.body.batchId]);
  expect(await statuses(world)).toEqual(['scheduled']);
});
