// npm run simulate:mutants [-- --runs N] [--only TEXT] [--jobs N]: puts each deliberate fault of mutants.ts into the engine and shows that the
// simulation catches it, or, where its mutant names one, a file of unit tests.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { bundle } from './bundle.mjs';
import { passes } from './unit-tests.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '600' },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: String(availableParallelism()) }
  }
});
const most = Number(values.runs);
const FIRST = 1;
/** A fault may make a run endless: none takes this long on the slowest computer. */
const LONGEST = 2 * 60_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
/** @type {{ module: typeof import('./mutants') }} */
const { module } = await runnerImport('/tests/simulation/mutants.ts', { configFile: false, root, logLevel: 'error' });
const mutants = module.MUTANTS.filter(({ name }) => name.includes(values.only));
const ahead = mutants.map((mutant, number) => ({ mutant, number }));
let survived = 0;
const ofDevices = 'devices-worker.ts';
const plain = await bundle('plain');
const plainDevices = mutants.some(({ among }) => among === 'devices') ? await bundle('devices', [], ofDevices) : '';

/** Vitest stands once in a process. */
let before = Promise.resolve();
/** @type {Map<string, Promise<boolean>>} whether the tests of a file pass without a fault */
const good = new Map();

await Promise.all(Array.from({ length: Number(values.jobs) }, work));
console.log(`\n${mutants.length - survived} of ${mutants.length} faults are caught`);
process.exitCode = survived > 0 ? 1 : 0;

async function work() {
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    const { mutant, number } = next;
    const { isCaught, how } = mutant.caughtBy
      ? await inUnitTests(mutant, mutant.caughtBy)
      : await inSimulation(mutant, number);
    if (!isCaught) survived++;
    console.log(`${isCaught ? 'caught   ' : 'SURVIVED '} ${mutant.name}\n          ${how}`);
  }
}

/**
 * @param {import('./mutants').Mutant} mutant
 * @param {string} file
 */
async function inUnitTests(mutant, file) {
  if (!good.has(file))
    good.set(
      file,
      oneAtATime(() => passes(file))
    );
  const isGoodWithout = (await good.get(file)) ?? false;
  const isGoodWith = await oneAtATime(() => passes(file, [faultOf(mutant)]));
  return { isCaught: isGoodWithout && !isGoodWith, how: isGoodWithout ? `by ${file}` : `${file} fails without it too` };
}

/**
 * @param {import('./mutants').Mutant} mutant
 * @param {number} number
 */
async function inSimulation(mutant, number) {
  const isAmongDevices = mutant.among === 'devices';
  const faulty = await bundle(`mutant-${number}`, [faultOf(mutant)], isAmongDevices ? ofDevices : undefined);
  const caught = await firstCatch(faulty, FIRST, most);
  if (caught === null) return { isCaught: false, how: `${most} runs` };
  // What fails without the fault too says nothing of it.
  const isCaught = (await firstCatch(isAmongDevices ? plainDevices : plain, caught.seed, 1)) === null;
  const what = caught.violation?.split('\n')[0]?.slice(0, 200);
  return { isCaught, how: `at seed ${caught.seed}${isCaught ? '' : ', which fails without it too'}: ${what}` };
}

/**
 * Puts the fault into the file as it is read.
 * @param {import('./mutants').Mutant} mutant
 * @returns {import('vite').Plugin}
 */
function faultOf({ name, file, replace: [from, to] }) {
  let isIn = false;
  return {
    name: 'mutant',
    enforce: 'pre',
    transform: (code, id) => {
      if (!id.split('?')[0]?.endsWith(`/src/lib/${file}`)) return null;
      if (code.split(from).length !== 2) throw new Error(`${name}: its text is not in ${file} exactly once`);
      isIn = true;
      return code.replace(from, () => to);
    },
    buildEnd: (error) => {
      if (!error && !isIn) throw new Error(`${name}: ${file} is not part of what runs`);
    }
  };
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function oneAtATime(work) {
  const mine = before.then(work);
  before = mine.then(() => undefined);
  return mine;
}

/**
 * Runs seed after seed until something does not hold; null where everything always does.
 * @param {string} file
 * @param {number} first
 * @param {number} runs
 * @returns {Promise<import('./report').Report | null>}
 */
function firstCatch(file, first, runs) {
  return new Promise((resolve) => {
    const child = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    /** @param {import('./report').Report | null} report */
    const end = (report) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(report);
    };
    let seed = first - 1;
    const patience = () => setTimeout(() => end(stuck(seed, 'it never comes to an end')), LONGEST);
    let timer = patience();
    child.on('exit', () => end(stuck(seed, 'it breaks off')));
    child.on('message', (/** @type {import('./report').Report | null} */ report) => {
      seed = report?.seed ?? seed;
      clearTimeout(timer);
      timer = patience();
      if (report === null || report.violation !== null) end(report);
    });
    child.send({ seeds: Array.from({ length: runs }, (_, at) => first + at), isDexie: false });
  });
}

/**
 * @param {number} after
 * @param {string} violation
 * @returns {import('./report').Report}
 */
function stuck(after, violation) {
  return {
    seed: after + 1,
    hash: 0,
    violation,
    story: [],
    trace: [],
    coverage: { runs: 0, units: [], faults: [] }
  };
}
