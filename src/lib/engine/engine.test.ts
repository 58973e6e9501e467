import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { addDuration, nextInWindow } from '$lib/core/calendar';
import type { Render } from '$lib/core/definitions';
import type { FilterTree } from '$lib/core/filter-tree';
import { defaultSettings, type Graph, type StepNode } from '$lib/core/graph';
import { DAY, HOUR, MINUTE, SECOND } from '$lib/core/instants';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboxRow } from '$lib/core/rows/messages';
import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import { failed } from '$lib/core/result';
import { words } from '$lib/core/words';
import { advance } from './advance';
import type { Advanced, Cause } from './causes';
import { checkGraph } from './check';
import { enrolmentId, newEnrolment, nextOccurrence } from './enrolments';
import { backOff, mayRepeat, permission } from './sending';

const NOW = Date.UTC(2027, 0, 5, 8);
const contact: Contact = {
  id: 'c1',
  email: 'a@b.fr',
  attributes: {},
  listIds: [],
  listedAt: {},
  createdAt: 0,
  updatedAt: 0
};
const render: Render = {
  email: () => failed(words('x')),
  text: () => failed(words('x')),
  sms: () => failed(words('x'))
};

function viewWith(
  version: Version,
  more: Partial<Record<(typeof VIEW_TABLES)[number], [string, unknown][]>> = {}
): WorkspaceView {
  const rows = { versions: [[version.id, version]], ...more } as Record<string, [string, unknown][]>;
  return Object.fromEntries(
    VIEW_TABLES.map((table) => [table, new Map(rows[table] ?? [])])
  ) as unknown as WorkspaceView;
}

function versionOf(graph: Graph): Version {
  return { id: 'v1', automationId: 'a1', number: 1, publishedAt: 0, graph, settings: defaultSettings() };
}

function run(enrolment: Enrolment, version: Version, cause: Cause, now = NOW, view = viewWith(version)): Advanced {
  let ids = 0;
  const outcome = advance(enrolment, cause, {
    catalogue,
    view,
    render,
    now,
    newId: () => `n${++ids}`,
    contact,
    related: { events: { since: 0, rows: [] } }
  });
  if ('needs' in outcome) throw new Error('unexpected');
  return outcome;
}

const enter = (version: Version, now = NOW): Enrolment =>
  newEnrolment(
    'a1/c1//000000',
    version,
    contact,
    { id: 'e', type: 'custom.event', contactId: 'c1', occurredAt: now, receivedAt: now, properties: {}, source: 'app' },
    { now, lap: 0 }
  );

const step = (id: string, unit: string, fields: Record<string, unknown>, next: StepNode['next']): StepNode => ({
  id,
  unit,
  version: 1,
  fields,
  next
});
const delay = (id: string, next: string | null, amount = 1): StepNode =>
  step(id, 'rule.delay', { duration: { amount, unit: 'days' }, window: null }, { next });
const jump = (id: string, to: string): StepNode => step(id, 'automation.go_to_step', { stepId: to }, {});
const graphOf = (steps: StepNode[], entry = steps[0]?.id ?? null): Graph => ({
  triggers: [{ id: 't', unit: 'contact.added_manually', version: 1, fields: {} }],
  entry,
  steps,
  notes: []
});

describe('advancing', () => {
  test('delays missed while closed are passed one after the other, each at its own time, so that others have their turn', () => {
    const version = versionOf(graphOf([delay('s1', 's2'), delay('s2', 's3'), delay('s3', null)]));
    const waiting = run(enter(version), version, { by: 'entry' }).enrolment;
    const later = NOW + 2 * DAY + HOUR;
    const late = run(waiting, version, { by: 'time' }, later).enrolment;
    expect(late).toMatchObject({ stepId: 's2', status: 'waiting', since: NOW + DAY, dueAt: NOW + 2 * DAY });
    expect(run(late, version, { by: 'time' }, later).enrolment).toMatchObject({
      stepId: 's3',
      status: 'waiting',
      since: NOW + 2 * DAY,
      dueAt: NOW + 3 * DAY
    });
  });

  test('a loop without time passing is cut, with its reason; one with a delay is not', () => {
    const tight = versionOf(graphOf([jump('s1', 's2'), jump('s2', 's1')]));
    expect(run(enter(tight), tight, { by: 'entry' }).enrolment).toMatchObject({
      status: 'failed',
      reason: { key: 'words.engine.loop' }
    });
    const slow = versionOf(graphOf([delay('s1', 's2'), jump('s2', 's1')]));
    let enrolment = run(enter(slow), slow, { by: 'entry' }).enrolment;
    for (let day = 1; day <= 150; day++) enrolment = run(enrolment, slow, { by: 'time' }, NOW + day * DAY).enrolment;
    expect(enrolment).toMatchObject({ status: 'waiting', stepId: 's1', visits: { s1: 151, s2: 150 } });
  });

  test('nothing that is given is changed, and the same input gives the same output', () => {
    const version = versionOf(graphOf([delay('s1', null)]));
    const frozen = Object.freeze(enter(version));
    expect(run(frozen, version, { by: 'entry' })).toEqual(run(frozen, version, { by: 'entry' }));
  });
});

