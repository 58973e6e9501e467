import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR } from '$lib/core/instants';
import type { Enrolment, JournalEntry } from '$lib/core/rows/automations';
import { PeriodCounter } from './period-statistics';

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const always = { from: -Infinity, to: Infinity };

function journey(entries: JournalEntry[], given: Partial<Enrolment> = {}): Enrolment {
  return {
    id: 'e',
    automationId: 'a',
    versionId: 'v',
    contactId: 'c',
    status: 'completed',
    stepId: null,
    visits: {},
    enteredAt: entries[0]?.at ?? 0,
    since: 0,
    event: { id: 'ev', type: 'contact.added_to_list', occurredAt: 0, properties: {} },
    sends: [],
    seed: 1,
    entries,
    seq: 0,
    moves: 0,
    ...given
  };
}

const entry = (
  at: number,
  kind: JournalEntry['kind'],
  stepId: string | null = null,
  branch?: string
): JournalEntry => ({
  at,
  kind,
  stepId,
  ...(branch === undefined ? {} : { branch })
});

describe('the statistics of a period', () => {
  it('count what happened within it: the first instant belongs to it, the last does not', () => {
    const counter = new PeriodCounter({ from: 10, to: 20 }, dayOf);
    counter.enrolment(journey([entry(9, 'entered'), entry(10, 'moved', 's', 'yes'), entry(20, 'completed')]));
    counter.enrolment(journey([entry(10, 'entered'), entry(19, 'exited')], { status: 'exited' }));
    expect(counter.result()).toMatchObject({
      entered: 1,
      completed: 0,
      exited: 1,
      left: { 's yes': 1 },
      enteredBy: { 'contact.added_to_list': 1 }
    });
  });

  it('tell the middle of the times to the end', () => {
    const counter = new PeriodCounter(always, dayOf);
    for (const hours of [1, 30, 2, 4])
      counter.enrolment(journey([entry(0, 'entered')], { enteredAt: 0, endedAt: hours * HOUR }));
    expect(counter.result().medianDuration).toBe(3 * HOUR);
    expect(new PeriodCounter(always, dayOf).result().medianDuration).toBeNull();
  });

  it('count each message that was sent within it, and what became of it whenever that was, once', () => {
    const counter = new PeriodCounter({ from: 10, to: 20 }, dayOf);
    const sends = [
      { stepId: 's', messageId: 'early', at: 5 },
      { stepId: 's', messageId: 'm1', at: 12 },
      { stepId: 's', messageId: 'm2', at: 13 }
    ];
    counter.enrolment(journey([], { sends }));
    for (const messageId of ['m1', 'm1', 'early', 'unknown', undefined]) counter.fact('email.opened', messageId);
    counter.fact('email.bounced', 'm2');
    expect(counter.result().messages).toEqual({
      s: { sent: 2, opened: 1, clicked: 0, unsubscribed: 0, bounced: 1 }
    });
  });

  it('of neighbouring periods add up to those of both', () => {
    const entries = fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 100 }),
        kind: fc.constantFrom('entered', 'moved', 'completed', 'exited', 'failed', 'waits') as fc.Arbitrary<'moved'>,
        stepId: fc.constantFrom('s', 't')
      })
    );
    fc.assert(
      fc.property(fc.array(entries), fc.integer({ min: 0, max: 100 }), (journals, cut) => {
        const of = (from: number, to: number) => {
          const counter = new PeriodCounter({ from, to }, dayOf);
          for (const journal of journals) counter.block({ entries: journal });
          return counter.result();
        };
        const [before, after, whole] = [of(0, cut), of(cut, 101), of(0, 101)];
        for (const key of ['entered', 'completed', 'exited', 'failed'] as const)
          expect(before[key] + after[key]).toBe(whole[key]);
        for (const key of Object.keys(whole.left))
          expect((before.left[key] ?? 0) + (after.left[key] ?? 0)).toBe(whole.left[key]);
      })
    );
  });
});
