import type { Catalogue, UnitDefinition } from '$lib/core/definitions';
import { branchesOf } from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import type { Assignment, AssignmentTarget, BranchField, Control, Fields, Mapped, Pair } from '$lib/core/fields';
import { isCondition, type Condition, type FilterTree, type Subject } from '$lib/core/filter-tree';
import type { AutomationSettings, Graph, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { ReferenceTable } from '$lib/core/references';
import { fieldsOf } from '$lib/core/unit-fields';
import { RECORD_PROPERTIES } from '$lib/filters/record-properties';
import * as v from 'valibot';

export type AttributesOf = 'attributes' | 'companyAttributes' | 'dealAttributes';

export function isOfAttributes(table: ReferenceTable): table is AttributesOf {
  return table === 'attributes' || table === 'companyAttributes' || table === 'dealAttributes';
}

/** What the rows that an automation names are called elsewhere. Null: there is nothing in their place, the setting is left open. */
export interface Renaming {
  row(table: ReferenceTable, id: Id): Id | null;
  option(table: AttributesOf, attributeId: Id, optionId: Id): Id | null;
}

/**
 * The graph with other names for all that it refers to, in its triggers, steps and the filters within these. Settings are brought to
 * today's version of their units; what a unit does not take is its initial value, secrets are left out. Steps keep their ids.
 */
export function graphWith(graph: Graph, catalogue: Catalogue, renaming: Renaming): Graph {
  const entered = Object.assign(
    {},
    ...graph.triggers.map(({ unit }) => catalogue.triggers.get(unit)?.event.properties ?? {})
  ) as Fields;
  const place = { catalogue, renaming, entered };
  return {
    ...graph,
    triggers: graph.triggers.map((node) => nodeWith(node, catalogue.triggers.get(node.unit), place)),
    steps: graph.steps.map((step): StepNode => {
      const definition = catalogue.steps.get(step.unit);
      const node = nodeWith(step, definition, place);
      const branches = definition ? branchesOf(definition, node.fields) : Object.keys(step.next);
      const next = Object.fromEntries(branches.map((branch) => [branch, step.next[branch] ?? null]));
      return { ...node, next };
    })
  };
}

/** The same for the conditions of an automation's settings. */
export function settingsWith(settings: AutomationSettings, renaming: Renaming): AutomationSettings {
  const renamed = (conditions: AutomationSettings['exit']): AutomationSettings['exit'] =>
    conditions.map(({ event, filters }) => ({
      event,
      filters: filtersWith(filters, renaming, EVENT_TYPES.get(event)?.properties ?? null)
    }));
  return { ...settings, exit: renamed(settings.exit), restart: renamed(settings.restart) };
}

/** The same for a filter tree. `properties`: of the event, or the row, that its conditions on `event` look at. */
export function filtersWith<T extends FilterTree | null>(tree: T, renaming: Renaming, properties: Fields | null): T;
export function filtersWith(tree: FilterTree | null, renaming: Renaming, properties: Fields | null): FilterTree | null {
  if (tree === null) return null;
  if (isCondition(tree)) return conditionWith(tree, renaming, properties);
  if (tree.op === 'not') return { op: 'not', of: filtersWith(tree.of, renaming, properties) };
  return { op: tree.op, of: tree.of.map((part) => filtersWith(part, renaming, properties)) };
}

interface Place {
  readonly catalogue: Catalogue;
  readonly renaming: Renaming;
  /** Properties of the events by which contacts enter: what splits look at. */
  readonly entered: Fields;
}

function nodeWith<N extends TriggerNode | StepNode>(node: N, definition: UnitDefinition | undefined, place: Place): N {
  if (!definition) return node;
  return {
    ...node,
    version: definition.version,
    fields: valuesWith(definition.fields, fieldsOf(node, definition), place)
  };
}

function valuesWith(
  fields: Fields,
  values: Readonly<Record<string, unknown>>,
  place: Place
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { control, schema, initial }]) => {
      const given = values[name];
      const isSound = v.is(schema, given) || (control.kind === 'branches' && v.is(unnamedBranches, given));
      return [name, isSound ? valueWith(control, given, values, place) : initial];
    })
  );
}

/** Branches that nobody has named yet: a draft may have them. */
const unnamedBranches = v.array(
  v.object({ id: v.pipe(v.string(), v.minLength(1)), name: v.string(), filters: v.nullable(v.looseObject({})) })
);

function valueWith(control: Control, value: unknown, values: Readonly<Record<string, unknown>>, place: Place): unknown {
  const { renaming, catalogue } = place;
  switch (control.kind) {
    case 'reference': {
      const { table, many } = control;
      if (many) return (value as readonly Id[]).flatMap((id) => renaming.row(table, id) ?? []);
      return value === null ? null : renaming.row(table, value as Id);
    }
    case 'secret':
      return null;
    case 'pairs':
      return (value as readonly Pair[]).map((pair) => (pair.secret ? { ...pair, value: '' } : pair));
    case 'assignment':
      return assignmentWith(control.of, value as Assignment, renaming);
    case 'mapping':
      return (value as readonly Mapped[]).flatMap(({ path, attributeId }) => {
        const renamed = renaming.row('attributes', attributeId);
        return renamed === null ? [] : [{ path, attributeId: renamed }];
      });
    case 'branches':
      return (value as readonly BranchField[]).map((branch) => ({
        ...branch,
        filters: filtersWith(branch.filters, renaming, place.entered)
      }));
    case 'filters':
      return filtersWith(value as FilterTree | null, renaming, null);
    case 'eventFilters': {
      const properties = control.properties ?? EVENT_TYPES.get(String(values[control.of ?? '']))?.properties ?? null;
      return filtersWith(value as FilterTree | null, renaming, properties);
    }
    case 'triggerFields': {
      const trigger = catalogue.triggers.get(String(values[control.of]));
      return trigger ? valuesWith(trigger.fields, value as Readonly<Record<string, unknown>>, place) : {};
    }
    default:
      return value;
  }
}

