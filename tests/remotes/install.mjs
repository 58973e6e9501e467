// Finds the servers that stand for the remotes of users, or installs them where that can be done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installPackages, isProgram } from '../browser.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where Debian has Apache and its modules. */
export const apache = { program: '/usr/sbin/apache2', modules: '/usr/lib/apache2/modules' };

/** Whether PouchDB Server and S3rver can be started. */
export function isInstalled() {
  return ['express-pouchdb', '@20minutes/s3rver'].every((name) =>
    existsSync(`${here}node_modules/${name}/package.json`)
  );
}

/** Whether Apache can be started as a WebDAV server. */
export function hasApache() {
  return isProgram(apache.program) && existsSync(`${apache.modules}/mod_dav_fs.so`);
}

/** @returns {string[]} for what cannot be had: what is not tried, and what to do */
export function ensureRemotes() {
  if (!isInstalled()) spawnSync('npm', ['--prefix', here, 'ci', '--no-audit', '--no-fund'], { stdio: 'ignore' });
  if (!hasApache()) installPackages(['apache2-bin']);
  return [
    ...(isInstalled() ? [] : ['what is tried with PouchDB Server and S3rver: npm --prefix tests/remotes ci']),
    ...(hasApache() ? [] : ['what is tried with Apache’s WebDAV. Debian: apt-get install apache2-bin'])
  ];
}
