import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import type { Answer, Fetch } from '$lib/core/fetch';
import { secret, url } from '$lib/core/fields';
import { inboxPage, relayHello, RELAY_VERSION, type InboxItem, type RelayHello } from '$lib/core/inbox';
import { MINUTE } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { INBOX_DELIVERS, toldBy, type Post } from './inbox/told';

const RELAY = 'Relay';
const PAGE = 500;

/** `pagesKey` signs the addresses of the public pages: it is made by the app, and is nothing for a person to type. */
const fields = { url: url({ required: true }), secret: secret({ required: true }), pagesKey: secret() };

/**
 * The inbox of the user's own relay: what services, the tracker and forms have posted while nobody looked. The cursor is the number of
 * the last item that is committed here; the next reading acknowledges it, at which the relay lets it go, and then it is
 * `<number>|acknowledged`.
 */
export default defineSource({
  id: 'relay.inbox',
  provider: 'relay',
  service: {
    id: 'relay',
    name: RELAY,
    fields,
    documentation: 'https://developers.cloudflare.com/workers/',
    test: ({ fields, fetch }) => testRelay(fields, fetch)
  },
  delivers: INBOX_DELIVERS,
  every: MINUTE,
  documentation: 'https://developers.cloudflare.com/workers/',
  read: async ({ fields, cursor, now, fetch, mappings }) => {
    const relay = relayAt(fields, fetch);
    const [seq = '', acknowledged] = (cursor ?? '').split('|');
    if (seq !== '' && acknowledged === undefined) {
      const isLetGo = await relay('POST', '/inbox/acknowledged', { upTo: Number(seq) });
      if (!isLetGo.ok) return isLetGo;
    }
    const answer = await relay('GET', `/inbox?after=${seq === '' ? 0 : seq}&limit=${PAGE}`);
    if (!answer.ok) return answer;
    const page = v.safeParse(inboxPage, answer.value);
    if (!page.success) return failed(words('words.relay.not_a_relay'));
    const { items, more } = page.output;
    const last = items.at(-1);
    const posters = new Map(items.map((item) => [postOf(item).id, item.sourceId]));
    return ok({
      ...toldBy(items.map(postOf), ({ id }) => mappings?.get(posters.get(id) ?? '')),
      heard: new Map(items.map(({ sourceId, receivedAt }) => [sourceId, receivedAt])),
      cursor: last ? String(last.seq) : seq === '' ? null : `${seq}|acknowledged`,
      watermark: more && last ? Math.min(last.receivedAt, now) : now,
      // Once more at once where there was something: it is let go of then, rather than at the next reading.
      more: last !== undefined && String(last.seq) !== seq
    });
  }
});

function postOf({ sourceId, seq, kind, receivedAt, contentType, body }: InboxItem): Post {
  return { id: `${sourceId}-${seq}`, kind, receivedAt, contentType, body };
}

/** Whether there is a relay of ours that knows the secret. */
async function testRelay(place: Place, fetch: Fetch): Promise<Result<Words>> {
  const hello = await helloOf(place, fetch);
  if (!hello.ok) return hello;
  if (hello.value.version !== RELAY_VERSION) return failed(words('words.relay.other_version'));
  return hello.value.isKnown ? ok(words('words.relay.works')) : failed(words('words.relay.wrong_secret'));
}

/** What a relay of ours says that it is; failed with the reason where there is none. */
export async function helloOf(place: Place, fetch: Fetch): Promise<Result<RelayHello>> {
  const answer = await relayAt(place, fetch)('GET', '/');
  if (!answer.ok) return answer;
  const hello = v.safeParse(relayHello, answer.value);
  return hello.success ? ok(hello.output) : failed(words('words.relay.not_a_relay'));
}

interface Place {
  readonly url: string;
  readonly secret: string | null;
}

/** Calls of a relay: what it answers as JSON, or why it does not. */
export function relayAt({ url, secret }: Place, fetch: Fetch) {
  const base = url.replace(/\/+$/, '');
  return async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Result<unknown>> => {
    if (secret === null) return failed(words('words.outbox.key_locked'));
    const headers = { authorization: `Bearer ${secret}` };
    const sent =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    let answer: Answer;
    let text: string;
    try {
      answer = await fetch(`${base}${path}`, { method, ...sent });
      text = await answer.text();
    } catch {
      return failed(words('words.relay.no_answer'));
    }
    if (answer.status === 401) return failed(words('words.relay.wrong_secret'));
    // An older one does not know all that there is by now.
    if (answer.status === 404) return failed(words('words.relay.other_version'));
    if (!answer.ok) return failed(words('words.source.status', { source: RELAY, status: answer.status }));
    try {
      return ok(text === '' ? null : (JSON.parse(text) as unknown));
    } catch {
      return failed(words('words.relay.not_a_relay'));
    }
  };
}