/** Any graph of delays, jumps and waits over up to six steps. */
const graphs = fc.integer({ min: 1, max: 6 }).chain((size) => {
  const target = fc.option(
    fc.integer({ min: 0, max: size - 1 }).map((index) => `s${index}`),
    { nil: null }
  );
  return fc
    .array(fc.tuple(fc.constantFrom('delay', 'jump', 'list'), target), { minLength: size, maxLength: size })
    .map((kinds) =>
      graphOf(
        kinds.map(([kind, to], index) => {
          const id = `s${index}`;
          if (kind === 'delay') return delay(id, to);
          if (kind === 'jump') return jump(id, to ?? 's0');
          return step(id, 'contact.add_to_list', { listId: 'l1' }, { next: to });
        })
      )
    );
});

test('a graph that passes the check never turns without time passing', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const version = versionOf(graph);
      const view = viewWith(version, { lists: [['l1', { id: 'l1', name: 'L', createdAt: 0 }]] });
      const isRefused = checkGraph(graph, version.settings, { catalogue, view, automationId: 'a1' }).some(
        ({ severity }) => severity === 'error'
      );
      let { enrolment } = run(enter(version), version, { by: 'entry' }, NOW, view);
      for (let day = 1; day < 20 && enrolment.status === 'waiting'; day++)
        ({ enrolment } = run(enrolment, version, { by: 'time' }, NOW + day * DAY, view));
      if (!isRefused) expect(enrolment.status).not.toBe('failed');
    }),
    { numRuns: 500 }
  );
});

describe('the check of a graph', () => {
  const problemsOf = (graph: Graph): string[] =>
    checkGraph(graph, defaultSettings(), { catalogue, view: viewWith(versionOf(graph)), automationId: 'a1' }).map(
      (problem) => problem.words.key
    );

  test('names what is missing', () => {
    expect(problemsOf({ triggers: [], entry: null, steps: [], notes: [] })).toEqual([
      'words.problem.no_trigger',
      'words.problem.no_step'
    ]);
    expect(problemsOf(graphOf([step('s1', 'email.send', {}, { sent: null, failed: null })]))).toEqual([
      'words.problem.required',
      'words.problem.required'
    ]);
  });

  test('a reference to something deleted is a problem on the step', () => {
    expect(problemsOf(graphOf([step('s1', 'contact.add_to_list', { listId: 'gone' }, { next: null })]))).toEqual([
      'words.problem.gone_lists'
    ]);
    expect(problemsOf(graphOf([jump('s1', 's9')]))).toEqual(['words.problem.step_gone']);
    const branch = {
      id: 'a',
      name: 'A',
      filters: { subject: { of: 'attribute', attributeId: 'GONE' }, kind: 'text', operator: 'isKnown' }
    };
    expect(
      problemsOf(graphOf([step('s1', 'rule.split', { branches: [branch, { ...branch, id: 'b', name: 'B' }] }, {})]))
    ).toContain('words.problem.filter_attribute_gone');
    const born = {
      subject: { of: 'event', property: 'closeOn' },
      kind: 'date',
      operator: 'before',
      value: '2027-02-30'
    };
    const dated = {
      branches: [
        { ...branch, filters: born },
        { ...branch, id: 'b', name: 'B', filters: born }
      ]
    };
    expect(problemsOf(graphOf([step('s1', 'rule.split', dated, {})]))).toContain('words.problem.filter_not_a_date');
  });

  test('a cycle without a delay, an unreachable step, an unknown unit', () => {
    expect(problemsOf(graphOf([jump('s1', 's2'), jump('s2', 's1')]))).toEqual(['words.problem.loop']);
    expect(problemsOf(graphOf([delay('s1', null), delay('s2', null)]))).toEqual(['words.problem.unreachable']);
    expect(problemsOf(graphOf([step('s1', 'from.the_future', {}, {})]))).toEqual(['words.problem.unit_unknown']);
  });

  test('a condition that compares with nothing, in a split or in an exit condition', () => {
    const filters: FilterTree = { subject: { of: 'event', property: 'tag' }, kind: 'text', operator: 'is', value: '' };
    const graph = graphOf([delay('s1', null)]);
    const settings = {
      ...defaultSettings(),
      exit: [
        { event: 'email.opened', filters },
        { event: 'no.such', filters: null }
      ]
    };
    const problems = checkGraph(graph, settings, { catalogue, view: viewWith(versionOf(graph)), automationId: 'a1' });
    expect(problems.map((problem) => problem.words.key)).toEqual([
      'words.problem.filter_value_missing',
      'words.problem.event_unknown'
    ]);
  });

  test('a window without a minute in it', () => {
    const window = { days: [1], from: '09:00', to: '09:00' };
    expect(
      problemsOf(graphOf([step('s1', 'rule.delay', { duration: { amount: 1, unit: 'days' }, window }, { next: null })]))
    ).toEqual(['words.problem.empty_window']);
  });
});

