import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import type { Answer, Fetch } from '$lib/core/fetch';
import { secret, url } from '$lib/core/fields';
import { MINUTE } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { SUPABASE_HEADER, SUPABASE_HELLO, SUPABASE_TABLE } from '$lib/core/supabase-inbox';
import { words, type Words } from '$lib/core/words';
import { kindIn, postedBy } from './inbox/kinds';
import { INBOX_DELIVERS, toldBy, type Post } from './inbox/told';
import { isoInstant } from './mappers/payload';

const SUPABASE = 'Supabase';
/** All their numbers stand in one address when they are let go of. */
const PAGE = 250;

const fields = {
  url: url({ required: true }),
  apiKey: secret({ required: true }),
  secret: secret({ required: true }),
  kind: postedBy()
};

const rows = v.array(
  v.object({
    id: v.pipe(v.number(), v.safeInteger()),
    kind: v.nullish(v.string(), null),
    body: v.string(),
    received_at: isoInstant
  })
);

/**
 * A table at Supabase as an inbox, or anywhere else that PostgREST is: services post to a function that keeps what came. The cursor is the
 * numbers of what is committed here, which the next reading deletes. It asks for all that is left, not for what follows a number: numbers
 * are given before their rows can be read, so that a lower one may come later.
 */
export default defineSource({
  id: 'supabase.inbox',
  provider: 'supabase',
  service: {
    id: 'supabase',
    name: SUPABASE,
    fields,
    documentation: 'https://supabase.com/docs/guides/api',
    test: ({ fields, fetch }) => testTable(fields, fetch)
  },
  delivers: INBOX_DELIVERS,
  every: MINUTE,
  documentation: 'https://postgrest.org/en/stable/references/api/tables_views.html',
  read: async ({ fields, cursor, now, fetch, mappings, accountId = '' }) => {
    const ask = supabaseAt(fields, fetch);
    const committed = new Set((cursor ?? '').split(',').filter(Boolean));
    if (committed.size > 0) {
      const isLetGo = await ask('DELETE', `/${SUPABASE_TABLE}?id=in.(${[...committed].join(',')})`);
      if (!isLetGo.ok) return isLetGo;
    }
    const answer = await ask('GET', `/${SUPABASE_TABLE}?select=id,kind,body,received_at&order=id.asc&limit=${PAGE}`);
    if (!answer.ok) return answer;
    const page = v.safeParse(rows, answer.value);
    if (!page.success) return failed(words('words.supabase.not_set_up'));
    const found = page.output;
    // Nothing is refused where a policy lets nothing be deleted: it is only still there.
    if (found.some(({ id }) => committed.has(String(id)))) return failed(words('words.supabase.not_deleted'));
    const posts = found.map(({ id, kind, body, received_at }): Post => ({
      id: `${accountId}-${id}`,
      kind: kindIn(kind) ?? fields.kind,
      receivedAt: received_at,
      contentType: 'application/json',
      body
    }));
    const last = found.at(-1);
    return ok({
      ...toldBy(posts, () => mappings?.get(accountId)),
      cursor: last ? found.map(({ id }) => id).join(',') : null,
      watermark: found.length === PAGE && last ? Math.min(last.received_at, now) : now,
      // Once more at once where there was something: it is let go of then, rather than at the next reading.
      more: last !== undefined
    });
  }
});

interface Place {
  readonly url: string;
  readonly apiKey: string | null;
  readonly secret: string | null;
}

/** Whether the text was run there, with this secret. */
async function testTable(place: Place, fetch: Fetch): Promise<Result<Words>> {
  const answer = await supabaseAt(place, fetch)('GET', `/rpc/${SUPABASE_HELLO}`);
  if (!answer.ok) return answer;
  if (typeof answer.value !== 'boolean') return failed(words('words.supabase.not_set_up'));
  return answer.value ? ok(words('words.supabase.works')) : failed(words('words.supabase.wrong_secret'));
}

/** Calls of PostgREST: what it answers as JSON, or why it does not. */
function supabaseAt({ url, apiKey, secret }: Place, fetch: Fetch) {
  const base = `${url.replace(/\/+$/, '')}/rest/v1`;
  return async (method: 'GET' | 'DELETE', path: string): Promise<Result<unknown>> => {
    if (apiKey === null || secret === null) return failed(words('words.outbox.key_locked'));
    let answer: Answer;
    let text: string;
    try {
      answer = await fetch(`${base}${path}`, { method, headers: { apikey: apiKey, [SUPABASE_HEADER]: secret } });
      text = await answer.text();
    } catch {
      return failed(words('words.source.no_answer', { source: SUPABASE }));
    }
    if (answer.status === 404) return failed(words('words.supabase.not_set_up'));
    if (answer.status === 401 || answer.status === 403) return failed(words('words.supabase.key_refused'));
    if (!answer.ok) return failed(words('words.source.status', { source: SUPABASE, status: answer.status }));
    try {
      return ok(text === '' ? null : (JSON.parse(text) as unknown));
    } catch {
      return failed(words('words.supabase.not_set_up'));
    }
  };
}
