import { MINUTE, type Instant } from '$lib/core/instants';
import type { Simulation } from '../simulation';

/** A provider's memory of idempotency keys: each for so many minutes after its first use. */
export class KeyMemory {
  private readonly keys = new Map<string, { readonly id: string; readonly at: Instant }>();

  constructor(
    private readonly simulation: Simulation,
    private readonly minutes: number
  ) {}

  /** What was made under the key; null where it is not remembered, or not any more. */
  recall(key: string): string | null {
    const known = this.keys.get(key);
    return known && this.simulation.now - known.at < this.minutes * MINUTE ? known.id : null;
  }

  remember(key: string, id: string): void {
    if (this.recall(key) === null) this.keys.set(key, { id, at: this.simulation.now });
  }
}
