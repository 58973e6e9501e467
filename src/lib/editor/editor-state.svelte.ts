import type { Catalogue, StepDefinition, TriggerDefinition } from '$lib/core/definitions';
import type { AutomationSettings, Graph, StepNode, TriggerNode } from '$lib/core/graph';
import type { Id, NewId } from '$lib/core/ids';
import type { WorkspaceView } from '$lib/core/tables';
import { checkGraph, type Problem } from '$lib/engine/check';
import { Autosave, type Write } from './autosave.svelte';
import { clipOf, paste, readClip, writeClip } from './clipboard';
import * as edits from './graph-edits';
import { History } from '$lib/ui/history.svelte';
import { after, endOfPath, ENTRY, mainBranch, stepIn, targetAt, type Place } from './places';

/** What a write is refused with where somebody else has written the same part otherwise. */
const CHANGED_MEANWHILE = 'words.automation.changed_meanwhile';

export interface Draft {
  readonly graph: Graph;
  readonly settings: AutomationSettings;
}

export interface EditorGiven {
  readonly automationId: Id;
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  /** The small tables as they are now; reactive. */
  readonly view: () => WorkspaceView;
  readonly save: Write<Draft>;
  readonly newId: NewId;
  /** How long after the last edit the draft is written, in ms. */
  readonly pause?: number;
}

/** One automation being edited: its draft with past and future, what is chosen, what is wrong, and whether all is saved. */
export class EditorState {
  readonly automationId: Id;
  readonly catalogue: Catalogue;
  readonly view: () => WorkspaceView;
  readonly saving: Autosave<Draft>;
  readonly #newId: NewId;
  readonly #history: History<Draft>;
  #chosenId = $state<Id | null>(null);
  #foreign = $state.raw<Draft | null>(null);

