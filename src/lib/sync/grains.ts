import type { TableName } from '$lib/core/tables';

/**
 * How finely edits of two devices to one thing are told apart. `whole`: the last writer wins all of it. `set`: texts in no order, each of
 * which is there or not by itself. `value`: a set where it is an array of texts, as a multiple choice is, else whole. `fields` and
 * `values`: an object, each property by itself, of names that are known (those not named are whole) or of any. `items`: an array of
 * things with ids, each by itself.
 */
export type Grain =
  | 'whole'
  | 'set'
  | 'value'
  | { readonly fields: Readonly<Record<string, Grain>> }
  | { readonly values: Grain }
  | { readonly items: Grain };

const attributes: Grain = { values: 'value' };
const node: Grain = { fields: { fields: { values: 'whole' }, next: { values: 'whole' } } };

/** Of the tables that people edit; a row of any other, and each property that is not named, is whole. */
export const GRAINS: Readonly<Partial<Record<TableName, Readonly<Record<string, Grain>>>>> = {
  contacts: {
    attributes,
    listIds: 'set',
    listedAt: { values: 'whole' },
    blocklist: { fields: { transactionalSenderIds: 'set' } }
  },
  companies: { attributes },
  deals: { attributes, contactIds: 'set', notes: { items: 'whole' } },
  rotations: { counts: { values: 'whole' } },
  forms: { listIds: 'set' },
  settings: { brand: { values: 'whole' } },
  automations: {
    draft: {
      fields: {
        graph: { fields: { triggers: { items: node }, steps: { items: node }, notes: { items: 'whole' } } },
        settings: { values: 'whole' }
      }
    }
  }
};

/**
 * The parts of which both sides of a conflict are kept until the user has chosen, as JSON Pointers. Of all others the last writer wins:
 * what the app notes for itself, the order of steps, where they lie on the canvas.
 */
const ASKED: Readonly<Partial<Record<TableName, RegExp>>> = {
  automations:
    /^\/(name|status|activeVersionId|draft\/settings\/[^/]+|draft\/graph\/(entry|notes\/[^/]+|(triggers|steps)\/[^/]+(\/(fields|next)\/[^/]+)?))$/
};

/** Of these, what is there as a whole or not: whoever edits a part of it of which is asked wants it to stay. */
const ITEM: Readonly<Partial<Record<TableName, RegExp>>> = {
  automations: /^\/draft\/graph\/(triggers|steps)\/[^/]+(?=\/)/
};

/** Tables of which the user may be asked. */
export const ASKING: ReadonlySet<TableName> = new Set(Object.keys(ASKED) as TableName[]);

/** Whether the user chooses where devices have written this part otherwise without knowledge of each other. */
export function asks(table: TableName, pointer: string): boolean {
  return ASKED[table]?.test(pointer) ?? false;
}

/** The thing of which this is a part, that comes and goes as a whole; undefined: none. */
export function itemOf(table: TableName, pointer: string): string | undefined {
  return ITEM[table]?.exec(pointer)?.[0];
}
