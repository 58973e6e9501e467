import { create, update, type Change } from '$lib/core/changes';
import { HOUR, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok } from '$lib/core/result';
import { keyOf, TABLE_NAMES, type TableName, type Tables } from '$lib/core/tables';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import { hideContact } from '$lib/records/contacts';
import { MemoryStorage } from '$lib/storage/memory';
import { syncCapture } from '$lib/sync/capture';
import { DeviceLease } from '$lib/sync/device-lease';
import { leavesOf } from '$lib/sync/leaves';
import { DEFAULT_SILENCE } from '$lib/sync/lease-document';
import type { Remote } from '$lib/sync/remote';
import { isDerivedKey, SYNCED } from '$lib/sync/synced';
import type { Shelf } from '$lib/sync/testing/memory-remote';
import type { Right } from '$lib/worker/lease';
import { beginSync, syncOnce } from '$lib/worker/syncing/pass';
import { trustClock } from '$lib/worker/syncing/setting-right';
import { SharedRight, type Among, type RunsNow } from '$lib/worker/syncing/shared-right';
import { openSeal, vaultOf } from '$lib/worker/syncing/testing/shelf';
import { contact, START, welcomeWorkspace, World } from '$lib/worker/testing/world';
import type { Post } from './post';

const signal = new AbortController().signal;

type Snapshot = ReadonlyMap<TableName, readonly Tables[TableName][]>;

/** What all devices have between them. `sentUnder`: the greatest number under which anything was sent. */
export interface Place {
  readonly shelf: Shelf;
  readonly post: Post;
  readonly devices: SimulatedDevice[];
  sentUnder: number;
}

/**
 * One device: a workspace, the engine on it where it holds the right to run by the lease on the remote, a clock that may be wrong, and a
 * line that may be cut. It asks for the right while it is awake, when its timers say so.
 */
export class SimulatedDevice {
  isOnline = true;
  isAwake = true;
  world!: World;
  right!: SharedRight;
  storage: MemoryStorage;
  private now: Instant = START;
  private incarnations = 0;
  private names = 0;
  /** What tells it from what it was before its disk was put back. */
  private self: object = {};
  private lease!: DeviceLease;
  private dueAt: Instant | null = null;
  private beginning: Promise<void> = Promise.resolve();
  private isForced = false;
  private asksOfClock = false;
  /** It has the right although what somebody has told cannot be taken in. */
  private isPartly = false;
  private told: RunsNow = { runs: 'apart', holder: null, startsAt: undefined, fence: 0 };
  private old: { readonly rows: Snapshot; readonly told: RunsNow } | null = null;

  constructor(
    readonly name: string,
    private readonly place: Place,
    /** How far its clock is ahead of what it is. */
    public skew: Milliseconds
  ) {
    this.storage = this.emptyStorage();
  }

  get runs(): RunsNow['runs'] {
    return this.told.runs;
  }

  /** Whether it believes by right that it alone may send. */
  get mayAlone(): boolean {
    return this.right.isHeld && this.right.maySend && this.told.runs !== 'forced';
  }

  async begin(isFirst: boolean): Promise<void> {
    if (isFirst) await this.storage.commit(welcomeWorkspace([], 'acc1'));
    await beginSync(this.storage, { device: this.name, generation: 1, isJoining: !isFirst });
    await this.sync();
    await this.open();
  }

  pass(time: Milliseconds): void {
    this.now += time;
    this.world.now = this.now + this.skew;
  }

  /** Whether it has told all, and knows all. */
  async sync(): Promise<boolean> {
    const { post } = this.place;
    // No name comes twice, whatever was set back.
    const newDevice = (): string => `${this.name}x${++this.names}`;
    const now = (): Instant => this.now + this.skew;
    const parts = {
      storage: this.storage,
      remote: this.remote(),
      seal: openSeal(),
      vault: vaultOf(this.name),
      now,
      runs: () => (this.right as SharedRight | undefined)?.isHeld ?? false,
      newDevice
    };
    const since = post.tick();
    const done = await syncOnce(parts, signal);
    this.asksOfClock = !done.ok && done.reason.key === 'words.sync.clock_behind';
    if (done.ok) {
      post.synced(this.self, since);
      this.isPartly = false;
    }
    return done.ok;
  }

  /** Its user is asked whether its clock is right, and says so. */
  async sayThatClockIsRight(): Promise<void> {
    if (this.asksOfClock) await trustClock(this.storage);
  }

