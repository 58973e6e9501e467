// One process of `npm run simulate`: gets a range of seeds, tells of each run.
import 'fake-indexeddb/auto';
import { dexieMachine, memoryMachine } from './machines';
import { run } from './run';
import type { Report } from './report';

process.on('message', (asked: { seeds: number[]; isDexie: boolean }) => void work(asked));

async function work({ seeds, isDexie }: { seeds: readonly number[]; isDexie: boolean }): Promise<void> {
  for (const seed of seeds) {
    const { hash, violation, story, trace, coverage } = await run(seed, isDexie ? dexieMachine() : memoryMachine());
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
