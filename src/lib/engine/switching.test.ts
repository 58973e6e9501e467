import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { addDuration } from '$lib/core/calendar';
import type { Render } from '$lib/core/definitions';
import { defaultSettings, type EventCondition, type Graph, type StepNode } from '$lib/core/graph';
import { DAY, HOUR } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { SWITCH_CHOICES, type Enrolment, type JournalBlock, type Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import { words } from '$lib/core/words';
import { advance } from './advance';
import type { Advanced, Cause } from './causes';
import { newEnrolment } from './enrolments';
import { journalOf } from './journal';
import { destinationOf } from './switching';

const NOW = Date.UTC(2027, 0, 5, 8);
const contact: Contact = { id: 'c1', attributes: {}, listIds: [], listedAt: {}, createdAt: 0, updatedAt: 0 };
const render: Render = {
  email: () => failed(words('x')),
  text: ({ liquid }) => ok(liquid),
  sms: () => failed(words('x'))
};

function viewWith(...versions: Version[]): WorkspaceView {
  const list = { id: 'l1', name: 'L', createdAt: 0 };
  const rows = { versions: versions.map((version) => [version.id, version]), lists: [['l1', list]] } as Record<
    string,
    [string, unknown][]
  >;
  return Object.fromEntries(
    VIEW_TABLES.map((table) => [table, new Map(rows[table] ?? [])])
  ) as unknown as WorkspaceView;
}

function versionOf(number: number, graph: Graph, exit: EventCondition[] = []): Version {
  const settings = { ...defaultSettings(), exit };
  return { id: `v${number}`, automationId: 'a1', number, publishedAt: 0, graph, settings };
}

/** No device has made a message that this journey does not know of. */
function run(enrolment: Enrolment, cause: Cause, now: number, ...versions: Version[]): Advanced {
  let ids = 0;
  const newId = () => `n${++ids}`;
  const outbox = new Map<string, null>();
  const related = { events: { since: 0, rows: [] }, outbox };
  const surroundings = { catalogue, view: viewWith(...versions), render, now, newId, contact, related };
  for (;;) {
    const outcome = advance(enrolment, cause, surroundings);
    if (!('needs' in outcome)) return outcome;
    const missing = (outcome.needs.outbox ?? []).filter((id) => !outbox.has(id));
    if (missing.length === 0) throw new Error('unexpected');
    for (const id of missing) outbox.set(id, null);
  }
}

function entered(version: Version): Enrolment {
  const event = { id: 'e', type: 'custom.event', contactId: 'c1', occurredAt: NOW, receivedAt: NOW, properties: {}, source: 'app' }; // prettier-ignore
  return run(
    newEnrolment('a1/c1//000000', version, contact, event, { now: NOW, lap: 0 }),
    { by: 'entry' },
    NOW,
    version
  ).enrolment;
}

const step = (id: string, unit: string, fields: Record<string, unknown>, next: StepNode['next']): StepNode => ({
  id,
  unit,
  version: unit === 'rule.wait_for_event' ? 2 : 1,
  fields,
  next
});
const delay = (id: string, next: string | null, amount = 1): StepNode =>
  step(id, 'rule.delay', { duration: { amount, unit: 'days' }, window: null }, { next });
const wait = (id: string, yes: string | null, no: string | null, name = 'paid', amount = 3): StepNode =>
  step(
    id,
    'rule.wait_for_event',
    { event: 'custom.event', settings: { name }, limit: { amount, unit: 'days' }, window: 'auto' },
    { yes, no }
  );
const webhook = (id: string, sent: string | null, failedTo: string | null = null): StepNode =>
  step(id, 'webhook.call', { url: 'https://example.org/', onFailure: 'wait' }, { sent, failed: failedTo });
const graphOf = (steps: StepNode[], entry = steps[0]?.id ?? null): Graph => ({
  triggers: [{ id: 't', unit: 'contact.added_manually', version: 1, fields: {} }],
  entry,
  steps,
  notes: []
});

/** Paths lead onwards, so that no graph is in a loop. */
const graphs = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom('delay', 'wait', 'webhook', 'list'),
        amount: fc.integer({ min: 1, max: 3 }),
        first: fc.integer({ min: 1, max: 4 }),
        second: fc.integer({ min: 1, max: 4 })
      }),
      { minLength: size, maxLength: size }
    )
    .map((kinds) =>
      kinds.map(({ kind, amount, first, second }, at): StepNode => {
        const id = `s${at}`;
        const to = (ahead: number) => (at + ahead < size ? `s${at + ahead}` : null);
        if (kind === 'delay') return delay(id, to(first), amount);
        if (kind === 'wait') return wait(id, to(first), to(second), 'paid', amount);
        if (kind === 'webhook') return webhook(id, to(first), to(second));
        return step(id, 'contact.add_to_list', { listId: 'l1' }, { next: to(first) });
      })
    )
);