describe('re-entry', () => {
  const version = versionOf(graphOf([]));
  const running = enter(version);
  const over = { ...running, status: 'completed' as const, endedAt: NOW };

  test('once is once; after leaving counts on, after the pause', () => {
    expect(nextOccurrence({ mode: 'once' }, [], NOW, 'UTC')).toBe(0);
    expect(nextOccurrence({ mode: 'once' }, [over], NOW, 'UTC')).toBeNull();
    expect(nextOccurrence({ mode: 'after_leaving' }, [running], NOW, 'UTC')).toBeNull();
    expect(nextOccurrence({ mode: 'after_leaving' }, [over], NOW, 'UTC')).toBe(1);
    const pause = { amount: 2, unit: 'days' as const };
    expect(nextOccurrence({ mode: 'after_leaving', pause }, [over], NOW + DAY, 'UTC')).toBeNull();
    expect(nextOccurrence({ mode: 'after_leaving', pause }, [over], NOW + 2 * DAY, 'UTC')).toBe(1);
  });

  test('ids of occurrences sort as numbers, whatever the key', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(99_999), fc.nat(99_999), (key, a, b) => {
        expect(enrolmentId('a', 'c', key, a) < enrolmentId('a', 'c', key, b)).toBe(a < b);
      })
    );
  });
});

