import type { FaultName } from './faults';

/** What a run, or a batch of runs, has reached: units of the catalogue, and faults, with how often. */
export class Coverage {
  readonly units = new Map<string, number>();
  readonly faults = new Map<FaultName, number>();
  runs = 0;

  reached(unit: string): void {
    this.units.set(unit, (this.units.get(unit) ?? 0) + 1);
  }

  add(other: { units: Iterable<[string, number]>; faults: Iterable<[string, number]>; runs: number }): void {
    this.runs += other.runs;
    for (const [unit, count] of other.units) this.units.set(unit, (this.units.get(unit) ?? 0) + count);
    for (const [name, count] of other.faults) {
      const fault = name as FaultName;
      this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
    }
  }
}
