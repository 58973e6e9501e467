import { Coverage } from './coverage';
import { run } from './run';
import type { Machine } from './simulation';

/** Runs these seeds; throws at the first violation, with what happened and how to see it again. Returns what was reached. */
export async function holdsFor(first: number, runs: number, machine: () => Machine): Promise<Coverage> {
  const coverage = new Coverage();
  for (let seed = first; seed < first + runs; seed++) {
    const { violation, story, coverage: reached } = await run(seed, machine());
    coverage.add({ runs: 1, units: reached.units, faults: reached.faults });
    if (!violation) continue;
    const again = `npm run simulate -- --seed ${seed} --runs 1`;
    throw new Error([`seed ${seed}: ${violation.message}`, ...story.slice(-80), `Again: ${again}`].join('\n'));
  }
  return coverage;
}