describe('the moment of sending', () => {
  const row = {
    id: 'o',
    contactId: 'c1',
    request: { channel: 'email', kind: 'marketing', senderId: 'e1' }
  } as unknown as OutboxRow;
  const version = versionOf(graphOf([]));
  const view = viewWith(version);
  const may = (of: Contact | undefined, settings: Partial<Version['settings']> = {}, earlier: OutboxRow[] = []) =>
    permission(row, of, { ...version, settings: { ...version.settings, ...settings } }, earlier, view, NOW);

  test('consent lost on the way is respected, for good', () => {
    expect(may(contact)).toEqual({ may: 'leave' });
    expect(may({ ...contact, blocklist: { campaigns: true, transactionalSenderIds: [] } })).toMatchObject({
      may: 'skip'
    });
    expect(may(undefined)).toMatchObject({ may: 'skip' });
    const transactional = { ...row, request: { ...row.request, kind: 'transactional' } } as OutboxRow;
    expect(
      permission(
        transactional,
        { ...contact, blocklist: { campaigns: true, transactionalSenderIds: [] } },
        version,
        [],
        view,
        NOW
      )
    ).toEqual({ may: 'leave' });
    expect(
      permission(
        transactional,
        { ...contact, blocklist: { campaigns: false, transactionalSenderIds: ['e1'] } },
        version,
        [],
        view,
        NOW
      )
    ).toMatchObject({ may: 'skip' });
  });

  test('outside the window it waits for it; over the cap it waits until the oldest is old enough', () => {
    expect(may(contact, { sendWindow: { days: [2], from: '09:00', to: '10:00' } })).toEqual({
      may: 'wait',
      until: NOW + HOUR
    });
    const sent = [1, 2, 3].map((days): OutboxRow => {
      return { ...row, id: `o${days}`, status: 'sent', sentAt: NOW - days * DAY };
    });
    expect(may(contact, { frequencyCap: { count: 3, days: 7 } }, sent)).toEqual({ may: 'wait', until: NOW + 4 * DAY });
    expect(may(contact, { frequencyCap: { count: 4, days: 7 } }, sent)).toEqual({ may: 'leave' });
    const mayHaveArrived: OutboxRow[] = [
      { ...row, id: 'o4', status: 'uncertain', lastAttemptAt: NOW - 4 * DAY },
      { ...row, id: 'o5', status: 'queued', lastAttemptAt: NOW - 5 * DAY, doubtSince: NOW - 5 * DAY },
      { ...row, id: 'o6', status: 'queued', lastAttemptAt: NOW - DAY }
    ];
    expect(may(contact, { frequencyCap: { count: 5, days: 7 } }, [...sent, ...mayHaveArrived])).toEqual({
      may: 'wait',
      until: NOW + 2 * DAY
    });
    expect(may(contact, { frequencyCap: { count: 6, days: 7 } }, [...sent, ...mayHaveArrived])).toEqual({
      may: 'leave'
    });
  });

  test('back-off doubles from 30 s, to a day at most; a key is repeated only while it holds', () => {
    expect([1, 2, 3].map((attempts) => backOff(attempts, 0))).toEqual([30 * SECOND, MINUTE, 2 * MINUTE]);
    expect(backOff(50, 999)).toBeLessThan(1.2 * DAY);
    expect(mayRepeat(15 * MINUTE, NOW, NOW + 13 * MINUTE)).toBe(true);
    expect(mayRepeat(15 * MINUTE, NOW, NOW + 14 * MINUTE)).toBe(false);
    expect(mayRepeat(null, NOW, NOW)).toBe(false);
  });
});

describe('calendar arithmetic', () => {
  test('a day is a calendar day across a clock change; 31 January plus a month is the last of February', () => {
    const beforeChange = Date.UTC(2027, 2, 27, 8);
    expect(addDuration(beforeChange, { amount: 1, unit: 'days' }, 'Europe/Paris')).toBe(Date.UTC(2027, 2, 28, 7));
    expect(addDuration(beforeChange, { amount: 24, unit: 'hours' }, 'Europe/Paris')).toBe(Date.UTC(2027, 2, 28, 8));
    expect(addDuration(Date.UTC(2027, 0, 31, 8), { amount: 1, unit: 'months' }, 'Europe/Paris')).toBe(
      Date.UTC(2027, 1, 28, 8)
    );
  });

  test('a window over midnight wraps and belongs to the day it starts on', () => {
    const window = { days: [1], from: '22:00', to: '06:00' };
    const tuesdayNight = Date.UTC(2027, 0, 5, 3);
    expect(nextInWindow(tuesdayNight, window, 'UTC')).toBe(tuesdayNight);
    expect(nextInWindow(Date.UTC(2027, 0, 5, 7), window, 'UTC')).toBe(Date.UTC(2027, 0, 11, 22));
  });

  test('the next instant in a window is in it, and none before it is', () => {
    const times = fc
      .integer({ min: 0, max: 47 })
      .map((half) => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 ? '30' : '00'}`);
    const windows = fc
      .record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), from: times, to: times })
      .filter(({ from, to }) => from !== to);
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 365 * 24 * 4 }), (window, quarter) => {
        const at = NOW + quarter * 15 * MINUTE;
        const next = nextInWindow(at, window, 'Europe/Paris');
        expect(next).toBeGreaterThanOrEqual(at);
        expect(nextInWindow(next, window, 'Europe/Paris')).toBe(next);
        if (next > at) expect(nextInWindow(next - 1, window, 'Europe/Paris')).toBe(next);
      }),
      { numRuns: 300 }
    );
  });
});
