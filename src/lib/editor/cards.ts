import type { UnitDefinition } from '$lib/core/definitions';
import type { Fields, ValuesOf } from '$lib/core/fields';
import type { Graph, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';
import type { Problem } from '$lib/engine/check';
import { m, words } from '$lib/i18n';
import { stepIn } from './places';
import { unitName } from '$lib/views/catalogue/units';

export type CardKind = 'trigger' | 'action' | 'rule';

/** What is counted at a step: how many are there, how many left it by each branch. */
export interface Counts {
  readonly waiting: Readonly<Record<Id, number>>;
  /** `${stepId} ${branch}` → how often it was left that way */
  readonly left: Readonly<Record<string, number>>;
  /** How many came in by each trigger. Where it is given, every edge shows how many went along it. */
  readonly entered?: Readonly<Record<Id, number>>;
}

/** The way that one journey has gone: what is not on it steps back. */
export interface Trail {
  readonly nodes: ReadonlySet<Id>;
  /** By `placeKey`, and `entry <trigger id>`. */
  readonly edges: ReadonlySet<string>;
  /** Where it is. */
  readonly at: Id | null;
}

export const NO_COUNTS: Counts = { waiting: {}, left: {} };

/** A problem with the name of the field it is about. */
interface CardProblem {
  readonly severity: Problem['severity'];
  readonly text: string;
}

/** What the card of a trigger or a step shows. */
export interface Card {
  readonly id: Id;
  readonly kind: CardKind;
  readonly icon: string;
  readonly name: string;
  /** What its settings say; null while they say nothing yet. */
  readonly sentence: string | null;
  readonly problems: readonly CardProblem[];
  readonly waiting: number;
  readonly sent: number;
  readonly failed: number;
}

/** What is counted at one node. */
export interface NodeCounts {
  readonly waiting: number;
  readonly sent: number;
  readonly failed: number;
}

export function countsOf(id: Id, { waiting, left }: Counts): NodeCounts {
  return { waiting: waiting[id] ?? 0, sent: left[`${id} sent`] ?? 0, failed: left[`${id} failed`] ?? 0 };
}

/** `kind` is the definition's own; a step of a unit that is not known counts as an action. */
export function cardOf(
  node: TriggerNode | StepNode,
  definition: UnitDefinition | undefined,
  {
    view,
    graph,
    problems,
    counts
  }: { view: WorkspaceView; graph: Graph; problems: readonly Problem[]; counts: NodeCounts }
): Card {
  const sends = definition !== undefined && 'request' in definition;
  return {
    id: node.id,
    kind: 'next' in node ? (definition?.kind ?? 'action') : 'trigger',
    icon: definition?.icon ?? 'circle-dashed',
    name: definition ? unitName(node.unit) : node.unit,
    sentence: sentenceOf(node, definition, view, graph),
    problems: problems.map((problem) => shownProblem(problem, node.unit)),
    waiting: counts.waiting,
    sent: sends ? counts.sent : 0,
    failed: sends ? counts.failed : 0
  };
}

function shownProblem({ severity, field, words: text }: Problem, unit: string): CardProblem {
  // Other problems say themselves what they are about.
  const isBare = text.key === 'words.problem.required' || text.key === 'words.problem.invalid';
  const label = field !== undefined && isBare ? words({ key: `catalogue.${unit}.fields.${field}.label` }) : null;
  return { severity, text: [label, words(text)].filter(Boolean).join(' · ') };
}

/** One sentence made from the settings. A jump names the step that it leads to. */
export function sentenceOf(
  node: TriggerNode | StepNode,
  definition: UnitDefinition | undefined,
  view: WorkspaceView,
  graph: Graph
): string | null {
  if (!definition) return null;
  const fields = fieldsOf(node, definition) as ValuesOf<Fields>;
  try {
    const text = definition.sentence?.({ fields, view }) ?? null;
    if (text === null) return null;
    if (!('leadsTo' in definition)) return words(text);
  } catch {
    // Settings of another shape than this version's, which the problems tell.
    return null;
  }
  const target = stepIn(graph, definition.leadsTo(fields) ?? '');
  return target ? m['editor.towards']({ step: unitName(target.unit) }) : null;
}
