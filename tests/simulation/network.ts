import type { Answer, Fetch } from '$lib/core/fetch';
import { MINUTE, SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import { Outside } from './outside/outside';
import type { Said } from './outside/said';
import type { Random } from './random';
import type { Simulation } from './simulation';
import type { Tab } from './tab';

type Init = Parameters<Fetch>[1];

/** A request as the wire carries it. `rowIds`: the rows of the outbox that it is sent for, which no provider sees. */
export interface Wire {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly rowIds: readonly string[];
}

/** The app gives a call up after this long. */
const LONGEST_CALL = 60 * SECOND;

/** What happens to a request that something happens to. */
const TROUBLE = {
  'no connection': 2,
  'lost answer': 4,
  'answered twice': 3,
  'slow answer': 3,
  'status 400': 1,
  'status 401': 0.5,
  'status 429': 1,
  'status 429 with Retry-After': 2,
  'status 5xx': 1,
  'status 5xx after accepting': 2
} as const;

/** A provider has asked to be left alone. */
export interface Asked {
  readonly rowId: string;
  readonly at: Instant;
  readonly until: Instant;
}

/** What lies between a tab and the world outside: requests take time, get lost on the way there or back, arrive twice. */
export class Network {
  readonly outside: Outside;
  /** Each `Retry-After` that has reached a tab. */
  readonly asked: Asked[] = [];

  constructor(
    private readonly simulation: Simulation,
    private readonly random: Random
  ) {
    this.outside = new Outside(simulation, random.fork());
  }

  fetch(tab: Tab, url: string, init: Init): Promise<Answer> {
    const { simulation, random } = this;
    const wire = wireOf(url, init);
    simulation.scheduler.tell(tab, `fetch ${wire.method} ${wire.url.pathname} ${wire.rowIds.join(' ')}`);
    simulation.guard(() => this.outside.leaving(tab, wire));
    const leftAt = simulation.now;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const later = (delay: Milliseconds, label: string, work: () => void): void => {
        simulation.scheduler.after(tab, delay, label, () => {
          if (isOver) return;
          isOver = true;
          work();
        });
      };
      const fail = (delay: Milliseconds): void =>
        later(delay, 'no answer', () => reject(new TypeError('Failed to fetch')));
      later(LONGEST_CALL, 'gives the call up', () => reject(new DOMException('timed out', 'TimeoutError')));
      if (!simulation.isOnline) return fail(random.between(1, 50));
      const trouble = simulation.faults.onTheWay() ? random.weighted(TROUBLE) : null;
      if (trouble !== null) simulation.faults.strike(trouble);
      if (trouble === 'no connection') return fail(random.between(1, 20 * SECOND));
      const slowly = trouble === 'slow answer' ? random.between(5 * SECOND, 2 * MINUTE) : 0;
      // What has left arrives, whatever becomes of the tab; a tab that dies before takes its request along, or not.
      simulation.scheduler.after(null, random.between(1, 80), `arrives ${wire.url.pathname}`, () => {
        if (tab.isDead && random.chance(0.5)) return;
        // The computer has slept meanwhile: no connection outlives that.
        if (simulation.now - leftAt > LONGEST_CALL) return fail(random.between(1, 50));
        const said = this.answer(wire, trouble);
        if (trouble === 'lost answer' || !simulation.isOnline) return fail(random.between(1, 40 * SECOND));
        later(random.between(1, 200) + slowly, `answer ${said.status}`, () => {
          simulation.scheduler.tell(tab, `is answered ${said.status} ${wire.rowIds.join(' ')}`);
          this.noteAsked(wire, said);
          resolve(toAnswer(said));
        });
      });
    });
  }

  private answer(wire: Wire, trouble: keyof typeof TROUBLE | null): Said {
    const { outside, random } = this;
    switch (trouble) {
      case 'answered twice':
        // A call without a key is not repeated on its way by anybody.
        if (outside.hasKey(wire)) outside.answer(wire);
        return outside.answer(wire);
      case 'status 400':
        return { status: 400, body: { code: 'invalid_parameter', message: 'to is not valid' } };
      case 'status 401':
        return { status: 401, body: { code: 'unauthorized', message: 'Key not found' } };
      case 'status 429':
        return { status: 429, body: { code: 'too_many_requests' } };
      case 'status 429 with Retry-After':
        return { status: 429, body: {}, headers: { 'retry-after': String(random.pick([45, 90, 300, 1_800])) } };
      case 'status 5xx':
        return { status: random.pick([500, 502, 503]), body: '<html>' };
      case 'status 5xx after accepting':
        outside.answer(wire);
        return { status: random.pick([500, 504]), body: '<html>' };
      default:
        return outside.answer(wire);
    }
  }

  private noteAsked({ rowIds }: Wire, { status, headers }: Said): void {
    const seconds = Number(headers?.['retry-after']);
    const { now } = this.simulation;
    if (status === 429 && seconds > 0)
      this.asked.push(...rowIds.map((rowId) => ({ rowId, at: now, until: now + seconds * SECOND })));
  }
}

function wireOf(url: string, init: Init): Wire {
  const { method = 'GET', headers = {}, body = '', rowIds = [] } = (init ?? {}) as Init & { rowIds?: string[] };
  return { url: new URL(url), method, headers, body, rowIds };
}

function toAnswer({ status, body, headers = {} }: Said): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    ok: status < 300,
    status,
    headers: { get: (name) => headers[name] ?? null },
    text: () => Promise.resolve(text)
  };
}
