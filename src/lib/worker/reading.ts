import { create, update, type Change } from '$lib/core/changes';
import type { HandedIn, IncomingFact, SourceDefinition, Strange } from '$lib/core/sources';
import { DAY, MINUTE, SECOND, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import type { Cursor } from '$lib/core/rows/events';
import type { Account, OutboxRow, Reaction } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import type { Cancel } from '$lib/core/timers';
import type { Words } from '$lib/core/words';
import type { Reader } from '$lib/storage/port';
import { consequences } from './consequences';
import { takenIn } from './facts';
import { mappingsOf } from './mappings';
import { serviceAt } from './services';
import { givenBy, type Parts, type Transact } from './parts';
import { fieldsWithSecrets } from './secrets';
import { wayOf, relayIn } from './through-relay';
import { handedIn } from './submissions';
import { turn } from './turn';

/** One source of one account. The Sandbox has no account and is always read. */
interface Outlet {
  readonly id: string;
  readonly source: SourceDefinition;
  readonly account: Account | null;
}

/** `unread`: a source that could have delivered the awaited event, but is given up for now. */
export interface Limit {
  readonly isHeld: boolean;
  readonly unread?: string;
}

const PASSES: Limit = { isHeld: false };

/** So long the sources may hold up the rest; one that answers later is read beside it. */
const PATIENCE: Milliseconds = 5 * SECOND;

/** Reads the sources: each in turn, when it is due, and all of them on waking. What they yield enters by the same door as all else. */
export class Reading {
  private readonly dueAt = new Map<string, Instant>();
  private underWay: Promise<void> | null = null;
  private isLate = false;
  /** Why reading beside the rest has failed: told to whoever asks next. */
  private failure: Error | null = null;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact,
    /** Told when a source was read that was not waited for. */
    private readonly onLate: () => void
  ) {}

  /** On waking: what happened outside comes before anything else, and what failed before is of no more concern. */
  forceAll(): void {
    this.dueAt.clear();
    this.failure = null;
  }

  /** A source that is read at every look has no time of its own. */
  nextDue(): Instant {
    return Math.min(
      Infinity,
      ...[...this.dueAt].flatMap(([id, at]) => (this.parts.sources.get(id)?.every === 0 ? [] : [at]))
    );
  }

  /** Resolves once all that is due is read, or after `PATIENCE`: time limits are held until then all the same. */
  async readDue(): Promise<void> {
    if (this.failure) {
      const error = this.failure;
      this.failure = null;
      throw error;
    }
    if (this.isLate) return;
    this.underWay ??= this.readOutlets().finally(() => (this.underWay = null));
    const reading = this.underWay;
    await new Promise<void>((resolve, reject) => {
      const cancel = this.parts.timers.after(PATIENCE, () => {
        this.isLate = true;
        resolve();
      });
      reading.then(
        () => this.arrive(cancel, resolve),
        (error: unknown) => {
          if (this.isLate) this.failure = asError(error);
          this.arrive(cancel, () => reject(asError(error)));
        }
      );
    });
  }

  private arrive(cancel: Cancel, settle: () => void): void {
    cancel();
    if (!this.isLate) return settle();
    this.isLate = false;
    this.onLate();
  }

  private async readOutlets(): Promise<void> {
    const view = await this.parts.storage.read((reader) => reader.view());
    const now = this.parts.now();
    for (const outlet of this.outletsOf(view)) {
      if ((this.dueAt.get(outlet.id) ?? 0) > now) continue;
      await this.readAll(outlet);
      this.dueAt.set(outlet.id, this.parts.now() + outlet.source.every);
    }
  }

  /**
   * What sources say of the time limit of an enrolment: it is held where one could still deliver the awaited event from before the
   * limit. One that has been unreachable for longer than the allowance is no longer waited for: its name is told.
   */
  async limits(reader: Reader, now: Instant): Promise<(enrolment: Enrolment) => Limit> {
    const view = await reader.view();
    const allowance = view.settings.get('workspace')?.sourceAllowance ?? DAY;
    const outlets: { name: string; delivers: readonly string[]; watermark: Instant; isGivenUp: boolean }[] = [];
    for (const { id, source, account } of this.outletsOf(view)) {
      const cursor = await reader.get('cursors', id);
      const isGivenUp = cursor?.failingSince !== undefined && now - cursor.failingSince > allowance;
      outlets.push({
        name: account?.name ?? id,
        delivers: source.delivers,
        watermark: cursor?.watermark ?? 0,
        isGivenUp
      });
    }
    return ({ wait }) => {
      if (wait?.for !== 'event' || wait.limit === null || wait.limit > now) return PASSES;
      const { event, limit } = wait;
      const behind = outlets.filter(({ delivers, watermark }) => delivers.includes(event) && watermark < limit);
      if (behind.some(({ isGivenUp }) => !isGivenUp)) return { isHeld: true };
      return behind[0] === undefined ? PASSES : { isHeld: false, unread: behind[0].name };
    };
  }

  private outletsOf(view: WorkspaceView): Outlet[] {
    return [...this.parts.sources.values()].flatMap((source): Outlet[] => {
      if (source.provider === 'sandbox') return [{ id: source.id, source, account: null }];
      return [...view.accounts.values()]
        .filter(({ provider }) => provider === source.provider)
        .map((account) => ({ id: `${source.id}:${account.id}`, source, account }));
    });
  }

  private async readAll(outlet: Outlet): Promise<void> {
    if (outlet.account && !this.parts.isOnline()) return this.keepProblem(outlet, { key: 'words.source.offline' });
    for (let more = true; more;) more = await this.readOnce(outlet);
  }

  private async readOnce(outlet: Outlet): Promise<boolean> {
    const { source, account, id } = outlet;
    const [cursor, relay, mappings] = await this.parts.storage.read(async (reader) => [
      await reader.get('cursors', id),
      relayIn(await reader.view()),
      await mappingsOf(reader)
    ]);
    const way = await wayOf(account, relay, this.parts);
    if (!way.ok) return this.failedBy(outlet, way.reason);
    const fields = await fieldsWithSecrets(
      serviceAt(source.provider, this.parts)?.fields ?? {},
      account?.fields ?? {},
      this.parts.openSecret
    );
    const now = this.parts.now();
    const since = cursor?.watermark ?? account?.createdAt ?? 0;
    const reading = await source.read({
      fields,
      cursor: cursor?.cursor ?? null,
      since,
      now,
      fetch: way.value.fetch,
      mappings,
      ...(account ? { accountId: account.id } : {}),
      mailbox: this.mailbox()
    });
    if (!reading.ok) return this.failedBy(outlet, way.value.refusal() ?? reading.reason);
    const {
      facts,
      strange = [],
      handedIn: deeds = [],
      heard = new Map(),
      cursor: next,
      watermark,
      more
    } = reading.value;
    const row: Cursor = {
      sourceId: id,
      cursor: next,
      watermark: Math.max(watermark, cursor?.watermark ?? 0),
      readAt: now,
      ...(more ? { taken: (cursor?.taken ?? 0) + facts.length + strange.length } : {})
    };
    await this.accept(facts, strange, heard, deeds, row);
    return more;
  }

  private async failedBy(outlet: Outlet, problem: Words): Promise<false> {
    await this.keepProblem(outlet, problem);
    return false;
  }

  /** The facts, what they change, what is not understood and how far the source is read: one transaction. */
  private async accept(
    facts: readonly IncomingFact[],
    strange: readonly Strange[],
    heard: ReadonlyMap<string, Instant>,
    deeds: readonly HandedIn[],
    cursor: Cursor
  ): Promise<void> {
    const { sourceId } = cursor;
    await this.transact(async (transaction) => {
      const given = givenBy(this.parts);
      const { events, changes: ofContacts, made, kept } = await takenIn(transaction, facts, sourceId, given);
      const changes: Change[] = [
        { table: 'cursors', id: sourceId, delete: true },
        create('cursors', sourceId, cursor),
        ...(await quarantined(transaction, strange, sourceId)),
        ...(await heardFrom(transaction, heard)),
        ...ofContacts
      ];
      changes.push(...(await consequences(transaction, events, given.now, made)));
      const parts = { ...this.parts, ...given };
      await turn(transaction, { changes, events, kept }, parts);
      // One by one: two may be of the same person.
      for (const deed of deeds) {
        const effect = await handedIn(transaction, deed, given, parts);
        const refused = effect.ok ? [] : [{ ...deed.post, reason: effect.reason }];
        const apart = { changes: await quarantined(transaction, refused, sourceId), events: [] };
        await turn(transaction, effect.ok ? effect.value : apart, parts);
      }
    });
  }

  private async keepProblem({ id, account }: Outlet, problem: Cursor['problem']): Promise<void> {
    await this.transact(async (transaction) => {
      const now = this.parts.now();
      const cursor = await transaction.get('cursors', id);
      const watermark = account?.createdAt ?? 0;
      const fresh: Cursor = {
        sourceId: id,
        cursor: null,
        watermark,
        readAt: now,
        failingSince: now,
        ...(problem ? { problem } : {})
      };
      await transaction.apply([
        cursor
          ? update('cursors', id, { failingSince: cursor.failingSince ?? now, problem })
          : create('cursors', id, fresh)
      ]);
    });
  }

  private mailbox() {
    const { storage } = this.parts;
    return {
      reactionsAfter: (after: string | null): Promise<{ reaction: Reaction; message: OutboxRow }[]> =>
        storage.read(async (reader) => {
          const found = await reader.query(
            'reactions',
            after === null ? { limit: 1_000 } : { from: `${after}!`, limit: 1_000 }
          );
          const messages = await reader.getMany(
            'outbox',
            found.map(({ outboxId }) => outboxId)
          );
          return found.flatMap((reaction, index) => {
            const message = messages[index];
            return message ? [{ reaction, message }] : [];
          });
        })
    };
  }
}

/** What is in quarantine already comes again where the relay was connected anew. */
async function quarantined(reader: Reader, strange: readonly Strange[], sourceId: string): Promise<Change[]> {
  if (strange.length === 0) return [];
  const known = await reader.getMany(
    'quarantine',
    strange.map(({ id }) => id)
  );
  return strange.flatMap((post, at) =>
    known[at] === undefined ? create('quarantine', post.id, { ...post, sourceId }) : []
  );
}

/** To the minute: each change of these rows makes everybody read them anew. */
async function heardFrom(reader: Reader, heard: ReadonlyMap<string, Instant>): Promise<Change[]> {
  const rows = heard.size === 0 ? [] : await reader.getMany('inboxSources', [...heard.keys()]);
  return rows.flatMap((row): Change[] => {
    if (!row) return [];
    const at = heard.get(row.id) ?? 0;
    return at >= (row.heardAt ?? 0) + MINUTE ? [update('inboxSources', row.id, { heardAt: at })] : [];
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
