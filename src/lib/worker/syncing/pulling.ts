import { ok, type Result } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import type { Words } from '$lib/core/words';
import { batchOf, isOlder } from '$lib/sync/names';
import { takeOwn } from './own-batches';
import type { PassParts } from './pass-parts';
import { changeStanding, standingIn, standingOf } from './standing-row';
import { takeIn } from './taking-in';

/** Takes in what others have told. Gives why a batch of another device was not taken in; null: all were. Fails where the remote does. */
export async function pull(parts: PassParts, signal: AbortSignal): Promise<Result<Words | null>> {
  for (let isMore = true; isMore;) {
    const { cursor } = await standingOf(parts);
    const changes = await parts.remote.changes(cursor, { wait: 0, signal });
    if (!changes.ok) return changes;
    const own = await takeOwn(parts, changes.value.names);
    if (!own.ok) return own;
    const swept = await sweepOlder(parts, changes.value.names);
    if (!swept.ok) return swept;
    await parts.storage.transact(async (transaction) => {
      const standing = await standingIn(transaction);
      await changeStanding(transaction, { cursor: changes.value.cursor, peers: heard(standing, changes.value.names) });
    });
    isMore = changes.value.isMore;
  }
  return takeIn(parts, signal);
}

/** What was sealed under an older key opens for whoever that key was taken from. */
async function sweepOlder({ remote, seal }: PassParts, names: readonly string[]): Promise<Result<void>> {
  for (const name of names) {
    if (!isOlder(name, seal.generation)) continue;
    const removed = await remote.remove(name);
    if (!removed.ok) return removed;
  }
  return ok(undefined);
}

function heard({ peers, generation, device: own }: SyncStanding, names: readonly string[]): SyncStanding['peers'] {
  const known = { ...peers };
  for (const name of names) {
    const batch = batchOf(name, generation);
    if (batch === null || batch.device === own) continue;
    const peer = known[batch.device] ?? { next: 0, heard: -1 };
    known[batch.device] = { ...peer, heard: Math.max(peer.heard, batch.number) };
  }
  return known;
}
