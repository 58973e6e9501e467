import type { StoredBackup } from '$lib/core/backup';
import { DAY, type Instant } from '$lib/core/instants';
import { ok, type Result } from '$lib/core/result';
import { backupFolder, backupPartOf, begunAt } from '../names';
import type { Remote, RemoteName } from '../remote';
import type { Seal } from '../seal';
import { fetchManifest } from './fetching';

/** Where the backups of a workspace lie: beside what its devices tell each other, and sealed as that is. */
export interface BackupShelf {
  readonly remote: Pick<Remote, 'put' | 'get' | 'remove' | 'list'>;
  readonly seal: Seal;
}

/** Names by the backup whose parts they are. */
type Parts = ReadonlyMap<string, { readonly manifest: RemoteName | null; readonly pieces: readonly RemoteName[] }>;

/** How long pieces without a manifest may be those of a backup that another device is making: no call takes a day. */
const MAKING = DAY;

/** All that are whole, the latest first. */
export async function storedBackups(shelf: BackupShelf): Promise<Result<readonly StoredBackup[]>> {
  const parts = await partsOn(shelf);
  if (!parts.ok) return parts;
  const all: StoredBackup[] = [];
  for (const id of wholeOf(parts.value)) {
    const manifest = await fetchManifest(shelf, id);
    if (manifest.ok) {
      const { at, device, size } = manifest.value;
      all.push({ id, at, device, size, problem: null });
    } else all.push({ id, at: begunAt(id), device: null, size: null, problem: manifest.reason });
  }
  return ok(all);
}

/** When the latest that is whole was begun, in epoch ms; null: there is none. */
export async function latestBackup(shelf: BackupShelf): Promise<Result<Instant | null>> {
  const parts = await partsOn(shelf);
  if (!parts.ok) return parts;
  const [latest] = wholeOf(parts.value);
  return ok(latest === undefined ? null : begunAt(latest));
}

/** Takes away a backup: first the manifest, so that what is left is none. What is not there is no trouble. */
export async function removeBackup(shelf: BackupShelf, id: string): Promise<Result<void>> {
  const parts = await partsOn(shelf);
  return parts.ok ? removeAll(shelf, parts.value, [id]) : parts;
}

/** Takes away the oldest beyond so many. */
export async function keepLatest(shelf: BackupShelf, keep: number): Promise<Result<void>> {
  const parts = await partsOn(shelf);
  return parts.ok ? removeAll(shelf, parts.value, wholeOf(parts.value).slice(keep)) : parts;
}

/**
 * Takes away pieces of backups that never became whole: of `begun`, which this device has begun, and of all that can be no other
 * device's that is being made.
 */
export async function sweepBroken(
  shelf: BackupShelf,
  { begun, now }: { begun: string | null; now: Instant }
): Promise<Result<void>> {
  const parts = await partsOn(shelf);
  if (!parts.ok) return parts;
  const broken = [...parts.value].flatMap(([id, { manifest }]) =>
    manifest === null && (id === begun || Math.abs(now - begunAt(id)) > MAKING) ? [id] : []
  );
  return removeAll(shelf, parts.value, broken);
}

async function partsOn({ remote, seal }: BackupShelf): Promise<Result<Parts>> {
  const names = await remote.list(backupFolder(seal.generation));
  if (!names.ok) return names;
  const parts = new Map<string, { manifest: RemoteName | null; pieces: RemoteName[] }>();
  for (const name of names.value) {
    const part = backupPartOf(name);
    if (part === null) continue;
    const those = parts.get(part.id) ?? { manifest: null, pieces: [] };
    if (part.isManifest) those.manifest = name;
    else those.pieces.push(name);
    parts.set(part.id, those);
  }
  return ok(parts);
}

/** The latest first. */
function wholeOf(parts: Parts): string[] {
  const whole = [...parts].flatMap(([id, { manifest }]) => (manifest === null ? [] : [id]));
  return whole.sort().reverse();
}

async function removeAll({ remote }: BackupShelf, parts: Parts, ids: readonly string[]): Promise<Result<void>> {
  for (const id of ids) {
    const { manifest = null, pieces = [] } = parts.get(id) ?? {};
    for (const name of [...(manifest === null ? [] : [manifest]), ...pieces]) {
      const removed = await remote.remove(name);
      if (!removed.ok) return removed;
    }
  }
  return ok(undefined);
}