  readonly graph: Graph = $derived.by(() => this.#history.present.graph);
  readonly settings: AutomationSettings = $derived.by(() => this.#history.present.settings);
  readonly problems: readonly Problem[] = $derived.by(() =>
    checkGraph(this.graph, this.settings, {
      catalogue: this.catalogue,
      view: this.view(),
      automationId: this.automationId
    })
  );
  readonly errors: readonly Problem[] = $derived(this.problems.filter(({ severity }) => severity === 'error'));

  constructor(given: EditorGiven) {
    this.automationId = given.automationId;
    this.catalogue = given.catalogue;
    this.view = given.view;
    this.#newId = given.newId;
    this.#history = new History(given.draft);
    this.saving = new Autosave(given.draft, given.save, given.pause);
  }

  /** The node chosen, as long as it is there. */
  get chosenId(): Id | null {
    const id = this.#chosenId;
    return id !== null && this.node(id) !== undefined ? id : null;
  }
  get chosen(): TriggerNode | StepNode | undefined {
    return this.chosenId === null ? undefined : this.node(this.chosenId);
  }
  /** The draft that another tab or device has written meanwhile, with which the edits of this one cannot go together. */
  get theirs(): Draft | null {
    return this.saving.failure?.key === CHANGED_MEANWHILE ? this.#foreign : null;
  }
  get canUndo(): boolean {
    return this.#history.canUndo;
  }
  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  node(id: Id): TriggerNode | StepNode | undefined {
    return stepIn(this.graph, id) ?? this.graph.triggers.find((trigger) => trigger.id === id);
  }

  problemsOf(id: Id): readonly Problem[] {
    return this.problems.filter(({ nodeId }) => nodeId === id);
  }

  choose(id: Id | null): void {
    this.#chosenId = id;
  }

  edit(change: (graph: Graph) => Graph, key?: string): void {
    const { present } = this.#history;
    const graph = change(present.graph);
    if (graph !== present.graph) this.#take({ ...present, graph }, key);
  }

  setSettings(change: Partial<AutomationSettings>, key?: string): void {
    const { present } = this.#history;
    this.#take({ ...present, settings: { ...present.settings, ...change } }, key);
  }

  setField(id: Id, name: string, value: unknown): void {
    this.setFields(id, { [name]: value });
  }

  /** Several fields at once; typing on in the first is one step back. */
  setFields(id: Id, fields: Readonly<Record<string, unknown>>): void {
    const [first = ''] = Object.keys(fields);
    this.edit((graph) => edits.setFields(graph, this.catalogue, id, fields), `${id} ${first}`);
  }

  addTrigger(definition: TriggerDefinition): void {
    const trigger = edits.newTrigger(definition, this.#newId());
    this.edit((graph) => edits.addTrigger(graph, trigger));
    this.choose(trigger.id);
  }

  /** Into the place given; else after the chosen step, or at the end of the main path. */
  addStep(definition: StepDefinition, place: Place | null = this.placeAfterChosen()): void {
    const step = edits.newStep(definition, this.#newId());
    this.edit((graph) => (place ? edits.insertStep(graph, step, place) : edits.appendStep(graph, step)));
    this.choose(step.id);
  }

  /** By its id from the palette: a trigger goes to the others, whatever the place. */
  addUnit(unit: string, place?: Place): void {
    const trigger = this.catalogue.triggers.get(unit);
    const step = this.catalogue.steps.get(unit);
    if (trigger) this.addTrigger(trigger);
    else if (step) this.addStep(step, place ?? this.placeAfterChosen());
  }

  moveStep(id: Id, place: Place, rest: 'alone' | 'branch' = 'alone'): void {
    this.edit((graph) => (rest === 'branch' ? edits.moveBranch : edits.moveStep)(graph, id, place));
  }

  /** Takes a node out; the one before it is chosen next. */
  remove(id: Id, rest: 'keep' | 'branch' = 'keep'): void {
    const step = stepIn(this.graph, id);
    const main = step ? mainBranch(step) : null;
    const neighbour = step
      ? (this.graph.steps.find(({ next }) => Object.values(next).includes(id))?.id ??
        (main === null ? null : (step.next[main] ?? null)))
      : null;
    this.edit((graph) => edits.removeNode(graph, id, rest));
    this.choose(neighbour);
  }

  duplicate(id: Id): void {
    const newId = this.#newId();
    const trigger = this.graph.triggers.find((one) => one.id === id);
    if (trigger)
      this.edit((graph) => edits.addTrigger(graph, { ...trigger, fields: structuredClone(trigger.fields), id: newId }));
    else this.edit((graph) => edits.duplicateStep(graph, id, newId));
    this.choose(newId);
  }

  /** Returns the id of the note. */
  addNote(position: { x: number; y: number }): Id {
    const id = this.#newId();
    this.edit((graph) => edits.addNote(graph, { id, text: '', position }));
    return id;
  }

  /** What goes onto the clipboard; null where nothing of that id can. */
  copy(id: Id, rest: 'alone' | 'branch' = 'alone'): string | null {
    const clip = clipOf(this.graph, id, rest);
    return clip && writeClip(clip);
  }

  /** Whether the text held steps of ours. */
  paste(text: string, place: Place | null = this.placeAfterChosen()): boolean {
    const clip = readClip(text);
    if (!clip) return false;
    const where = place ?? endOfPath(this.graph) ?? ENTRY;
    const { graph, pasted } = paste(this.graph, clip, where, { catalogue: this.catalogue, newId: this.#newId });
    this.edit(() => graph);
    this.choose(pasted[0] ?? null);
    return true;
  }

  undo(): void {
    if (this.#history.undo()) this.saving.want(this.#history.present);
  }

  redo(): void {
    if (this.#history.redo()) this.saving.want(this.#history.present);
  }

  /**
   * The draft as the database now shows it. Somebody else's edit is taken over, as one that can be undone; while there are edits here that
   * are not written, it waits for the answer to these.
   */
  receive(draft: Draft): void {
    if (!this.saving.isForeign(draft)) return;
    if (this.saving.isPending) this.#foreign = draft;
    else this.takeTheirs(draft);
  }

  takeTheirs(draft = this.#foreign): void {
    if (!draft) return;
    this.saving.accept(draft);
    this.#history.push(draft);
    this.#foreign = null;
  }

  keepOurs(): void {
    if (this.#foreign) this.saving.accept(this.#foreign);
    this.#foreign = null;
    this.saving.want(this.#history.present);
  }

  placeAfterChosen(): Place | null {
    const chosen = this.chosenId;
    if (chosen === null) return null;
    if (this.graph.triggers.some(({ id }) => id === chosen)) return ENTRY;
    const branches = Object.keys(stepIn(this.graph, chosen)?.next ?? {});
    // A branch that leads nowhere yet waits for the next step.
    const open = branches.find((branch) => targetAt(this.graph, after(chosen, branch)) === null);
    const branch = branches.length > 1 ? (open ?? branches[0]) : branches[0];
    return branch === undefined ? null : after(chosen, branch);
  }

  #take(draft: Draft, key?: string): void {
    this.#history.push(draft, key);
    this.saving.want(draft);
  }
}
