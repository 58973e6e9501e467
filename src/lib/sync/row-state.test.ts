import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY } from '$lib/core/instants';
import type { Automation } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { TableName, Tables } from '$lib/core/tables';
import { latest, stampAt, type Stamp } from './clock';
import { changeOf, conflictsIn, merged, NOTHING, partOf, rowOf, type RowState, type Writing } from './row-state';

const START = Date.UTC(2027, 0, 15);
const camille: Contact = {
  id: 'c1',
  email: 'camille@exemple.fr',
  attributes: { CITY: 'Lyon', TASTES: ['thé'] },
  listIds: ['l1'],
  listedAt: { l1: START },
  createdAt: START,
  updatedAt: START
};

/** One device: what it knows of one row, and its clock, which may be wrong. */
class Device<T extends TableName> {
  state: RowState = NOTHING;
  #greatest: Stamp | null = null;

  constructor(
    readonly table: T,
    readonly id: string,
    readonly skew = 0
  ) {}

  get row(): Tables[T] | undefined {
    return rowOf<T>(this.state);
  }

  /** Returns what the other devices get to know. */
  write(now: number, row: Tables[T] | undefined): RowState {
    const stamp = stampAt(this.#greatest, Math.max(0, now + this.skew), this.id);
    const change = changeOf(this.table, this.state, row, stamp);
    if (change === null) return NOTHING;
    this.#greatest = stamp;
    this.state = merged(this.table, this.state, change);
    return change;
  }

  edit(now: number, how: (row: Tables[T]) => Tables[T]): RowState {
    return this.row === undefined ? NOTHING : this.write(now, how(this.row));
  }

  hear(state: RowState): void {
    this.state = merged(this.table, this.state, state);
    const stamps = Object.values(state.leaves).flatMap((writings) => writings.map(({ stamp }) => stamp));
    for (const stamp of [...stamps, state.made, state.gone]) this.#greatest = latest(this.#greatest, stamp);
  }
}

/** Two devices that know the row as it is given. */
function two<T extends TableName>(table: T, row: Tables[T], skew = 0): [Device<T>, Device<T>] {
  const [laptop, phone] = [new Device(table, 'a', skew), new Device(table, 'b')];
  phone.hear(laptop.write(START, row));
  return [laptop, phone];
}

/** What both have told each other; both have the same then. */
function agreed<T extends TableName>(one: Device<T>, other: Device<T>): Tables[T] | undefined {
  const [left, right] = [one.state, other.state];
  one.hear(right);
  other.hear(left);
  expect(one.state).toEqual(other.state);
  return one.row;
}

test('what is restored is there whole, though a third device had deleted it in between', () => {
  const [laptop, phone] = two('contacts', camille);
  const tablet = new Device('contacts', 'c');
  tablet.hear(laptop.state);
  laptop.write(START + 1, undefined);
  phone.edit(START + 2, (row) => ({ ...row, attributes: { CITY: 'Paris' } }));
  laptop.hear(phone.state);
  tablet.write(START + 3, undefined);
  const restored = { ...camille, attributes: { CITY: 'Paris' } };
  laptop.write(START + 4, restored);
  expect(agreed(laptop, tablet)).toEqual(restored);
});

describe('a contact edited on two devices', () => {
  test('keeps each field that one of them has changed; of the same field the last one', () => {
    const [laptop, phone] = two('contacts', camille);
    laptop.edit(START + 1, (row) => ({ ...row, attributes: { ...row.attributes, CITY: 'Paris', AGE: 40 } }));
    phone.edit(START + 2, (row) => ({
      ...row,
      phone: '+33612345678',
      attributes: { ...row.attributes, CITY: 'Nice' }
    }));
    expect(agreed(laptop, phone)).toMatchObject({
      phone: '+33612345678',
      attributes: { CITY: 'Nice', AGE: 40, TASTES: ['thé'] }
    });
  });

  test('merges lists and multiple choices as sets, with what was taken out', () => {
    const [laptop, phone] = two('contacts', camille);
    laptop.edit(START + 1, (row) => ({ ...row, listIds: ['l2'], attributes: { TASTES: ['café'] } }));
    phone.edit(START + 2, (row) => ({
      ...row,
      listIds: ['l1', 'l3'],
      attributes: { ...row.attributes, TASTES: ['thé', 'eau'] }
    }));
    expect(agreed(laptop, phone)).toMatchObject({ listIds: ['l2', 'l3'], attributes: { TASTES: ['café', 'eau'] } });
    expect(laptop.row?.attributes.CITY).toBeUndefined();
  });

  test('is deleted where one deletes it, whatever was edited without knowing; what is restored after that is there', () => {
    const [laptop, phone] = two('contacts', camille);
    phone.write(START + 1, undefined);
    laptop.edit(START + 2, (row) => ({ ...row, phone: '+33600000000' }));
    expect(agreed(laptop, phone)).toBeUndefined();
    laptop.write(START + 3, camille);
    expect(agreed(laptop, phone)).toEqual(camille);
  });

  test('whose clock is a year ahead does not win against what was written with its stamp in sight', () => {
    const [laptop, phone] = two('contacts', camille, 365 * DAY);
    laptop.edit(START + 1, (row) => ({ ...row, phone: '+33611111111' }));
    agreed(laptop, phone);
    phone.edit(START + 2, (row) => ({ ...row, phone: '+33622222222' }));
    expect(agreed(laptop, phone)?.phone).toBe('+33622222222');
  });
});

describe('a draft edited on two devices', () => {
  const step = (id: string, tag: string, next: string | null) => ({
    id,
    unit: 'email.send',
    version: 1,
    fields: { tag, templateId: 'm1' },
    next: { sent: next }
  });
  const automation = {
    id: 'a1',
    name: 'Bienvenue',
    draft: {
      graph: { triggers: [], entry: 's1', steps: [step('s1', '', 's2'), step('s2', '', null)], notes: [] },
      settings: {}
    }
  } as unknown as Automation;
  const withStep = (row: Automation, id: string, change: object): Automation => ({
    ...row,
    draft: {
      ...row.draft,
      graph: {
        ...row.draft.graph,
        steps: row.draft.graph.steps.map((one) => (one.id === id ? { ...one, ...change } : one))
      }
    }
  });

  test('merges step by step, and setting by setting', () => {
    const [laptop, phone] = two('automations', automation);
    laptop.edit(START + 1, (row) => withStep(row, 's1', { fields: { tag: 'un', templateId: 'm1' } }));
    phone.edit(START + 2, (row) => withStep(row, 's1', { fields: { tag: '', templateId: 'm2' } }));
    phone.edit(START + 3, (row) => withStep(row, 's2', { position: { x: 8, y: 8 } }));
    const { graph } = agreed(laptop, phone)!.draft;
    expect(graph.steps).toMatchObject([{ fields: { tag: 'un', templateId: 'm2' } }, { position: { x: 8, y: 8 } }]);
    expect(conflictsIn(laptop.state).size).toBe(0);
  });

  test('keeps both sides of a true conflict, until one of them is written over', () => {
    const [laptop, phone] = two('automations', automation);
    laptop.edit(START + 1, (row) => withStep(row, 's1', { fields: { tag: 'un', templateId: 'm1' } }));
    phone.edit(START + 2, (row) => withStep(row, 's1', { fields: { tag: 'deux', templateId: 'm1' } }));
    expect(agreed(laptop, phone)?.draft.graph.steps[0]?.fields.tag).toBe('deux');
    const [[pointer, sides]] = [...conflictsIn(phone.state)] as [[string, Writing[]]];
    expect(pointer).toBe('/draft/graph/steps/s1/fields/tag');
    expect(sides.map(({ leaf }) => leaf)).toEqual([{ value: 'un' }, { value: 'deux' }]);
    laptop.edit(START + 4, (row) => withStep(row, 's1', { fields: { tag: 'un', templateId: 'm1' } }));
    expect(agreed(laptop, phone)?.draft.graph.steps[0]?.fields.tag).toBe('un');
    expect(conflictsIn(phone.state).size).toBe(0);
  });
});

describe('a step that one device removes while another edits it', () => {
  const step = (id: string, tag: string, next: string | null) => ({
    id,
    unit: 'email.send',
    version: 1,
    fields: { tag },
    next: { sent: next }
  });
  type Step = ReturnType<typeof step> & { position?: object };
  const draft = (...steps: Step[]) =>
    ({ id: 'a1', draft: { graph: { triggers: [], entry: 's1', steps, notes: [] }, settings: {} } }) as unknown as Automation; // prettier-ignore
  const pointer = '/draft/graph/steps/s2';
  const before = draft(step('s1', '', 's2'), step('s2', '', null));
  const removed = draft(step('s1', '', null));
  const edited = draft(step('s1', '', 's2'), step('s2', 'neuf', null));
  const steps = (row: Automation | undefined) => row?.draft.graph.steps;

  test.each([
    ['removal', START + 2, START + 1, [step('s1', '', null)]],
    ['edit', START + 1, START + 2, [step('s1', '', null), step('s2', 'neuf', null)]]
  ])('is asked of, and the %s holds meanwhile, which came last', (_, atRemoval, atEdit, holds) => {
    const [laptop, phone] = two('automations', before);
    laptop.edit(atRemoval, () => removed);
    phone.edit(atEdit, () => edited);
    expect(steps(agreed(laptop, phone))).toEqual(holds);
    const sides = conflictsIn(phone.state).get(pointer) ?? [];
    expect(sides.map((side) => partOf(phone.state, pointer, side))).toEqual(
      atEdit < atRemoval ? [step('s2', 'neuf', null), undefined] : [undefined, step('s2', 'neuf', null)]
    );
  });

  test('is back whole where it is to stay, and gone for good where it is not', () => {
    const [laptop, phone] = two('automations', before);
    laptop.edit(START + 2, () => removed);
    phone.edit(START + 1, () => edited);
    agreed(laptop, phone);
    laptop.edit(START + 3, () => draft(step('s1', '', 's2'), step('s2', 'neuf', null)));
    expect(steps(agreed(laptop, phone))).toEqual([step('s1', '', 's2'), step('s2', 'neuf', null)]);
    expect(conflictsIn(phone.state).size).toBe(0);
    phone.edit(START + 4, () => removed);
    expect(steps(agreed(laptop, phone))).toEqual([step('s1', '', null)]);
    expect(conflictsIn(laptop.state).size).toBe(0);
  });

  test('is not asked of where it was only moved on the canvas, nor where whoever removed it knew of the edit', () => {
    const [laptop, phone] = two('automations', before);
    laptop.edit(START + 1, () => removed);
    phone.edit(START + 2, () => draft(step('s1', '', 's2'), { ...step('s2', '', null), position: { x: 1, y: 1 } }));
    expect(steps(agreed(laptop, phone))).toEqual([step('s1', '', null)]);
    expect(conflictsIn(phone.state).size).toBe(0);
    const [first, other] = two('automations', before);
    first.edit(START + 1, () => edited);
    agreed(first, other);
    other.edit(START + 2, () => removed);
    expect(steps(agreed(first, other))).toEqual([step('s1', '', null)]);
    expect(conflictsIn(first.state).size).toBe(0);
  });

  test('nothing is asked of its parts once it is gone', () => {
    const [laptop, phone] = two('automations', before);
    laptop.edit(START + 1, () => edited);
    phone.edit(START + 2, () => draft(step('s1', '', 's2'), step('s2', 'autre', null)));
    agreed(laptop, phone);
    expect([...conflictsIn(phone.state).keys()]).toEqual([`${pointer}/fields/tag`]);
    phone.edit(START + 3, () => removed);
    expect(steps(agreed(laptop, phone))).toEqual([step('s1', '', null)]);
    expect(conflictsIn(laptop.state).size).toBe(0);
  });
});

/* The algebra, of any states. */

const stamp = fc
  .integer({ min: 0, max: 12 })
  .chain((time) => fc.constantFrom('a', 'b').map((by) => stampAt(null, time, by)));
const writing = fc
  .record({ stamp, leaf: fc.option(fc.record({ value: fc.constantFrom(1, 2) })), over: fc.option(stamp) })
  .map((one): Writing => ({ ...one, over: one.over !== null && one.over < one.stamp ? one.over : null }));
const table = fc.constantFrom<TableName>('contacts', 'automations');
/** As a device would have it: what it has merged. */
const state = (of: TableName) =>
  fc
    .record({
      made: fc.option(stamp),
      gone: fc.option(stamp),
      leaves: fc.dictionary(fc.constantFrom('', '/a', '/b'), fc.array(writing, { maxLength: 4 }))
    })
    .map((one): RowState => merged(of, one, NOTHING));

test('merging is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(
      table.chain((of) => fc.tuple(fc.constant(of), state(of), state(of), state(of))),
      ([of, one, other, third]) => {
        expect(merged(of, one, other)).toEqual(merged(of, other, one));
        expect(merged(of, merged(of, one, other), third)).toEqual(merged(of, one, merged(of, other, third)));
        expect(merged(of, one, one)).toEqual(one);
        expect(merged(of, one, NOTHING)).toEqual(one);
      }
    ),
    { numRuns: 2_000 }
  );
});

