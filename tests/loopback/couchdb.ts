import { randomUUID } from 'node:crypto';
import { startServer, type Call, type Reply } from './http';

interface Change {
  readonly seq: string;
  readonly id: string;
  readonly changes: { rev: string }[];
  readonly deleted?: true;
  readonly doc: Record<string, unknown>;
}

/**
 * A server on this computer that answers as CouchDB documents its API, so far as Ricochet's inbox uses it: `GET /{db}`, `POST /{db}`,
 * `DELETE /{db}/{id}` and `GET /{db}/_changes`, whose sequences are text. With a user, it refuses all others.
 */
export async function startCouchdb({ database = 'ricochet', user = '', password = '' } = {}) {
  let changes: Change[] = [];
  const numberOf = (seq: string) => Number(seq.split('-')[0]);
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  function keep(id: string, doc: Record<string, unknown>, deleted?: true): void {
    const last = changes.at(-1);
    const seq = `${(last ? numberOf(last.seq) : 0) + 1}-g1AAAAB`;
    const change: Change = { seq, id, changes: [{ rev: '1-a' }], ...(deleted ? { deleted } : {}), doc };
    // A document stands in the feed once, where it was changed last.
    changes = [...changes.filter((other) => other.id !== id), change];
  }

  function answer({ method, url, header, body }: Call): Reply {
    if (user !== '' && header('authorization') !== expected)
      return { status: 401, body: { error: 'unauthorized', reason: 'Name or password is incorrect.' } };
    const [, name = '', rest = ''] = url.pathname.split('/');
    if (name !== database) return { status: 404, body: { error: 'not_found', reason: 'Database does not exist.' } };
    if (method === 'POST' && rest === '') {
      const doc = JSON.parse(body) as Record<string, unknown>;
      const id = typeof doc._id === 'string' ? doc._id : randomUUID();
      keep(id, { ...doc, _id: id, _rev: '1-a' });
      return { status: 201, body: { ok: true, id, rev: '1-a' } };
    }
    if (method === 'DELETE') {
      keep(rest, { _id: rest, _rev: '2-b', _deleted: true }, true);
      return { status: 200, body: { ok: true, id: rest, rev: '2-b' } };
    }
    if (rest === '_changes') {
      const since = numberOf(url.searchParams.get('since') ?? '0');
      const left = changes.filter(({ seq }) => numberOf(seq) > since);
      const results = left.slice(0, Number(url.searchParams.get('limit') ?? left.length));
      const last_seq = results.at(-1)?.seq ?? url.searchParams.get('since') ?? '0';
      return { status: 200, body: { results, last_seq, pending: left.length - results.length } };
    }
    return {
      status: 200,
      body: { db_name: database, update_seq: changes.at(-1)?.seq ?? '0', doc_count: changes.length }
    };
  }

  return { database, ...(await startServer(answer)) };
}
