import { dateOf } from '$lib/core/calendar';
import { create, remove, update, type Change } from '$lib/core/changes';
import type { DailyCheck, TriggerDefinition } from '$lib/core/definitions';
import type { Fields, ValuesOf } from '$lib/core/fields';
import { DAY, type Instant } from '$lib/core/instants';
import { dailyRule, nextRecurrence, recurrencesBetween } from '$lib/core/recurrence';
import type { Enrolment, Version } from '$lib/core/rows/automations';
import type { Check, EventRow } from '$lib/core/rows/events';
import type { WorkspaceView } from '$lib/core/tables';
import { fieldsOf } from '$lib/core/unit-fields';
import { enrolmentId, enrolmentPrefix, nextOccurrence, reentryKey } from '$lib/engine/enrolments';
import type { Reader, Transaction } from '$lib/storage/port';
import { formerJourneys } from './former';
import { ofThosePresent } from './keeping';
import { contactsAmong, type Found } from './matching';
import { givenBy, type Parts, type Transact } from './parts';
import { turn } from './turn';

/** What came round longer ago than this is not acted upon any more, but told. */
const GRACE = 2 * DAY;

/** A trigger that looks at all contacts day by day: of an active automation, or of a step in which journeys wait for it. */
interface Watch {
  readonly id: string;
  readonly nodeId: string;
  readonly automationId: string;
  readonly version: Version;
  readonly definition: TriggerDefinition;
  readonly daily: DailyCheck;
  /** The step whose waiting journeys alone are looked at. */
  readonly waitingStepId: string | null;
  /** When this changes, the check starts anew. */
  readonly schedule: string;
}

/** The daily checks: each at its hour, and after hours at which the app was closed, once it is open again. */
export class Checks {
  /** What there is to watch, as long as the small tables stay the same. */
  private known: { readonly view: WorkspaceView; readonly watches: ReadonlyMap<string, Watch> } | null = null;

  constructor(
    private readonly parts: Parts,
    private readonly transact: Transact
  ) {}

  async nextDue(reader: Reader): Promise<Instant> {
    const [next] = await reader.query('checks', { index: 'dueAt', from: 0, limit: 1 });
    return next?.dueAt ?? Infinity;
  }

  /** Makes the checks that are due, the longest due first. */
  async run(view: WorkspaceView): Promise<void> {
    const watches = await this.watches(view);
    for (const check of await this.due()) {
      const watch = watches.get(check.id);
      if (watch) await this.make(check, watch);
    }
  }

  /** Nothing is asked of the database where nothing is watched. */
  private due(): Promise<Check[]> {
    if (this.known?.watches.size === 0) return Promise.resolve([]);
    const to = this.parts.now();
    return this.parts.storage.read((reader) => reader.query('checks', { index: 'dueAt', from: 0, to }));
  }

  private async watches(view: WorkspaceView): Promise<ReadonlyMap<string, Watch>> {
    if (this.known?.view !== view) {
      const watches = new Map(watchesIn(view, this.parts.catalogue).map((watch) => [watch.id, watch]));
      await this.settle(watches, view);
      this.known = { view, watches };
    }
    return this.known.watches;
  }

  /** Checks come and go with the triggers. A new one begins with its next hour. */
  private async settle(watches: ReadonlyMap<string, Watch>, view: WorkspaceView): Promise<void> {
    const ours = view.settings.get('workspace')?.timeZone ?? 'UTC';
    await this.transact(async (transaction) => {
      const stored = new Map((await transaction.query('checks', {})).map((check) => [check.id, check]));
      const changes: Change[] = [...stored.values()]
        .filter(({ id }) => !watches.has(id))
        .map(({ id }) => remove('checks', id));
      for (const { id, automationId, nodeId, daily, schedule } of watches.values()) {
        const timeZone = daily.timeZone ?? ours;
        const before = stored.get(id);
        if (before?.schedule === schedule && before.timeZone === timeZone) continue;
        const rule = dailyRule(daily.time);
        const dueAt = nextRecurrence(rule, timeZone, this.parts.now());
        const check: Check = { id, automationId, nodeId, schedule, rule, timeZone, dueAt };
        if (before) changes.push(remove('checks', id));
        changes.push(create('checks', id, check));
      }
      await transaction.apply(changes);
    });
  }

  private async make(check: Check, watch: Watch): Promise<void> {
    const now = this.parts.now();
    const missed = recurrencesBetween(check.rule, check.timeZone, check.dueAt - 1, now);
    const at = watch.daily.missed === 'latest' ? missed.slice(-1) : missed;
    for (const dueAt of at) await this.look(check, watch, dueAt, dueAt < now - GRACE);
    await this.transact((transaction) =>
      transaction.apply([
        update('checks', check.id, { lastAt: now, dueAt: nextRecurrence(check.rule, check.timeZone, now) })
      ])
    );
  }

  /** One look at all contacts. What is too late is told, and lets nobody in. */
  private async look(check: Check, watch: Watch, dueAt: Instant, isLate: boolean): Promise<void> {
    const { daily } = watch;
    const find = daily.look(dateOf(dueAt, check.timeZone), this.parts.now());
    const members = daily.finds === 'joining' ? await this.membersOf(check.id) : null;
    const stillThere = new Set<string>();
    const among = contactsAmong(this.parts.storage, daily.among, this.parts.now(), () => daily.needs(this.parts.now()));
    for await (const batch of among) {
      const found = batch.flatMap((one) => {
        const properties = find(one.contact, one.related);
        return properties === null ? [] : [{ ...one, properties }];
      });
      for (const { contact } of found) stillThere.add(contact.id);
      const fresh = members === null ? found : found.filter(({ contact }) => !members.has(contact.id));
      if (fresh.length > 0) await this.tell(check, watch, dueAt, isLate, fresh);
    }
    if (members !== null)
      await this.forget(
        check.id,
        [...members].filter((id) => !stillThere.has(id))
      );
  }