const ATTRIBUTES_OF: { readonly [T in AssignmentTarget]: AttributesOf } = {
  contact: 'attributes',
  company: 'companyAttributes',
  deal: 'dealAttributes'
};

/** Properties that are treated as attributes and hold ids. */
const PROPERTY_TABLES: Readonly<Record<string, ReferenceTable>> = { ownerId: 'users', stageId: 'stages' };

function assignmentWith(of: AssignmentTarget, { attributeId, value }: Assignment, renaming: Renaming): Assignment {
  const table = ATTRIBUTES_OF[of];
  const nothing: Assignment = { attributeId: '', value: { from: 'fixed', value: '' } };
  // Ids of attributes are in capitals, those of properties are not.
  const isProperty = /^[a-z]/.test(attributeId);
  const renamed = isProperty ? attributeId : renaming.row(table, attributeId);
  if (renamed === null) return nothing;
  const option = (id: Id): Id | null => renaming.option(table, attributeId, id);
  switch (value.from) {
    case 'fixed': {
      const rows = PROPERTY_TABLES[attributeId];
      const fixed = (id: Id): Id | null => (isProperty ? (rows ? renaming.row(rows, id) : id) : option(id));
      const next = valuesOf(value.value, fixed);
      return next === undefined
        ? { attributeId: renamed, value: { from: 'clear' } }
        : { attributeId: renamed, value: { from: 'fixed', value: next } };
    }
    case 'attribute': {
      const other = renaming.row('attributes', value.attributeId);
      return other === null ? nothing : { attributeId: renamed, value: { from: 'attribute', attributeId: other } };
    }
    case 'addChoices':
    case 'removeChoices': {
      const values = value.values.flatMap((id) => option(id) ?? []);
      return values.length === 0 ? nothing : { attributeId: renamed, value: { from: value.from, values } };
    }
    default:
      return { attributeId: renamed, value };
  }
}

function conditionWith(condition: Condition, renaming: Renaming, properties: Fields | null): Condition {
  const { subject } = condition;
  const renamed = (next: Subject, of: ((id: Id) => Id | null) | null): Condition => {
    const { value: _before, ...rest } = condition;
    const value = of === null ? condition.value : valuesOf(condition.value, of);
    return { ...rest, subject: next, ...(value === undefined ? {} : { value }) };
  };
  const rowsOf = (table: ReferenceTable) => (id: Id) => renaming.row(table, id);
  const optionsOf = (table: AttributesOf, attributeId: Id) =>
    condition.kind === 'choice' || condition.kind === 'choices'
      ? (id: Id) => renaming.option(table, attributeId, id)
      : null;
  const property = (name: string | null, of: Fields | null): ((id: Id) => Id | null) | null => {
    const control = name === null ? undefined : of?.[name]?.control;
    return control?.kind === 'reference' ? rowsOf(control.table) : null;
  };
  switch (subject.of) {
    case 'attribute': {
      const attributeId = renaming.row('attributes', subject.attributeId) ?? '';
      return renamed({ of: 'attribute', attributeId }, optionsOf('attributes', subject.attributeId));
    }
    case 'company': {
      if (subject.attributeId === null) return condition;
      const attributeId = renaming.row('companyAttributes', subject.attributeId) ?? '';
      return renamed({ of: 'company', attributeId }, optionsOf('companyAttributes', subject.attributeId));
    }
    case 'lists':
    case 'segments':
    case 'programs':
    case 'tiers':
      return renamed(subject, rowsOf(subject.of));
    case 'balance':
      return renamed({ of: 'balance', balanceId: renaming.row('balances', subject.balanceId) ?? '' }, null);
    case 'contact':
      if (subject.field === 'ownerId') return renamed(subject, rowsOf('users'));
      // Companies are people's own: none goes along.
      return subject.field === 'companyId' ? renamed(subject, () => null) : condition;
    case 'count': {
      const of =
        subject.what === 'events' ? EVENT_TYPES.get(subject.event ?? '')?.properties : RECORD_PROPERTIES[subject.what];
      return renamed({ ...subject, where: filtersWith(subject.where ?? null, renaming, of ?? null) }, null);
    }
    case 'last':
      return renamed(subject, property(subject.property, EVENT_TYPES.get(subject.event)?.properties ?? null));
    case 'event':
      return renamed(subject, property(subject.property, properties));
  }
}

/** Ids within a value; undefined where none is left of those that there were. */
function valuesOf<T>(value: T, of: (id: Id) => Id | null): T | undefined {
  if (typeof value === 'string') return (of(value) ?? undefined) as T | undefined;
  if (!Array.isArray(value)) return value;
  const left = value.flatMap((one: unknown) => (typeof one === 'string' ? (of(one) ?? []) : [one]));
  return left.length === 0 && value.length > 0 ? undefined : (left as T);
}
