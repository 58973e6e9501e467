import { SUPABASE_HEADER, SUPABASE_HELLO, SUPABASE_POST, SUPABASE_TABLE } from '$lib/core/supabase-inbox';
import { startServer, type Call, type Reply } from './http';

interface Row {
  readonly id: number;
  readonly kind: string | null;
  readonly body: string;
  readonly received_at: string;
}

/**
 * A server on this computer that answers as a Supabase project does (PostgREST, 'Tables and Views', 'Functions as RPC') in which the SQL of
 * the app was run: without its secret the table is empty, and nothing in it can be deleted.
 */
export async function startSupabase({ apiKey = 'public', secret = 'secret', isSetUp = true } = {}) {
  let rows: Row[] = [];
  let last = 0;
  /** Where the policy for it is missing. */
  let mayDelete = true;

  function keep(body: string, kind: string | null = null, id = ++last): void {
    rows.push({ id, kind, body, received_at: new Date().toISOString().replace('Z', '+00:00') });
  }

  function answer({ method, url, header, body }: Call): Reply {
    if ((header('apikey') || url.searchParams.get('apikey')) !== apiKey)
      return { status: 401, body: { message: 'Invalid API key' } };
    const knows = header(SUPABASE_HEADER) === secret;
    if (!isSetUp)
      return { status: 404, body: { code: 'PGRST205', message: 'Could not find the table in the schema cache' } };
    switch (`${method} ${url.pathname}`) {
      case `POST /rest/v1/rpc/${SUPABASE_POST}`:
        keep(body);
        return { status: 204 };
      case `GET /rest/v1/rpc/${SUPABASE_HELLO}`:
        return { status: 200, body: knows };
      case `GET /rest/v1/${SUPABASE_TABLE}`: {
        const limit = Number(url.searchParams.get('limit') ?? 1_000);
        const found = knows ? [...rows].sort((a, b) => a.id - b.id).slice(0, limit) : [];
        return { status: 200, body: found };
      }
      case `DELETE /rest/v1/${SUPABASE_TABLE}`: {
        const ids = new Set(
          /^in\.\(([\d,]+)\)$/
            .exec(url.searchParams.get('id') ?? '')?.[1]
            ?.split(',')
            .map(Number)
        );
        if (knows && mayDelete) rows = rows.filter(({ id }) => !ids.has(id));
        return { status: 204 };
      }
      default:
        return { status: 404, body: { code: 'PGRST202', message: 'Could not find the function' } };
    }
  }

  return {
    keep,
    left: () => rows.length,
    /** The next number is given to a row that is not committed yet. */
    skip: () => ++last,
    forbidDeleting: () => {
      mayDelete = false;
    },
    ...(await startServer(answer))
  };
}
