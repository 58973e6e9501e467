import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { automationEdits } from './edits/automations';
import { eventEdits } from './edits/events';
import { mailboxEdits } from './edits/mailbox';
import { Removals } from './removals';
import { welcomeWorkspace, World } from './testing/world';

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.close();
});

async function begun(): Promise<{ world: World; edits: ReturnType<typeof automationEdits> }> {
  const world = new World();
  worlds.push(world);
  await world.put(...welcomeWorkspace(['c1']));
  await world.open();
  await world.addToList(['c1'], 'l1');
  return { world, edits: automationEdits(world.desk, new Removals(world.desk)) };
}

/** Its message is answered, and it comes to a wait, after the automation was archived. */
async function archivedWhileSending(): Promise<Awaited<ReturnType<typeof begun>>> {
  const { world, edits } = await begun();
  world.isOnline = false;
  await world.pass(HOUR);
  expect(await world.enrolment('c1')).toMatchObject({ stepId: 's2' });
  expect(await edits.archive('a1')).toMatchObject({ ok: true });
  world.isOnline = true;
  await world.look();
  expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
  return { world, edits };
}

describe('journeys of an archived automation stand still', () => {
  test('though a time limit passes, until it goes on', async () => {
    const { world, edits } = await archivedWhileSending();
    await world.pass(4 * DAY);
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's3' });
    expect(await edits.resume('a1')).toMatchObject({ ok: true });
    await world.look();
    expect(await world.enrolment('c1')).toMatchObject({ status: 'completed' });
    expect((await world.journal('c1')).find(({ stepId, kind }) => stepId === 's3' && kind === 'moved')).toMatchObject({
      branch: 'no'
    });
  });

  test('though what they wait for happens, and know of it when it goes on', async () => {
    const { world, edits } = await archivedWhileSending();
    const [row] = await world.outbox();
    await mailboxEdits(world.desk).react(row!.id, 'opened');
    await world.pass(MINUTE);
    expect((await world.all('events')).map(({ type }) => type)).toContain('email.opened');
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's3' });
    await edits.resume('a1');
    await world.look();
    expect((await world.journal('c1')).find(({ stepId, kind }) => stepId === 's3' && kind === 'moved')).toMatchObject({
      branch: 'yes'
    });
  });

  test('and know of it still where something else of the kind is learnt before they have looked', async () => {
    const { world, edits } = await archivedWhileSending();
    const [row] = await world.outbox();
    await mailboxEdits(world.desk).react(row!.id, 'opened');
    await world.pass(MINUTE);
    await edits.resume('a1');
    const properties = { messageId: '<other>', emailName: '', tag: '', emailType: 'marketing', machineOpen: false };
    const another = eventEdits(world.desk).record({ type: 'email.opened', contactId: 'c1', properties });
    expect(await another).toMatchObject({ ok: true });
    await world.look();
    expect((await world.journal('c1')).find(({ stepId, kind }) => stepId === 's3' && kind === 'moved')).toMatchObject({
      branch: 'yes'
    });
  });

  test('and have their time back when it is published again', async () => {
    const { world, edits } = await begun();
    await edits.archive('a1');
    await world.pass(2 * HOUR);
    expect(await world.enrolment('c1')).toMatchObject({ stepId: 's1' });
    expect(await edits.publish('a1')).toMatchObject({ ok: true });
    await world.look();
    expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
  });
});

describe('out of the archive', () => {
  test('an automation is paused, and its journeys wait until it goes on', async () => {
    const { world, edits } = await archivedWhileSending();
    expect(await edits.unarchive('a1')).toMatchObject({ ok: true });
    await world.pass(4 * DAY);
    expect((await world.all('automations'))[0]).toMatchObject({ status: 'paused' });
    expect(await world.enrolment('c1')).toMatchObject({ status: 'waiting', stepId: 's3' });
    expect(await edits.resume('a1')).toMatchObject({ ok: true });
    await world.look();
    expect(await world.enrolment('c1')).toMatchObject({ status: 'completed' });
  });

  test('one that was never published is a draft again; one that is not archived is refused', async () => {
    const { edits, world } = await begun();
    const id = await edits.create('Brouillon');
    expect(await edits.unarchive(id)).toMatchObject({ ok: false, reason: { key: 'words.automation.not_archived' } });
    expect(await edits.archive(id)).toMatchObject({ ok: true });
    expect(await edits.unarchive(id)).toMatchObject({ ok: true });
    expect((await world.all('automations')).find((row) => row.id === id)).toMatchObject({ status: 'draft' });
  });
});
