import * as v from 'valibot';
import {
  branchesOf,
  type Catalogue,
  type FieldProblem,
  type StepDefinition,
  type UnitDefinition
} from '$lib/core/definitions';
import { EVENT_TYPES } from '$lib/core/events';
import { initialValues, type Control, type Fields } from '$lib/core/fields';
import { conditionsOf, type Condition, type FilterTree, type Operator } from '$lib/core/filter-tree';
import type { AutomationSettings, Graph, StepNode, TriggerNode } from '$lib/core/graph';
import { isEmptyWindow } from '$lib/core/calendar';
import { referable, type ReferenceTable } from '$lib/core/references';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';
import { words, type Words } from '$lib/core/words';
import { isDateOperand } from '$lib/filters/compile';
import { stepOf } from './steps';
import { marketingProblems } from './check-marketing';
import { profileLinkProblems } from './check-profile-link';
import { startProblems } from './check-starts';

/** Something wrong with a graph. An error refuses publishing, a warning does not. `nodeId` null: the automation as a whole. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly nodeId: string | null;
  readonly field?: string;
  readonly words: Words;
}

/** Every problem of a graph, in the order of its nodes. */
export function checkGraph(
  graph: Graph,
  settings: AutomationSettings,
  { catalogue, view, automationId }: { catalogue: Catalogue; view: WorkspaceView; automationId: string }
): Problem[] {
  return [
    ...wholeProblems(graph, settings, view),
    ...graph.triggers.flatMap((trigger) =>
      nodeProblems(trigger, catalogue.triggers.get(trigger.unit), graph, { catalogue, view, automationId })
    ),
    ...graph.steps.flatMap((step) =>
      nodeProblems(step, catalogue.steps.get(step.unit), graph, { catalogue, view, automationId })
    ),
    ...pathProblems(graph, catalogue),
    ...loopProblems(graph, catalogue),
    ...marketingProblems(graph, view),
    ...profileLinkProblems(graph, view),
    ...startProblems({ graph, settings }, { catalogue, view, automationId })
  ];
}

/** Where a step may lead: by its branches, or where its fields say. */
export function targetsOf(step: StepNode, definition: StepDefinition | undefined): string[] {
  if (definition && 'leadsTo' in definition) {
    const to = definition.leadsTo(step.fields);
    return to === null ? [] : [to];
  }
  return Object.values(step.next).filter((target): target is string => target !== null);
}

/** The steps that can be reached from the entry. */
export function reachable(graph: Graph, catalogue: Catalogue): Set<string> {
  const seen = new Set<string>();
  const ahead = graph.entry === null ? [] : [graph.entry];
  for (let stepId = ahead.pop(); stepId !== undefined; stepId = ahead.pop()) {
    const step = stepOf(graph, stepId);
    if (!step || seen.has(stepId)) continue;
    seen.add(stepId);
    ahead.push(...targetsOf(step, catalogue.steps.get(step.unit)));
  }
  return seen;
}

function wholeProblems(graph: Graph, settings: AutomationSettings, view: WorkspaceView): Problem[] {
  const problems: Problem[] = [];
  const whole = (text: Words): void => void problems.push({ severity: 'error', nodeId: null, words: text });
  if (graph.triggers.length === 0) whole(words('words.problem.no_trigger'));
  if (graph.entry === null) whole(words('words.problem.no_step'));
  if (settings.sendWindow !== null && isEmptyWindow(settings.sendWindow)) whole(words('words.problem.empty_window'));
  if (settings.reentry.mode === 'parallel' && settings.reentry.keyProperty.trim() === '')
    whole(words('words.problem.no_key_property'));
  for (const { event, filters } of [...settings.exit, ...settings.restart]) {
    if (!EVENT_TYPES.has(event)) whole(words('words.problem.event_unknown'));
    filterProblems(filters, propertiesOf(event), view).forEach(whole);
  }
  return problems;
}

interface House {
  readonly catalogue: Catalogue;
  readonly view: WorkspaceView;
  readonly automationId: string;
}