/** The graph as somebody has edited it: steps taken out, others changed, one put before them all. */
const edits = fc.record({
  removed: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }),
  changed: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
  exits: fc.boolean()
});

function edited(steps: StepNode[], { removed, changed }: { removed: number[]; changed: number[] }): Graph {
  const gone = new Set(removed.map((at) => `s${at}`));
  const left = steps.filter(({ id }) => !gone.has(id));
  const kept = left.map((one) => {
    const next = Object.fromEntries(
      Object.entries(one.next).map(([branch, to]) => [branch, to !== null && gone.has(to) ? null : to])
    );
    if (!changed.some((at) => `s${at}` === one.id)) return { ...one, next };
    if (one.unit === 'rule.delay') return { ...one, next, fields: { ...one.fields, duration: { amount: 9, unit: 'days' } } }; // prettier-ignore
    if (one.unit === 'rule.wait_for_event')
      return { ...one, next, fields: { ...one.fields, settings: { name: 'other' }, limit: { amount: 9, unit: 'days' } } }; // prettier-ignore
    return { ...one, next };
  });
  return graphOf([delay('new', kept[0]?.id ?? null), ...kept]);
}

/** A journey that has come some way, by time-outs and answers. */
function journey(version: Version, moves: number): { enrolment: Enrolment; now: number } {
  let enrolment = entered(version);
  let now = NOW;
  for (let n = 0; n < moves && enrolment.status === 'waiting'; n++) {
    now += 3 * DAY + HOUR;
    const cause: Cause =
      enrolment.wait?.for === 'outbox'
        ? { by: 'outbox', result: n % 2 === 0 ? { status: 'sent' } : { status: 'failed', reason: words('x') } }
        : { by: 'time' };
    enrolment = run(enrolment, cause, now, version).enrolment;
  }
  return { enrolment, now };
}

test('every journey ends at a step of the new version or out, once, with all that it has been through', () => {
  fc.assert(
    fc.property(graphs, edits, fc.nat(4), fc.constantFrom(...SWITCH_CHOICES), (steps, edit, moves, choice) => {
      const from = versionOf(1, graphOf(steps));
      const exit = edit.exits ? [{ event: 'order.created', filters: null }] : [];
      const to = versionOf(2, edited(steps, edit), exit);
      const { enrolment, now } = journey(from, moves);
      const before = structuredClone(enrolment);
      const destination = destinationOf(enrolment, from, to, choice, catalogue);
      if (enrolment.status !== 'waiting') {
        expect(destination).toBeNull();
        return;
      }
      if (!destination) throw new Error('nowhere to go');
      const after = run(enrolment, { by: 'version', from, to, destination }, now, from, to);
      const { enrolment: then, changes, entries } = after;
      expect(enrolment).toEqual(before);

      const isOut = destination.goes === 'out';
      expect(then).toMatchObject({ id: before.id, contactId: 'c1', versionId: isOut ? 'v1' : 'v2' });
      if (then.status === 'waiting') expect(to.graph.steps.map(({ id }) => id)).toContain(then.stepId);
      else expect(['completed', 'exited']).toContain(then.status);
      if (isOut) expect(then.status).toBe('exited');
      if (choice === 'end') expect(isOut).toBe(true);
      if (destination.goes === 'on') expect(edit.removed.map((at) => `s${at}`)).toContain(before.stepId);
      expect(destinationOf(then, to, to, choice, catalogue)).toBeNull();

      const blocks = changes.flatMap(({ table, create }) => (table === 'journal' ? [create as JournalBlock] : []));
      expect(blocks.every(({ versionId }) => versionId === 'v1')).toBe(true);
      expect(journalOf(then, blocks)).toEqual(before.entries ?? []);
      expect(entries[0]?.kind).toBe(isOut ? 'exited' : 'switched');
      for (const [id, visits] of Object.entries(before.visits))
        expect(then.visits[id] ?? 0).toBeGreaterThanOrEqual(visits);
      expect(then.sends).toEqual(before.sends);

      if (destination.goes !== 'same') return;
      expect(then.stepId).toBe(before.stepId);
      expect(then.visits).toEqual(before.visits);
      if (!destination.remade) expect(then.wait).toEqual(before.wait);
      else if (then.wait?.for === 'time') expect(then.wait.until).toBe(addDuration(before.since, { amount: 9, unit: 'days' }, 'UTC')); // prettier-ignore
      else expect(then).toMatchObject({ wait: { for: 'event', limit: addDuration(before.since, { amount: 9, unit: 'days' }, 'UTC') } }); // prettier-ignore
      expect(then.wakes?.includes('c1 order.created') ?? false).toBe(edit.exits);
    }),
    { numRuns: 500 }
  );
});

