import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph, StepNode } from '$lib/core/graph';
import { DAY, HOUR, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { active, attributes, contact, list, settings, START, World } from './testing/world';

let world: World | undefined;
afterEach(() => world?.close());

const YEAR = 365 * DAY;

/** How long the browser is closed, time after time: minutes, hours, days, weeks. */
const closures = fc.array(
  fc.oneof(
    fc.integer({ min: MINUTE, max: 2 * HOUR }),
    fc.integer({ min: 2 * HOUR, max: 2 * DAY }),
    fc.integer({ min: 2 * DAY, max: 40 * DAY })
  ),
  { minLength: 20, maxLength: 60 }
);

const graph = (unit: string, fields: Record<string, unknown>, ...steps: StepNode[]): Graph => ({
  triggers: [{ id: 't1', unit, version: 1, fields }],
  entry: steps[0]?.id ?? null,
  steps,
  notes: []
});
const step = (id: string, unit: string, fields: StepNode['fields'], next: string | null): StepNode => ({ id, unit, version: 1, fields, next: { next } }); // prettier-ignore
const delay = (id: string, hours: number, next: string) => step(id, 'rule.delay', { duration: { amount: hours, unit: 'hours' }, window: null }, next); // prettier-ignore
const onto = (id: string, listId: string) => step(id, 'contact.add_to_list', { listId }, null);

/** The instants at which somebody opens the browser within a year. */
function looksOf(gaps: readonly Milliseconds[]): Instant[] {
  const looks: Instant[] = [];
  for (let at = START, n = 0; n < gaps.length; n++) {
    at += gaps[n] ?? 0;
    if (at - START < YEAR) looks.push(at);
  }
  return [...looks, START + YEAR];
}

async function begin(...more: Parameters<World['put']>): Promise<World> {
  world = new World();
  await world.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('attributes', 'BORN', { id: 'BORN', name: 'Naissance', kind: 'date', createdAt: START }),
    ...['l1', 'l2'].map((id) => create('lists', id, list(id))),
    ...more
  );
  await world.open();
  return world;
}

async function openAt(opened: World, at: Instant): Promise<void> {
  opened.now = at;
  await opened.look();
}

test('delays missed over closures pass once, on the first waking, in the order of their due time', async () => {
  const hours = fc.tuple(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 2_000 }));
  await fc.assert(
    fc.asyncProperty(closures, fc.array(hours, { minLength: 1, maxLength: 8 }), async (gaps, delays) => {
      const automations = delays.flatMap(
        ([first, second], n) =>
        active(graph('contact.added_to_list', { listIds: ['l1'] }, delay('s1', first, 's2'), delay('s2', second, 's3'), onto('s3', `m${n}`)), {}, `a${n}`) // prettier-ignore
      );
      const opened = await begin(
        ...delays.map((_, n) => create('lists', `m${n}`, list(`m${n}`))),
        create('contacts', 'c1', contact('c1')),
        ...automations
      );
      await opened.addToList(['c1'], 'l1');
      const due = delays.map(([first, second], n) => ({ id: `m${n}`, at: START + (first + second) * HOUR }));
      const joined: string[] = [];
      for (const at of looksOf(gaps)) {
        await openAt(opened, at);
        const events = (await opened.all('events')).filter(({ type }) => type === 'contact.added_to_list').slice(1);
        const fresh = events.map(({ properties }) => String(properties.listId)).slice(joined.length);
        const expected = due.filter((one) => one.at <= at && !joined.includes(one.id)).sort((a, b) => a.at - b.at);
        expect(fresh.map((id) => due.find((one) => one.id === id)?.at)).toEqual(expected.map((one) => one.at));
        joined.push(...fresh);
      }
      const statuses = (await opened.all('enrolments')).map(({ status }) => status);
      expect(statuses).toEqual(due.map(() => 'completed'));
      opened.close();
    }),
    { numRuns: 25 }
  );
});