function nodeProblems(
  node: TriggerNode | StepNode,
  definition: UnitDefinition | undefined,
  graph: Graph,
  house: House
): Problem[] {
  const error = (text: Words, field?: string): Problem => ({
    severity: 'error',
    nodeId: node.id,
    words: text,
    ...(field === undefined ? {} : { field })
  });
  if (!definition) return [error(words('words.problem.unit_unknown', { unit: node.unit }))];
  return settingsProblems(definition, fieldsOf(node, definition), graph, house).map(({ field, words: text }) =>
    error(text, field)
  );
}

/** What is wrong with the settings of a unit: of a step, of a trigger, or of the trigger whose event a step waits for. */
function settingsProblems(
  definition: UnitDefinition,
  fields: Readonly<Record<string, unknown>>,
  graph: Graph,
  house: House
): FieldProblem[] {
  const problems = Object.entries(definition.fields).flatMap(([name, { schema, control }]): FieldProblem[] => {
    const found = v.is(schema, fields[name])
      ? referenceProblems(control, fields[name], fields, graph, house)
      : [words(isMissing(fields[name]) ? 'words.problem.required' : 'words.problem.invalid')];
    return found.map((text) => ({ field: name, words: text }));
  });
  // A unit's own check may count on fields that its schemas let through.
  if (problems.length > 0) return problems;
  const { view, automationId } = house;
  return [...(definition.check?.({ fields: fields, view, automationId }) ?? [])];
}

function isMissing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    isEmptyAssignment(value)
  );
}

function isEmptyAssignment(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'attributeId' in value && value.attributeId === '';
}

/** What a field names must be there: rows, steps, and the attributes and lists in filters. */
function referenceProblems(
  control: Control,
  value: unknown,
  fields: Readonly<Record<string, unknown>>,
  graph: Graph,
  house: House
): Words[] {
  const { view } = house;
  switch (control.kind) {
    case 'reference': {
      const ids = (Array.isArray(value) ? value : [value]) as (string | null)[];
      return ids.some((id) => id !== null && !referable(view, control.table).has(id))
        ? [words(`words.problem.gone_${control.table}`)]
        : [];
    }
    case 'step':
      return stepOf(graph, value as string) ? [] : [words('words.problem.step_gone')];
    case 'eventFilters':
      return filterProblems(value as FilterTree | null, knownProperties(control, fields), view);
    case 'filters':
      return filterProblems(value as FilterTree | null, null, view);
    case 'triggerFields': {
      const trigger = house.catalogue.triggers.get(String(fields[control.of]));
      if (!trigger) return [];
      const settings = { ...initialValues(trigger.fields), ...(value as Readonly<Record<string, unknown>>) };
      return settingsProblems(trigger, settings, graph, house).map(({ words: text }) => text);
    }
    case 'branches':
      return (value as { filters: FilterTree | null }[]).flatMap(({ filters }) => filterProblems(filters, null, view));
    default:
      return [];
  }
}

/** The properties that conditions on the event may name; null where any may (custom events, splits). */
function knownProperties(
  control: Extract<Control, { kind: 'eventFilters' }>,
  fields: Readonly<Record<string, unknown>>
): Fields | null {
  if (control.of !== undefined) return propertiesOf(String(fields[control.of]));
  if (control.properties === undefined || 'name' in control.properties) return null;
  return control.properties;
}

function propertiesOf(eventType: string): Fields | null {
  const properties = EVENT_TYPES.get(eventType)?.properties;
  return eventType === 'custom.event' || properties === undefined ? null : properties;
}

/** Operators that compare with nothing. */
const WITHOUT_VALUE: ReadonlySet<Operator> = new Set(['isKnown', 'isUnknown', 'isTrue', 'isFalse']);

