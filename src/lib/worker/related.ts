import { needsNothing, type Needs, type Related } from '$lib/core/related';
import type { Contact } from '$lib/core/rows/contacts';
import type { Company, Deal } from '$lib/core/rows/crm';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import type { Reader } from '$lib/storage/port';

interface Ids {
  readonly all: readonly string[];
  readonly inRow: boolean;
}

type Parts = { -readonly [Part in keyof Related]: Related[Part] };

/**
 * Loads what is needed of these contacts: a query a part for all of them, not one for each. Rotations are of the whole workspace
 * and are the caller's. `inRow`: these are all contacts there are between the first and the last, in the order of their ids; then a
 * range of each index is read.
 */
export async function loadRelated(
  reader: Reader,
  contacts: readonly Contact[],
  needs: Needs,
  inRow = false
): Promise<(contactId: string) => Related> {
  const { parts = [], lastOf = [], since } = needs;
  if (contacts.length === 0 || needsNothing(needs)) return () => ({});
  const found = new Map<string, Parts>(contacts.map(({ id }) => [id, {}]));
  const ids: Ids = { all: [...found.keys()], inRow: inRow && contacts.length > 1 };
  const has = new Set<string>(parts);
  const put = <P extends keyof Related>(part: P, of: (contactId: string) => Related[P]): void => {
    for (const [id, related] of found) related[part] = of(id);
  };
  await Promise.all([
    has.has('company') && companiesOf(reader, contacts).then((of) => put('company', of)),
    has.has('deals') && dealsOf(reader, ids).then((of) => put('deals', of)),
    has.has('tasks') && byContact(reader, 'tasks', ids).then((of) => put('tasks', of)),
    has.has('memberships') && byContact(reader, 'memberships', ids).then((of) => put('memberships', of)),
    has.has('vouchers') && byContact(reader, 'vouchers', ids).then((of) => put('vouchers', of)),
    has.has('identities') && byContact(reader, 'identities', ids).then((of) => put('identities', of)),
    has.has('lots') &&
      byContact(reader, 'ledger', ids).then((of) => put('lots', (id) => of(id).filter(({ left = 0 }) => left > 0))),
    since !== undefined &&
      eventsOf(reader, ids, since).then((of) => put('events', (id) => ({ since, rows: of.get(id) ?? [] })))
  ]);
  if (has.has('rollups') || lastOf.length > 0) {
    const rollups = await rollupsOf(reader, ids);
    put('rollups', (id) => rollups.get(id) ?? new Map<string, Rollup>());
    if (lastOf.length > 0) {
      const last = await lastEventsOf(reader, rollups, lastOf);
      put('lastEvents', (id) => last.get(id) ?? new Map<string, EventRow | null>());
    }
  }
  return (contactId) => found.get(contactId) ?? {};
}

async function byContact<T extends 'tasks' | 'memberships' | 'vouchers' | 'identities' | 'ledger'>(
  reader: Reader,
  table: T,
  { all, inRow }: Ids
) {
  const rows = await reader.query(
    table,
    inRow ? { index: 'contactId', from: all[0], to: all.at(-1) } : { index: 'contactId', anyOf: all }
  );
  const groups = new Map<string, typeof rows>();
  for (const row of rows) add(groups, row.contactId ?? '', row);
  return (id: string): typeof rows => groups.get(id) ?? [];
}

async function companiesOf(
  reader: Reader,
  contacts: readonly Contact[]
): Promise<(contactId: string) => Company | null> {
  const ids = [...new Set(contacts.flatMap(({ companyId }) => companyId ?? []))];
  const companies = new Map((await reader.getMany('companies', ids)).map((company) => [company?.id, company]));
  const byContactId = new Map(contacts.map(({ id, companyId }) => [id, companies.get(companyId) ?? null]));
  return (id) => byContactId.get(id) ?? null;
}

/** Oldest first: ids are in the order of time. */
async function dealsOf(reader: Reader, { all, inRow }: Ids) {
  const deals = await reader.query('deals', inRow ? {} : { index: 'contactIds', anyOf: all });
  const sorted = [...deals].sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1));
  const groups = new Map<string, Deal[]>();
  for (const deal of sorted) for (const id of deal.contactIds) add(groups, id, deal);
  return (id: string) => groups.get(id) ?? [];
}

async function eventsOf(reader: Reader, { all, inRow }: Ids, since: number): Promise<Map<string, EventRow[]>> {
  const between = (first: string, last: string) =>
    reader.query('events', {
      index: '[contactId+occurredAt]',
      from: [first, inRow ? -Infinity : since],
      to: [last, Number.MAX_SAFE_INTEGER]
    });
  const rows = inRow
    ? await between(all[0] as string, all.at(-1) as string)
    : (await Promise.all(all.map((id) => between(id, id)))).flat();
  const groups = new Map<string, EventRow[]>();
  for (const row of rows) if (row.occurredAt >= since) add(groups, row.contactId ?? '', row);
  return groups;
}

async function rollupsOf(reader: Reader, { all, inRow }: Ids): Promise<Map<string, Map<string, Rollup>>> {
  const between = (first: string, last: string) => reader.query('rollups', { from: [first, ''], to: [last, '\uffff'] });
  const rows = inRow
    ? await between(all[0] as string, all.at(-1) as string)
    : (await Promise.all(all.map((id) => between(id, id)))).flat();
  const byContactId = new Map<string, Map<string, Rollup>>(all.map((id) => [id, new Map()]));
  for (const rollup of rows) byContactId.get(rollup.contactId)?.set(rollup.type, rollup);
  return byContactId;
}

function add<T>(groups: Map<string, T[]>, key: string, row: T): void {
  const group = groups.get(key);
  if (group) group.push(row);
  else groups.set(key, [row]);
}

async function lastEventsOf(
  reader: Reader,
  rollups: ReadonlyMap<string, ReadonlyMap<string, Rollup>>,
  types: readonly string[]
): Promise<Map<string, Map<string, EventRow | null>>> {
  const wanted = [...rollups.values()].flatMap((of) => types.flatMap((type) => of.get(type)?.lastId ?? []));
  const events = new Map((await reader.getMany('events', wanted)).map((event) => [event?.id, event]));
  return new Map(
    [...rollups].map(([id, of]) => [id, new Map(types.map((type) => [type, events.get(of.get(type)?.lastId) ?? null]))])
  );
}
