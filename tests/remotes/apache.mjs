// Apache's mod_dav on a folder that is thrown away, as a user's WebDAV server: set up as the app tells its users to, which is handed in.
// Says its address, and stops when whoever started it is gone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apache } from './install.mjs';

const [settings = '', user = '', password = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'webdav-'));
const port = await freePort();
const files = join(directory, 'files');
const users = join(directory, 'users');
mkdirSync(files);
writeFileSync(users, `${user}:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
if (process.getuid?.() === 0) ownedByApache();
writeFileSync(join(directory, 'httpd.conf'), configuration());

const server = spawn(apache.program, ['-f', join(directory, 'httpd.conf'), '-DFOREGROUND'], {
  stdio: ['ignore', 'inherit', 'inherit']
});
server.once('exit', (code) => {
  rmSync(directory, { recursive: true, force: true });
  process.exit(code ?? 1);
});
await answering();
process.stdout.write(`http://127.0.0.1:${port}/ricochet\n`);
process.stdin.on('end', () => server.kill()).resume();

function configuration() {
  const modules = [
    'mpm_event',
    'authn_core',
    'authn_file',
    'authz_core',
    'authz_user',
    'auth_basic',
    'alias',
    'headers',
    'dav',
    'dav_fs'
  ].map((name) => `LoadModule ${name}_module ${apache.modules}/mod_${name}.so`);
  return `${modules.join('\n')}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
User www-data
Group www-data
PidFile ${directory}/pid
ErrorLog ${directory}/error.log
LogLevel crit
# A test that did not get its turn for seconds would ask on a connection that Apache has ended meanwhile. Browsers then ask again; Node does not.
KeepAlive Off
${settings
  .replaceAll('${APACHE_LOCK_DIR}', directory)
  .replaceAll('/var/lib/ricochet', files)
  .replaceAll('/etc/apache2/ricochet.users', users)}`;
}

/** Apache is started by root, and works as www-data, which has this number on every Debian. */
function ownedByApache() {
  for (const path of [directory, files]) chownSync(path, 33, 33);
  chmodSync(directory, 0o755);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

async function answering() {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('Apache does not answer');
}
