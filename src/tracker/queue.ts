import type { TrackedEvent, TrackerPost } from '$lib/core/tracking';
import type { Memory } from './memory';

const MOST_EVENTS = 100;
/** Characters of one event. */
const LARGEST = 16_000;
/** Bytes of one post: keepalive requests and beacons may carry 64 KiB. */
const LARGEST_POST = 60_000;

/** What the inbox will never take: it would hold up the rest. */
const REFUSED = [400, 413];

export interface Queue {
  add(event: TrackedEvent): void;
  /** The next post, or '' where nothing waits. */
  body(): string;
  /** Sends until nothing waits or something fails. */
  flush(): Promise<void>;
}

/**
 * An event waits until the inbox has confirmed it. Where an answer is lost it is posted again under the same id, by which the app knows
 * it. `post` resolves with the HTTP status.
 */
export function createQueue(memory: Memory, post: (body: string) => Promise<number>, now: () => number): Queue {
  let isSending = false;

  function waiting(): TrackedEvent[] {
    const { queue } = memory.read();
    return Array.isArray(queue) ? queue : [];
  }

  function bodyOf(events: readonly TrackedEvent[]): string {
    const { visitor = '' } = memory.read();
    const post: TrackerPost = { v: 1, visitor, sentAt: now(), events: [...events] };
    return JSON.stringify(post);
  }

  function batch(): TrackedEvent[] {
    let events = waiting();
    while (events.length > 1 && new Blob([bodyOf(events)]).size > LARGEST_POST)
      events = events.slice(0, events.length >> 1);
    return events;
  }

  function forget(sent: readonly TrackedEvent[]): void {
    const ids = sent.map(({ id }) => id);
    memory.write({ ...memory.read(), queue: waiting().filter(({ id }) => !ids.includes(id)) });
  }

  const queue: Queue = {
    add(event) {
      if (JSON.stringify(event).length > LARGEST) return;
      memory.write({ ...memory.read(), queue: [...waiting(), event].slice(-MOST_EVENTS) });
    },
    body() {
      const events = batch();
      return events.length > 0 ? bodyOf(events) : '';
    },
    async flush() {
      const events = batch();
      if (isSending || events.length === 0) return;
      isSending = true;
      let status = 0;
      try {
        status = await post(bodyOf(events));
      } finally {
        isSending = false;
      }
      if ((status < 200 || status > 299) && !REFUSED.includes(status)) throw new Error();
      forget(events);
      return queue.flush();
    }
  };
  return queue;
}
