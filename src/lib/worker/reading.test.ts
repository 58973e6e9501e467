import { afterEach, expect, test, vi } from 'vitest';
import { DAY, HOUR, SECOND } from '$lib/core/instants';
import { LostLease } from './lease';
import { Reading } from './reading';
import { welcomeWorkspace, World } from './testing/world';

const world = new World();
afterEach(() => {
  vi.useRealTimers();
  world.close();
});

test('a source that does not answer holds up time limits alone; what it says in the end is in time', async () => {
  await world.put(...welcomeWorkspace(['c1', 'c2'], 'acc1'));
  await world.open();
  let answerReport: (answer: { status: number; body: unknown }) => void = () => undefined;
  let isSlow = false;
  let sent = 0;
  world.answer = (url) => {
    if (url.includes('/smtp/email')) return Promise.resolve({ status: 201, body: { messageId: `<m${++sent}@x>` } });
    if (!isSlow) return Promise.resolve({ status: 200, body: {} });
    return new Promise((resolve) => (answerReport = resolve));
  };
  await world.addToList(['c1'], 'l1');
  await world.pass(HOUR);
  const date = new Date(world.now + HOUR).toISOString();
  await world.addToList(['c2'], 'l1');
  isSlow = true;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const passing = world.pass(3 * DAY + HOUR);
  await vi.advanceTimersByTimeAsync(6 * SECOND);
  await passing;
  expect(await world.enrolment('c1')).toMatchObject({ stepId: 's3' });
  expect(await world.enrolment('c2')).toMatchObject({ stepId: 's3' });
  answerReport({ status: 200, body: { events: [{ event: 'opened', messageId: '<m1@x>', email: 'c1@exemple.fr', date }] } }); // prettier-ignore
  await vi.waitFor(async () => expect((await world.journal('c1')).map(({ branch }) => branch)).toContain('yes'));
});

test('a reading that lost the right to run while it was slow says nothing to the one that begins anew', async () => {
  const other = new World();
  await other.put(...welcomeWorkspace(['c1'], 'acc1'));
  let answerReport: (answer: { status: number; body: unknown }) => void = () => undefined;
  other.answer = () => new Promise((resolve) => (answerReport = resolve));
  const told = vi.fn();
  let isLost = false;
  const reading = new Reading(
    other.parts,
    (work) => (isLost ? Promise.reject(new LostLease()) : other.storage.transact(work)),
    told
  );
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const slow = reading.readDue();
  await vi.advanceTimersByTimeAsync(6 * SECOND);
  await slow;
  isLost = true;
  answerReport({ status: 200, body: {} });
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  isLost = false;
  reading.forceAll();
  const again = reading.readDue();
  await vi.advanceTimersByTimeAsync(6 * SECOND);
  await expect(again).resolves.toBeUndefined();
});
