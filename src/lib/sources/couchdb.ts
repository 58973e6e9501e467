import * as v from 'valibot';
import { defineSource } from '$lib/core/sources';
import type { Answer, Fetch } from '$lib/core/fetch';
import { secret, text, url } from '$lib/core/fields';
import type { InboxKind } from '$lib/core/inbox';
import { MINUTE, type Instant } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import { words, type Words } from '$lib/core/words';
import { kindIn, postedBy } from './inbox/kinds';
import { INBOX_DELIVERS, toldBy, type Post } from './inbox/told';

const COUCHDB = 'CouchDB';
const PAGE = 500;

const fields = {
  url: url({ required: true }),
  database: text({ required: true, max: 238, initial: 'ricochet' }),
  user: text({ max: 200 }),
  password: secret(),
  kind: postedBy()
};

const changes = v.object({
  results: v.array(
    v.looseObject({
      id: v.string(),
      deleted: v.optional(v.boolean(), false),
      doc: v.nullish(v.record(v.string(), v.unknown()), null)
    })
  ),
  last_seq: v.pipe(
    v.union([v.string(), v.number()]),
    v.transform((seq) => String(seq))
  )
});

/** An envelope that says who posts, and what: its own text, or an object. */
const envelope = v.looseObject({
  kind: v.string(),
  body: v.union([v.string(), v.record(v.string(), v.unknown())]),
  receivedAt: v.optional(v.number())
});

/**
 * A CouchDB database of the user's as an inbox: each object that a service posts to it (`POST /{db}`) is one post. It is read by
 * `GET /{db}/_changes` ('/{db}/_changes'), whose cursor is its update sequence; documents stay where they are, and are nobody's to
 * delete. For services alone: whoever may post to a database may read it too.
 */
export default defineSource({
  id: 'couchdb.inbox',
  provider: 'couchdb',
  service: {
    id: 'couchdb',
    name: COUCHDB,
    fields,
    documentation: 'https://docs.couchdb.org/en/stable/config/http.html#cross-origin-resource-sharing',
    test: ({ fields, fetch }) => testDatabase(fields, fetch)
  },
  delivers: INBOX_DELIVERS,
  every: MINUTE,
  documentation: 'https://docs.couchdb.org/en/stable/api/database/changes.html',
  read: async ({ fields, cursor, since, now, fetch, mappings, accountId = '' }) => {
    const query = new URLSearchParams({ since: cursor ?? '0', include_docs: 'true', limit: String(PAGE) });
    const answer = await ask(fields, fetch, `/_changes?${query.toString()}`);
    if (!answer.ok) return answer;
    const page = v.safeParse(changes, answer.value);
    if (!page.success) return failed(words('words.couchdb.not_couchdb'));
    const { results, last_seq } = page.output;
    const posts = results.flatMap(({ id, deleted, doc }) =>
      deleted || doc === null || id.startsWith('_design/') ? [] : postOf(doc, id, accountId, fields.kind, now)
    );
    const more = results.length === PAGE;
    return ok({
      ...toldBy(posts, () => mappings?.get(accountId)),
      cursor: last_seq,
      // Documents do not say when they came.
      watermark: more ? since : now,
      more
    });
  }
});

/** A service's own object has no kind, or one that means something else: it is what the account says. */
function postOf(
  { _id, _rev, ...content }: Readonly<Record<string, unknown>>,
  id: string,
  accountId: string,
  kind: InboxKind,
  now: Instant
): Post {
  const enclosed = v.safeParse(envelope, content);
  const said = enclosed.success ? kindIn(enclosed.output.kind) : null;
  const body = enclosed.success && said !== null ? enclosed.output.body : content;
  return {
    // What stands before the last hyphen is who posted it.
    id: `${accountId}-${id.replaceAll('-', '_')}`,
    kind: said ?? kind,
    receivedAt: (said !== null && enclosed.success && enclosed.output.receivedAt) || now,
    contentType: 'application/json',
    body: typeof body === 'string' ? body : JSON.stringify(body)
  };
}

interface Place {
  readonly url: string;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
}

/** Whether the database is there, and answers this page. */
async function testDatabase(place: Place, fetch: Fetch): Promise<Result<Words>> {
  const answer = await ask(place, fetch, '');
  if (!answer.ok) return answer;
  const known = v.safeParse(v.object({ db_name: v.string() }), answer.value);
  return known.success
    ? ok(words('words.couchdb.works', { database: known.output.db_name }))
    : failed(words('words.couchdb.not_couchdb'));
}

/** What the database answers as JSON, or why it does not, with what there is to do. */
async function ask({ url, database, user, password }: Place, fetch: Fetch, path: string): Promise<Result<unknown>> {
  if (user.trim() !== '' && password === null) return failed(words('words.outbox.key_locked'));
  const base = `${url.replace(/\/+$/, '')}/${encodeURIComponent(database.trim())}`;
  let answer: Answer;
  let text: string;
  try {
    answer = await fetch(`${base}${path}`, {
      headers: { accept: 'application/json', ...authorization(user.trim(), password ?? '') }
    });
    text = await answer.text();
  } catch {
    // A page is not told whether nobody answered, or whether the answer was not for it.
    return failed(words('words.couchdb.no_answer'));
  }
  if (answer.status === 401 || answer.status === 403) return failed(words('words.couchdb.refused', { database }));
  if (answer.status === 404) return failed(words('words.couchdb.no_database', { database }));
  if (!answer.ok) return failed(words('words.source.status', { source: COUCHDB, status: answer.status }));
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return failed(words('words.couchdb.not_couchdb'));
  }
}

function authorization(user: string, password: string): Record<string, string> {
  if (user === '') return {};
  // As UTF-8, which RFC 7617 lets a server ask for, and CouchDB reads.
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}
