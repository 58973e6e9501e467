import type { Fetch } from '$lib/core/fetch';
import { DAY } from '$lib/core/instants';
import type { IncomingFact, SourceDefinition } from '$lib/core/sources';

export const NOW = Date.UTC(2027, 0, 5, 8);
export type Reading = Parameters<SourceDefinition['read']>[0];

/** An outside that always answers so, and notes what it is asked. */
export function answering(status: number, body: unknown, asked: string[] = []): Fetch {
  return (url) => {
    asked.push(url);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve({
      ok: status < 300,
      status,
      headers: { get: () => null },
      text: () => Promise.resolve(text)
    });
  };
}

/** An outside that answers by the address; nothing where none fits. */
export function answeringBy(
  answers: Readonly<Record<string, unknown>>,
  otherwise: unknown,
  asked: string[] = []
): Fetch {
  return (url, init) => {
    const [, body = otherwise] = Object.entries(answers).find(([part]) => url.includes(part)) ?? [];
    return answering(200, body, asked)(url, init);
  };
}

export const offline: Fetch = () => Promise.reject(new TypeError('offline'));

export function read(source: SourceDefinition, given: Partial<Reading>): ReturnType<SourceDefinition['read']> {
  return source.read({
    fields: {
      apiKey: 'k',
      secretKey: 'k',
      serverToken: 'k',
      domain: 'mg.atelier.fr',
      transactionalStream: 'outbound',
      broadcastStream: 'broadcast',
      baseUrl: 'https://api.example',
      url: 'https://relay.example/',
      secret: 's',
      database: 'ricochet',
      user: '',
      password: null,
      kind: 'generic',
      emailActivity: true
    },
    cursor: null,
    since: NOW - DAY,
    now: NOW,
    fetch: answering(500, ''),
    mailbox: { reactionsAfter: () => Promise.resolve([]) },
    ...given
  });
}

/** All that the source tells now, page after page, as the engine reads it. */
export async function factsOf(source: SourceDefinition, given: Partial<Reading>): Promise<readonly IncomingFact[]> {
  const facts: IncomingFact[] = [];
  let { cursor = null } = given;
  for (;;) {
    const reading = await read(source, { ...given, cursor });
    if (!reading.ok) throw new Error(reading.reason.key);
    facts.push(...reading.value.facts);
    if (!reading.value.more) return facts;
    cursor = reading.value.cursor;
  }
}