  /** A moment in which it is awake: it asks for the right where that is due, and runs the engine where it has it. */
  async live(): Promise<void> {
    if (!this.isAwake) return;
    if (this.dueAt !== null && this.dueAt <= this.now) await this.ask();
    await this.world.look();
  }

  /** Its user wants the journeys to run here, come what may. */
  async runHere(): Promise<void> {
    this.isForced = true;
    await this.ask();
  }

  /** The app is closed and opened again. */
  async reopen(): Promise<void> {
    this.close();
    await this.open();
  }

  close(): void {
    this.world.close();
  }

  /** Somebody signs up on this device, unless they are there by this address. */
  async signUp(id: string, email: string): Promise<void> {
    const person = contact(id, { email, createdAt: this.now + this.skew });
    const isNew = await this.world.desk.edit(async (transaction) => {
      const taken = await transaction.getMany('identities', identitiesOf(person).map(identityKey));
      const isThere = taken.some((one) => one !== undefined) || (await transaction.get('contacts', id)) !== undefined;
      const identities = identitiesOf(person).map((one): Change => create('identities', identityKey(one), one));
      const changes = isThere ? [] : [create('contacts', id, person), ...identities];
      return { effect: { changes, events: [] }, value: !isThere };
    });
    if (isNew) await this.world.addToList([id], 'l1');
  }

  async edit(index: number, city: string): Promise<void> {
    await this.world.desk.edit(async (transaction) => {
      const one = (await transaction.query('contacts', { limit: index + 1 }))[index];
      const changes = one === undefined ? [] : [update('contacts', one.id, { 'attributes.CITY': city })];
      return { effect: { changes, events: [] }, value: undefined };
    });
  }

  /** Returns the address, which may sign up anew: one at most. */
  async erase(index: number): Promise<{ email: string }[]> {
    return this.world.desk.edit(async (transaction, given) => {
      const shown = (await transaction.query('contacts', {})).filter(
        ({ mergedInto, hiddenAt }) => mergedInto === undefined && hiddenAt === undefined
      );
      const one = shown[index];
      if (one === undefined) return { effect: { changes: [], events: [] }, value: [] };
      return { effect: hideContact(one, given.now), value: [{ email: one.email ?? '' }] };
    });
  }

  async remember(): Promise<void> {
    const rows = new Map(await Promise.all(TABLE_NAMES.map(async (name) => [name, await this.rows(name)] as const)));
    this.old = { rows, told: this.told };
  }

  /** It is as it was when it was last remembered: its disk was put back. */
  async restore(): Promise<void> {
    if (this.old === null) return;
    this.close();
    this.self = {};
    this.storage = this.emptyStorage();
    const { rows: old, told } = this.old;
    this.told = told;
    const rows = [...old].filter(([table]) => table !== 'runtime' && table !== 'syncLog');
    for (const [table, some] of rows)
      await this.storage.commit(some.map((row) => ({ table, id: keyOf(table, row as never), create: row }) as Change));
    for (const table of ['syncLog', 'runtime'] as const)
      for (const row of old.get(table) ?? [])
        if (table === 'syncLog' || (row as { id: string }).id === 'sync')
          await this.storage.commit([{ table, id: (row as { id: string }).id, create: row } as Change]);
    await this.open();
  }

  rows<T extends TableName>(table: T): Promise<Tables[T][]> {
    return this.storage.read((reader) => reader.query(table, {}));
  }

  /** All that must be the same on every device, sets in no order. */
  async shown(): Promise<Record<string, unknown>> {
    const tables: Record<string, unknown> = {};
    for (const table of TABLE_NAMES.filter((name) => SYNCED[name] !== 'own')) {
      const all = await this.rows(table);
      // Who is known by which address is the same everywhere, whoever has worked it out; how far this device has read its own mailbox is not.
      const rows = table === 'cursors' ? all.filter((row) => !isDerivedKey(table, keyOf(table, row as never))) : all;
      const parts = rows.map((row) => [String(keyOf(table, row)), Object.fromEntries(leavesOf(table, row))] as const);
      tables[table] = Object.fromEntries(parts);
    }
    return tables;
  }

  private emptyStorage(): MemoryStorage {
    let ids = 0;
    const incarnation = `${this.name}${this.incarnations}`;
    const newId = (): string => `${incarnation}-${String(++ids).padStart(9, '0')}`;
    return new MemoryStorage({ capture: syncCapture(() => ({ now: this.now + this.skew, newId })) });
  }

  private remote(): Remote {
    return this.place.shelf.remote(() => (this.isOnline ? null : 'offline'));
  }

