import { update } from '$lib/core/changes';
import type { SyncStanding } from '$lib/core/rows/events';
import type { SyncRow } from '$lib/core/rows/sync';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import { FIRST_POSITION } from '$lib/sync/baseline';
import { unpacked } from '$lib/sync/batches';
import { deviceOf, isAhead, latest, restamped, type Stamp } from '$lib/sync/clock';
import { greatestIn } from '$lib/sync/entries';
import { batchName } from '$lib/sync/names';
import { foldInto } from './applying';
import type { PassParts } from './pass-parts';
import { changeStanding, standingIn, standingOf } from './standing-row';

const ROWS = 1_000;

/**
 * The user says that the clock of this device is right: what others have written ahead of it is given new stamps too at the next pass.
 * Nobody else can say: where several clocks were ahead, each device finds what the others told to be of the future.
 */
export async function trustClock(storage: Storage): Promise<void> {
  await storage.transact(async (transaction) => {
    await standingIn(transaction);
    await changeStanding(transaction, { isClockTrusted: true });
  });
}

/**
 * The clock of this device was ahead, and was set right: nobody takes in what it has told since, nor would they what it tells from now
 * on. It gives new stamps, takes away what it has told in vain, and tells all that it knows under another name. May be cut off anywhere.
 */
export async function setRight(parts: PassParts): Promise<Result<void>> {
  const { storage, now, newDevice } = parts;
  const isRight = await storage.transact(async (transaction) => {
    const greatest = await foldInto(transaction);
    const isRight = greatest === null || !isAhead(greatest, now());
    const { isClockTrusted } = await standingIn(transaction);
    if (isRight && isClockTrusted !== undefined) await changeStanding(transaction, { isClockTrusted: undefined });
    return isRight;
  });
  if (isRight) return ok(undefined);
  const ahead = await stampsAhead(parts);
  const standing = await standingOf(parts);
  const told = toldBy(standing);
  // Others' were taken in when they were not ahead: it is this device's clock that is behind now, as far as anybody can tell.
  if (standing.isClockTrusted !== true && [...ahead.stamps].some((stamp) => !told.has(deviceOf(stamp))))
    return failed(words('words.sync.clock_behind'));
  // A stamp that is another's, only that device gives.
  const given = await stampAnew(parts, ahead, (device) => (told.has(device) ? device : standing.device));
  for (const [name, last] of told) {
    const removed = await removeRefused(parts, name, last);
    if (!removed.ok) return removed;
  }
  await storage.transact(async (transaction) => {
    const standing = await standingIn(transaction);
    const peers = { ...standing.peers };
    for (const [name, last] of toldBy(standing)) peers[name] = { next: last + 1, heard: last };
    const formerly = [...(standing.formerly ?? []), standing.device];
    const anew = { device: newDevice(), formerly, next: 0, attempt: null, cursor: null, greatest: given, peers };
    // Facts have no stamps of their own: all is gone through once more.
    await changeStanding(transaction, { ...anew, baseline: FIRST_POSITION });
  });
  return ok(undefined);
}

/** The names under which this device has told anything, each with the number of its last batch. */
function toldBy({ device, formerly = [], next, peers }: SyncStanding): ReadonlyMap<string, number> {
  return new Map([...formerly.map((name) => [name, peers[name]?.heard ?? -1] as const), [device, next - 1] as const]);
}

/** The stamps that are ahead, and the greatest one that is not. */
interface Ahead {
  readonly stamps: ReadonlySet<Stamp>;
  readonly before: Stamp | null;
}

async function stampsAhead({ storage, now }: PassParts): Promise<Ahead> {
  const stamps = new Set<Stamp>();
  let before: Stamp | null = null;
  for await (const rows of storage.batches('syncRows', ROWS))
    for (const row of rows)
      for (const stamp of stampsOf(row)) {
        if (isAhead(stamp, now())) stamps.add(stamp);
        else before = latest(before, stamp);
      }
  return { stamps, before };
}

/** Returns the greatest stamp that there is then. */
async function stampAnew(
  { storage, now }: PassParts,
  { stamps, before }: Ahead,
  givenBy: (device: string) => string
): Promise<Stamp | null> {
  const anew = restamped([...(before === null ? [] : [before]), ...stamps], now(), givenBy);
  const by = (stamp: Stamp): Stamp => anew.get(stamp) ?? stamp;
  for await (const rows of storage.batches('syncRows', ROWS))
    await storage.commit(rows.map((row) => update('syncRows', [row.table, row.key], { ...stampedBy(row, by), sent: undefined, unsent: 1 }))); // prettier-ignore
  return [...anew.values()].reduce<Stamp | null>(latest, before);
}

function* stampsOf({ made, gone, leaves = {}, writings = {} }: SyncRow): Iterable<Stamp> {
  if (made !== undefined) yield made;
  if (gone !== undefined) yield gone;
  yield* Object.keys(leaves);
  for (const all of Object.values(writings)) for (const { stamp } of all) yield stamp;
}

function stampedBy({ made, gone, leaves, writings }: SyncRow, by: (stamp: Stamp) => Stamp): Partial<SyncRow> {
  const over = (stamp: Stamp | null): Stamp | null => (stamp === null ? null : by(stamp));
  return {
    made: made && by(made),
    gone: gone && by(gone),
    leaves: leaves && Object.fromEntries(Object.entries(leaves).map(([stamp, pointers]) => [by(stamp), pointers])),
    writings:
      writings &&
      Object.fromEntries(
        Object.entries(writings).map(([pointer, all]) => [
          pointer,
          all.map((writing) => ({ ...writing, stamp: by(writing.stamp), over: over(writing.over) }))
        ])
      )
  };
}

/** What others refuse of what was told under a name: from the last batch back to the first that is not ahead. */
async function removeRefused({ remote, seal, now }: PassParts, device: string, last: number): Promise<Result<void>> {
  const { generation } = seal;
  for (let number = last; number >= 0; number--) {
    const name = batchName(generation, device, number);
    const found = await remote.get(name);
    if (!found.ok) return found;
    if (found.value === null) continue;
    const plain = await seal.open(name, found.value);
    const batch = plain.ok ? await unpacked(new Uint8Array(plain.value)) : plain;
    if (!batch.ok) return batch;
    if (!batch.value.entries.some((entry) => isAhead(greatestIn(entry) ?? '0', now()))) return ok(undefined);
    const removed = await remote.remove(name);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}
