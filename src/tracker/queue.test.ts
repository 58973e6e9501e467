import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TrackedEvent, TrackerPost } from '$lib/core/tracking';
import { createMemory } from './memory';
import { createQueue } from './queue';

type Fate = 'taken' | 'answer lost' | 'never arrived' | 'too many' | 'broken' | 'page left';

const fates = fc.constantFrom<Fate>('taken', 'answer lost', 'never arrived', 'too many', 'broken', 'page left');
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), size: fc.constantFrom(0, 10, 9_000) }),
    fc.record({ kind: fc.constant('flush' as const), fate: fates }),
    fc.record({ kind: fc.constant('beacon' as const), arrives: fc.boolean() })
  ),
  { maxLength: 60 }
);

function device(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>();
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

const eventOf = (id: string, size = 0): TrackedEvent => ({
  id,
  type: 'track',
  at: 0,
  data: { name: 'é'.repeat(size) }
});

test('whatever becomes of posts and pages, each event arrives, in its order, and twice only where an answer was lost', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const storage = device();
      const received: string[] = [];
      const added: string[] = [];
      let mayRepeat = false;
      let fate: Fate = 'taken';
      const keep = (body: string) => {
        expect(new Blob([body]).size).toBeLessThanOrEqual(60_000);
        received.push(...(JSON.parse(body) as TrackerPost).events.map(({ id }) => id));
      };
      const post = (body: string): Promise<number> => {
        if (fate === 'never arrived') return Promise.reject(new Error());
        if (fate === 'too many') return Promise.resolve(429);
        if (fate === 'broken') return Promise.resolve(503);
        keep(body);
        if (fate === 'taken') return Promise.resolve(202);
        mayRepeat = true;
        return fate === 'answer lost' ? Promise.reject(new Error()) : new Promise(() => undefined);
      };
      const open = () =>
        createQueue(
          createMemory(() => storage),
          post,
          () => 0
        );
      let queue = open();
      for (const step of taken) {
        if (step.kind === 'add') {
          const id = `event-${added.length}`;
          added.push(id);
          queue.add(eventOf(id, step.size));
        } else if (step.kind === 'flush') {
          fate = step.fate;
          const flushed = queue.flush().catch(() => undefined);
          // The answer comes to nobody: the next page has the same device and nothing else.
          if (fate === 'page left') queue = open();
          else await flushed;
        } else {
          const body = queue.body();
          mayRepeat ||= body !== '';
          if (step.arrives && body !== '') keep(body);
          queue = open();
        }
      }
      fate = 'taken';
      await queue.flush();
      expect([...new Set(received)]).toEqual(added);
      if (!mayRepeat) expect(received).toEqual(added);
      expect(queue.body()).toBe('');
    }),
    { numRuns: 200 }
  );
});

test('it holds the last hundred, and nothing that is too large', () => {
  const queue = createQueue(
    createMemory(device),
    () => Promise.resolve(202),
    () => 0
  );
  const kept = createMemory(() => storage);
  const storage = device();
  const bounded = createQueue(
    kept,
    () => Promise.resolve(202),
    () => 0
  );
  for (let index = 0; index < 150; index++) bounded.add(eventOf(`event-${index}`));
  bounded.add(eventOf('large', 16_000));
  expect(kept.read().queue?.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, at) => `event-${at + 50}`));
  expect(queue.body()).toBe('');
});

test('what the inbox never takes does not hold up the rest', async () => {
  const storage = device();
  const queue = createQueue(
    createMemory(() => storage),
    () => Promise.resolve(413),
    () => 0
  );
  queue.add(eventOf('event-1'));
  await queue.flush();
  expect(queue.body()).toBe('');
});

test.each([
  [
    'full',
    {
      getItem: () => null,
      setItem: (): void => {
        throw new Error('QuotaExceededError');
      }
    }
  ],
  ['of no use', { getItem: () => '{"queue":5', setItem: (): void => undefined }]
])('a device that is %s: the page remembers', async (_, storage) => {
  const memory = createMemory(() => storage);
  const sent: string[] = [];
  const queue = createQueue(
    memory,
    async (body) => {
      sent.push(body);
      return 202;
    },
    () => 0
  );
  queue.add(eventOf('event-1'));
  queue.add(eventOf('event-2'));
  await queue.flush();
  expect(sent).toHaveLength(1);
  expect((JSON.parse(sent[0]!) as TrackerPost).events).toHaveLength(2);
});
