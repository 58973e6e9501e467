import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { DAY, HOUR } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { SimulatedJourney } from '$lib/core/simulation';
import { sampleGraph } from '../testing/editors';
import { likelyEntry, likelyScript } from './likely';
import { countsAt, endsAt, sentByDay, trailOf, whereAt } from './moments';

const graph = sampleGraph('rule.delay', 'email.send', 'rule.wait_for_event');
const entry = (at: number, kind: JournalEntry['kind'], stepId: string | null, branch?: string): JournalEntry => ({
  at,
  kind,
  stepId,
  ...(branch === undefined ? {} : { branch })
});
const journey = (id: string, entries: JournalEntry[]): SimulatedJourney => ({
  id,
  contactId: id,
  status: 'waiting',
  stepId: null,
  enteredAt: 0,
  enteredBy: 'contact.added_to_list',
  entries
});
const one = journey('c1', [
  entry(0, 'entered', null),
  entry(0, 'waits', 's1'),
  entry(HOUR, 'woke', 's1'),
  entry(HOUR, 'moved', 's1', 'next'),
  entry(HOUR, 'moved', 's2', 'sent'),
  entry(HOUR, 'waits', 's3'),
  entry(DAY, 'moved', 's3', 'yes'),
  entry(DAY, 'completed', 's3')
]);
const other = journey('c2', [entry(2 * HOUR, 'entered', null), entry(2 * HOUR, 'waits', 's1')]);

describe('a moment of a simulation', () => {
  test('says where everybody is, and who has gone which way by then', () => {
    expect(whereAt(other.entries, HOUR, graph)).toBeNull();
    expect(whereAt(one.entries, HOUR, graph)).toEqual({ stepId: 's3' });
    expect(countsAt([one, other], 3 * HOUR, graph, catalogue)).toEqual({
      waiting: { s3: 1, s1: 1 },
      left: { 's1 next': 1, 's2 sent': 1 },
      entered: { t: 2 }
    });
    expect(countsAt([one, other], DAY, graph, catalogue).left['s3 yes']).toBe(1);
    expect(endsAt([one, other], DAY, graph)).toEqual({ underWay: 1, completed: 1, exited: 0, failed: 0 });
  });

  test('shows the way of one journey up to an entry', () => {
    const trail = trailOf(one, 4, graph, catalogue);
    expect([...trail.nodes]).toEqual(['t', 's1', 's2']);
    expect([...trail.edges]).toEqual(['entry t', 's1/next']);
    expect(trail.at).toBe('s2');
    expect([...trailOf(one, 99, graph, catalogue).edges].at(-1)).toBe('s3/yes');
  });

  test('counts messages by day', () => {
    const message = (at: number, status: 'sent' | 'skipped') =>
      ({
        id: '',
        contactId: '',
        automationId: '',
        journeyId: '',
        stepId: '',
        channel: 'email',
        title: '',
        at,
        status
      }) as const;
    const messages = [
      message(HOUR, 'sent'),
      message(DAY, 'sent'),
      message(2 * HOUR, 'skipped'),
      message(3 * DAY, 'sent')
    ];
    expect(sentByDay({ messages, start: 0, end: 3 * DAY })).toEqual([1, 1, 1]);
  });
});

test('a script to begin with answers each message and does what a wait waits for', () => {
  let ids = 0;
  const lines = likelyScript(graph, catalogue, 'a1', () => `l${++ids}`);
  expect(lines.map(({ does, when }) => [does.type, 'stepId' in when && when.stepId])).toEqual([['email.opened', 's2']]);
  expect(likelyEntry(graph, catalogue, 'a1')).toMatchObject({ by: 'trigger', triggerId: 't' });
});
