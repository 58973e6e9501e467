// npm run simulate -- --seed S --runs N [--dexie | --devices] [--trace LINES] [--jobs N]: N runs from the seed S on, over all cores
// or N processes; of one device, in several tabs, or of two to four devices that share a workspace.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    dexie: { type: 'boolean', default: false },
    devices: { type: 'boolean', default: false },
    trace: { type: 'string', default: '80' },
    keep: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) }
  }
});
const first = Number(values.seed);
const runs = Number(values.runs);
/** Seeds that a process is given at once. */
const SHARE = 25;

const file = values.devices ? await bundle('devices', [], 'devices-worker.ts') : await bundle('plain');
const started = Date.now();
let next = first;
let done = 0;
/** @type {import('./report').Report[]} */
const failures = [];
/** @type {Map<string, number>} */
const units = new Map();
/** @type {Map<string, number>} */
const faults = new Map();

await Promise.all(Array.from({ length: Math.min(Number(values.jobs), runs) }, work));

const seconds = (Date.now() - started) / 1_000;
console.log(`\n${done} runs in ${seconds.toFixed(1)} s: ${(done / seconds).toFixed(1)} a second`);
if (!values.devices)
  console.log(`${units.size} units of the catalogue were reached, seldom: ${tableOf(fewest(units))}`);
if (!values.devices) console.log(`faults: ${tableOf(faults)}`);
process.exitCode = failures.length > 0 || done < runs ? 1 : 0;

/** One process: takes seeds for as long as there are any. */
function work() {
  return new Promise((resolve) => {
    const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const give = () => {
      if (next >= first + runs || (failures.length > 0 && !values.keep)) return child.kill();
      const seeds = Array.from({ length: Math.min(SHARE, first + runs - next) }, (_, at) => next + at);
      next += seeds.length;
      child.send({ seeds, isDexie: values.dexie });
    };
    child.on('message', (/** @type {import('./report').Report | null} */ report) => {
      if (report === null) return give();
      done++;
      for (const [unit, count] of report.coverage.units) units.set(unit, (units.get(unit) ?? 0) + count);
      for (const [fault, count] of report.coverage.faults) faults.set(fault, (faults.get(fault) ?? 0) + count);
      if (report.violation !== null) {
        failures.push(report);
        tell(report);
      }
      if (done % 100 === 0) process.stdout.write(`\r${done} of ${runs}, ${failures.length} failed `);
    });
    child.on('exit', resolve);
    give();
  });
}

/** @param {import('./report').Report} report */
function tell({ seed, violation, story, trace }) {
  console.log(`\nSeed ${seed}: ${violation}`);
  const lines = Number(values.trace);
  if (lines > 0) {
    console.log('What happened:');
    for (const line of story.slice(-3 * lines)) console.log(`  ${line}`);
    console.log('The last turns:');
    for (const line of trace.slice(-lines)) console.log(`  ${line}`);
  }
  const kind = values.devices ? ' --devices' : values.dexie ? ' --dexie' : '';
  console.log(`Again: npm run simulate --${kind} --seed ${seed} --runs 1`);
}

/** @param {Map<string, number>} counts */
function fewest(counts) {
  return new Map([...counts].sort(([, one], [, other]) => one - other).slice(0, 5));
}

/** @param {Map<string, number>} counts */
function tableOf(counts) {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}
