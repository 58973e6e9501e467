import type { WorkspaceView } from './tables';

/** What a field may refer to: rows of the small tables, and the stages, balances and tiers that lie within some of these. */
export const REFERENCE_TABLES = [
  'lists',
  'segments',
  'attributes',
  'companyAttributes',
  'dealAttributes',
  'users',
  'pipelines',
  'stages',
  'taskTypes',
  'forms',
  'programs',
  'balances',
  'tiers',
  'templates',
  'smsTemplates',
  'pushTemplates',
  'senders',
  'smsSenders',
  'accounts',
  'automations'
] as const;
export type ReferenceTable = (typeof REFERENCE_TABLES)[number];

export interface Referable {
  readonly id: string;
  readonly name: string;
  /** What it lies within: the pipeline of a stage, the programme of a balance or tier. */
  readonly within?: string;
}

type Referables = ReadonlyMap<string, Referable>;
const kept = new WeakMap<WorkspaceView, Map<ReferenceTable, Referables>>();

/** The rows that a field may refer to, by id. Derived once from each view. */
export function referable(view: WorkspaceView, table: ReferenceTable): Referables {
  if (table !== 'stages' && table !== 'balances' && table !== 'tiers') return view[table];
  let tables = kept.get(view);
  if (!tables) kept.set(view, (tables = new Map<ReferenceTable, Referables>()));
  let rows = tables.get(table);
  if (!rows) tables.set(table, (rows = within(view, table)));
  return rows;
}

function within(view: WorkspaceView, table: 'stages' | 'balances' | 'tiers'): Referables {
  const rows: Referable[] =
    table === 'stages'
      ? [...view.pipelines.values()].flatMap(({ name, stages }) => stages.map((stage) => ({ ...stage, within: name })))
      : [...view.programs.values()].flatMap((program) =>
          program[table].map((row) => ({ id: row.id, name: row.name, within: program.name }))
        );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The name of what an id refers to; null where it is gone. */
export function referredName(view: WorkspaceView, table: ReferenceTable, id: string | null): string | null {
  return id === null ? null : (referable(view, table).get(id)?.name ?? null);
}
