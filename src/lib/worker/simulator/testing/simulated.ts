import type { ScriptLine, Simulation, SimulationRequest } from '$lib/core/simulation';
import { START, type World } from '../../testing/world';
import { Simulator } from '../simulator';

const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
export const simulatorOf = (world: World) => new Simulator(world.parts, { clock: () => performance.now(), pause }).api;

/** Two in five open the welcome, within a day. */
export const opens: ScriptLine = {
  id: 'line1',
  who: { of: 'share', percent: 40 },
  does: { type: 'email.opened', properties: {} },
  when: { from: 'step', stepId: 's2', after: { amount: 2, unit: 'hours' }, spread: { amount: 1, unit: 'days' } }
};

/** The draft of the welcome, for a hundred people over a month. */
export const welcome: SimulationRequest = {
  automationId: 'a1',
  runs: 'draft',
  people: { of: 'invented', count: 100 },
  entry: { by: 'trigger', triggerId: 't1', properties: { listId: 'l1' }, over: { amount: 30, unit: 'days' } },
  script: [opens],
  start: START,
  days: 90,
  seed: 1,
  others: false
};

export async function simulated(world: World, request: Partial<SimulationRequest> = {}): Promise<Simulation> {
  const result = await simulatorOf(world).run({ ...welcome, ...request });
  if (!result.ok) throw new Error(JSON.stringify(result.reason));
  return result.value.simulation;
}

/** The fields of a step that sends the welcome's template. */
export const email = { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch' };
