import type { Catalogue } from '$lib/core/definitions';
import type { AutomationSettings, Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant } from '$lib/core/instants';
import type { Result } from '$lib/core/result';
import type {
  Backtest,
  BacktestRequest,
  ScriptLine,
  Simulated,
  SimulatedEntry,
  SimulatedPeople,
  Simulation,
  SimulationProgress,
  SimulationRequest
} from '$lib/core/simulation';
import type { Words } from '$lib/core/words';
import type { Counts, Trail } from '../cards';
import { likelyEntry, likelyScript } from './likely';
import { countsAt, endsAt, journeysAt, trailOf, type End } from './moments';

/** What a simulation is made from, as its form shows it. `start` null: now. */
export interface SimulatorForm {
  readonly runs: Simulated;
  readonly people: SimulatedPeople;
  readonly entry: SimulatedEntry;
  readonly script: readonly ScriptLine[];
  readonly start: Instant | null;
  readonly days: number;
  readonly seed: number;
  readonly others: boolean;
}

export interface SimulatorGiven {
  readonly automationId: Id;
  readonly catalogue: Catalogue;
  readonly draft: { readonly graph: Graph; readonly settings: AutomationSettings };
  readonly now: () => Instant;
  readonly newId: () => Id;
  readonly run: (
    request: SimulationRequest,
    onProgress: (progress: SimulationProgress) => void
  ) => Promise<Result<{ simulation: Simulation }>>;
  readonly backtest: (
    request: BacktestRequest,
    onProgress: (progress: SimulationProgress) => void
  ) => Promise<Result<Backtest>>;
}

/** The form of one automation outlives its screen: coming back from another tab finds it as it was. */
const kept = new Map<Id, SimulatorForm>();

/** A simulation on the screen: its form, its outcome, the instant that is looked at, and the contact whose way is shown. */
export class SimulatorState {
  #form = $state.raw() as SimulatorForm;
  #ran = $state.raw<SimulatorForm | null>(null);
  #graph = $state.raw() as Graph;
  #runs = 0;
  #mode = $state<'ahead' | 'back'>('ahead');
  #backDays = $state<number | null>(30);
  simulation = $state.raw<Simulation | null>(null);
  /** What the past was against what would have been; null while one looks ahead. */
  backtest = $state.raw<Backtest | null>(null);
  failure = $state.raw<Words | null>(null);
  /** From 0 to 1 while it runs; null otherwise. */
  progress = $state<number | null>(null);
  at = $state(0);
  contactId = $state<Id | null>(null);
  stepId = $state<Id | null>(null);
  /** Only those whose journey has come to this are listed. */
  end = $state<End | null>(null);
  isPlaying = $state(false);

  readonly counts: Counts = $derived.by(() =>
    this.simulation
      ? countsAt(this.simulation.journeys, this.at, this.#graph, this.given.catalogue)
      : { waiting: {}, left: {} }
  );
  readonly ends = $derived.by(() => endsAt(this.simulation?.journeys ?? [], this.at, this.#graph));
  readonly trail: Trail | null = $derived.by(() => {
    const journey = journeysAt(this.simulation?.journeys ?? [], this.at).get(this.contactId ?? '');
    if (!journey) return null;
    const count = journey.entries.filter((entry) => entry.at <= this.at).length;
    return trailOf(journey, count, this.#graph, this.given.catalogue);
  });

  constructor(private readonly given: SimulatorGiven) {
    const { automationId, catalogue, draft, newId } = given;
    this.#graph = draft.graph;
    this.#form = fitting(kept.get(automationId), draft.graph) ?? {
      runs: 'draft',
      people: { of: 'invented', count: 100 },
      entry: likelyEntry(draft.graph, catalogue, automationId),
      script: likelyScript(draft.graph, catalogue, automationId, newId),
      start: null,
      days: 90,
      seed: 1,
      others: false
    };
  }

  get form(): SimulatorForm {
    return this.#form;
  }
  /** What is drawn: what was simulated, or the draft. */
  get graph(): Graph {
    return this.#graph;
  }
  get isRunning(): boolean {
    return this.progress !== null;
  }
  /** What is to come, or what has been. */
  get mode(): 'ahead' | 'back' {
    return this.#mode;
  }
  /** How many days back; null: as far as there is something. */
  get backDays(): number | null {
    return this.#backDays;
  }
  /** Whether the outcome is that of another form. */
  get isStale(): boolean {
    return this.simulation !== null && this.#ran !== this.#form;
  }

  set(change: Partial<SimulatorForm>): void {
    this.#form = { ...this.#form, ...change };
    kept.set(this.given.automationId, this.#form);
  }

  setLine(id: Id, change: Partial<ScriptLine>): void {
    this.set({ script: this.#form.script.map((line) => (line.id === id ? { ...line, ...change } : line)) });
  }

  look(mode: 'ahead' | 'back', backDays: number | null = this.#backDays): void {
    this.#mode = mode;
    this.#backDays = backDays;
    this.simulation = null;
    this.backtest = null;
    this.contactId = null;
    void this.run();
  }

  /** A run that another one has taken the place of says nothing any more. */
  async run(): Promise<void> {
    const own = ++this.#runs;
    const form = this.#form;
    const { start, ...rest } = form;
    const { automationId } = this.given;
    this.progress = 0;
    this.failure = null;
    this.isPlaying = false;
    const onProgress = ({ at, start: begun, end }: SimulationProgress): void => {
      if (this.progress !== null) this.progress = (at - begun) / (end - begun);
    };
    const result =
      this.#mode === 'back'
        ? await this.given.backtest({ automationId, runs: form.runs, days: this.#backDays }, onProgress)
        : await this.given.run({ ...rest, automationId, start: start ?? this.given.now() }, onProgress);
    if (own !== this.#runs) return;
    this.progress = null;
    if (!result.ok) {
      this.failure = result.reason;
      return;
    }
    this.take(result.value.simulation);
    this.backtest = 'really' in result.value ? result.value : null;
    this.#ran = form;
  }

  take(simulation: Simulation): void {
    // The canvas stays as it is where the graph is the same.
    if (JSON.stringify(simulation.graph) !== JSON.stringify(this.#graph)) this.#graph = simulation.graph;
    this.simulation = simulation;
    this.at = simulation.end;
    if (!simulation.contacts.some(({ id }) => id === this.contactId)) this.contactId = null;
  }

  /** A day of the simulation, counted from 0. */
  get day(): number {
    return this.simulation ? (this.at - this.simulation.start) / DAY : 0;
  }
}

/** A form that speaks of steps and triggers that are gone is made anew. */
function fitting(form: SimulatorForm | undefined, graph: Graph): SimulatorForm | null {
  if (!form) return null;
  const steps = new Set(graph.steps.map(({ id }) => id));
  const { entry, script } = form;
  if (entry.by === 'trigger' && !graph.triggers.some(({ id }) => id === entry.triggerId)) return null;
  return { ...form, script: script.filter(({ when }) => when.from !== 'step' || steps.has(when.stepId)) };
}
