// Finds the servers that stand for the remotes of users, or installs them where that can be done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Whether PouchDB Server and S3rver can be started. */
export function isInstalled() {
  return ['express-pouchdb', '@20minutes/s3rver'].every((name) =>
    existsSync(`${here}node_modules/${name}/package.json`)
  );
}

/** @returns {string[]} what is not tried since it cannot be had, and what to do */
export function ensureRemotes() {
  if (!isInstalled()) spawnSync('npm', ['--prefix', here, 'ci', '--no-audit', '--no-fund'], { stdio: 'ignore' });
  return isInstalled() ? [] : ['what is tried with PouchDB Server and S3rver: npm --prefix tests/remotes ci'];
}
