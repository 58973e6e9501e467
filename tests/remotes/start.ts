import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** PouchDB Server as a process of its own, with an empty database. */
export async function startPouchdb(database = 'ricochet') {
  const server = spawn(process.execPath, [`${here}couchdb.mjs`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    server.once('exit', (code) => reject(new Error(`PouchDB Server has stopped with ${code ?? 'no code'}`)));
  });
  const made = await fetch(`${url}/${database}`, { method: 'PUT' });
  if (!made.ok) throw new Error(await made.text());
  return {
    url,
    database,
    stop: () =>
      new Promise<void>((resolve) => {
        server.removeAllListeners('exit');
        server.once('exit', () => resolve());
        server.stdin.end();
      })
  };
}
