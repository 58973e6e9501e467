import { create } from '$lib/core/changes';
import type { Instant } from '$lib/core/instants';
import { refusedPassphrase } from '$lib/core/passphrases';
import { failed, ok, type Result } from '$lib/core/result';
import type { ConnectionRow } from '$lib/core/rows/connection';
import { words } from '$lib/core/words';
import type { Storage } from '$lib/storage/port';
import type { BackupShelf } from '$lib/sync/backups/shelf';
import { DeviceLease } from '$lib/sync/device-lease';
import { examineRemote } from '$lib/sync/examining';
import { HEADER, openHeader, withNewKey, withPassphrase, type Unlocked } from '$lib/sync/header';
import { changeHeader } from '$lib/sync/header-document';
import { DEFAULT_SILENCE } from '$lib/sync/lease-document';
import { sealOf } from '$lib/sync/sealing';
import { KeptConnection, type OpenConnection } from './kept-connection';
import { enter, join, knownOf, Membership, newDevice } from './membership';
import { beginSync, endSync } from './pass';
import { kindsOf, parted, remoteAt, type Places } from './places';
import type { Among, RunsNow, SharedRight } from './shared-right';
import type { RemotePlace, SyncApi } from './sync-api';
import type { Syncing } from './syncing';
import type { Vault } from './vault';

/** The connection is another one; or the user wants the journeys to run here. */
export type SharingNews = 'changed' | 'asked';

/** Where this device, which others know by this name, puts its backups. */
export interface OpenShelf extends BackupShelf {
  readonly device: string;
}

export interface ConnectingParts extends Places {
  readonly storage: Storage;
  readonly now: () => Instant;
  readonly vault: Vault;
  readonly syncing: Pick<Syncing, 'connect' | 'disconnect' | 'now'>;
  readonly right: Pick<SharedRight, 'share' | 'ask'>;
  /** A name that nobody has: of small letters and digits. */
  readonly newName: () => string;
  /** To the other tabs of this device. */
  readonly tellOthers: (news: SharingNews) => void;
}

/**
 * The remote that this device shares with others of the user's: begins there or joins, comes back to it at each start and whenever keys
 * are opened, and leaves it. In each tab; the one that may run the engine passes and asks for the right to run.
 */
export class Connecting implements Omit<SyncApi, 'now' | 'trustClock' | 'conflicts' | 'choose'> {
  private readonly kept: KeptConnection;
  private readonly membership: Membership;
  private resuming: Promise<void> = Promise.resolve();

  constructor(private readonly parts: ConnectingParts) {
    this.kept = new KeptConnection(parts.storage, parts.vault, parts);
    this.membership = new Membership(this.kept, parts.now);
  }

  /** Takes up what this device shares: at the start, and whenever that, or whether keys are open, may be otherwise. */
  resume(): Promise<void> {
    const resumed = this.resuming.then(() => this.takeUp());
    this.resuming = resumed.catch(() => undefined);
    return resumed;
  }

  kinds(origin: string) {
    return Promise.resolve(kindsOf(this.parts, origin));
  }

  async examine(place: RemotePlace): Promise<Result<'nothing' | 'workspace'>> {
    const remote = remoteAt(place, this.parts);
    return remote.ok ? examineRemote(remote.value) : remote;
  }

  async connect(place: RemotePlace, given: { passphrase: string; name: string }): Promise<Result<void>> {
    const { passphrase, name } = given;
    const { storage, newName, now, vault } = this.parts;
    const refused = refusedPassphrase(passphrase);
    if (refused !== null) return failed(refused);
    if (await vault.isLocked()) return failed(words('words.keys.locked'));
    if ((await this.kept.rows()) !== null) return failed(words('words.sync.connected'));
    const remote = remoteAt(place, this.parts);
    if (!remote.ok) return remote;
    const [id, writesAs] = [newName(), newName()];
    const device = newDevice(id, { name: name.trim(), writesAs, now: now() });
    const entered = await enter(remote.value, { device, passphrase, remoteId: newName() });
    if (!entered.ok) return entered;
    const { unlocked, isJoining } = entered.value;
    const fields = parted(place, this.parts);
    const secret = await this.kept.sealed({ fields: fields.secret, key: unlocked.secret });
    if (!secret.ok) return secret;
    const row: ConnectionRow = {
      id: 'connection',
      remote: place.remote,
      fields: fields.open,
      secret: secret.value,
      known: knownOf(unlocked),
      devices: [...unlocked.devices],
      device: id,
      name: device.name,
      fence: 0,
      runs: 'apart',
      holder: null,
      isForced: false,
      isKeyOld: false
    };
    const beside = [create('runtime', 'connection', row)];
    await beginSync(storage, { device: writesAs, generation: unlocked.generation, isJoining }, beside);
    await this.changed();
    return ok(undefined);
  }

  async disconnect(): Promise<Result<void>> {
    const open = await this.kept.opened();
    await this.parts.syncing.disconnect();
    await endSync(this.parts.storage, this.parts.now());
    await this.changed();
    // The remote may not be there any more, which keeps nobody.
    if (open.ok) await this.membership.leave(open.value);
    return ok(undefined);
  }

