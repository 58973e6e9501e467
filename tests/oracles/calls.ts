import { once } from 'node:events';
import { createServer, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';

/** A call as it arrived: the host that was meant, the path with its query, names of headers in small letters. */
export interface Call {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What every call gets for an answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const LOOPBACK = '127.0.0.1';

/** The address at which a host stands for the loopback server, for the SDK that can be told of one only. */
export type AddressOf = (host: string) => string;

/**
 * The calls that are made while `run` runs. Nothing leaves this computer and nothing is encrypted: what is meant for
 * `https://host/path` is asked of a server at the loopback address, as `/host/path`. `run` may fail where an SDK does not
 * like the answer.
 */
export async function callsOf(
  run: (addressOf: AddressOf) => Promise<unknown>,
  replyTo: (call: Call) => Reply
): Promise<Call[]> {
  const calls: Call[] = [];
  const server = createServer((message, answer) => {
    void read(message).then((call) => {
      calls.push(call);
      const { status, headers = {}, body = '' } = replyTo(call);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const restore = divert(port);
  try {
    await run((host) => `http://${LOOPBACK}:${port}/${host}`);
  } finally {
    restore();
    server.closeAllConnections();
    server.close();
  }
  return calls;
}

async function read(message: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const [, host = '', path = '/'] = /^\/([^/?]+)(.*)$/.exec(message.url ?? '') ?? [];
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  return { host, method: message.method ?? '', path: path || '/', headers, body: Buffer.concat(chunks) };
}

/** The two ways out of Node that SDKs take: `https.request` and `fetch`. */
function divert(port: number): () => void {
  const { request, get } = https;
  const { fetch } = globalThis;
  const here = (url: URL): URL => new URL(`http://${LOOPBACK}:${port}/${url.hostname}${url.pathname}${url.search}`);
  const diverted = ((...args: Parameters<typeof request>) => {
    const [first, ...rest] = args as unknown[];
    const isAddress = typeof first === 'string' || first instanceof URL;
    const options = (isAddress ? (typeof rest[0] === 'object' ? rest.shift() : {}) : first) as RequestOptions;
    const {
      agent: _agent,
      agents: _agents,
      nativeProtocols: _protocols,
      ...kept
    } = options as RequestOptions & {
      agents?: unknown;
      nativeProtocols?: unknown;
    };
    const host = kept.hostname ?? kept.host ?? '';
    const meant = isAddress ? new URL(first) : new URL(`https://${host}${kept.path ?? '/'}`);
    const { pathname, search, hostname } = here(meant);
    const target = {
      protocol: 'http:',
      hostname,
      host: hostname,
      port,
      path: pathname + search,
      servername: undefined
    };
    return plainRequest({ ...kept, ...target }, rest[0] as (answer: IncomingMessage) => void);
  }) as typeof request;
  https.request = diverted;
  https.get = ((...args: Parameters<typeof request>) => {
    const call = diverted(...args);
    call.end();
    return call;
  }) as typeof get;
  globalThis.fetch = (input, init) =>
    input instanceof Request
      ? fetch(new Request(here(new URL(input.url)), input), init)
      : fetch(here(new URL(String(input))), init);
  syncBuiltinESMExports();
  return () => {
    https.request = request;
    https.get = get;
    globalThis.fetch = fetch;
    syncBuiltinESMExports();
  };
}
