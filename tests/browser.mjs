// Finds the Chromium that the tests drive, or fetches one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const shells = ['chromium-headless-shell', 'chrome-headless-shell'];

/** @returns {string | undefined} the path of a Chromium or Chrome on this computer */
export function findChromium() {
  const wished = process.env.CHROMIUM_PATH;
  if (wished) return isProgram(wished) ? wished : undefined;
  const application = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return installed(names) ?? [application, playwrightsOwn()].find((path) => path && isProgram(path));
}

/**
 * A Chromium without tabs and windows of its own, which it would draw for nobody: with it a test takes half of a processor less. What is
 * part of the whole browser, such as installing, it does not know.
 * @returns {string | undefined} its path; where there is none, or CHROMIUM_PATH wishes for one, that of the whole Chromium
 */
export function findHeadlessChromium() {
  return process.env.CHROMIUM_PATH ? findChromium() : (installed(shells) ?? findChromium());
}

/**
 * Fetches a Chromium if there is none, and on Debian the headless one too; throws with what to do if none can be had.
 */
export function ensureChromium() {
  const isWished = Boolean(process.env.CHROMIUM_PATH);
  if (!isWished && !installed(shells))
    installPackages([...shells.slice(0, 1), ...(findChromium() ? [] : ['chromium'])]);
  if (findChromium()) return;
  if (isWished) {
    throw new Error(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, where there is no program that can be run.`);
  }
  console.log('No Chromium on this computer: fetching one for the browser tests.');
  run('npx', ['playwright', 'install', 'chromium']);
  if (findChromium()) return;
  throw new Error(
    [
      'The browser tests need Chromium or Chrome, and it could not be fetched. Do one of these, then run `npm test` again:',
      '  - Debian, Ubuntu:  sudo apt-get install chromium',
      '  - any system:      npx playwright install --with-deps chromium',
      '  - one you have:    CHROMIUM_PATH=/path/to/chrome npm test'
    ].join('\n')
  );
}

/**
 * Installs packages of Debian where this process may; elsewhere it does nothing.
 * @param {string[]} names
 */
export function installPackages(names) {
  if (!isDebianRoot()) return;
  const options = ['-o', 'DPkg::Lock::Timeout=120'];
  run('apt-get', [...options, 'update']);
  run('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...names]);
}

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string[]} programs */
function installed(programs) {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders.flatMap((folder) => programs.map((name) => join(folder, name))).find(isProgram);
}

function playwrightsOwn() {
  return createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
}

function isDebianRoot() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return process.getuid?.() === 0 && /^ID(_LIKE)?=.*debian/m.test(release);
}

/**
 * @param {string} program
 * @param {string[]} options
 */
function run(program, options) {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status } = spawnSync(program, options, { stdio: ['ignore', 'inherit', 'inherit'], env: environment });
  if (status !== 0) console.error(`${program} ${options.join(' ')} did not work.`);
}
