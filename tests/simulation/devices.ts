import { create, update, type Change } from '$lib/core/changes';
import { HOUR, type Instant, type Milliseconds } from '$lib/core/instants';
import { keyOf, TABLE_NAMES, type TableName, type Tables } from '$lib/core/tables';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import { hideContact } from '$lib/records/contacts';
import { MemoryStorage } from '$lib/storage/memory';
import { syncCapture } from '$lib/sync/capture';
import { leavesOf } from '$lib/sync/leaves';
import { isDerivedKey, SYNCED } from '$lib/sync/synced';
import { beginSync, syncOnce } from '$lib/worker/syncing/pass';
import { trustClock } from '$lib/worker/syncing/setting-right';
import type { Shelf } from '$lib/sync/testing/memory-remote';
import { openSeal, vaultOf } from '$lib/worker/syncing/testing/shelf';
import { contact, START, welcomeWorkspace, World } from '$lib/worker/testing/world';

const signal = new AbortController().signal;

/** The provider: what was accepted, once for each key, whoever sent it. */
export class Post {
  readonly accepted = new Map<string, string>();

  readonly answer: World['answer'] = (url, init) => {
    if (!url.endsWith('/v3/smtp/email')) return Promise.resolve({ status: 200, body: {} });
    const body = JSON.parse(String(init?.body)) as { to: [{ email: string }]; headers: { idempotencyKey: string } };
    const key = body.headers.idempotencyKey;
    if (this.accepted.has(key)) return Promise.resolve({ status: 201, body: { messageId: `<${key}@x>` } });
    this.accepted.set(key, body.to[0].email);
    return Promise.resolve({ status: 201, body: { messageId: `<${key}@x>` } });
  };
}

type Snapshot = ReadonlyMap<TableName, readonly Tables[TableName][]>;

/** One device: a workspace, the engine on it where it holds the right to run, a clock that may be wrong, and a line that may be cut. */
export class SimulatedDevice {
  isOnline = true;
  world: World;
  storage: MemoryStorage;
  private now: Instant = START;
  private incarnations = 0;
  private isHolder = false;
  private old: Snapshot | null = null;
  private asksOfClock = false;

  constructor(
    readonly name: string,
    private readonly shelf: Shelf,
    private readonly post: Post,
    /** How far its clock is ahead of what it is. */
    public skew: Milliseconds
  ) {
    this.storage = this.emptyStorage();
    this.world = this.wakened();
  }

  async begin(isFirst: boolean): Promise<void> {
    if (isFirst) await this.storage.commit(welcomeWorkspace([], 'acc1'));
    await beginSync(this.storage, { device: this.name, generation: 1, isJoining: !isFirst });
  }

  pass(time: Milliseconds): void {
    this.now += time;
    this.world.now = this.now + this.skew;
  }

  /** Whether it has told all, and knows all. */
  async sync(): Promise<boolean> {
    const remote = this.shelf.remote(() => (this.isOnline ? null : 'offline'));
    let names = 0;
    const newDevice = (): string => `${this.name}x${this.shelf.objects.size}x${names++}`;
    const now = (): Instant => this.now + this.skew;
    const parts = { storage: this.storage, remote, seal: openSeal(), vault: vaultOf(this.name), now, newDevice };
    const done = await syncOnce(parts, signal);
    this.asksOfClock = !done.ok && done.reason.key === 'words.sync.clock_behind';
    return done.ok;
  }

  /** Its user is asked whether its clock is right, and says so. */
  async sayThatClockIsRight(): Promise<void> {
    if (this.asksOfClock) await trustClock(this.storage);
  }

  /** It is the one that runs the engine from now on; what others have told it knows by then. */
  async hold(): Promise<void> {
    this.isHolder = true;
    this.world = this.wakened();
    await this.world.open();
  }

  /** Others may run it: they have been told all. */
  async release(): Promise<boolean> {
    if (!(await this.sync())) return false;
    this.isHolder = false;
    this.world.close();
    this.world = this.wakened();
    return true;
  }

  async look(): Promise<void> {
    if (this.isHolder) await this.world.look();
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

  /** Returns the address, which may sign up anew. */
  async erase(index: number): Promise<{ id: string; email: string } | null> {
    return this.world.desk.edit(async (transaction, given) => {
      const shown = (await transaction.query('contacts', {})).filter(
        ({ mergedInto, hiddenAt }) => mergedInto === undefined && hiddenAt === undefined
      );
      const one = shown[index];
      if (one === undefined) return { effect: { changes: [], events: [] }, value: null };
      return { effect: hideContact(one, given.now), value: { id: one.id, email: one.email ?? '' } };
    });
  }

  async remember(): Promise<void> {
    this.old = new Map(await Promise.all(TABLE_NAMES.map(async (name) => [name, await this.rows(name)] as const)));
  }

  /** It is as it was when it was last remembered: its disk was put back. Not while it runs the engine. */
  async restore(): Promise<void> {
    if (this.old === null || this.isHolder) return;
    this.world.close();
    this.storage = this.emptyStorage();
    const rows = [...this.old].filter(([table]) => table !== 'runtime' && table !== 'syncLog');
    for (const [table, some] of rows)
      await this.storage.commit(some.map((row) => ({ table, id: keyOf(table, row as never), create: row }) as Change));
    for (const table of ['syncLog', 'runtime'] as const)
      for (const row of this.old.get(table) ?? [])
        if (table === 'syncLog' || (row as { id: string }).id === 'sync')
          await this.storage.commit([{ table, id: (row as { id: string }).id, create: row } as Change]);
    this.world = this.wakened();
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

  private wakened(): World {
    const world = new World(this.storage, undefined, `${this.name}${++this.incarnations}`);
    world.now = this.now + this.skew;
    world.answer = this.post.answer;
    return world;
  }
}

/** All are in touch again, with their clocks set right, and the engine has nothing left to do: two days and more go by. */
export async function comeToRest(devices: readonly SimulatedDevice[]): Promise<void> {
  for (const device of devices) {
    device.isOnline = true;
    device.skew = 0;
  }
  for (let round = 0; round < 60; round++)
    for (const device of devices) {
      device.pass(2 * HOUR);
      await device.look();
      await device.sync();
      await device.sayThatClockIsRight();
    }
  for (let round = 0; round < 3; round++) for (const device of devices) await device.sync();
}
