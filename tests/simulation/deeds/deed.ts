import type { Edits } from '../edits';
import type { Plan } from '../graphs';
import type { Random } from '../random';
import type { Simulation } from '../simulation';

/** Something that a person does in a tab. Null: there is nothing to do it with. */
export interface Doing {
  readonly label: string;
  readonly work: (edits: Edits) => Promise<unknown>;
}

export type Deed = (world: World) => Doing | null;

/** What people know when they do something: the rows on the screen, the automations that they have made, the files on their disk. */
export interface World {
  readonly simulation: Simulation;
  readonly random: Random;
  readonly plans: Map<string, Plan>;
  /** Files of contacts, by the name that they were imported under. */
  readonly files: Map<string, File>;
  /** Removals that can be taken back. */
  readonly removals: string[];
}

export function contactIds(simulation: Simulation): string[] {
  return simulation.mirror.all('contacts').flatMap(({ id, hiddenAt }) => (hiddenAt === undefined ? [id] : []));
}

export function someContact(simulation: Simulation, random: Random): string | null {
  const ids = contactIds(simulation);
  return ids.length === 0 ? null : random.pick(ids);
}
