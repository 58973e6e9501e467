// One process of `npm run simulate`: gets a range of seeds, tells of each run.
import { run } from './run';
import type { Report } from './report';

process.on('message', (asked: { seeds: number[]; isDexie: boolean }) => void work(asked.seeds));

async function work(seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const { hash, violation, story, trace, coverage } = await run(seed);
    const report: Report = {
      seed,
      hash,
      violation: violation?.message ?? null,
      story: violation ? [...story] : [],
      trace: violation ? [...trace] : [],
      coverage: { runs: 1, units: [...coverage.units], faults: [...coverage.faults] }
    };
    process.send?.(report);
  }
  process.send?.(null);
}
