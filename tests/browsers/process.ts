import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A program of a browser, with all that it starts. */
export interface Running {
  /** Resolves with the first match of a pattern in what the program writes. */
  writes(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it and what it started; resolves when it has ended. */
  end(): Promise<void>;
}

export function start(program: string, options: string[], environment: Record<string, string> = {}): Running {
  // A group of its own: a browser is many processes.
  const child = spawn(program, options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    detached: true
  });
  let written = '';
  let ended = false;
  const listeners = new Set<() => void>();
  const tell = () => [...listeners].forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      tell();
    });
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && !ended) process.kill(-child.pid, signal);
  };
  const onExit = () => kill('SIGKILL');
  // A test that takes too long does not come to its end.
  process.on('exit', onExit);
  const exit = new Promise<void>((resolve) => {
    const done = (reason: string) => {
      if (reason) written += `\n${reason}`;
      ended = true;
      process.off('exit', onExit);
      tell();
      resolve();
    };
    child.on('error', (error) => done(String(error)));
    child.on('exit', () => done(''));
  });
  return {
    writes: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(written);
          if (!match && !ended) return;
          listeners.delete(look);
          clearTimeout(timer);
          if (match) resolve(match);
          else reject(new Error(`${program} has ended:\n${written}`));
        };
        const timer = setTimeout(() => {
          listeners.delete(look);
          reject(new Error(`${program} did not write ${String(pattern)} within 30 s, but:\n${written}`));
        }, 30_000);
        listeners.add(look);
        look();
      }),
    end: async () => {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(timer);
    }
  };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
