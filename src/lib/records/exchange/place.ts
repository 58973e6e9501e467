import { copyBlock } from '$lib/core/blocks';
import { create, type Change } from '$lib/core/changes';
import type { Catalogue } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import type { Graph } from '$lib/core/graph';
import type { Given, Id } from '$lib/core/ids';
import type { TableName, WorkspaceView } from '$lib/core/tables';
import { HAVE_CHANGES, TAKEN_TABLES, type AutomationsFile, type TakenTable } from './automation-file';
import { decided, decisionKey, isSameName, planFor, type Decisions, type Planned } from './plan';
import { filtersWith, graphWith, isOfAttributes, settingsWith, type Renaming } from './references';

const LONGEST_NAME = 200;

/** Which of the file's rows became which of ours, and the rows that are made. */
interface Names {
  /** `${table} ${id}` in the file → the id here; null: left open. */
  readonly rows: ReadonlyMap<string, Id | null>;
  readonly created: readonly Planned[];
}

/**
 * The changes by which the automations of a file come into a workspace, as drafts, with what they refer to. Ids are made anew, names
 * that are taken get a number. The file is a checked one.
 */
export function placedAutomations(
  file: AutomationsFile,
  decisions: Decisions,
  { view, catalogue, now, newId }: { view: WorkspaceView; catalogue: Catalogue } & Given
): { readonly automationIds: readonly Id[]; readonly changes: readonly Change[] } {
  const automationIds = file.automations.map(newId);
  const names = namesFor(file, decisions, view, { now, newId });
  const rows = new Map(names.rows);
  file.automations.forEach(({ id }, at) => rows.set(decisionKey('automations', id), automationIds[at] ?? null));
  const renaming = renamingBy(rows, file, view);
  const automationNames = new FreeNames([...view.automations.values()].map(({ name }) => name));
  const automations = file.automations.map(({ name, graph, settings }, at): Change => {
    const id = automationIds[at] ?? '';
    const draft = {
      graph: withOwnIds(graphWith(graph, catalogue, renaming), newId),
      settings: settingsWith(settings, renaming)
    };
    const row = { id, name: automationNames.take(name), status: 'draft' as const, activeVersionId: null, draft };
    return create('automations', id, { ...row, createdAt: now, updatedAt: now });
  });
  return { automationIds, changes: [...createdRows(names, file, view, renaming, { now, newId }), ...automations] };
}

function namesFor(file: AutomationsFile, decisions: Decisions, view: WorkspaceView, { newId }: Given): Names {
  const rows = new Map<string, Id | null>();
  const created: Planned[] = [];
  for (const planned of planFor(file, view)) {
    const decision = decided(planned, decisions);
    if (decision.does === 'create') {
      created.push(planned);
      // The key of an attribute is its name in templates.
      rows.set(planned.key, isOfAttributes(planned.table) ? planned.id : newId());
    } else rows.set(planned.key, decision.does === 'use' ? decision.id : null);
  }
  for (const part of partsOf(file)) {
    const outer = rows.get(decisionKey(part.within, part.outerId)) ?? null;
    const isNew = created.some(({ table, id }) => table === part.within && id === part.outerId);
    rows.set(decisionKey(part.table, part.id), isNew ? newId() : outer === null ? null : partHere(part, outer, view));
  }
  return { rows, created };
}

interface Part {
  readonly table: 'stages' | 'balances' | 'tiers';
  readonly within: 'pipelines' | 'programs';
  readonly outerId: Id;
  readonly id: Id;
  readonly name: string;
  /** Among its like: stages of one outcome, balances, tiers. */
  readonly at: number;
  readonly outcome?: string;
}

function partsOf({ pipelines, programs }: AutomationsFile): Part[] {
  return [
    ...pipelines.flatMap(({ id: outerId, stages }) =>
      stages.map((stage): Part => ({
        table: 'stages',
        within: 'pipelines',
        outerId,
        ...stage,
        at: stages.filter(({ outcome }) => outcome === stage.outcome).indexOf(stage)
      }))
    ),
    ...programs.flatMap(({ id: outerId, ...program }) =>
      (['balances', 'tiers'] as const).flatMap((table) =>
        program[table].map(({ id, name }, at): Part => ({ table, within: 'programs', outerId, id, name, at }))
      )
    )
  ];
}

/** In a pipeline or programme that is here already: the part of the same name, or else the one in its place. */
function partHere({ table, name, at, outcome }: Part, outerId: Id, view: WorkspaceView): Id | null {
  const parts: readonly { id: Id; name: string; outcome?: string }[] =
    (table === 'stages' ? view.pipelines.get(outerId)?.stages : view.programs.get(outerId)?.[table]) ?? [];
  const alike = parts.filter((part) => part.outcome === outcome);
  return (parts.find((part) => isSameName(part.name, name)) ?? alike[at] ?? alike.at(-1))?.id ?? null;
}