  private async open(): Promise<void> {
    this.dueAt = null;
    this.lease = new DeviceLease({
      remote: this.remote(),
      seal: openSeal(),
      device: this.name,
      now: () => this.now + this.skew,
      silence: () => DEFAULT_SILENCE,
      fence: this.told.fence
    });
    const gained = new Promise<void>((resolve) => {
      this.world = new World(this.storage, undefined, `${this.name}${++this.incarnations}`, (tab) =>
        this.rightOf(tab, resolve)
      );
    });
    this.world.now = this.now + this.skew;
    this.world.answer = this.place.post.answer(this.self, () => this.wrongToSend());
    await this.right.share(this.among(this.lease));
    this.world.lease.start();
    await gained;
    await this.ask();
  }

  /** Whose the right is; where it is this device's anew, its engine begins. */
  private async ask(): Promise<void> {
    await this.right.ask();
    await this.beginning;
  }

  private rightOf(tab: Right, gained: () => void): SharedRight {
    const timers = {
      after: (delay: Milliseconds) => {
        const at = this.now + delay;
        this.dueAt = at;
        return () => (this.dueAt = this.dueAt === at ? null : this.dueAt);
      }
    };
    const right = new SharedRight(
      tab,
      { now: () => this.now + this.skew, timers },
      {
        gained: () => {
          // Who has the right is to know all that was told by then, but for what cannot be taken in.
          if (this.lease.held !== null && !this.isPartly) this.place.post.shouldKnow(this.self);
          this.beginning = this.world.runner.begin().finally(() => this.world.runner.end());
        },
        lost: () => this.world.runner.lost(),
        maySend: () => undefined
      }
    );
    const { tabGained } = right;
    right.tabGained = () => {
      tabGained.call(right);
      gained();
    };
    this.right = right;
    return right;
  }

  private among(lease: DeviceLease): Among {
    return {
      lease,
      device: this.name,
      isAlone: () => false,
      hasKey: () => Promise.resolve(this.isOnline ? ok(true) : failed({ key: 'test.offline' })),
      isForced: () => Promise.resolve(this.isForced),
      taken: () => Promise.resolve(void (this.isForced = false)),
      catchUp: async () => {
        const begun = this.now + this.skew;
        if (await this.sync()) return ok(undefined);
        // What one device tells in vain keeps nobody from running the journeys.
        const standing = (await this.rows('runtime')).find((row) => row.id === 'sync');
        this.isPartly = (standing?.reachedAt ?? -Infinity) >= begun;
        return this.isPartly ? ok(undefined) : failed({ key: 'test.not_caught_up' });
      },
      tell: (now) => Promise.resolve(void (this.told = { ...now, fence: Math.max(now.fence, this.told.fence) }))
    };
  }

  /** What is wrong with this device's sending anything now; null: nothing. */
  private wrongToSend(): string | null {
    const { place, lease, right, told, name } = this;
    if (!right.isHeld || !right.maySend) return `${name} sends without the right`;
    if (told.runs === 'forced') return null;
    const other = place.devices.find((device) => device !== this && device.mayAlone);
    if (other !== undefined) return `${name} sends while ${other.name} may too`;
    const fence = lease.held ?? 0;
    if (fence < place.sentUnder) return `${name} sends under ${fence}, after ${place.sentUnder}`;
    place.sentUnder = fence;
    return null;
  }
}

/** So long they are awake together, `step` by `step`: each asks and runs what is due, and syncs now and then. */
export async function liveTogether(
  devices: readonly SimulatedDevice[],
  time: Milliseconds,
  step: Milliseconds
): Promise<void> {
  for (let gone = 0; gone < time; gone += step) {
    for (const device of devices) device.pass(step);
    for (const device of devices) await device.live();
    if (gone % (5 * MINUTE) === 0) for (const device of devices) if (device.isAwake) await device.sync();
  }
}

/** All are in touch again, with their clocks set right, and the engine has nothing left to do: two days and more go by. */
export async function comeToRest(devices: readonly SimulatedDevice[]): Promise<void> {
  for (const device of devices) {
    device.isOnline = true;
    device.isAwake = true;
    device.skew = 0;
  }
  await liveTogether(devices, 30 * MINUTE, MINUTE);
  for (let round = 0; round < 60; round++) {
    for (const device of devices) device.pass(2 * HOUR);
    // Whoever runs them has been awake all the time.
    for (const device of [...devices].sort(
      (one, other) => Number(other.runs === 'here') - Number(one.runs === 'here')
    )) {
      await device.live();
      await device.sync();
      await device.sayThatClockIsRight();
    }
  }
  for (let round = 0; round < 3; round++) for (const device of devices) await device.sync();
}
