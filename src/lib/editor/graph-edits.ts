import {
  branchesOf,
  type Catalogue,
  type StepDefinition,
  type TriggerDefinition,
  type UnitDefinition
} from '$lib/core/definitions';
import { initialValues } from '$lib/core/fields';
import type { Graph, Note, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { fieldsOf } from '$lib/core/unit-fields';
import { after, endOfPath, mainBranch, stepIn, stepsFrom, targetAt, type Place } from './places';

/*
 * Edits of a graph: each returns a new graph and leaves the given one alone; one that makes no sense returns the very same. Ids are
 * handed in. Whatever is edited, every branch leads to a step that is there, or to the end.
 */

export function newTrigger({ id: unit, version, fields }: TriggerDefinition, id: Id): TriggerNode {
  return { id, unit, version, fields: { ...initialValues(fields) } };
}

export function newStep(definition: StepDefinition, id: Id): StepNode {
  const fields = { ...initialValues(definition.fields) };
  return { id, unit: definition.id, version: definition.version, fields, next: nextOf(definition, fields, {}) };
}

export function addTrigger(graph: Graph, trigger: TriggerNode): Graph {
  return { ...graph, triggers: [...graph.triggers, trigger] };
}

export function removeTrigger(graph: Graph, id: Id): Graph {
  return { ...graph, triggers: graph.triggers.filter((trigger) => trigger.id !== id) };
}

/** Puts a step into a place; what was there follows by its first branch. A step without branches (a jump) cuts it off. */
export function insertStep(graph: Graph, step: StepNode, place: Place): Graph {
  if (place.at === 'branch' && stepIn(graph, place.stepId)?.next[place.branch] === undefined) return graph;
  const first = Object.keys(step.next)[0];
  const inserted = first === undefined ? step : { ...step, next: { ...step.next, [first]: targetAt(graph, place) } };
  return connect({ ...graph, steps: [...graph.steps, inserted] }, place, step.id);
}

/** Puts a step at the end of the main path, or beside it where that has no open end. */
export function appendStep(graph: Graph, step: StepNode): Graph {
  const end = endOfPath(graph);
  return end ? insertStep(graph, step, end) : { ...graph, steps: [...graph.steps, step] };
}

/**
 * Which places a step can be moved to, alone or with all that follows it: not the one where it is, and none in what comes along. A step
 * that moves alone takes its side branches along: they have nothing else to hang on.
 */
export function canMove(graph: Graph, id: Id, rest: 'alone' | 'branch'): (place: Place) => boolean {
  const step = stepIn(graph, id);
  if (!step) return () => false;
  const main = mainBranch(step);
  const cut: Graph = { ...graph, steps: graph.steps.filter((other) => other.id !== id) };
  const sides = Object.entries(step.next).filter(([branch]) => rest === 'branch' || branch !== main);
  const along = new Set([id, ...sides.flatMap(([, target]) => [...stepsFrom(cut, target)])]);
  return (place) => targetAt(graph, place) !== id && (place.at === 'entry' || hasPlace(graph, place, along));
}

function hasPlace(graph: Graph, place: Place & { at: 'branch' }, without: ReadonlySet<Id>): boolean {
  return !without.has(place.stepId) && stepIn(graph, place.stepId)?.next[place.branch] !== undefined;
}

/** Takes a step out of its path, which closes over its main branch, and puts it into another place. */
export function moveStep(graph: Graph, id: Id, place: Place): Graph {
  const step = stepIn(graph, id);
  if (!step || !canMove(graph, id, 'alone')(place)) return graph;
  const main = mainBranch(step);
  // Branches before the main one lead nowhere: what is in the new place will hang on the first of them.
  const next = main === null ? step.next : { ...step.next, [main]: null };
  return insertStep(removeStep(graph, id), { ...withoutPosition(step), next }, place);
}

/**
 * Puts a step with all that follows it into another place; its old path ends before it. What was in the new place follows at its end,
 * as after something pasted; where its path has no open end, that is left without a way to it.
 */
export function moveBranch(graph: Graph, id: Id, place: Place): Graph {
  if (!canMove(graph, id, 'branch')(place)) return graph;
  const along = stepsFrom(graph, id);
  const follower = targetAt(graph, place);
  const redirect = (target: Id | null): Id | null => (target === id ? null : target);
  const cut: Graph = {
    ...graph,
    entry: redirect(graph.entry),
    steps: graph.steps.map((step) => (along.has(step.id) ? withoutPosition(step) : withNext(step, redirect)))
  };
  const moved = connect(cut, place, id);
  if (follower === null || along.has(follower)) return moved;
  const end = endOfPath(moved, place);
  return end ? connect(moved, end, follower) : moved;
}

/**
 * Takes a step out. `keep`: the path closes over its main branch; what hung on other branches stays, without a way to it. `branch`:
 * all that only it led to goes as well.
 */
export function removeStep(graph: Graph, id: Id, rest: 'keep' | 'branch' = 'keep'): Graph {
  const step = stepIn(graph, id);
  if (!step) return graph;
  const main = mainBranch(step);
  const follower = rest === 'branch' || main === null ? null : (step.next[main] ?? null);
  const instead = follower === id ? null : follower;
  const gone = rest === 'branch' ? onlyBelow(graph, id) : new Set([id]);
  const redirect = (target: Id | null): Id | null => {
    if (target === id) return instead;
    return target !== null && gone.has(target) ? null : target;
  };
  return {
    ...graph,
    entry: redirect(graph.entry),
    steps: graph.steps
      .filter((other) => !gone.has(other.id))
      .map((other) => withNext(other, (target) => redirect(target)))
  };
}

/** A copy of a step right after it. */
export function duplicateStep(graph: Graph, id: Id, newId: Id): Graph {
  const step = stepIn(graph, id);
  if (!step) return graph;
  const next = Object.fromEntries(Object.keys(step.next).map((branch) => [branch, null]));
  const copy: StepNode = { ...withoutPosition(step), id: newId, fields: structuredClone(step.fields), next };
  const first = Object.keys(step.next)[0];
  return first === undefined ? { ...graph, steps: [...graph.steps, copy] } : insertStep(graph, copy, after(id, first));
}

/** Lets a place lead to a step that is there. */
export function connect(graph: Graph, place: Place, stepId: Id): Graph {
  return stepIn(graph, stepId) ? lead(graph, place, stepId) : graph;
}

/** Lets a place lead to the end. */
export function disconnect(graph: Graph, place: Place): Graph {
  return lead(graph, place, null);
}

/** Changes fields of a trigger or a step, whose branches follow them. What hung on a branch that is no more stays, without a way to it. */
export function setFields(
  graph: Graph,
  catalogue: Catalogue,
  id: Id,
  fields: Readonly<Record<string, unknown>>
): Graph {
  return {
    ...graph,
    triggers: graph.triggers.map((trigger) =>
      trigger.id === id
        ? { ...trigger, ...settingsWith(trigger, catalogue.triggers.get(trigger.unit), fields) }
        : trigger
    ),
    steps: graph.steps.map((step) => {
      if (step.id !== id) return step;
      const definition = catalogue.steps.get(step.unit);
      const settings = settingsWith(step, definition, fields);
      const next = definition ? nextOf(definition, settings.fields, step.next) : step.next;
      return { ...step, ...settings, next };
    })
  };
}

/** Settings of an older version become today's when they are changed. */
function settingsWith(
  node: TriggerNode | StepNode,
  definition: UnitDefinition | undefined,
  fields: Readonly<Record<string, unknown>>
): Pick<StepNode, 'version' | 'fields'> {
  return definition
    ? { version: definition.version, fields: { ...fieldsOf(node, definition), ...fields } }
    : { version: node.version, fields: { ...node.fields, ...fields } };
}

export function setPosition(graph: Graph, id: Id, position: { x: number; y: number }): Graph {
  return {
    ...graph,
    steps: graph.steps.map((step) => (step.id === id ? { ...step, position } : step)),
    notes: graph.notes.map((note) => (note.id === id ? { ...note, position } : note))
  };
}

/** Gives every step back to the automatic layout. */
export function tidyUp(graph: Graph): Graph {
  return { ...graph, steps: graph.steps.map(withoutPosition) };
}

export function addNote(graph: Graph, note: Note): Graph {
  return { ...graph, notes: [...graph.notes, note] };
}

export function setNote(graph: Graph, id: Id, text: string): Graph {
  return { ...graph, notes: graph.notes.map((note) => (note.id === id ? { ...note, text } : note)) };
}

export function removeNote(graph: Graph, id: Id): Graph {
  return { ...graph, notes: graph.notes.filter((note) => note.id !== id) };
}

/** Takes out whatever has this id. */
export function removeNode(graph: Graph, id: Id, rest: 'keep' | 'branch' = 'keep'): Graph {
  if (stepIn(graph, id)) return removeStep(graph, id, rest);
  return removeNote(removeTrigger(graph, id), id);
}

function lead(graph: Graph, place: Place, target: Id | null): Graph {
  if (place.at === 'entry') return { ...graph, entry: target };
  const { stepId, branch } = place;
  return {
    ...graph,
    steps: graph.steps.map((step) =>
      step.id === stepId && step.next[branch] !== undefined
        ? { ...step, next: { ...step.next, [branch]: target } }
        : step
    )
  };
}

function nextOf(
  definition: StepDefinition,
  fields: Readonly<Record<string, unknown>>,
  before: StepNode['next']
): StepNode['next'] {
  const branches = branchesOf(definition, { ...initialValues(definition.fields), ...fields });
  return Object.fromEntries(branches.map((branch) => [branch, before[branch] ?? null]));
}

/** The step and what nothing else leads to: neither the entry nor a step that stays. */
function onlyBelow(graph: Graph, id: Id): Set<Id> {
  const below = stepsFrom(graph, id);
  const cut: Graph = { ...graph, steps: graph.steps.filter((step) => step.id !== id) };
  const roots = [graph.entry, ...cut.steps.filter((step) => !below.has(step.id)).map((step) => step.id)];
  const kept = new Set(roots.flatMap((root) => [...stepsFrom(cut, root)]));
  return new Set([...below].filter((one) => one === id || !kept.has(one)));
}

function withNext(step: StepNode, redirect: (target: Id | null) => Id | null): StepNode {
  const next = Object.fromEntries(Object.entries(step.next).map(([branch, target]) => [branch, redirect(target)]));
  return { ...step, next };
}

function withoutPosition(step: StepNode): StepNode {
  const { position: _position, ...rest } = step;
  return rest;
}
