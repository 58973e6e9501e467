// Finds the packages of PouchDB Server, or installs them where that can be done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Whether PouchDB Server can be started. */
export function isInstalled() {
  return existsSync(`${here}node_modules/express-pouchdb/package.json`);
}

/** @returns {string[]} what is not tried since it cannot be had, and what to do */
export function ensurePouchdb() {
  if (!isInstalled()) spawnSync('npm', ['--prefix', here, 'ci', '--no-audit', '--no-fund'], { stdio: 'ignore' });
  return isInstalled() ? [] : ['what is tried with PouchDB Server: npm --prefix tests/remotes ci'];
}
