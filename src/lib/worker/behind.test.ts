import { afterEach, expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { DAY, HOUR } from '$lib/core/instants';
import type { OutboxRow } from '$lib/core/rows/messages';
import { START, welcomeWorkspace, World } from './testing/world';

let world: World;
afterEach(() => world.close());

/** The journey of c1 is behind its message, as when another device had brought it further and its own state has won all the same. */
async function behind(row: Partial<OutboxRow>): Promise<{ posted: string[] }> {
  world = new World();
  const posted: string[] = [];
  world.answer = (url) => {
    if (url.endsWith('/v3/smtp/email')) posted.push(url);
    return Promise.resolve({ status: 201, body: { messageId: `<m${posted.length}@x>` } });
  };
  await world.put(...welcomeWorkspace(['c1'], 'acc1'));
  await world.open();
  await world.addToList(['c1'], 'l1');
  const { wait, wakes, dueAt, ...before } = await world.enrolment('c1');
  await world.pass(HOUR);
  const [made] = await world.outbox();
  const { status, stepId, visits, since, moves, sends } = before;
  await world.put(
    update('enrolments', before.id, { status, stepId, visits, since, moves, sends, wait, wakes, dueAt }),
    update('outbox', made?.id ?? '', { ...row })
  );
  await world.pass(0);
  return { posted };
}

test('a message that another device has sent is not sent again: the journey goes on from when it had left', async () => {
  const { posted } = await behind({});
  expect(posted).toHaveLength(1);
  const [row] = await world.outbox();
  expect(row).toMatchObject({ status: 'sent' });
  expect(await world.enrolment('c1')).toMatchObject({
    ...{ status: 'waiting', stepId: 's3', visits: { s1: 1, s2: 1, s3: 1 } },
    sends: [{ stepId: 's2', messageId: row?.messageId, at: row?.sentAt }]
  });
});

test('one that waits to be sent is waited for, and leaves once', async () => {
  const { posted } = await behind({ status: 'queued', dueAt: START + DAY });
  expect(await world.enrolment('c1')).toMatchObject({ stepId: 's2', wait: { for: 'outbox' } });
  await world.pass(DAY);
  expect(posted).toHaveLength(2);
  expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
  expect(await world.outbox()).toHaveLength(1);
});

test.each([
  ['that failed brings the journey where a failure does', 'failed' as const, { status: 'completed' }],
  ['that was not wanted lets it go on', 'skipped' as const, { stepId: 's3' }]
])('one %s', async (_, status, then) => {
  const { posted } = await behind({ status, reason: { key: 'words.outbox.unsubscribed' } });
  expect(posted).toHaveLength(1);
  expect(await world.enrolment('c1')).toMatchObject(then);
});

test('one that was given up there is made anew, under a key of its own', async () => {
  const { posted } = await behind({ status: 'cancelled', reason: { key: 'words.sync.same_person' } });
  expect(posted).toHaveLength(2);
  expect((await world.outbox()).map(({ visit, status }) => [visit, status])).toEqual([
    [1, 'cancelled'],
    [2, 'sent']
  ]);
});

test('what another device has noted in a block of the journal stays, and what is noted here comes after it, once', async () => {
  const entries = Array.from({ length: 24 }, (_, at) => ({ at: at + 1, kind: 'woke' as const, stepId: 's1' }));
  await behind({ status: 'queued', dueAt: START + DAY });
  const { id, contactId, automationId, versionId } = await world.enrolment('c1');
  const block = { enrolmentId: id, seq: 0, contactId, automationId, versionId, entries: entries };
  await world.put(create('journal', [id, 0], block), update('enrolments', id, { seq: 0, entries }));
  await world.pass(DAY);
  const blocks = await world.all('journal');
  expect(blocks.map(({ seq }) => seq)).toEqual([0, 1]);
  expect(blocks[0]).toEqual(block);
  expect(blocks[1]?.entries.map(({ kind, branch }) => branch ?? kind)).toEqual(['sent', 'waits']);
});
