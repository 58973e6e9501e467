// npm test: every check and every test, and one line that says how many passed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { resolve as absolute } from 'node:path';
import { ensureChromium } from './browser.mjs';
import { ensureOtherBrowsers } from './browsers/programs.mjs';
import { ensureRemotes } from './remotes/install.mjs';

/** @typedef {{ name: string, program: string, options: string[], report?: string, count?: (report: any) => Count, isBackground?: boolean }} Stage */
/** @typedef {{ passed: number, failed: number, failures: string[] }} Count */

/** For one stage: more than a slow computer needs, less than anybody waits for one that hangs. */
const timeLimit = 60 * 60_000;
const results = 'test-results';
const bin = (/** @type {string} */ name) => `node_modules/.bin/${name}`;

/** @type {Stage[]} what must be there before anything can be checked */
const first = [
  { name: 'messages', program: process.execPath, options: ['src/commands/messages.mjs'] },
  { name: 'relay', program: process.execPath, options: ['src/commands/relay.mjs'] },
  { name: 'tracker', program: process.execPath, options: ['src/commands/tracker.mjs'] },
  { name: 'svelte-kit sync', program: bin('svelte-kit'), options: ['sync'] }
];

/** @type {Stage} */
const build = { name: 'build', program: bin('vite'), options: ['build'] };

/** @type {(name: string, project: string) => Stage} */
const browserTests = (name, project) => ({
  name,
  program: bin('playwright'),
  options: ['test', '-c', 'tests/e2e', `--project=${project}`, '--reporter=line,json'],
  report: `${results}/${project}.json`,
  count: countPlaywright
});

/**
 * What needs the build, one after the other. Those that wait most come first: what only counts, beside them, then has the processors to
 * itself, and none stands idle at the end.
 * @type {Stage[]}
 */
const inTheBrowser = [
  // They measure seconds: beside the browser tests they fail now and then.
  browserTests('browsers that are killed', 'killed'),
  browserTests('browser tests', 'app')
];
/** @type {Stage} */
const inFirefoxAndWebKit = {
  name: 'the core journey in Firefox and WebKit',
  program: bin('playwright'),
  options: ['test', '-c', 'tests/browsers', '--reporter=line,json'],
  report: `${results}/browsers.json`,
  count: countPlaywright
};

/* What only counts, for which any moment will do. */

/** @type {Stage} looks at what is written by hand alone, so that it can begin at once */
const formatting = { name: 'formatting', program: bin('prettier'), options: ['--check', '.'] };
/** @type {Stage[]} one at a time, since each takes much memory */
const checks = [
  { name: 'lint', program: bin('eslint'), options: ['--max-warnings', '0', '.'] },
  { name: 'types', program: bin('svelte-check'), options: ['--tsconfig', './tsconfig.json', '--fail-on-warnings'] },
  { name: 'types of the pure folders', program: bin('tsc'), options: ['-p', 'src/lib/tsconfig.pure.json'] },
  { name: 'types of the service worker', program: bin('tsc'), options: ['-p', 'src/tsconfig.service-worker.json'] },
  {
    name: 'unused code and packages',
    program: bin('knip'),
    options: ['-c', 'src/commands/knip.jsonc', '--no-config-hints']
  }
];
/** @type {Stage} */
const unitTests = {
  name: 'unit and component tests',
  program: bin('vitest'),
  // Left to itself it takes all processors but one.
  options: [
    'run',
    '--maxWorkers=2',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}/vitest.json`
  ],
  report: `${results}/vitest.json`,
  count: countVitest
};

// The build runs beside checks that load svelte.config.js as well.
process.env.RICOCHET_VERSION ??= String(Date.now());

const total = { passed: 0, failed: 0 };
const started = Date.now();
process.exitCode = await main();

async function main() {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  try {
    ensureChromium();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    total.failed++;
    return finish();
  }
  // A browser or server that cannot be had here is no failure of the app, and nothing that passed.
  const absent = ensureOtherBrowsers();
  for (const text of [...absent, ...ensureRemotes()]) console.log(`– not run, not counted: ${text}`);
  if (absent.length < 2) inTheBrowser.unshift(inFirefoxAndWebKit);
  const formatted = inTheBackground([formatting]);
  let isReady = true;
  for (const stage of first) isReady = (await run(stage)) && isReady;
  if (!isReady) notRun([build, ...inTheBrowser, ...checks, unitTests], 'what comes before failed');
  else await Promise.all([buildAndOpen(), inTheBackground(checks), inTheBackground([unitTests])]);
  await formatted;
  return finish();
}

async function buildAndOpen() {
  if (!(await run(build))) return notRun(inTheBrowser, 'there is no build to open');
  for (const stage of inTheBrowser) await run(stage);
}

/**
 * One after the other, with what the browser tests leave of the processors: some of those measure seconds.
 * @param {Stage[]} stages
 */
async function inTheBackground(stages) {
  for (const stage of stages) await run({ ...stage, isBackground: true });
}

/**
 * @param {Stage[]} stages
 * @param {string} reason
 */
function notRun(stages, reason) {
  for (const { name } of stages) {
    console.log(`✗ ${name}: not run, ${reason}`);
    total.failed++;
  }
}

/**
 * @param {Stage} stage
 * @returns {Promise<boolean>} whether all of it passed
 */
async function run(stage) {
  const start = Date.now();
  const { code, output } = await outcome(stage);
  const count = stage.count
    ? countReport(stage, code)
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, failures: [] };
  total.passed += count.passed;
  total.failed += count.failed;

  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const tally = stage.count ? `: ${count.passed} passed${count.failed ? `, ${count.failed} failed` : ''}` : '';
  console.log(`${count.failed ? '✗' : '✓'} ${stage.name}${tally} (${seconds} s)`);
  if (count.failed) console.log(`${output.trim()}\n${count.failures.map((line) => `  ✗ ${line}`).join('\n')}\n`);
  return count.failed === 0;
}

/**
 * @param {Stage} stage
 * @returns {Promise<{ code: number, output: string }>}
 */
function outcome({ name, program, options, report = '', isBackground = false }) {
  return new Promise((resolve) => {
    const environment = {
      ...process.env,
      CI: '1',
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      PLAYWRIGHT_JSON_OUTPUT_NAME: absolute(report)
    };
    // A group of its own, so that what it started ends with it.
    const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'], env: environment, detached: true });
    // What it starts inherits that. A tenth of the share of others, so that it does not stand still, and they do not wait for it: a browser
    // test that waits looks again and again. Not all may go above their own.
    if (isBackground && child.pid) {
      setPriority(child.pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + 10));
    }
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\n${name} took longer than ${timeLimit / 60_000} minutes and was ended.`));
      if (child.pid) process.kill(-child.pid, 'SIGKILL');
    }, timeLimit);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: 1, output: String(error) });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}