test('a daily check missed over closures is made once on waking, at its own time; an anniversary too, or it is told as missed', async () => {
  const inList = { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: ['l1'] } as const;
  await fc.assert(
    fc.asyncProperty(closures, fc.integer({ min: 1, max: 360 }), async (gaps, day) => {
      const born = new Date(START + day * DAY).toISOString().slice(0, 10).replace('2027', '1990');
      const again = { reentry: { mode: 'after_leaving' as const } };
      const opened = await begin(
        create('contacts', 'c1', contact('c1', { listIds: ['l1'], listedAt: { l1: 1 }, attributes: { BORN: born } })),
        ...active(graph('contact.matches_filters', { filters: inList, time: '10:00', timeZone: 'UTC' }, onto('s1', 'l2')), again, 'daily'), // prettier-ignore
        ...active(graph('contact.anniversary', { attributeId: 'BORN', time: '10:00', timeZone: 'UTC' }, onto('s1', 'l2')), again, 'yearly') // prettier-ignore
      );
      const checkBefore = (at: Instant): Instant => Math.floor((at - 10 * HOUR) / DAY) * DAY + 10 * HOUR;
      const expected: Instant[] = [];
      for (let from = START, looks = looksOf(gaps), n = 0; n < looks.length; n++) {
        const at = looks[n] ?? from;
        await openAt(opened, at);
        if (checkBefore(at) > from) expected.push(checkBefore(at));
        from = at;
      }
      const events = await opened.all('events');
      const at = (type: string) => events.filter((event) => event.type === type);
      expect(at('contact.matches_filters').map(({ occurredAt }) => occurredAt)).toEqual(expected);
      const birthday = Math.floor((START + day * DAY) / DAY) * DAY + 10 * HOUR;
      const waking = looksOf(gaps).find((look) => look >= birthday) ?? Infinity;
      expect(at('contact.anniversary').map(({ properties }) => properties.skipped === true)).toEqual(
        waking === Infinity ? [] : [waking - birthday > 2 * DAY]
      );
      opened.close();
    }),
    { numRuns: 25 }
  );
});

test('an automation says what becomes of a send that is far behind its time: made, left out, or asked about', async () => {
  const webhook = { method: 'POST', url: 'https://exemple.fr/', headers: [], body: '', onFailure: 'wait' };
  const call: StepNode = { id: 's2', unit: 'webhook.call', version: 1, fields: webhook, next: { sent: 's3', failed: null } }; // prettier-ignore
  const late = (does: 'skip' | 'ask') => ({ late: { does, after: { amount: 1, unit: 'days' as const } } });
  const through = graph('contact.added_to_list', { listIds: ['l1'] }, delay('s1', 1, 's2'), call, onto('s3', 'l2'));
  const opened = await begin(
    create('contacts', 'c1', contact('c1')),
    create('contacts', 'c2', contact('c2')),
    ...active(through, {}, 'runs'),
    ...active(through, late('skip'), 'skips'),
    ...active(through, late('ask'), 'asks')
  );
  opened.answer = () => Promise.resolve({ status: 200, body: {} });
  const journeys = async (contactId: string) =>
    (await opened.all('enrolments'))
      .filter((one) => one.contactId === contactId)
      .map(({ automationId, status, wait }) => [automationId, wait?.for ?? status]);
  await opened.addToList(['c1'], 'l1');
  await opened.pass(5 * DAY);
  expect(opened.calls).toHaveLength(1);
  expect(await journeys('c1')).toEqual([
    ['asks', 'person'],
    ['runs', 'completed'],
    ['skips', 'completed']
  ]);
  const said = (await opened.all('enrolments')).flatMap(({ entries = [] }) => entries.map(({ words }) => words?.key));
  expect(said).toContain('words.step.too_late');
  await opened.addToList(['c2'], 'l1');
  await opened.pass(2 * HOUR);
  expect(opened.calls).toHaveLength(4);
  expect(new Set((await journeys('c2')).map(([, status]) => status))).toEqual(new Set(['completed']));
});