  private async membersOf(checkId: string): Promise<Set<string>> {
    const rows = await this.parts.storage.read((reader) =>
      reader.query('checkMembers', { from: [checkId, ''], to: [checkId, '\uffff'] })
    );
    return new Set(rows.map(({ contactId }) => contactId));
  }

  private async forget(checkId: string, gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return;
    await this.transact((transaction) =>
      transaction.apply(gone.map((contactId) => remove('checkMembers', [checkId, contactId])))
    );
  }

  /** An event for each of those whom it concerns: who may enter, or waits. A look that was cut off is gone through again. */
  private async tell(
    check: Check,
    watch: Watch,
    dueAt: Instant,
    isLate: boolean,
    found: readonly (Found & { readonly properties: Readonly<Record<string, unknown>> })[]
  ): Promise<void> {
    await this.transact(async (transaction) => {
      const given = givenBy(this.parts);
      const events = found.map(({ contact, properties }): EventRow => ({
        id: given.newId(),
        type: watch.definition.event.type,
        contactId: contact.id,
        occurredAt: dueAt,
        receivedAt: given.now,
        properties: {
          ...properties,
          automationId: watch.automationId,
          nodeId: watch.nodeId,
          checkedAt: given.now,
          ...(isLate ? { skipped: true } : {})
        },
        source: 'app',
        dedupeKey: `check:${check.id}:${dueAt}:${contact.id}`
      }));
      const present = await ofThosePresent(transaction, events);
      const concerned = await this.concerned(transaction, watch, await unknown(transaction, present));
      const changes =
        watch.daily.finds === 'joining'
          ? present.flatMap(({ contactId }) =>
              contactId === null ? [] : create('checkMembers', [check.id, contactId], { checkId: check.id, contactId })
            )
          : [];
      await turn(transaction, { changes, events: concerned }, { ...this.parts, ...given });
    });
  }

  private async concerned(transaction: Transaction, watch: Watch, events: readonly EventRow[]): Promise<EventRow[]> {
    const contactIds = events.map(({ contactId }) => contactId ?? '');
    if (watch.waitingStepId !== null) {
      const waiting = await transaction.query('enrolments', {
        index: '[versionId+stepId]',
        equals: [watch.version.id, watch.waitingStepId]
      });
      const ids = new Set(waiting.map(({ contactId }) => contactId));
      return events.filter(({ contactId }) => ids.has(contactId ?? ''));
    }
    const { reentry } = watch.version.settings;
    const { now } = givenBy(this.parts);
    const timeZone = (await transaction.view()).settings.get('workspace')?.timeZone ?? 'UTC';
    const former = await formerJourneys(transaction, await transaction.getMany('contacts', contactIds));
    const keys = events.map(
      (event, at) => [watch.automationId, contactIds[at] ?? '', reentryKey(reentry, event)] as const
    );
    const prefixes = keys.map((key) => enrolmentPrefix(...key));
    const own =
      reentry.mode === 'after_leaving'
        ? await Promise.all(prefixes.map((prefix) => latestOf(transaction, prefix)))
        : await transaction.getMany('enrolments', keys.map((key) => enrolmentId(...key, 0))); // prettier-ignore
    return events.filter((_, at) => {
      const been = [...(former.get(prefixes[at] ?? '') ?? []), ...(own[at] ? [own[at]] : [])];
      return nextOccurrence(reentry, been, now, timeZone) !== null;
    });
  }
}

async function latestOf(transaction: Transaction, prefix: string): Promise<Enrolment | undefined> {
  const range = { from: prefix, to: `${prefix}~`, reverse: true, limit: 1 };
  return (await transaction.query('enrolments', range))[0];
}

async function unknown(transaction: Transaction, events: readonly EventRow[]): Promise<EventRow[]> {
  const keys = events.flatMap(({ dedupeKey }) => dedupeKey ?? []);
  const known = new Set(
    (await transaction.query('events', { index: 'dedupeKey', anyOf: keys })).map(({ dedupeKey }) => dedupeKey)
  );
  return events.filter(({ dedupeKey }) => !known.has(dedupeKey));
}

function watchesIn(view: WorkspaceView, catalogue: Parts['catalogue']): Watch[] {
  const watches: Watch[] = [];
  const add = (
    version: Version,
    nodeId: string,
    unit: string,
    given: Readonly<Record<string, unknown>>,
    waits: boolean
  ) => {
    const definition = catalogue.triggers.get(unit);
    if (!definition?.daily) return;
    const fields = fieldsOf({ version: definition.version, fields: given }, definition) as ValuesOf<Fields>;
    watches.push({
      id: `${waits ? version.id : version.automationId}/${nodeId}`,
      nodeId,
      automationId: version.automationId,
      version,
      definition,
      daily: definition.daily({ fields, view }),
      waitingStepId: waits ? nodeId : null,
      schedule: JSON.stringify({ unit, ...fields })
    });
  };
  for (const version of view.versions.values()) {
    const automation = view.automations.get(version.automationId);
    if (automation?.status !== 'active') continue;
    if (automation.activeVersionId === version.id)
      for (const { id, unit, fields } of version.graph.triggers) add(version, id, unit, fields, false);
    for (const step of version.graph.steps) {
      const { event, settings } = step.fields;
      if (step.unit === 'rule.wait_for_event' && typeof event === 'string')
        add(version, step.id, event, (settings ?? {}) as Readonly<Record<string, unknown>>, true);
    }
  }
  return watches;
}
