import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** A server as a process of its own, which ends with this one. */
async function start(script: string, options: readonly string[] = [], flags: readonly string[] = []) {
  const server = spawn(process.execPath, [...flags, `${here}${script}`, ...options], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    server.once('exit', (code) => reject(new Error(`${script} has stopped with ${code ?? 'no code'}`)));
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.removeAllListeners('exit');
      server.once('exit', () => resolve());
      server.stdin.end();
    });
  return { url, stop };
}

/** PouchDB Server, with an empty database. */
export async function startPouchdb(database = 'ricochet') {
  const server = await start('couchdb.mjs');
  const made = await fetch(`${server.url}/${database}`, { method: 'PUT' });
  if (!made.ok) throw new Error(await made.text());
  return { ...server, database };
}

/** S3rver, with an empty bucket and the key that it knows. `cors`: its rules, in S3's XML; `page`: how much one answer lists. */
export async function startS3(options: { cors?: string; knowsConditions?: boolean; page?: number } = {}) {
  const bucket = 'ricochet';
  const values = [bucket, options].map((each) => JSON.stringify(each));
  // What says where a list goes on is enciphered with DES.
  const server = await start('s3.mjs', values, ['--openssl-legacy-provider']);
  return { ...server, bucket, accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
}

/** Apache's mod_dav, with an empty folder. `settings`: what the app tells its users to put there. */
export async function startApache(settings: string) {
  const [user, password] = ['ada', 'pässword'];
  return { ...(await start('apache.mjs', [settings, user, password])), user, password };
}