test('any number of devices end equal, in whatever order and however often what they write arrives', () => {
  const deed = fc.record({
    by: fc.nat(),
    at: fc.integer({ min: 0, max: 50 }),
    does: fc.constantFrom('city', 'list', 'unlist', 'delete', 'restore', 'tastes'),
    text: fc.constantFrom('x', 'y', 'z'),
    /** Which of what was written so far it has heard of when it writes. */
    heard: fc.array(fc.nat(), { maxLength: 4 })
  });
  const doing: Record<string, (row: Contact, text: string) => Contact> = {
    city: (row, text) => ({ ...row, attributes: { ...row.attributes, CITY: text } }),
    tastes: (row, text) => ({ ...row, attributes: { ...row.attributes, TASTES: [text] } }),
    list: (row, text) => ({ ...row, listIds: [...new Set([...row.listIds, text])] }),
    unlist: (row, text) => ({ ...row, listIds: row.listIds.filter((id) => id !== text) })
  };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 5 }),
      fc.array(deed, { maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      (skews, deeds, order) => {
        const devices = skews.map((skew, at) => new Device('contacts', String(at), skew));
        const told: RowState[] = [devices[0]!.write(START, camille)];
        for (const { by, at, does, text, heard } of deeds) {
          const device = devices[by % devices.length]!;
          for (const which of heard) device.hear(told[which % told.length]!);
          if (does === 'delete' || does === 'restore')
            told.push(device.write(START + at, does === 'delete' ? undefined : camille));
          else told.push(device.edit(START + at, (row) => doing[does]!(row, text)));
        }
        for (const device of devices) {
          const arriving = told.flatMap((one) => (order.next().value % 3 ? [one] : [one, one]));
          arriving.sort(() => (order.next().value % 2 ? 1 : -1));
          for (const one of arriving) device.hear(one);
          expect(device.state).toEqual(devices[0]!.state);
        }
      }
    )
  );
});