describe('one journey', () => {
  const go = (steps: StepNode[], after: StepNode[], { moves = 0, choice = 'next' as const } = {}) => {
    const from = versionOf(1, graphOf(steps));
    const to = versionOf(2, graphOf(after));
    const { enrolment, now } = journey(from, moves);
    const destination = destinationOf(enrolment, from, to, choice, catalogue);
    if (!destination) throw new Error('nowhere to go');
    return { destination, ...run(enrolment, { by: 'version', from, to, destination }, now, from, to) };
  };

  test('goes on at the next step of its old path that is left, counting from now', () => {
    const { destination, enrolment } = go(
      [delay('s1', 's2'), wait('s2', 's3', 's4'), delay('s3', null), delay('s4', null)],
      [delay('s4', null), delay('s3', 's4')],
      { moves: 1 }
    );
    expect(destination).toEqual({ goes: 'on', to: 's3' });
    expect(enrolment).toMatchObject({ stepId: 's3', since: NOW + 3 * DAY + HOUR, dueAt: NOW + 4 * DAY + HOUR });
  });

  test('leaves where nothing of its path is left', () => {
    const { enrolment } = go([delay('s1', 's2'), delay('s2', null)], [delay('s9', null)]);
    expect(enrolment).toMatchObject({ status: 'exited', reason: { key: 'words.engine.step_removed' } });
  });

  test('a step of the same id but of another unit is another step', () => {
    expect(go([delay('s1', 's2'), delay('s2', null)], [wait('s1', null, null), delay('s2', null)]).destination).toEqual(
      { goes: 'on', to: 's2' }
    );
  });

  test('a delay that was made shorter than the time it has waited is due at once', () => {
    const long = delay('s1', 's2', 30);
    const { destination } = go([long, delay('s2', null)], [delay('s1', 's2', 30), delay('s2', null)]);
    expect(destination).toEqual({ goes: 'same', remade: false });
    const from = versionOf(1, graphOf([long, delay('s2', null)]));
    const to = versionOf(2, graphOf([delay('s1', 's2', 1), delay('s2', null)]));
    const then = run(entered(from), { by: 'version', from, to, destination: { goes: 'same', remade: true } }, NOW + 5 * DAY, from, to); // prettier-ignore
    expect(then.enrolment).toMatchObject({ status: 'waiting', versionId: 'v2', stepId: 's1' });
    expect(then.enrolment.dueAt).toBeLessThan(NOW + 5 * DAY);
  });

  test('a message stays its step’s until the answer comes, and whoever waits for a person still does', () => {
    const sending = go([webhook('s1', 's2'), delay('s2', null)], [webhook('s1', null)]).enrolment;
    expect(sending.wait).toEqual({ for: 'outbox', outboxId: 'a1/c1//000000/s1/1' });
    const to = versionOf(2, graphOf([webhook('s1', null)]));
    const sent = run(sending, { by: 'outbox', result: { status: 'sent', messageId: 'm' } }, NOW, to);
    expect(sent.enrolment).toMatchObject({ status: 'completed', sends: [{ messageId: 'm' }] });
    const stuck = go([webhook('s0', 's1'), webhook('s1', null)], [webhook('s1', null), delay('s2', null)], {
      moves: 2
    });
    expect(stuck.enrolment).toMatchObject({ versionId: 'v2', stepId: 's1', wait: { for: 'person' } });
  });
});

describe('the word of a person on a journey that waits for it', () => {
  const version = versionOf(1, graphOf([webhook('s1', 's2'), delay('s2', null)]));
  const stuck = run(
    entered(version),
    { by: 'outbox', result: { status: 'failed', reason: words('x') } },
    NOW,
    version
  ).enrolment;

  test('tries the step again as another visit, with a key of its own', () => {
    const { enrolment, changes, entries } = run(stuck, { by: 'person', does: 'retry' }, NOW + HOUR, version);
    expect(enrolment).toMatchObject({ visits: { s1: 2 }, wait: { for: 'outbox', outboxId: 'a1/c1//000000/s1/2' } });
    expect(changes).toMatchObject([{ table: 'outbox', id: 'a1/c1//000000/s1/2', create: { visit: 2 } }]);
    expect(entries.map(({ kind, words: said }) => said?.key ?? kind)).toEqual(['words.step.retried_by_you', 'queued']);
  });

  test('goes on as if it had been done, from now', () => {
    const { enrolment, entries } = run(stuck, { by: 'person', does: 'skip' }, NOW + HOUR, version);
    expect(enrolment).toMatchObject({ stepId: 's2', dueAt: NOW + HOUR + DAY });
    expect(entries[0]).toMatchObject({ kind: 'moved', branch: 'sent', words: { key: 'words.step.skipped_by_you' } });
  });

  test('means nothing to a journey that waits for something else', () => {
    const waits = entered(versionOf(1, graphOf([delay('s1', null)])));
    expect(run(waits, { by: 'person', does: 'retry' }, NOW, versionOf(1, graphOf([delay('s1', null)])))).toMatchObject({
      enrolment: waits,
      entries: []
    });
  });
});
