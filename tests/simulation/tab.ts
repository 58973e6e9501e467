import { catalogue } from '$lib/catalogue/registry';
import type { Fetch } from '$lib/core/fetch';
import type { ProviderDefinition } from '$lib/core/providers';
import { createRender } from '$lib/messages/render';
import { providers } from '$lib/providers/registry';
import { sources } from '$lib/sources/registry';
import type { Storage } from '$lib/storage/port';
import { Desk } from '$lib/worker/desk';
import { startEngine, type Engine } from '$lib/worker/engine';
import { confirmationTexts, pageTexts } from '$lib/worker/page-texts';
import type { Parts } from '$lib/worker/parts';
import { Disk } from './disk';
import { editsOf, type Edits } from './edits';
import { identifier } from './identifiers';
import type { Random } from './random';
import type { Owner } from './scheduler';
import type { Simulation } from './simulation';

const render = createRender({ unsubscribe: () => 'Se désinscrire', stop: () => 'STOP pour ne plus rien recevoir' });

/** One tab: the worker's own code, put together as the app does it, on the simulation's clock, timers, network, locks and disk. */
export class Tab implements Owner {
  isDead = false;
  isFrozen = false;
  engine!: Engine;
  edits!: Edits;
  private readonly newId: () => string;

  constructor(
    private readonly simulation: Simulation,
    readonly name: string,
    readonly storage: Storage,
    random: Random
  ) {
    this.newId = identifier(() => this.simulation.now, random, name);
  }

  start(): void {
    const { simulation } = this;
    const parts = this.parts();
    const engine = startEngine(parts, {
      locks: simulation.lock.of(this),
      name: 'ricochet runner',
      tellOthers: () => this.tellOthers()
    });
    this.engine = engine;
    engine.start();
    const desk = new Desk(
      { ...parts, storage: new Disk(simulation, this, 'edit', this.storage) },
      engine.right,
      engine.look
    );
    this.edits = editsOf(desk);
  }

  /** For good: whatever it was doing, it does not go on, and what was not committed is rolled back. */
  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.simulation.scheduler.tell(this, 'DIES');
    this.simulation.scheduler.bury(this);
    this.simulation.lock.bury(this);
    if (this.simulation.isRealStorage && this.simulation.openBy !== this) this.storage.close();
  }

  /** The browser stops it for a while, never inside a transaction. */
  freeze(): void {
    this.simulation.disturb();
    this.isFrozen = true;
    this.simulation.scheduler.tell(this, 'FREEZES');
  }

  thaw(): void {
    if (!this.isFrozen) return;
    this.isFrozen = false;
    this.simulation.disturb();
    this.simulation.scheduler.tell(this, 'THAWS');
  }

  /** A person does something here. Resolves when it is done, refused, or has failed as it was made to; never when the tab dies. */
  async act<T>(label: string, work: (edits: Edits) => Promise<T>): Promise<T | undefined> {
    this.simulation.scheduler.tell(this, `acts: ${label}`);
    try {
      const value = await work(this.edits);
      this.simulation.scheduler.tell(this, `has acted: ${label} ${isRefusal(value) ? value.reason.key : ''}`);
      return value;
    } catch (error) {
      this.simulation.rejected(error);
      return undefined;
    }
  }

  private parts(): Parts {
    const { simulation } = this;
    const { scheduler } = simulation;
    return {
      storage: new Disk(simulation, this, 'engine', this.storage),
      catalogue,
      providers: new Map([...providers].map(([id, provider]) => [id, labelled(provider, simulation)])),
      sources,
      render,
      pageTexts,
      confirmationTexts,
      fetch: (url, init) => simulation.network.fetch(this, url, init),
      now: () => simulation.now,
      timers: { after: (delay, work) => scheduler.after(this, delay, 'timer', work) },
      newId: () => this.newId(),
      isOnline: () => simulation.isOnline,
      openSecret: async (id) => {
        await simulation.point(this, 'open a secret');
        return id.startsWith('signing') ? null : `secret of ${id}`;
      }
    };
  }

  private tellOthers(): void {
    for (const other of this.simulation.tabs)
      if (other !== this && !other.isDead)
        void this.simulation.scheduler.point(other, 'is asked to look').then(() => other.engine.asked());
  }
}

/** A request of a provider says which rows of the outbox it is for: the network alone looks at that. */
function labelled(provider: ProviderDefinition, { lanes, mirror }: Simulation): ProviderDefinition {
  const { batches } = provider;
  const rowsOf = (key: string): readonly string[] =>
    mirror
      .all('intents')
      .flatMap((intent) => intent.batches ?? [])
      .find((batch) => batch.key === key)?.outboxIds ?? [];
  const saying =
    (fetch: Fetch, rowIds: readonly string[]): Fetch =>
    (url, init) =>
      fetch(url, { ...init, rowIds } as typeof init);
  return {
    ...provider,
    concurrency: Math.min(provider.concurrency, lanes),
    send: (args) => provider.send({ ...args, fetch: saying(args.fetch, [args.key]) }),
    ...(batches && {
      batches: {
        ...batches,
        send: (args) => batches.send({ ...args, fetch: saying(args.fetch, rowsOf(args.key)) })
      }
    })
  };
}

function isRefusal(value: unknown): value is { ok: false; reason: { key: string } } {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false;
}
