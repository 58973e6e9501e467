import { createContext } from 'svelte';
import type { UnitDefinition } from '$lib/core/definitions';
import type { StepNode, TriggerNode } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Problem } from '$lib/engine/check';
import { isTextReady, locale, m } from '$lib/i18n';
import { dismissToast, toast } from '$lib/ui/toasts.svelte';
import { entryEvent } from '$lib/views/fields/event-subjects';
import { setForm } from '$lib/views/fields/form-context';
import { cardOf, countsOf, type Card, type Counts, type Trail } from './cards';
import type { EditorState } from './editor-state.svelte';
import { canMove } from './graph-edits';
import { remembering } from './kept';
import { stepIn, type Place } from './places';
import type { Comparison } from './versions/comparison';

/** A question to the palette: what goes into this place? */
export interface Picking {
  readonly place: Place | null;
  readonly anchor: HTMLElement | null;
  readonly kinds: 'all' | 'steps' | 'triggers';
}

/** A step on its way to another place, alone or with all that follows it: the places say whether they take it. */
export interface Moving {
  readonly id: Id;
  readonly rest: 'alone' | 'branch';
  /** Dropped where the mouse lets go of it, or put where one chooses. */
  readonly by: 'drag' | 'choice';
}

/** What of the canvas keys can ask for. */
export interface CanvasActions {
  readonly fit: () => void;
  readonly addNote: () => void;
}

/** A graph that is only shown: a simulation, the replay of a journey, or a version beside another one. */
export interface ShownOnly {
  readonly trail: () => Trail | null;
  readonly isMoving: () => boolean;
  readonly comparison: () => Comparison | null;
}

/** What the parts of one editor share: the draft, the cards made from it, and which panel is open. */
export class EditorContext {
  picking = $state.raw<Picking | null>(null);
  /** The unit that is being dragged from the palette. */
  dragged = $state<string | null>(null);
  isFormOpen = $state(false);
  panel = $state<'problems' | 'settings' | 'keys' | 'publish' | null>(null);
  /** To be brought into sight, each time anew. */
  asked = $state.raw<{ readonly id: Id } | null>(null);
  /** Null beside a list. */
  canvas: CanvasActions | null = null;
  #moving = $state.raw<Moving | null>(null);
  /** Says whether a place takes what is being moved. */
  readonly takes: ((place: Place) => boolean) | null = $derived.by(
    () => this.moving && canMove(this.editing.graph, this.moving.id, this.moving.rest)
  );
  #offer: number | null = null;
  /** Nodes whose form has been left once: their fields may say what is wrong. */
  #visited = $state.raw<ReadonlySet<Id>>(new Set());

  readonly #cardOf = remembering<TriggerNode | StepNode, Card>();
  readonly cards: ReadonlyMap<Id, Card> = $derived.by(() => {
    const { graph, catalogue, problems } = this.editing;
    const view = this.editing.view();
    const counts = this.counts();
    // What was wrong with a version of the past is of no interest, and ghosts lead nowhere.
    const problemsOf = byNode(this.comparison ? [] : problems);
    const card = (node: TriggerNode | StepNode, definition: UnitDefinition | undefined): Card => {
      const around = { view, graph, problems: problemsOf.get(node.id) ?? [], counts: countsOf(node.id, counts) };
      // A jump names the step that it leads to.
      const named = definition && 'leadsTo' in definition ? graph : null;
      const { waiting, sent, failed } = around.counts;
      const wrong = JSON.stringify(around.problems);
      const madeWith = [definition, view, named, wrong, waiting, sent, failed, locale(), isTextReady()];
      return this.#cardOf(node, madeWith, () => cardOf(node, definition, around));
    };
    return new Map<Id, Card>([
      ...graph.triggers.map((node) => [node.id, card(node, catalogue.triggers.get(node.unit))] as const),
      ...graph.steps.map((node) => [node.id, card(node, catalogue.steps.get(node.unit))] as const)
    ]);
  });

  constructor(
    readonly editing: EditorState,
    readonly counts: () => Counts,
    private readonly shown: ShownOnly | null = null
  ) {}

  /** The graph is looked at, not edited. */
  get isReadOnly(): boolean {
    return this.shown !== null;
  }
  get trail(): Trail | null {
    return this.shown?.trail() ?? null;
  }
  get comparison(): Comparison | null {
    return this.shown?.comparison() ?? null;
  }
  /** Whether time passes: what goes along the edges is seen to move. */
  get isMoving(): boolean {
    return this.shown?.isMoving() ?? false;
  }

  /** What is being moved, as long as it is there. */
  get moving(): Moving | null {
    return this.#moving && stepIn(this.editing.graph, this.#moving.id) ? this.#moving : null;
  }

  startMoving(moving: Moving): void {
    const { id, rest, by } = this.moving ?? {};
    if (id !== moving.id || rest !== moving.rest || by !== moving.by) this.#moving = moving;
  }

  stopMoving(): void {
    this.#moving = null;
  }

  /** Puts what is being moved into a place, and offers to take that back where it was chosen. */
  moveTo(place: Place): void {
    const { moving, editing } = this;
    this.#moving = null;
    if (!moving) return;
    editing.moveStep(moving.id, place, moving.rest);
    editing.choose(moving.id);
    if (moving.by === 'choice') this.#offerUndo(m['editor.moved']());
    this.asked = { id: moving.id };
  }

  /** Takes out the chosen node, and offers to take that back. */
  removeChosen(rest: 'keep' | 'branch'): void {
    const { editing } = this;
    if (editing.chosenId === null) return;
    editing.remove(editing.chosenId, rest);
    this.#offerUndo(m['editor.removed']());
  }

  #offerUndo(text: string): void {
    const { editing } = this;
    const after = editing.graph;
    this.#offer = toast({
      text,
      // Once something else was edited, going back would take back that.
      action: { label: m['ui.undo'](), run: () => editing.graph === after && editing.undo() }
    });
  }

  undo(): void {
    if (this.#offer !== null) dismissToast(this.#offer);
    this.#offer = null;
    this.editing.undo();
  }

  pick(place: Place | null, anchor: HTMLElement | null, kinds: Picking['kinds'] = 'steps'): void {
    this.picking = { place, anchor, kinds };
  }

  /** Chooses a node and opens its form. */
  open(id: Id): void {
    this.editing.choose(id);
    this.isFormOpen = true;
  }

  visit(id: Id): void {
    if (!this.#visited.has(id)) this.#visited = new Set([...this.#visited, id]);
  }

  isVisited(id: Id): boolean {
    return this.#visited.has(id);
  }
}

function byNode(problems: readonly Problem[]): ReadonlyMap<Id | null, readonly Problem[]> {
  const found = new Map<Id | null, Problem[]>();
  for (const problem of problems) found.set(problem.nodeId, [...(found.get(problem.nodeId) ?? []), problem]);
  return found;
}

const [getEditor, setContext] = createContext<EditorContext>();
export { getEditor };

/** For all that is inside: the editor, and what the controls of its forms offer things from. */
export function setEditor(editor: EditorContext): EditorContext {
  setContext(editor);
  const { editing } = editor;
  setForm({
    view: editing.view,
    automationId: editing.automationId,
    event: () => entryEvent(editing.graph, editing.catalogue),
    steps: () =>
      editing.graph.steps
        .filter(({ id }) => id !== editing.chosenId)
        .map(({ id }) => {
          const card = editor.cards.get(id);
          return { value: id, label: [card?.name ?? id, card?.sentence].filter(Boolean).join(' · ') };
        })
  });
  return editor;
}
