/** What a process tells of one run. */
export interface Report {
  readonly seed: number;
  readonly hash: number;
  /** In words; null: all holds. */
  readonly violation: string | null;
  /** What happened in the world, and the last turns, where something does not hold. */
  readonly story: string[];
  readonly trace: string[];
  readonly coverage: { runs: number; units: [string, number][]; faults: [string, number][] };
}
