import { request as httpRequest } from 'node:http';
import { Miniflare } from 'miniflare';
import { buildRelay } from '../../src/commands/relay.mjs';

/** Not a real one: nothing but the runtime knows it. */
export const RELAY_URL = 'https://relay.test';
export const SECRET = 'only-the-user-knows-this-one';

/** A call as the relay made it to the outside. */
export interface Passed {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** The part of D1 that is used here. */
interface Database {
  prepare(sql: string): { bind(...values: (string | number)[]): { run(): Promise<{ results: unknown[] }> } };
}

export interface Relay {
  /** Where a browser finds it, on this computer. */
  readonly url: string;
  /** As given: without the secret. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** With the user's secret. */
  asUser(path: string, init?: RequestInit): Promise<Response>;
  /** The path as it is written, which `fetch` would put right. */
  raw(path: string, headers: Record<string, string>): Promise<number>;
  /** Behind its back, in its database. */
  sql(sql: string, ...values: (string | number)[]): Promise<unknown[]>;
  /** What the cron trigger does. */
  scheduled(): Promise<void>;
  /** What reached the outside. */
  readonly passed: Passed[];
  stop(): Promise<void>;
}

/** Built once for all tests of a process. */
let built: Promise<string> | undefined;

/**
 * The built relay on the runtime that Cloudflare uses (workerd), with a D1 database in `folder`, or in memory. `outside` answers for
 * every host: nothing leaves this computer.
 */
export async function startRelay({
  outside = () => new Response('ok'),
  folder,
  bindings = { SECRET },
  hasDatabase = true
}: {
  outside?: (call: Passed) => Response;
  folder?: string;
  bindings?: Record<string, string>;
  hasDatabase?: boolean;
} = {}): Promise<Relay> {
  const passed: Passed[] = [];
  const runtime = new Miniflare({
    modules: [{ type: 'ESModule', path: 'relay.js', contents: await (built ??= buildRelay()) }],
    compatibilityDate: '2026-04-01',
    bindings,
    d1Databases: hasDatabase ? { DB: 'relay' } : {},
    ...(folder === undefined ? {} : { d1Persist: folder }),
    outboundService: async (request: Request) => {
      const call = {
        method: request.method,
        url: request.url,
        headers: new Headers([...request.headers]),
        body: await request.text()
      };
      passed.push(call);
      return outside(call);
    }
  });
  const address = await runtime.ready;
  const call: Relay['call'] = (path, init) =>
    runtime.dispatchFetch(RELAY_URL + path, { redirect: 'manual', ...init } as never) as unknown as Promise<Response>;
  return {
    url: address.origin,
    call,
    asUser: (path, init) =>
      call(path, {
        ...init,
        headers: { authorization: `Bearer ${SECRET}`, ...(init?.headers as Record<string, string>) }
      }),
    raw: (path, headers) =>
      new Promise((resolve, reject) => {
        httpRequest({ host: address.hostname, port: address.port, path, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      }),
    sql: async (sql, ...values) => {
      const database = (await runtime.getD1Database('DB')) as unknown as Database;
      const { results } = await database
        .prepare(sql)
        .bind(...values)
        .run();
      return results;
    },
    scheduled: async () => {
      const worker = await runtime.getWorker();
      await (worker as unknown as { scheduled(event: object): Promise<unknown> }).scheduled({});
    },
    passed,
    stop: () => runtime.dispose()
  };
}
