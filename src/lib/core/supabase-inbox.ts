// What an inbox at Supabase is made of, and how the app and its database speak of it.

export const SUPABASE_TABLE = 'ricochet_inbox';
/** What services post to, as `POST /rest/v1/rpc/ricochet_post`: any JSON. */
export const SUPABASE_POST = 'ricochet_post';
/** Says whether the secret is the right one. */
export const SUPABASE_HELLO = 'ricochet_hello';
/** Holds the secret: whoever may post may not read without it. */
export const SUPABASE_HEADER = 'x-ricochet-secret';

/**
 * The SQL that makes the inbox, for the project's SQL editor; run once more, it makes nothing twice and takes a new secret. `secret`: of
 * letters and digits. What is posted is kept as it came by a function, so that the public key alone lets nobody read it.
 */
export function supabaseSql(secret: string): string {
  const plain = secret.replace(/[^A-Za-z0-9]/g, '');
  return `create table if not exists ${SUPABASE_TABLE} (
  id bigint generated always as identity primary key,
  kind text,
  body text not null check (length(body) <= 262144),
  received_at timestamptz not null default now()
);
alter table ${SUPABASE_TABLE} enable row level security;
revoke all on ${SUPABASE_TABLE} from anon, authenticated;
grant select, delete on ${SUPABASE_TABLE} to anon;

create or replace function ${SUPABASE_HELLO}() returns boolean language sql stable as $$
  select coalesce(nullif(current_setting('request.headers', true), '')::json ->> '${SUPABASE_HEADER}', '') = '${plain}'
$$;
drop policy if exists ricochet_reads on ${SUPABASE_TABLE};
create policy ricochet_reads on ${SUPABASE_TABLE} for select to anon using (${SUPABASE_HELLO}());
drop policy if exists ricochet_deletes on ${SUPABASE_TABLE};
create policy ricochet_deletes on ${SUPABASE_TABLE} for delete to anon using (${SUPABASE_HELLO}());

create or replace function ${SUPABASE_POST}(json) returns void language sql security definer set search_path = public as $$
  insert into ${SUPABASE_TABLE} (body) values ($1::text)
$$;
grant execute on function ${SUPABASE_HELLO}(), ${SUPABASE_POST}(json) to anon;
notify pgrst, 'reload schema';
`;
}