/**
 * A test that did not run counts as failed; so does a run that failed although its tests passed.
 * @param {Stage} stage
 * @param {number} code
 * @returns {Count}
 */
function countReport({ report = '', count }, code) {
  try {
    const counted = count?.(JSON.parse(readFileSync(report, 'utf8'))) ?? { passed: 0, failed: 0, failures: [] };
    if (counted.failed === 0 && (code !== 0 || counted.passed === 0)) {
      return { ...counted, failed: 1, failures: [`the run ended with code ${code}`] };
    }
    return counted;
  } catch (error) {
    return { passed: 0, failed: 1, failures: [`no report: ${error}`] };
  }
}

/**
 * @param {any} report
 * @returns {Count}
 */
function countVitest(report) {
  const files = report.testResults ?? [];
  const tests = files.flatMap((/** @type {any} */ file) => file.assertionResults);
  const passed = tests.filter((/** @type {any} */ one) => one.status === 'passed').length;
  const failures = [
    ...tests
      .filter((/** @type {any} */ one) => one.status !== 'passed')
      .map((/** @type {any} */ one) => `${one.status}: ${one.fullName}`),
    // A file that could not be loaded has no tests to count.
    ...files
      .filter((/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0)
      .map((/** @type {any} */ file) => `${file.name}: ${file.message}`)
  ];
  return { passed, failed: failures.length, failures };
}

/**
 * @param {any} report
 * @returns {Count}
 */
function countPlaywright(report) {
  /** @type {string[]} */
  const failures = (report.errors ?? []).map((/** @type {any} */ error) => error.message);
  let passed = 0;
  const visit = (/** @type {any} */ suite) => {
    for (const spec of suite.specs ?? []) {
      for (const one of spec.tests) {
        // 'expected' includes a test that is meant to fail and does.
        if (one.status === 'expected') passed++;
        else if (one.status === 'flaky') {
          // Passed at the second try on a busy machine: it counts, and it is named with what failed so that somebody looks at it.
          passed++;
          console.log(
            `  passed at the second try: ${spec.file}: ${spec.title}\n${one.results[0]?.error?.message ?? ''}`
          );
        } else failures.push(`${one.results.at(-1)?.status ?? one.status}: ${spec.file}: ${spec.title}`);
      }
    }
    for (const inner of suite.suites ?? []) visit(inner);
  };
  for (const suite of report.suites ?? []) visit(suite);
  return { passed, failed: failures.length, failures };
}

function finish() {
  console.log(`in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}
