import type { Instant } from '$lib/core/instants';
import type { RemoteName } from './remote';

const DIGITS = 10;

/** The folder of backups, in the place of a device's name: longer names and shorter ones are devices'. */
const BACKUPS = 'backups';
const WHOLE = 'whole';
const TIME = 9;

/** The name of a device's batch on the remote. */
export function batchName(generation: number, device: string, number: number): RemoteName {
  return `g${generation}/${device}/${String(number).padStart(DIGITS, '0')}`;
}

/** Of which device a name is a batch, and which; null of another generation's, and of whatever else is there. */
export function batchOf(name: RemoteName, generation: number): { device: string; number: number } | null {
  const [prefix, device = '', number = '', ...more] = name.split('/');
  if (
    prefix !== `g${generation}` ||
    device === BACKUPS ||
    !/^[0-9a-z]+$/.test(device) ||
    !/^\d+$/.test(number) ||
    more.length > 0
  )
    return null;
  return { device, number: Number(number) };
}

/** Whether it is a batch, or a part of a backup, of an older generation. */
export function isOlder(name: RemoteName, generation: number): boolean {
  const of = /^g(\d+)\//.exec(name)?.[1];
  return of !== undefined && Number(of) < generation;
}

/** The name that a device puts after this one; null of a name without a number. */
export function nameAfter(name: RemoteName): RemoteName | null {
  const number = /\d+$/.exec(name)?.[0];
  if (number === undefined) return null;
  return name.slice(0, -number.length) + String(Number(number) + 1).padStart(number.length, '0');
}

/** The folder in which all parts of a generation's backups lie. */
export function backupFolder(generation: number): string {
  return `g${generation}/${BACKUPS}`;
}

/** An id of a backup that is begun at `now`, an instant in epoch ms: ids sort by their time. `random`: of small letters and digits. */
export function backupId(now: Instant, random: string): string {
  return now.toString(36).padStart(TIME, '0') + random;
}

/** When a backup was begun, by the clock of the device that has made it, in epoch ms. */
export function begunAt(id: string): Instant {
  return Number.parseInt(id.slice(0, TIME), 36);
}

/** The name of a backup's manifest: put last, it makes a backup of the pieces. */
export function manifestName(generation: number, id: string): RemoteName {
  return `${backupFolder(generation)}/${id}-${WHOLE}`;
}

/** The name of a piece, from 0. */
export function pieceName(generation: number, id: string, number: number): RemoteName {
  return `${backupFolder(generation)}/${id}-${String(number).padStart(DIGITS, '0')}`;
}

/** Of which backup a name is a part, and whether it is the manifest; null of whatever is no part of a backup. */
export function backupPartOf(name: RemoteName): { id: string; isManifest: boolean } | null {
  const [, id, part] = /^g\d+\/backups\/([0-9a-z]{10,60})-(\d+|whole)$/.exec(name) ?? [];
  return id === undefined ? null : { id, isManifest: part === WHOLE };
}
