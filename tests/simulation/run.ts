import { type Coverage } from './coverage';
import { live } from './histories';
import { INVARIANTS } from './invariants';
import { memoryMachine } from './machines';
import { Random } from './random';
import { SMALL, WHOLE } from './scale';
import { settle } from './settle';
import { Simulation, Violation, type Machine } from './simulation';
import { workspace } from './workspaces';

/** What a run has come to. `hash`: of everything that happened; the same seed gives the same. */
export interface Outcome {
  readonly seed: number;
  readonly hash: number;
  readonly turns: number;
  readonly violation: Violation | null;
  /** What happened in the world, oldest first. */
  readonly story: readonly string[];
  /** The last turns. */
  readonly trace: readonly string[];
  readonly coverage: Coverage;
}

/** One run: a workspace, what happens in it and to it, and then, when all is quiet, everything that must hold. */
export async function run(seed: number, machine: Machine = memoryMachine()): Promise<Outcome> {
  const random = new Random(seed);
  const simulation = new Simulation(random.fork(), machine, INVARIANTS);
  simulation.listen();
  try {
    await simulation.prepare(workspace(random.fork()));
    const scale = machine.isReal ? SMALL : WHOLE;
    await live(simulation, random.fork(), scale, seed);
    await settle(simulation, random.fork(), scale);
  } catch (error) {
    if (!(error instanceof Violation)) simulation.violated(new Violation('the run comes to its end', stackOf(error)));
    else simulation.violated(error);
  } finally {
    simulation.unlisten();
    for (const tab of simulation.tabs) tab.die();
    await machine.end();
  }
  const { coverage, faults, scheduler, violation } = simulation;
  coverage.add({ runs: 1, units: [], faults: faults.struck });
  return {
    seed,
    hash: scheduler.hash,
    turns: scheduler.turns,
    violation,
    story: scheduler.story(),
    trace: scheduler.trace(),
    coverage
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
