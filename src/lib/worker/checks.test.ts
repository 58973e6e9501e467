import { describe, expect, test } from 'vitest';
import { create, type Change } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import type { Graph } from '$lib/core/graph';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import { openStorage } from '$lib/storage/dexie/storage';
import { active, attributes, contact, list, settings, START, World } from './testing/world';

let databases = 0;

const inLyon: FilterTree = {
  subject: { of: 'attribute', attributeId: 'CITY' },
  kind: 'text',
  operator: 'is',
  value: 'Lyon'
};

/** The trigger, then a list: who is on it has entered. */
const graph = (unit: string, fields: Record<string, unknown>): Graph => ({
  triggers: [{ id: 't1', unit, version: 1, fields }],
  entry: 's1',
  steps: [{ id: 's1', unit: 'contact.add_to_list', version: 1, fields: { listId: 'l1' }, next: { next: null } }],
  notes: []
});

async function world(...changes: Change[]): Promise<World> {
  const made = new World(await openStorage({ name: `checks-${++databases}` }));
  await made.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('attributes', 'CITY', { id: 'CITY', name: 'Ville', kind: 'text', createdAt: START }),
    create('attributes', 'BORN', { id: 'BORN', name: 'Naissance', kind: 'date', createdAt: START }),
    create('lists', 'l1', list('l1')),
    create('segments', 'g1', { id: 'g1', name: 'Lyon', filters: inLyon, createdAt: START, updatedAt: START }),
    ...changes
  );
  await made.open();
  return made;
}

const inSegment = (more: Record<string, unknown> = {}) =>
  graph('contact.in_segment', { segmentId: 'g1', time: '10:00', ...more });
const entered = async (made: World) => (await made.all('enrolments')).map(({ id }) => id);
const city = (id: string, name: string) => create('contacts', id, contact(id, { attributes: { CITY: name } }));

describe('the daily check of a segment', () => {
  test('at its hour, those who are in it enter, once', async () => {
    const made = await world(city('c1', 'Lyon'), city('c2', 'Nantes'), ...active(inSegment()));
    await made.pass(59 * MINUTE);
    expect(await entered(made)).toEqual([]);
    await made.pass(MINUTE);
    expect(await entered(made)).toEqual(['a1/c1//000000']);
    await made.pass(DAY);
    expect(await entered(made)).toEqual(['a1/c1//000000']);
    expect((await made.all('events')).filter(({ type }) => type === 'contact.in_segment')).toMatchObject([
      { contactId: 'c1', occurredAt: START + HOUR, properties: { segmentId: 'g1' } }
    ]);
  });

  test('with re-entry, each day while in it; in the mode of joining, on the day of joining alone', async () => {
    const again = { reentry: { mode: 'after_leaving' as const } };
    const made = await world(
      city('c1', 'Lyon'),
      city('c2', 'Nantes'),
      ...active(inSegment(), again, 'each'),
      ...active(inSegment({ finds: 'joining' }), again, 'joins')
    );
    await made.pass(HOUR);
    await made.put({ table: 'contacts', id: 'c2', set: { 'attributes.CITY': 'Lyon' } });
    await made.pass(DAY);
    await made.put({ table: 'contacts', id: 'c2', set: { 'attributes.CITY': 'Nantes' } });
    await made.pass(DAY);
    await made.put({ table: 'contacts', id: 'c2', set: { 'attributes.CITY': 'Lyon' } });
    await made.pass(DAY);
    expect(await entered(made)).toEqual([
      ...[0, 1, 2, 3].map((time) => `each/c1//00000${time}`),
      ...[0, 1].map((time) => `each/c2//00000${time}`),
      'joins/c1//000000',
      ...[0, 1].map((time) => `joins/c2//00000${time}`)
    ]);
  });

  test('missed while the app was closed, it is made once on waking, at its own time', async () => {
    const made = await world(city('c1', 'Lyon'), ...active(inSegment(), { reentry: { mode: 'after_leaving' } }));
    await made.pass(5 * DAY);
    expect(await entered(made)).toHaveLength(1);
    const [event] = (await made.all('events')).filter(({ type }) => type === 'contact.in_segment');
    expect(event).toMatchObject({ occurredAt: START + HOUR + 4 * DAY, receivedAt: START + 5 * DAY });
  });

  test('in the time zone chosen, also over a change of its clock', async () => {
    const made = await world(
      city('c1', 'Lyon'),
      ...active(inSegment({ time: '02:30', timeZone: 'America/New_York' }), { reentry: { mode: 'after_leaving' } })
    );
    // 14 March 2027: New York goes from 2:00 to 3:00.
    made.now = Date.UTC(2027, 2, 12, 12);
    await made.look();
    for (let hour = 0; hour < 72; hour++) await made.pass(HOUR);
    const at = (await made.all('events'))
      .filter(({ type }) => type === 'contact.in_segment')
      .map(({ occurredAt }) => occurredAt);
    expect(at.slice(-3)).toEqual([
      Date.UTC(2027, 2, 13, 7, 30),
      Date.UTC(2027, 2, 14, 7, 30),
      Date.UTC(2027, 2, 15, 6, 30)
    ]);
  });

  test('filters of the trigger itself do the same, and a paused automation looks at nobody', async () => {
    const made = await world(
      city('c1', 'Lyon'),
      ...active(graph('contact.matches_filters', { filters: inLyon, time: '10:00' }))
    );
    await made.put({ table: 'automations', id: 'a1', set: { status: 'paused' } });
    await made.pass(DAY);
    expect(await entered(made)).toEqual([]);
    await made.put({ table: 'automations', id: 'a1', set: { status: 'active' } });
    await made.look();
    await made.pass(DAY);
    expect(await entered(made)).toEqual(['a1/c1//000000']);
  });

  test('a journey that waits to be in a segment is woken by the check', async () => {
    const waits: Graph = {
      triggers: [{ id: 't1', unit: 'contact.added_manually', version: 1, fields: {} }],
      entry: 'w',
      steps: [
        {
          id: 'w',
          unit: 'rule.wait_for_event',
          version: 2,
          fields: { event: 'contact.in_segment', settings: { segmentId: 'g1', time: '10:00' }, limit: null },
          next: { yes: 's1' }
        },
        { id: 's1', unit: 'contact.add_to_list', version: 1, fields: { listId: 'l1' }, next: { next: null } }
      ],
      notes: []
    };
    const made = await world(city('c1', 'Nantes'), city('c2', 'Lyon'), ...active(waits));
    await made.desk.edit((_, { now, newId }) =>
      Promise.resolve({
        effect: {
          changes: [],
          events: [
            {
              id: newId(),
              type: 'contact.added_manually',
              contactId: 'c1',
              occurredAt: now,
              receivedAt: now,
              properties: { automationId: 'a1' },
              source: 'app'
            }
          ]
        },
        value: undefined
      })
    );
    await made.pass(DAY);
    expect(await made.enrolment('c1')).toMatchObject({ status: 'waiting' });
    await made.put({ table: 'contacts', id: 'c1', set: { 'attributes.CITY': 'Lyon' } });
    await made.pass(DAY);
    expect(await made.enrolment('c1')).toMatchObject({ status: 'completed' });
    expect(await entered(made)).toEqual(['a1/c1//000000']);
  });
});

