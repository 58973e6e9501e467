import type { Id } from '$lib/core/ids';
import { DAY } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { OutboxRow } from '$lib/core/rows/messages';
import {
  MOST_DAYS,
  type Backtest,
  type BacktestRequest,
  type Simulated,
  type SimulationRequest
} from '$lib/core/simulation';
import { words } from '$lib/core/words';
import { checkGraph } from '$lib/engine/check';
import type { SimulatorApi } from '../api';
import type { Parts } from '../parts';
import { backtest } from './backtest';
import { copied } from './copy';
import { entering } from './entry';
import { peopleFor } from './people';
import { replayOf, whyOf } from './replay';
import { run, type Control, type Ran } from './run';
import type { Subject } from './subject';

/** One simulation at a time, as one looks at one: a new one ends the one before. Nothing of it is stored. */
export class Simulator {
  private current = 0;
  private messages: ReadonlyMap<Id, OutboxRow> = new Map();

  constructor(
    private readonly parts: Parts,
    private readonly real: Pick<Control, 'clock' | 'pause'>
  ) {}

  get api(): SimulatorApi {
    return {
      run: (request, onProgress) => this.taken((control) => this.simulate(request, control), onProgress),
      cancel: () => {
        this.current++;
        return Promise.resolve();
      },
      backtest: (request, onProgress) => this.taken((control) => this.goBack(request, control), onProgress),
      replay: (enrolmentId) => this.parts.storage.read((reader) => replayOf(reader, enrolmentId)),
      why: (decision) => this.parts.storage.read((reader) => whyOf(reader, decision, this.parts.now())),
      message: (id) => Promise.resolve(this.messages.get(id)?.request ?? null)
    };
  }

  /** Runs one, keeps its messages, and says in words why there is none. */
  private async taken<T extends { readonly ran: Ran }>(
    work: (control: Control) => Promise<Result<T | null>>,
    onProgress: Control['onProgress']
  ): Promise<Result<Omit<T, 'ran'> & Pick<Ran, 'simulation'>>> {
    const own = ++this.current;
    const control = { ...this.real, isCancelled: () => this.current !== own, onProgress };
    const result = await work(control);
    if (!result.ok) return result;
    if (result.value === null || control.isCancelled()) return failed(words('words.simulator.cancelled'));
    const { ran, ...more } = result.value;
    this.messages = ran.messages;
    return ok({ ...more, simulation: ran.simulation });
  }

  private async simulate(request: SimulationRequest, control: Control): Promise<Result<{ ran: Ran } | null>> {
    const subject = await this.subjectOf(request.automationId, request.runs);
    if (!subject.ok) return subject;
    const { automation, graph, settings, view } = subject.value;
    const { start, seed, others } = request;
    const { storage, catalogue } = this.parts;
    const people = await peopleFor(request.people, { storage, catalogue, graph, now: this.parts.now(), seed });
    if (people.length === 0) return failed(words('words.simulator.nobody'));
    const timeZone = view.settings.get('workspace')?.timeZone ?? 'UTC';
    const way = { automationId: automation.id, graph, catalogue, start, seed, timeZone };
    const { contacts, planned } = entering(people, request.entry, way);
    const copy = await storage.read((reader) =>
      copied(reader, { automation, graph, settings, contacts, start, others })
    );
    const ran = await run(
      {
        automationId: automation.id,
        graph,
        settings,
        copied: copy,
        start,
        end: start + Math.min(Math.max(1, request.days), MOST_DAYS) * DAY,
        seed,
        script: request.script,
        planned
      },
      this.parts,
      control
    );
    return ok(ran && { ran });
  }

  private async goBack(
    request: BacktestRequest,
    control: Control
  ): Promise<Result<(Omit<Backtest, 'simulation'> & { ran: Ran }) | null>> {
    const subject = await this.subjectOf(request.automationId, request.runs);
    if (!subject.ok) return subject;
    return backtest(subject.value, request.days, this.parts, control);
  }

  /** Refused as publishing is, while the draft has problems. */
  private async subjectOf(automationId: Id, runs: Simulated): Promise<Result<Subject>> {
    const view = await this.parts.storage.read((reader) => reader.view());
    const automation = view.automations.get(automationId);
    if (!automation) return failed(words('words.automation.gone'));
    const version = view.versions.get(automation.activeVersionId ?? '');
    if (runs === 'active' && !version) return failed(words('words.automation.not_active'));
    const { graph, settings } = runs === 'active' && version ? version : automation.draft;
    const problems = checkGraph(graph, settings, { catalogue: this.parts.catalogue, view, automationId });
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (runs === 'draft' && errors[0])
      return failed(words('words.automation.has_problems', { count: errors.length, first: errors[0].words }));
    return ok({ automation, graph, settings, view });
  }
}
