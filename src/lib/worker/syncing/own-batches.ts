import { ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import { unpacked, type Batch } from '$lib/sync/batches';
import { batchName, batchOf } from '$lib/sync/names';
import type { Seal } from '$lib/sync/seal';
import type { PassParts } from './pass-parts';
import { changeStanding, standingIn, standingOf } from './standing-row';

/** This device has told what it does not know of: an answer was lost, it was set back, or copied. */
export async function takeOwn(parts: PassParts, names: readonly string[]): Promise<Result<void>> {
  for (;;) {
    const standing = await standingOf(parts);
    const { device, next, generation } = standing;
    const numbers = names.flatMap((name) => {
      const batch = batchOf(name, generation);
      return batch?.device === device ? [batch.number] : [];
    });
    const last = Math.max(-1, ...numbers);
    if (last < next) return ok(undefined);
    const taken = await overtaken(parts, standing, last);
    if (!taken.ok) return taken;
  }
}

/**
 * There is a batch of the next number: this device's own, of which no answer came, or that of a copy of it, or of what it was before it
 * was set back. It is then another device from now on, and takes in what it does not know of itself, up to `last` at least.
 */
export async function overtaken(parts: PassParts, standing: SyncStanding, last: number): Promise<Result<void>> {
  const { storage, remote, newDevice } = parts;
  const { device, attempt, next, generation } = standing;
  const name = batchName(generation, device, next);
  const found = await remote.get(name);
  if (!found.ok) return found;
  const batch = found.value === null ? null : await batchFrom(parts.seal, name, found.value);
  const isOwn = attempt !== null && batch?.ok === true && batch.value.attempt === attempt;
  await storage.transact(async (transaction) => {
    const { peers, formerly = [] } = await standingIn(transaction);
    const names = [...formerly, device];
    const anew = { device: newDevice(), formerly: names, next: 0, attempt: null, cursor: null };
    await changeStanding(
      transaction,
      isOwn ? { next: next + 1, attempt: null } : { ...anew, peers: { ...peers, [device]: { next, heard: last } } }
    );
  });
  return ok(undefined);
}

/** What lies on the remote under this name. */
export async function batchFrom(seal: Seal, name: string, bytes: Uint8Array): Promise<Result<Batch>> {
  const plain = await seal.open(name, bytes);
  return plain.ok ? unpacked(new Uint8Array(plain.value)) : plain;
}
