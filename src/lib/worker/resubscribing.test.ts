import { expect, test } from 'vitest';
import { MINUTE } from '$lib/core/instants';
import { besideRelay } from '../../../tests/fixtures/beside-relay';
import { eventEdits } from './edits/events';
import { type RelayWorld } from './testing/relay-world';

let world: RelayWorld;
besideRelay(async (begun) => {
  world = begun;
  world.now = Date.now();
  await world.begin('c1');
  await world.welcome('c1');
});

const link = () => world.linksTo('u')[0]!;
const blocked = async () => (await world.all('contacts'))[0]?.blocklist?.campaigns === true;
async function press(...actions: ('leave' | 'back')[]): Promise<void> {
  for (const action of actions) {
    const { status } = await world.visit(action === 'leave' ? link() : `${link()}/back`, 'POST');
    expect(status).toBe(200);
  }
  await world.pass(MINUTE);
}
const told = async () => (await world.all('events')).map(({ type }) => type).filter((type) => /subscribed$/.test(type));

test('who left by mistake is back, once, and it is told', async () => {
  await press('leave');
  expect(await blocked()).toBe(true);
  await press('back');
  expect(await blocked()).toBe(false);
  await world.relay.sql('DELETE FROM posts_of_minute');
  await press('back');
  expect(await told()).toEqual(['email.unsubscribed', 'email.resubscribed']);
});

test('what was last said counts, also where all of it is read at once', async () => {
  await press('leave', 'back');
  expect(await blocked()).toBe(false);
  await world.relay.sql('DELETE FROM posts_of_minute');
  await press('leave', 'back', 'leave');
  expect(await blocked()).toBe(true);
});

test('nobody is back who had complained, or whom the user had blocked', async () => {
  await press('leave');
  const complaint = { type: 'email.complained', contactId: 'c1', properties: { messageId: '<m1@x>' } };
  expect((await eventEdits(world.desk).record(complaint)).ok).toBe(true);
  await press('back');
  expect(await blocked()).toBe(true);
  expect(await told()).toEqual(['email.unsubscribed']);
});

test('nobody is back who was away before that', async () => {
  const complaint = { type: 'email.complained', contactId: 'c1', properties: { messageId: '<m1@x>' } };
  expect((await eventEdits(world.desk).record(complaint)).ok).toBe(true);
  await press('leave', 'back');
  expect(await blocked()).toBe(true);
});

test('nobody is back who has never left by this link', async () => {
  await press('back');
  expect(await told()).toEqual([]);
});
