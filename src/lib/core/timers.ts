import type { Milliseconds } from './instants';

/** Ends a timer; once it has run, nothing. */
export type Cancel = () => void;

/** Where timers come from: the platform's in the app, virtual ones in the simulation and the simulator. */
export interface Timers {
  /** Runs `work` once, `delay` ms from now at the earliest. */
  after(delay: Milliseconds, work: () => void): Cancel;
}
