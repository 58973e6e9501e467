import { HOUR, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { SharingDevice } from '$lib/core/rows/connection';
import { words } from '$lib/core/words';
import {
  HEADER,
  newHeader,
  openAgain,
  openHeader,
  withDevices,
  type Known,
  type Opened,
  type Unlocked
} from '$lib/sync/header';
import { changeHeader, putHeader } from '$lib/sync/header-document';
import type { Remote } from '$lib/sync/remote';
import type { KeptConnection, OpenConnection } from './kept-connection';

/** How old what is known of the header may be before a pass. */
const FRESH: Milliseconds = 5 * MINUTE;
/** How exactly others are told when this device was last there. */
const SEEN: Milliseconds = HOUR;

/** Begins on a remote where nothing is, or joins what is there. `remoteId`: for what is begun. */
export async function enter(
  remote: Remote,
  { device, passphrase, remoteId }: { device: SharingDevice; passphrase: string; remoteId: string }
): Promise<Result<{ unlocked: Unlocked; isJoining: boolean }>> {
  const read = await remote.read(HEADER);
  if (!read.ok) return read;
  if (read.value !== null) {
    const joined = await join(remote, { bytes: read.value.bytes, device, passphrase });
    return joined.ok ? ok({ unlocked: joined.value, isJoining: true }) : joined;
  }
  const bytes = await newHeader(remoteId, { passphrase, devices: [device] });
  const put = await putHeader(remote, bytes);
  if (!put.ok) return put;
  const unlocked = await openHeader(bytes, passphrase);
  return unlocked.ok ? ok({ unlocked: unlocked.value, isJoining: false }) : unlocked;
}

/** Opens what is there with the passphrase, and is in its list from now on. */
export async function join(
  remote: Remote,
  { bytes, device, passphrase, known }: { bytes: Uint8Array; device: SharingDevice; passphrase: string; known?: Known }
): Promise<Result<Unlocked>> {
  const unlocked = await openHeader(bytes, passphrase, known);
  if (!unlocked.ok) return unlocked;
  const { key, secret } = unlocked.value;
  const opened = await enlisted(remote, { key, known: knownOf(unlocked.value) }, () => device);
  return opened.ok ? ok({ ...opened.value, secret }) : opened;
}

/** Writes this device into the list, in the place of what it was there before. */
async function enlisted(
  remote: Remote,
  { key, known }: { key: CryptoKey; known: Known },
  deviceIn: (devices: readonly SharingDevice[]) => SharingDevice
): Promise<Result<Opened>> {
  let before = known;
  const written = await changeHeader(remote, async (bytes) => {
    const header = await openAgain(bytes, key, known);
    if (!header.ok) return header;
    before = knownOf(header.value);
    const device = deviceIn(header.value.devices);
    const devices = [...header.value.devices.filter(({ id }) => id !== device.id), device];
    return withDevices(bytes, { key, known: before, devices });
  });
  return written.ok ? openAgain(written.value, key, before) : written;
}

function isListed(devices: readonly SharingDevice[], writer: string): boolean {
  return devices.some(({ writesAs }) => writesAs.includes(writer));
}

/** This device among those that share the remote, as the header says: looked at before passes, and kept true. */
export class Membership {
  private checkedAt: Instant = -Infinity;
  /** Who has told something and was in no list when it was looked for: devices that have gone. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly kept: KeptConnection,
    private readonly now: () => Instant
  ) {}

  /** The next look is not put off. */
  forget(): void {
    this.checkedAt = -Infinity;
  }

  /**
   * Looks whether the remote is what it was, and at who shares it, where that was not done for a while or somebody has told something who
   * is not known.
   */
  async meet(): Promise<Result<void>> {
    const at = this.now();
    const isFresh = at - this.checkedAt < FRESH && at >= this.checkedAt;
    const strangers = await this.strangers();
    if (isFresh && strangers.length === 0) return ok(undefined);
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, standing, remote, key } = open.value;
    const read = await remote.read(HEADER);
    if (!read.ok) return read;
    if (read.value === null) return failed(words('words.sync.gone'));
    const header = await openAgain(read.value.bytes, key, row.known);
    if (!header.ok) {
      if (header.reason.key === 'words.sync.new_key') await this.kept.set({ isKeyOld: true });
      return header;
    }
    const own = header.value.devices.find(({ id }) => id === row.device);
    const isTrue =
      own?.name === row.name && own.writesAs.includes(standing.device) && !own.isRevoked && at - own.seenAt < SEEN;
    const seen = isTrue ? header : await enlisted(remote, { key, known: row.known }, (devices) => this.own(open.value, devices)); // prettier-ignore
    if (!seen.ok) return seen;
    this.checkedAt = at;
    const [known, devices] = [knownOf(seen.value), [...seen.value.devices]];
    const isNews = JSON.stringify([row.known, row.devices]) !== JSON.stringify([known, devices]);
    if (isNews) await this.kept.set({ known, devices });
    for (const stranger of strangers) if (!isListed(devices, stranger)) this.gone.add(stranger);
    return ok(undefined);
  }

  /** Who has told something and is in no list that is known here. */
  private async strangers(): Promise<string[]> {
    const rows = await this.kept.rows();
    if (rows === null) return [];
    const { row, standing } = rows;
    return Object.keys(standing.peers).filter((peer) => !isListed(row.devices, peer) && !this.gone.has(peer));
  }

  /** The others forget this device, where they can be told so. */
  async leave({ row, remote, key }: OpenConnection): Promise<Result<void>> {
    const left = await changeHeader(remote, async (bytes) => {
      const header = await openAgain(bytes, key, row.known);
      if (!header.ok) return header;
      const devices = header.value.devices.filter(({ id }) => id !== row.device);
      return withDevices(bytes, { key, known: knownOf(header.value), devices });
    });
    return left.ok ? ok(undefined) : left;
  }

  private own({ row, standing }: OpenConnection, devices: readonly SharingDevice[]): SharingDevice {
    const before = devices.find(({ id }) => id === row.device);
    const now = newDevice(row.device, { name: row.name, writesAs: standing.device, now: this.now() });
    if (before === undefined) return now;
    return { ...now, since: before.since, writesAs: [...new Set([...before.writesAs, ...now.writesAs])] };
  }
}

export function newDevice(
  id: string,
  { name, writesAs, now }: { name: string; writesAs: string; now: Instant }
): SharingDevice {
  return { id, name, writesAs: [writesAs], since: now, seenAt: now, isRevoked: false };
}

export function knownOf({ remote, generation, edition }: Known): Known {
  return { remote, generation, edition };
}
