import { ENGINE_MUTANTS } from './engine-mutants';
import { MERGE_MUTANTS } from './merge-mutants';

/** A deliberate fault: one text in one file, and what stands in its place. */
export interface Mutant {
  readonly name: string;
  /** Below src/lib. */
  readonly file: string;
  readonly replace: readonly [from: string, to: string];
  /** The unit tests that catch it, where no simulated tab or browser shows it; below src/lib. */
  readonly caughtBy?: string;
  /** The simulation of several devices that sync catches it, not that of one device. */
  readonly among?: 'devices';
}

/** Each of them breaks a promise; the simulation, or the unit tests named, must catch them all, or they show nothing. Put in when the code is read, never on disk. */
export const MUTANTS: readonly Mutant[] = [...ENGINE_MUTANTS, ...MERGE_MUTANTS];
