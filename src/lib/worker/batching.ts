import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Intent, OutboxRow } from '$lib/core/rows/messages';
import type { Reader } from '$lib/storage/port';
import { isInDoubt } from './giving-up';
import type { Call, Calls } from './lanes';
import { isQueued, type OnTheirWay } from './on-their-way';
import { hasOwnHeaders } from './signed-links';

/** The relay passes on six million bytes a call, and a character is up to three of them. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Calls as they leave: those that a provider takes in one, together. As many as it takes side by side have nothing to gain from that, and
 * an answer that is lost leaves fewer in doubt. `mayJoin` false: none is begun. The key of a batch is known to nobody but this device, so
 * that another one which takes over would not be told of it in time.
 */
export function intoBatches(calls: readonly Call[], { mayJoin, key }: { mayJoin: boolean; key: Id }): Calls[] {
  const alike = new Map<string, [Call, ...Call[]]>();
  for (const call of calls) {
    const group = groupOf(call, mayJoin);
    const others = alike.get(group);
    if (others) others.push(call);
    else alike.set(group, [call]);
  }
  let made = 0;
  return [...alike.values()].flatMap((group): Calls[] => {
    const [{ row, provider }] = group;
    if (row.batchKey !== undefined) return [inOrder(group)];
    if (group.length <= provider.concurrency) return group.map((call) => [call]);
    return cut(group, provider.batches?.most ?? 1).map((part): Calls => {
      if (part.length === 1) return part;
      const [first, ...others] = inOrder(part);
      const batchKey = `${key}/${made++}`;
      const joined = (call: Call): Call => ({ ...call, row: { ...call.row, batchKey } });
      return [joined(first), ...others.map(joined)];
    });
  });
}

/** The batches among what leaves, as the intent has them; undefined: there is none. */
export function batchesAmong(calls: readonly Calls[]): Intent['batches'] {
  const batches = calls.flatMap((one) => {
    const key = one[0].row.batchKey;
    return key === undefined ? [] : { key, outboxIds: one.map(({ row }) => row.id) };
  });
  return batches.length === 0 ? undefined : batches;
}

/** Rows with all that are to be repeated along with them: they may be due later, or be beyond what is looked at. */
export async function withTheirBatches(
  reader: Reader,
  rows: readonly OutboxRow[],
  away: OnTheirWay
): Promise<OutboxRow[]> {
  const keys = new Set(rows.flatMap(({ batchKey }) => batchKey ?? []));
  if (keys.size === 0) return [...rows];
  const there = new Set(rows.map(({ id }) => id));
  const members = await reader.query('outbox', { index: 'batchKey', anyOf: [...keys] });
  return [...rows, ...members.filter((row) => !there.has(row.id) && isQueued(row, away))];
}

/**
 * What of a batch may leave: all of it, or nothing while one of it has to wait (`waits`: until when). Under its key another content would
 * be refused, or taken for the same.
 */
export function heldBack(rows: readonly OutboxRow[], waits: ReadonlyMap<Id, Instant>): Map<Id, Instant> {
  const until = new Map<Id, Instant>();
  for (const { id, batchKey } of rows) {
    const own = waits.get(id);
    if (batchKey !== undefined && own !== undefined) until.set(batchKey, Math.max(own, until.get(batchKey) ?? own));
  }
  return new Map(
    rows.flatMap(({ id, batchKey = '' }) => (until.has(batchKey) ? [[id, until.get(batchKey) ?? 0]] : []))
  );
}

/** Repeated, it must be the same call to the letter, however its rows became due. */
function inOrder([first, ...others]: Calls): Calls {
  const [one = first, ...more] = [first, ...others].sort((a, b) => (a.row.id < b.row.id ? -1 : 1));
  return [one, ...more];
}

/** Calls that may be one have this in common; what is alone in it goes by itself. */
function groupOf({ row, provider, account, relay }: Call, mayJoin: boolean): string {
  if (row.batchKey !== undefined) return `batch ${row.batchKey}`;
  const isFree = row.apart !== true && row.leavesAt === undefined && !isInDoubt(row);
  const { request } = row;
  const group = mayJoin && isFree ? provider.batches?.groupOf(request, hasOwnHeaders(request, relay)) : undefined;
  if (group === undefined || group === null) return `row ${row.id}`;
  return JSON.stringify([account?.id ?? '', relay?.id ?? '', provider.id, group]);
}

/** In parts of `most` calls at most, none of them too long for one. */
function cut(calls: readonly Call[], most: number): [Call, ...Call[]][] {
  const parts: [Call, ...Call[]][] = [];
  let length = 0;
  for (const call of calls) {
    const last = parts.at(-1);
    const own = lengthOf(call.row);
    if (last !== undefined && last.length < most && length + own <= MOST_CHARACTERS) {
      last.push(call);
      length += own;
    } else {
      parts.push([call]);
      length = own;
    }
  }
  return parts;
}

function lengthOf({ request }: OutboxRow): number {
  return request.channel === 'email' ? (request.html ?? '').length + (request.text ?? '').length : 0;
}
