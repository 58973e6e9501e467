import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What Brevo's statistics call an event of a message. */
export type BrevoEventName =
  | 'requests'
  | 'delivered'
  | 'opened'
  | 'clicks'
  | 'hardBounces'
  | 'softBounces'
  | 'bounces'
  | 'spam'
  | 'invalid'
  | 'deferred'
  | 'blocked'
  | 'unsubscribed'
  | 'error'
  | 'loadedByProxy';

export interface BrevoEvent {
  email: string;
  /** ISO 8601 */
  date: string;
  messageId: string;
  event: BrevoEventName;
  subject: string;
  from: string;
  tag?: string;
  link?: string;
  reason?: string;
}

/** A message as it was taken. */
export interface BrevoMessage {
  messageId: string;
  /** epoch milliseconds, by the server's clock */
  receivedAt: number;
  to: { email: string; name?: string }[];
  sender: { email: string; name?: string };
  subject: string;
  htmlContent: string | undefined;
  textContent: string | undefined;
  headers: Record<string, string>;
  tags: string[];
  idempotencyKey: string | undefined;
}

/** A message that was taken to leave later. */
export interface BrevoScheduled {
  messageId: string;
  batchId: string | undefined;
  /** epoch milliseconds */
  leavesAt: number;
  to: string;
  /** It was taken back. */
  isCancelled: boolean;
}

/** What goes wrong with the next sends. */
export type BrevoFault =
  /** The message is taken, but the answer never arrives. (Chromium itself sends once more when a kept connection breaks.) */
  | { kind: 'drop answer' }
  /** The connection breaks before the message is taken. */
  | { kind: 'drop request' }
  | { kind: 'rate limit'; resetSeconds: number }
  | { kind: 'server error' }
  /** The message is refused for good. */
  | { kind: 'refuse'; message: string }
  /** The message is taken at once and answered after a while. */
  | { kind: 'slow'; milliseconds: number };

interface BrevoOptions {
  /** The key that the server accepts. */
  apiKey?: string;
  /** Epoch milliseconds; a test that moves the browser's clock hands in the same one. */
  now?: () => number;
  /** How long an answer takes, in milliseconds; the message is taken at once. */
  latency?: () => number;
}

const idempotencyMilliseconds = 30 * 60_000;
const day = 86_400_000;

/**
 * A server on this computer that answers as Brevo documents its API, so far as Ricochet uses it: POST and DELETE /v3/smtp/email,
 * GET /v3/smtp/statistics/events, /v3/smtp/emails, /v3/account, /v3/senders. What is to leave later is taken as such, and is a message
 * once the clock says so. It keeps no process alive.
 */