describe('an anniversary', () => {
  const born = (id: string, date: string, more = {}) =>
    create('contacts', id, contact(id, { attributes: { BORN: date }, ...more }));
  const anniversary = (more: Record<string, unknown> = {}) =>
    active(graph('contact.anniversary', { attributeId: 'BORN', time: '10:00', ...more }), {
      reentry: { mode: 'after_leaving' }
    });

  test('on the day, before it, and once on the exact date', async () => {
    const people = [
      born('c1', '1990-01-06'),
      born('c2', '1990-01-13'),
      born('c3', '2027-01-06'),
      born('c4', '1990-06-06')
    ];
    const days = async (more: Record<string, unknown>) => {
      const made = await world(...people, ...anniversary(more));
      for (let day = 0; day < 10; day++) await made.pass(DAY);
      return (await made.all('events'))
        .filter(({ type }) => type === 'contact.anniversary')
        .map(({ contactId, occurredAt, properties }) => [
          contactId,
          Math.floor((occurredAt - START) / DAY),
          properties.occurrence
        ]);
    };
    expect(await days({})).toEqual([['c1', 1, 37], ['c3', 1, 0], ['c2', 8, 37]]); // prettier-ignore
    expect(await days({ when: 'before', offset: { amount: 1, unit: 'weeks' } })).toEqual([['c2', 1, 37]]);
    expect(await days({ when: 'after', offset: { amount: 2, unit: 'days' } })).toEqual([['c1', 3, 37], ['c3', 3, 0]]); // prettier-ignore
    expect(await days({ repeats: 'once' })).toEqual([['c3', 1, 0]]);
  });

  test('of 29 February falls on the day chosen in other years', async () => {
    const days = async (leapDay: string) => {
      const made = await world(born('c1', '1992-02-29'), ...anniversary({ leapDay }));
      made.now = Date.UTC(2027, 1, 25, 12);
      await made.look();
      for (let day = 0; day < 6; day++) await made.pass(DAY);
      return (await made.all('events'))
        .filter(({ type, properties }) => type === 'contact.anniversary' && properties.skipped !== true)
        .map(({ properties }) => properties.date);
    };
    expect(await days('february_28')).toEqual(['2027-02-28']);
    expect(await days('march_1')).toEqual(['2027-03-01']);
  });

  test('of which the app learns within two days lets in; an older one is told and lets nobody in', async () => {
    const made = await world(born('c1', '1990-01-06'), born('c2', '1990-01-09'), ...anniversary());
    await made.pass(5 * DAY);
    expect(await entered(made)).toEqual(['a1/c2//000000']);
    expect(
      (await made.all('events'))
        .filter(({ type }) => type === 'contact.anniversary')
        .map(({ contactId, properties }) => [contactId, properties.skipped])
    ).toEqual([
      ['c1', true],
      ['c2', false]
    ]);
  });
});