function isOperandMissing({ operator, value }: Condition): boolean {
  return (
    !WITHOUT_VALUE.has(operator) &&
    (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
  );
}

function isNoDate({ kind, operator, value }: Condition): boolean {
  return kind === 'date' && !WITHOUT_VALUE.has(operator) && !isDateOperand(operator, value);
}

/** What is wrong with a tree: operands that are missing, and what is gone. `properties`: of the event in hand; null: any may be named. */
export function filterProblems(tree: FilterTree | null, properties: Fields | null, view: WorkspaceView): Words[] {
  if (tree === null) return [];
  return conditionsOf(tree).flatMap((condition) =>
    isOperandMissing(condition)
      ? [words('words.problem.filter_value_missing')]
      : isNoDate(condition)
        ? [words('words.problem.filter_not_a_date')]
        : conditionProblems(condition, properties, view)
  );
}

function conditionProblems(
  { subject, kind, value }: Condition,
  properties: Fields | null,
  view: WorkspaceView
): Words[] {
  const ids = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
  const gone = (table: ReferenceTable, wanted: readonly string[] = ids): Words[] =>
    wanted.some((id) => !referable(view, table).has(id)) ? [words(`words.problem.gone_${table}`)] : [];
  const attributeProblems = (table: 'attributes' | 'companyAttributes', id: string): Words[] => {
    const attribute = view[table].get(id);
    if (!attribute) return [words('words.problem.filter_attribute_gone', { attribute: id })];
    return attribute.kind === kind ? [] : [words('words.problem.filter_kind_changed', { attribute: attribute.name })];
  };
  switch (subject.of) {
    case 'attribute':
      return attributeProblems('attributes', subject.attributeId);
    case 'company':
      return subject.attributeId === null ? [] : attributeProblems('companyAttributes', subject.attributeId);
    case 'lists':
    case 'segments':
    case 'programs':
    case 'tiers':
      return gone(subject.of);
    case 'balance':
      return gone('balances', [subject.balanceId]);
    case 'contact':
      return subject.field === 'ownerId' ? gone('users') : [];
    case 'count':
      return [
        ...(subject.what === 'events' ? eventProblems(subject.event ?? '') : []),
        ...filterProblems(subject.where ?? null, propertiesOf(subject.event ?? ''), view)
      ];
    case 'last':
      return eventProblems(subject.event);
    case 'event': {
      const [name = ''] = subject.property.split('.');
      if (properties !== null && !(name in properties))
        return [words('words.problem.filter_property_unknown', { property: subject.property })];
      const control = properties?.[name]?.control;
      return control?.kind === 'reference' ? gone(control.table) : [];
    }
  }
}

function eventProblems(type: string): Words[] {
  return EVENT_TYPES.has(type) ? [] : [words('words.problem.event_unknown')];
}

function pathProblems(graph: Graph, catalogue: Catalogue): Problem[] {
  const found = reachable(graph, catalogue);
  return graph.steps.flatMap((step): Problem[] => {
    const problems: Problem[] = [];
    if (!found.has(step.id))
      problems.push({ severity: 'warning', nodeId: step.id, words: words('words.problem.unreachable') });
    const definition = catalogue.steps.get(step.unit);
    const branches = definition
      ? branchesOf(definition, { ...initialValues(definition.fields), ...step.fields })
      : Object.keys(step.next);
    for (const branch of branches) {
      const target = step.next[branch] ?? null;
      if (target !== null && !stepOf(graph, target))
        problems.push({ severity: 'error', nodeId: step.id, words: words('words.problem.step_gone') });
    }
    return problems;
  });
}

/** A cycle in which no step lets time pass would turn for ever. Steps that pass time are taken out; what still turns is refused. */
function loopProblems(graph: Graph, catalogue: Catalogue): Problem[] {
  const state = new Map<string, 'open' | 'done'>();
  const problems: Problem[] = [];
  const visit = (stepId: string): void => {
    const step = stepOf(graph, stepId);
    const definition = step && catalogue.steps.get(step.unit);
    if (!step || state.get(stepId) === 'done' || (definition?.kind === 'rule' && definition.passesTime)) return;
    state.set(stepId, 'open');
    for (const target of targetsOf(step, definition)) {
      if (state.get(target) === 'open')
        problems.push({ severity: 'error', nodeId: stepId, words: words('words.problem.loop') });
      else visit(target);
    }
    state.set(stepId, 'done');
  };
  for (const { id } of graph.steps) if (!state.has(id)) visit(id);
  return problems;
}
