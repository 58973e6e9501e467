// Finds the Chromium that the tests drive, or fetches one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** @returns {string | undefined} the path of a Chromium or Chrome on this computer */
export function findChromium() {
  const wished = process.env.CHROMIUM_PATH;
  if (wished) return isProgram(wished) ? wished : undefined;
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const applications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const found = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...applications].find(
    isProgram
  );
  return found ?? playwrightsOwn();
}

/** @returns {string} the path of a Chromium, fetched if there is none; throws with what to do if it cannot be had */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.env.CHROMIUM_PATH) {
    throw new Error(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, where there is no program that can be run.`);
  }
  console.log('No Chromium on this computer: fetching one for the browser tests.');
  installPackages(['chromium']);
  if (!findChromium()) run('npx', ['playwright', 'install', 'chromium']);
  const fetched = findChromium();
  if (fetched) return fetched;
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

function playwrightsOwn() {
  const path = createRequire(import.meta.url)('@playwright/test').chromium.executablePath();
  return path && isProgram(path) ? path : undefined;
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