export async function startBrevo({ apiKey = 'xkeysib-test', now = Date.now, latency }: BrevoOptions = {}) {
  const messages: BrevoMessage[] = [];
  const byId = new Map<string, BrevoMessage>();
  const scheduled: BrevoScheduled[] = [];
  const waiting = new Map<string, () => void>();
  const events: (BrevoEvent & { at: number })[] = [];
  const faults: BrevoFault[] = [];
  const keys = new Map<string, number>();
  let calls = 0;

  function take(body: Json, version: Json): string {
    const number = 10_000_000_000 + messages.length + waiting.size + scheduled.length;
    const messageId = `<${new Date(now()).toISOString().replace(/\D/g, '').slice(0, 12)}.${number}@smtp-relay.mailin.fr>`;
    if (body.scheduledAt === undefined) keep(messageId, body, version, now());
    else hold(messageId, body, version);
    return messageId;
  }

  function hold(messageId: string, body: Json, version: Json): void {
    const leavesAt = Date.parse(asText(body.scheduledAt) ?? '');
    const [first] = (version.to ?? body.to) as BrevoMessage['to'];
    scheduled.push({ messageId, batchId: asText(body.batchId), leavesAt, to: first?.email ?? '', isCancelled: false });
    waiting.set(messageId, () => keep(messageId, body, version, leavesAt));
  }

  /** What was to leave by now has left. */
  function letLeave(): void {
    for (const { messageId, leavesAt } of scheduled) {
      if (leavesAt > now()) continue;
      waiting.get(messageId)?.();
      waiting.delete(messageId);
    }
  }

  /** All of a batch, or one message, unless it has left. */
  function cancel(identifier: string): Answer {
    const found = scheduled.filter(
      ({ messageId, batchId }) => (messageId === identifier || batchId === identifier) && waiting.has(messageId)
    );
    if (found.length === 0) return failure(404, 'document_not_found', 'Scheduled email not found');
    for (const one of found) {
      one.isCancelled = true;
      waiting.delete(one.messageId);
    }
    return { status: 204, body: undefined };
  }

  function keep(messageId: string, body: Json, version: Json, at: number): void {
    const message: BrevoMessage = {
      messageId,
      receivedAt: at,
      to: (version.to ?? body.to) as BrevoMessage['to'],
      sender: body.sender as BrevoMessage['sender'],
      subject: asText(version.subject ?? body.subject) ?? '',
      htmlContent: asText(version.htmlContent ?? body.htmlContent),
      textContent: asText(version.textContent ?? body.textContent),
      headers: { ...asObject(body.headers), ...asObject(version.headers) } as Record<string, string>,
      tags: Array.isArray(body.tags) ? body.tags.map(String) : [],
      idempotencyKey: asText(asObject(body.headers).idempotencyKey)
    };
    messages.push(message);
    byId.set(messageId, message);
    mark(messageId, 'requests', { at });
    mark(messageId, 'delivered', { at });
  }

  /** Adds an event to a message that was taken, for each of its recipients. `at` is in epoch milliseconds. */
  function mark(
    messageId: string,
    event: BrevoEventName,
    details: { at?: number; link?: string; reason?: string } = {}
  ) {
    const message = byId.get(messageId);
    if (!message) throw new Error(`No message ${messageId} was taken`);
    const { at = now(), ...more } = details;
    for (const { email } of message.to) {
      events.push({
        at,
        email,
        date: new Date(at).toISOString(),
        messageId,
        event,
        subject: message.subject,
        from: message.sender.email,
        ...(message.tags.length > 0 ? { tag: message.tags.join(',') } : {}),
        ...more
      });
    }
  }

  function send(text: string): Answer {
    const body = parse(text);
    if (!body) return failure(400, 'bad_request', 'Input must be a valid JSON object');
    const problem = problemOf(body);
    if (problem) return problem;
    const key = asText(asObject(body.headers).idempotencyKey);
    if (key !== undefined) {
      const usedAt = keys.get(key);
      if (usedAt !== undefined && now() - usedAt < idempotencyMilliseconds) {
        return failure(400, 'duplicate_parameter', 'idempotencyKey is already in use');
      }
      keys.set(key, now());
    }
    if (Array.isArray(body.messageVersions)) {
      return {
        status: 201,
        body: { messageIds: body.messageVersions.map((version) => take(body, asObject(version))) }
      };
    }
    return { status: 201, body: { messageId: take(body, {}) } };
  }

  function report(query: URLSearchParams): Answer {
    const limit = Number(query.get('limit') ?? 2500);
    const offset = Number(query.get('offset') ?? 0);
    if (!(limit >= 1 && limit <= 5000)) return failure(400, 'out_of_range', 'Limit exceeds max value');
    const period = periodOf(query, now());
    if ('status' in period) return period;
    const only = (name: string, value: string | undefined) => query.get(name) === null || query.get(name) === value;
    const found = events
      .filter(({ at }) => at >= period.from && at < period.until)
      .filter(
        (one) =>
          only('event', one.event) &&
          only('messageId', one.messageId) &&
          only('email', one.email) &&
          only('tags', one.tag)
      )
      .sort((a, b) => (query.get('sort') === 'asc' ? a.at - b.at : b.at - a.at))
      .slice(offset, offset + limit)
      .map(({ at: _, ...event }) => event);
    // Without events the list is left out.
    return { status: 200, body: found.length > 0 ? { events: found } : {} };
  }

  /** One of `email`, `messageId` and `templateId` is needed; without dates the last thirty days. */
  function list(query: URLSearchParams): Answer {
    if (!['email', 'messageId', 'templateId'].some((name) => query.has(name)))
      return failure(400, 'missing_parameter', 'One of messageId, templateId or email is mandatory');
    const period = periodOf(query, now());
    if ('status' in period) return period;
    const found = messages
      .filter(({ receivedAt }) => receivedAt >= period.from && receivedAt < period.until)
      .filter(({ to }) => query.get('email') === null || to.some(({ email }) => email === query.get('email')))
      .filter(({ messageId }) => query.get('messageId') === null || query.get('messageId') === messageId)
      .sort((a, b) => (query.get('sort') === 'asc' ? a.receivedAt - b.receivedAt : b.receivedAt - a.receivedAt))
      .map(({ to, subject, messageId, receivedAt, sender }) => ({
        email: to[0]?.email,
        subject,
        messageId,
        uuid: messageId,
        date: new Date(receivedAt).toISOString(),
        from: sender.email
      }));
    return {
      status: 200,
      body: { count: found.length, transactionalEmails: found.slice(0, Number(query.get('limit') ?? 500)) }
    };
  }

  function answer(method: string, url: URL, key: string | undefined, text: string): Answer {
    if (key === undefined) return failure(401, 'unauthorized', 'authentication not found in headers');
    if (key !== apiKey) return failure(401, 'unauthorized', 'Key not found');
    letLeave();
    const [, identifier] = /^\/v3\/smtp\/email\/(.+)$/.exec(url.pathname) ?? [];
    if (method === 'DELETE' && identifier !== undefined) return cancel(decodeURIComponent(identifier));
    switch (`${method} ${url.pathname}`) {
      case 'POST /v3/smtp/email':
        return send(text);
      case 'GET /v3/smtp/statistics/events':
        return report(url.searchParams);
      case 'GET /v3/smtp/emails':
        return list(url.searchParams);
      case 'GET /v3/account':
        return { status: 200, body: account };
      case 'GET /v3/senders':
        return {
          status: 200,
          body: { senders: [{ id: 1, name: 'Léa', email: 'lea@example.com', active: true, ips: [] }] }
        };
      default:
        return failure(404, 'document_not_found', 'Page not found');
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const text = await textOf(request);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    calls++;
    const fault = request.method === 'POST' ? faults.shift() : undefined;
    if (fault?.kind === 'drop request') {
      request.socket.destroy();
      return;
    }
    if (fault?.kind === 'server error') {
      reply(response, failure(500, 'internal_error', 'Internal server error'));
      return;
    }
    if (fault?.kind === 'refuse') {
      reply(response, failure(400, 'invalid_parameter', fault.message));
      return;
    }
    if (fault?.kind === 'rate limit') {
      const limits = {
        'x-sib-ratelimit-limit': '1000',
        'x-sib-ratelimit-remaining': '0',
        'x-sib-ratelimit-reset': String(fault.resetSeconds)
      };
      reply(response, { ...failure(429, 'too_many_requests', 'API rate limit exceeded'), headers: limits });
      return;
    }
    const key = request.headers['api-key'];
    const result = answer(request.method ?? 'GET', url, Array.isArray(key) ? key[0] : key, text);
    if (fault?.kind === 'drop answer') {
      request.socket.destroy();
      return;
    }
    const pause = fault?.kind === 'slow' ? fault.milliseconds : request.method === 'POST' ? latency?.() : undefined;
    if (pause !== undefined) {
      setTimeout(() => reply(response, result), pause).unref();
      return;
    }
    reply(response, result);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');

  return {
    /** Where the API lives: what stands in for https://api.brevo.com */
    url: `http://127.0.0.1:${address.port}`,
    apiKey,
    /** Every message that has left, in order. */
    get messages() {
      letLeave();
      return messages;
    },
    /** Every message that was taken to leave later, in order. */
    scheduled: scheduled as readonly Readonly<BrevoScheduled>[],
    /** Calls that reached the server, preflights aside. */
    get calls() {
      return calls;
    },
    /** As a new account, under the same key: what was sent is forgotten, and the keys under which it was. */
    forget: () => {
      messages.length = 0;
      scheduled.length = 0;
      waiting.clear();
      events.length = 0;
      byId.clear();
      keys.clear();
    },
    messagesTo: (email: string) => {
      letLeave();
      return messages.filter(({ to }) => to.some((one) => one.email === email));
    },
    mark,
    /** The next sends go wrong, one fault each, in order. */
    fail: (...next: BrevoFault[]) => void faults.push(...next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

export type Brevo = Awaited<ReturnType<typeof startBrevo>>;

type Json = Record<string, unknown>;
interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE, PATCH, OPTIONS',
  'access-control-allow-headers': 'api-key, content-type, accept',
  'access-control-expose-headers': 'x-sib-ratelimit-limit, x-sib-ratelimit-remaining, x-sib-ratelimit-reset',
  'access-control-max-age': '600'
};

const account = {
  email: 'lea@example.com',
  firstName: 'Léa',
  lastName: 'Martin',
  companyName: 'Atelier Léa',
  address: { street: '1 rue des Tests', city: 'Lyon', zipCode: '69001', country: 'France' },
  plan: [{ type: 'free', credits: 300, creditsType: 'sendLimit' }],
  relay: { enabled: true, data: { userName: 'lea@example.com', relay: 'smtp-relay.brevo.com', port: 587 } }
};

function failure(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } };
}

const UUID_V4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** What Brevo would refuse in a send. */
function problemOf(body: Json): Answer | undefined {
  const sender = asObject(body.sender);
  if (body.sender === undefined) return failure(400, 'missing_parameter', 'sender is missing');
  if (!isEmail(sender.email) && sender.id === undefined) {
    return failure(400, 'invalid_parameter', 'valid sender email required');
  }
  const versions = Array.isArray(body.messageVersions) ? body.messageVersions.map(asObject) : undefined;
  for (const { to } of versions ?? [body]) {
    if (!Array.isArray(to) || to.length === 0) return failure(400, 'missing_parameter', 'to is missing');
    if (!to.every((one) => isEmail(asObject(one).email))) {
      return failure(400, 'invalid_parameter', 'email is not valid in to');
    }
  }
  if (body.scheduledAt !== undefined && isNaN(Date.parse(asText(body.scheduledAt) ?? '')))
    return failure(400, 'invalid_parameter', 'scheduledAt is not a valid date');
  if (body.batchId !== undefined && !UUID_V4.test(asText(body.batchId) ?? ''))
    return failure(400, 'invalid_parameter', 'batchId must be a valid UUIDv4');
  if (body.templateId !== undefined) return undefined;
  for (const version of versions ?? [{}]) {
    if (!asText(version.subject ?? body.subject)) return failure(400, 'missing_parameter', 'subject is missing');
    if (!asText(version.htmlContent ?? body.htmlContent) && !asText(version.textContent ?? body.textContent)) {
      return failure(400, 'missing_parameter', 'Either of htmlContent or textContent is required');
    }
  }
  return undefined;
}

/** The days that a report is about, as instants. */
function periodOf(query: URLSearchParams, now: number): { from: number; until: number } | Answer {
  const [start, end, days] = [query.get('startDate'), query.get('endDate'), query.get('days')];
  if (start === null && end === null) {
    const count = Number(days ?? 30);
    return count >= 1 && count <= 90
      ? { from: now - count * day, until: Infinity }
      : failure(400, 'invalid_parameter', 'days must be between 1 and 90');
  }
  if (days !== null) return failure(400, 'invalid_parameter', 'days is not compatible with startDate and endDate');
  const isDate = (text: string | null) => text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(Date.parse(text));
  if (!isDate(start) || !isDate(end)) {
    return failure(400, 'invalid_parameter', 'startDate and endDate go together, as YYYY-MM-DD');
  }
  const from = Date.parse(start ?? '');
  const until = Date.parse(end ?? '') + day;
  if (from >= until || until - from > 91 * day) {
    return failure(400, 'invalid_parameter', 'The date range can not exceed 90 days');
  }
  return { from, until };
}

function reply(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { ...cors, ...headers, 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Json => (value !== null && typeof value === 'object' ? (value as Json) : {});
const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const isEmail = (value: unknown): boolean => typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
