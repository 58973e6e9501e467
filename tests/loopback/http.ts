import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as a loopback server reads it. */
export interface Call {
  readonly method: string;
  readonly url: URL;
  readonly header: (name: string) => string;
  readonly body: string;
}

/** What is answered; without a body: none. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/** A server on this computer for pages of any origin; it keeps no process alive. */
export async function startServer(answer: (call: Call) => Reply) {
  const server = createServer((request, response) => {
    void respond(request, response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (call: Call) => Reply
): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  response.setHeader('access-control-allow-credentials', 'true');
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE');
    response.writeHead(204).end();
    return;
  }
  const { status, body: said } = answer({
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://127.0.0.1'),
    header: (name) => [request.headers[name] ?? ''].flat().join(', '),
    body
  });
  response.setHeader('content-type', 'application/json');
  response.writeHead(status).end(said === undefined ? '' : JSON.stringify(said));
}
