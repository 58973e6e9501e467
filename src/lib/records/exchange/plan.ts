import type { Id } from '$lib/core/ids';
import { referable, type ReferenceTable } from '$lib/core/references';
import type { WorkspaceView } from '$lib/core/tables';
import { words, type Words } from '$lib/core/words';
import { isOfAttributes } from './references';
import { TAKEN_TABLES, type AutomationsFile, type TakenRow, type TakenTable } from './automation-file';

/** What becomes of something that a file refers to: made here, a row that is here already, or nothing (the setting is left open). */
export type Decision =
  { readonly does: 'create' } | { readonly does: 'use'; readonly id: Id } | { readonly does: 'open' };

/** Decisions by `decisionKey`. What is not decided is as suggested. */
export type Decisions = Readonly<Record<string, Decision>>;

export function decisionKey(table: ReferenceTable, id: Id): string {
  return `${table} ${id}`;
}

/** Something that a file refers to, and what may become of it. */
export interface Planned {
  readonly key: string;
  readonly table: ReferenceTable;
  readonly id: Id;
  readonly name: string;
  /** Rows that are here and could stand in its place. */
  readonly choices: readonly { readonly id: Id; readonly name: string }[];
  /** Whether the file brings it along. */
  readonly canCreate: boolean;
  readonly suggested: Decision;
  /** What will not fit. */
  readonly problem?: Words;
}

/** All that a file refers to, each with what suits this workspace: the row of the same name, or a new one. */
export function planFor(file: AutomationsFile, view: WorkspaceView): Planned[] {
  return [
    ...TAKEN_TABLES.flatMap((table) => file[table].map((row) => plannedRow(table, row, view))),
    ...file.mentions.map((mention) => plannedMention(mention, view))
  ];
}

/** The decision taken, or else the one suggested; one that names a row which is not here is none. */
export function decided({ key, suggested, choices, canCreate }: Planned, decisions: Decisions): Decision {
  const decision = Object.hasOwn(decisions, key) ? decisions[key] : undefined;
  if (decision === undefined) return suggested;
  if (decision.does === 'use') return choices.some(({ id }) => id === decision.id) ? decision : suggested;
  return decision.does === 'create' && !canCreate ? { does: 'open' } : decision;
}

function plannedRow(table: TakenTable, row: TakenRow, view: WorkspaceView): Planned {
  const { id, name } = row;
  const planned = { key: decisionKey(table, id), table, id, name, canCreate: true };
  const create: Decision = { does: 'create' };
  if (isOfAttributes(table)) {
    // An attribute is known by its key: templates name it.
    const here = view[table].get(id);
    if (!here) return { ...planned, choices: [], suggested: create };
    const hasOtherKind = 'kind' in row && row.kind !== here.kind;
    return {
      ...planned,
      canCreate: false,
      choices: [here],
      suggested: { does: 'use', id },
      ...(hasOtherKind ? { problem: words('words.exchange.other_kind', { attribute: here.name }) } : {})
    };
  }
  const choices = [...view[table].values()].map((one) => ({ id: one.id, name: one.name }));
  const same = choices.find((one) => isSameName(one.name, name));
  if (same && isAlike(table, row, view)) return { ...planned, choices, suggested: { does: 'use', id: same.id } };
  // Who has one pipeline, or one programme, means that one.
  const [only, ...others] = choices;
  const isTheOne = (table === 'pipelines' || table === 'programs') && only !== undefined && others.length === 0;
  return { ...planned, choices, suggested: isTheOne ? { does: 'use', id: only.id } : create };
}

function plannedMention({ table, id, name }: AutomationsFile['mentions'][number], view: WorkspaceView): Planned {
  const choices = [...referable(view, table).values()].map((one) => ({ id: one.id, name: one.name }));
  const same = choices.find((one) => isSameName(one.name, name));
  const [only, ...others] = choices;
  const isSender = table === 'senders' || table === 'smsSenders';
  const suggested = same ?? (isSender && others.length === 0 ? only : undefined);
  return {
    key: decisionKey(table, id),
    table,
    id,
    name,
    choices,
    canCreate: false,
    suggested: suggested === undefined ? { does: 'open' } : { does: 'use', id: suggested.id }
  };
}

/** Messages of one name that say something else are other messages; so are conditions. */
function isAlike(table: TakenTable, row: TakenRow, view: WorkspaceView): boolean {
  const same = [...view[table].values()].find((one) => isSameName(one.name, row.name));
  if (same === undefined) return false;
  const alike = (...parts: string[]): boolean =>
    parts.every((part) => JSON.stringify((same as never)[part]) === JSON.stringify((row as never)[part]));
  switch (table) {
    case 'segments':
      return alike('filters');
    case 'templates':
      return alike('subject', 'preheader', 'source');
    case 'smsTemplates':
      return alike('text');
    case 'pushTemplates':
      return alike('title', 'body', 'url');
    default:
      return true;
  }
}

export function isSameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