function renamingBy(rows: ReadonlyMap<string, Id | null>, file: AutomationsFile, view: WorkspaceView): Renaming {
  return {
    row: (table, id) => rows.get(decisionKey(table, id)) ?? null,
    option: (table, attributeId, optionId) => {
      const options = file[table].find(({ id }) => id === attributeId)?.options;
      // Without options it is no choice: the value is a text, which has no other name.
      if (options === undefined) return optionId;
      const theirs = options.find(({ id }) => id === optionId);
      const ours = view[table].get(rows.get(decisionKey(table, attributeId)) ?? '');
      if (theirs === undefined || ours === undefined) return theirs?.id ?? null;
      return ours.options?.find(({ id, name }) => id === optionId || isSameName(name, theirs.name))?.id ?? null;
    }
  };
}

/** Steps, triggers and notes under ids of this workspace. */
function withOwnIds(graph: Graph, newId: () => Id): Graph {
  const ids = new Map([...graph.triggers, ...graph.steps, ...graph.notes].map(({ id }) => [id, newId()]));
  const own = (id: Id): Id => ids.get(id) ?? '';
  const target = (id: Id | null): Id | null => (id === null ? null : (ids.get(id) ?? null));
  return {
    triggers: graph.triggers.map((node) => ({ ...node, id: own(node.id) })),
    entry: target(graph.entry),
    steps: graph.steps.map((step) => ({
      ...step,
      id: own(step.id),
      fields:
        'stepId' in step.fields ? { ...step.fields, stepId: target(step.fields.stepId as Id | null) } : step.fields,
      next: Object.fromEntries(Object.entries(step.next).map(([branch, id]) => [branch, target(id)]))
    })),
    notes: graph.notes.map((note) => ({ ...note, id: own(note.id) }))
  };
}

function createdRows(
  { created, rows }: Names,
  file: AutomationsFile,
  view: WorkspaceView,
  renaming: Renaming,
  { now, newId }: Given
): Change[] {
  const taken = new Map<TakenTable, FreeNames>(
    TAKEN_TABLES.map((table) => [table, new FreeNames([...view[table].values()].map(({ name }) => name))])
  );
  return created.flatMap(({ table, id: fileId, key }): Change[] => {
    const id = rows.get(key);
    const row = file[table as TakenTable].find((one) => one.id === fileId);
    if (row === undefined || id === undefined || id === null) return [];
    const made = madeFrom(table as TakenTable, row, renaming, newId);
    const whole = {
      ...made,
      id,
      name: taken.get(table as TakenTable)?.take(row.name) ?? row.name,
      createdAt: now,
      ...(HAVE_CHANGES.has(table) ? { updatedAt: now } : {})
    };
    return [create(table as TableName, id, whole as never) as Change];
  });
}

/** The row with our names for what it refers to, and ids of our own for its parts. */
function madeFrom(table: TakenTable, row: object, renaming: Renaming, newId: () => Id): object {
  switch (table) {
    case 'segments': {
      const { filters, ...rest } = row as AutomationsFile['segments'][number];
      return { ...rest, filters: filtersWith(filters, renaming, null) };
    }
    case 'pipelines': {
      const { stages, ...rest } = row as AutomationsFile['pipelines'][number];
      return { ...rest, stages: stages.map((stage) => ({ ...stage, id: renaming.row('stages', stage.id) })) };
    }
    case 'forms': {
      const { fields, listIds, ...rest } = row as AutomationsFile['forms'][number];
      return {
        ...rest,
        fields: fields.map((field) => ({ ...field, id: newId() })),
        listIds: listIds.flatMap((id) => renaming.row('lists', id) ?? [])
      };
    }
    case 'programs': {
      const { balances, tiers, rules, tierBalanceId, ...rest } = row as AutomationsFile['programs'][number];
      const part = (of: 'balances' | 'tiers', id: Id): Id => renaming.row(of, id) ?? newId();
      return {
        ...rest,
        balances: balances.map((balance) => ({ ...balance, id: part('balances', balance.id) })),
        tiers: tiers.map((tier) => ({ ...tier, id: part('tiers', tier.id) })),
        tierBalanceId: tierBalanceId === null ? null : part('balances', tierBalanceId),
        rules: rules.map((rule) => ({
          ...rule,
          id: newId(),
          filters: filtersWith(rule.filters, renaming, EVENT_TYPES.get(rule.event)?.properties ?? null),
          balanceId: part('balances', rule.balanceId)
        }))
      };
    }
    case 'templates': {
      const template = row as AutomationsFile['templates'][number];
      if (template.source.editor === 'html') return template;
      return {
        ...template,
        source: { ...template.source, blocks: template.source.blocks.map((block) => copyBlock(block, newId)) }
      };
    }
    default:
      return row;
  }
}

/** Gives names that nobody has: 'Bienvenue', then 'Bienvenue (2)'. */
class FreeNames {
  readonly #taken: Set<string>;

  constructor(names: readonly string[]) {
    this.#taken = new Set(names.map((name) => name.trim().toLowerCase()));
  }

  take(wanted: string): string {
    const base = wanted.trim().slice(0, LONGEST_NAME - 8) || '–';
    let name = base;
    for (let number = 2; this.#taken.has(name.toLowerCase()); number++) name = `${base} (${number})`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}