  async place(): Promise<Result<RemotePlace>> {
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, secret } = open.value;
    return ok({ remote: row.remote, fields: { ...row.fields, ...secret.fields } });
  }

  async openAnew(passphrase: string): Promise<Result<void>> {
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, standing, remote } = open.value;
    const read = await remote.read(HEADER);
    if (!read.ok) return read;
    if (read.value === null) return failed(words('words.sync.gone'));
    const device = newDevice(row.device, { name: row.name, writesAs: standing.device, now: this.parts.now() });
    const joined = await join(remote, { bytes: read.value.bytes, device, passphrase, known: row.known });
    return joined.ok ? this.opensWith(open.value, joined.value) : joined;
  }

  async changePassphrase({ from, to }: { from: string; to: string }): Promise<Result<void>> {
    const refused = refusedPassphrase(to);
    if (refused !== null) return failed(refused);
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, remote } = open.value;
    const written = await changeHeader(remote, (bytes) => withPassphrase(bytes, { from, to, known: row.known }));
    if (!written.ok) return written;
    this.membership.forget();
    return this.membership.meet();
  }

  async revoke(device: string, passphrase: string): Promise<Result<void>> {
    // What that device has told by now is kept, and told again under the new key.
    const passed = await this.parts.syncing.now();
    if (!passed.ok) return passed;
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, remote } = open.value;
    const change = { from: passphrase, to: passphrase, known: row.known, revoked: new Set([device]) };
    const written = await changeHeader(remote, (bytes) => withNewKey(bytes, change));
    if (!written.ok) return written;
    const unlocked = await openHeader(written.value, passphrase, row.known);
    return unlocked.ok ? this.opensWith(open.value, unlocked.value) : unlocked;
  }

  async rename(name: string): Promise<Result<void>> {
    if (name.trim() === '') return failed(words('words.name.empty'));
    await this.kept.set({ name: name.trim() });
    this.membership.forget();
    return this.membership.meet();
  }

  /** Where backups lie. Refused where this device shares with nobody, while keys are locked, and where the remote has a new key. */
  async shelf(): Promise<Result<OpenShelf>> {
    const met = await this.membership.meet();
    if (!met.ok) return met;
    const open = await this.kept.opened();
    if (!open.ok) return open;
    const { row, remote, key } = open.value;
    return ok({ remote, seal: sealOf(key, row.known), device: row.name });
  }

  async runHere(): Promise<Result<void>> {
    if ((await this.kept.rows()) === null) return failed(words('words.sync.not_connected'));
    await this.kept.set({ isForced: true });
    this.parts.tellOthers('asked');
    await this.parts.right.ask();
    return ok(undefined);
  }

  private async takeUp(): Promise<void> {
    const { syncing, right, now } = this.parts;
    this.membership.forget();
    const open = await this.kept.opened();
    if (open.ok) {
      const { row, remote, key } = open.value;
      const seal = sealOf(key, row.known);
      const lease = new DeviceLease({
        remote,
        seal,
        device: row.device,
        now,
        silence: () => DEFAULT_SILENCE,
        fence: row.fence
      });
      await syncing.connect({ remote, seal, meet: () => this.membership.meet() });
      await right.share(this.among(row, lease));
      return;
    }
    await syncing.disconnect();
    const rows = await this.kept.rows();
    if (rows !== null) await this.tell({ runs: 'locked', holder: null, startsAt: undefined, fence: rows.row.fence });
    await right.share(rows === null ? null : 'locked');
  }

  private among({ device, devices }: ConnectionRow, lease: DeviceLease): Among {
    let others = devices;
    return {
      lease,
      device,
      isAlone: () => others.every(({ id, isRevoked }) => isRevoked || id === device),
      isForced: async () => {
        const rows = await this.kept.rows();
        others = rows?.row.devices ?? others;
        return rows?.row.isForced === true;
      },
      hasKey: async () => {
        this.membership.forget();
        const met = await this.membership.meet();
        if (met.ok) return ok(true);
        const rows = await this.kept.rows();
        return rows?.row.isKeyOld === true ? ok(false) : met;
      },
      taken: () => this.kept.set({ isForced: false }),
      catchUp: () => this.catchUp(),
      tell: (now) => this.tell(now)
    };
  }

  /** A batch of one device that cannot be taken in keeps nobody from running the journeys. */
  private async catchUp(): Promise<Result<void>> {
    const begun = this.parts.now();
    const done = await this.parts.syncing.now();
    const { standing } = (await this.kept.rows()) ?? {};
    return (standing?.reachedAt ?? -Infinity) >= begun ? ok(undefined) : done;
  }

  /** Writes down who runs the journeys, where that is news. */
  private async tell(now: RunsNow): Promise<void> {
    const { row } = (await this.kept.rows()) ?? {};
    if (row === undefined) return;
    const fence = Math.max(row.fence, now.fence);
    const { runs, holder, startsAt } = now;
    const isSame = row.runs === runs && row.holder === holder && row.startsAt === startsAt && row.fence === fence;
    if (!isSame) await this.kept.set({ runs, holder, startsAt, fence });
  }

  /** From now on the remote's data key is this one. */
  private async opensWith({ row, secret }: OpenConnection, unlocked: Unlocked): Promise<Result<void>> {
    const sealed = await this.kept.sealed({ ...secret, key: unlocked.secret });
    if (!sealed.ok) return sealed;
    const [known, devices] = [knownOf(unlocked), [...unlocked.devices]];
    const fence = known.generation === row.known.generation ? row.fence : 0;
    await this.kept.set({ secret: sealed.value, known, devices, fence, isKeyOld: false });
    await this.changed();
    return ok(undefined);
  }

  private async changed(): Promise<void> {
    this.parts.tellOthers('changed');
    await this.resume();
  }
}
