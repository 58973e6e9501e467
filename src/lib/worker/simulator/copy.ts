import { create, type Change } from '$lib/core/changes';
import type { AutomationSettings, Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import { addToRollups } from '$lib/core/rollups';
import type { Automation, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { EventRow, Rollup } from '$lib/core/rows/events';
import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import { atEnd } from '$lib/engine/states';
import { identitiesOf, identityKey } from '$lib/records/contacts/identity';
import type { Reader } from '$lib/storage/port';

/** What is put into memory, and whose. */
export interface Copied {
  readonly changes: readonly Change[];
  readonly contacts: readonly Contact[];
  readonly version: Version;
  /** Events of these contacts since `start`, oldest first: what a backtest goes through again. */
  readonly later: readonly EventRow[];
}

export interface CopyRequest {
  readonly automation: Automation;
  readonly graph: Graph;
  readonly settings: AutomationSettings;
  readonly contacts: readonly Contact[];
  /** Events up to this instant are the contacts' past. */
  readonly start: Instant;
  readonly others: boolean;
  /** Whether who has gone through it before may not enter again, as its settings say; otherwise all begin afresh. */
  readonly remembers?: boolean;
}

/**
 * The small tables and all that belongs to these contacts, as changes for an empty storage. The automation is active in it, with a
 * version of its own; nobody has gone through it yet. Keys and other secrets stay where they are.
 */
export async function copied(reader: Reader, request: CopyRequest): Promise<Copied> {
  const { automation, graph, settings, contacts, start, others, remembers = false } = request;
  const view = await reader.view();
  const version: Version = {
    id: `${automation.id}-simulated`,
    automationId: automation.id,
    number:
      1 +
      Math.max(0, ...[...view.versions.values()].map((one) => (one.automationId === automation.id ? one.number : 0))),
    publishedAt: start,
    graph,
    settings
  };
  const ids = contacts.map(({ id }) => id);
  const [events, own, invented] = [
    await eventsOf(reader, ids),
    await ownRows(reader, contacts, ids, { automationId: automation.id, others, start, remembers }),
    contacts.flatMap(identitiesOf)
  ];
  const past = events.filter(({ occurredAt }) => occurredAt < start);
  const identities = new Map(
    [...invented, ...own.identities].map((identity) => [identityKey(identity).join('\u0000'), identity])
  );
  return {
    contacts,
    version,
    later: events.filter(({ occurredAt }) => occurredAt >= start).sort(byTime),
    changes: [
      ...viewChanges(view, automation, version, others),
      ...contacts.map((contact) => create('contacts', contact.id, contact)),
      ...[...identities.values()].map((identity) => create('identities', identityKey(identity), identity)),
      ...past.map((event) => create('events', event.id, { ...event, unmatched: undefined })),
      ...[...rollupsOf(past).values()].map((rollup) => create('rollups', [rollup.contactId, rollup.type], rollup)),
      ...own.changes
    ]
  };
}

function byTime(one: EventRow, other: EventRow): number {
  return one.occurredAt - other.occurredAt || (one.id < other.id ? -1 : 1);
}

/** An account that is paused today says nothing about tomorrow. */
function viewChanges(view: WorkspaceView, automation: Automation, version: Version, others: boolean): Change[] {
  const changes: Change[] = [];
  for (const table of VIEW_TABLES) {
    if (table === 'automations' || table === 'versions' || table === 'accounts') continue;
    for (const row of view[table].values()) changes.push({ table, id: row.id, create: row } as Change);
  }
  for (const { paused: _paused, pages: _pages, unpublished: _unpublished, ...account } of view.accounts.values())
    changes.push(create('accounts', account.id, account));
  const { problem: _problem, entering: _entering, switching: _switching, ...simulated } = automation;
  changes.push(
    create('automations', automation.id, { ...simulated, status: 'active', activeVersionId: version.id }),
    create('versions', version.id, version)
  );
  for (const other of view.automations.values()) {
    if (other.id === automation.id) continue;
    const { entering: _who, switching: _where, ...row } = other;
    changes.push(create('automations', other.id, { ...row, status: others ? row.status : 'archived' }));
  }
  for (const other of view.versions.values())
    if (other.automationId !== automation.id) changes.push(create('versions', other.id, other));
  return changes;
}

async function eventsOf(reader: Reader, ids: readonly Id[]): Promise<EventRow[]> {
  const found = await Promise.all(
    ids.map((id) =>
      reader.query('events', {
        index: '[contactId+occurredAt]',
        from: [id, -Infinity],
        to: [id, Number.MAX_SAFE_INTEGER]
      })
    )
  );
  return found.flat();
}

function rollupsOf(events: readonly EventRow[]): Map<string, Rollup> {
  const rollups = new Map<string, Rollup>();
  for (const event of events) addToRollups(rollups, event);
  return rollups;
}

/** All else that belongs to them. Of messages those that were sent: the frequency cap counts them. */
async function ownRows(
  reader: Reader,
  contacts: readonly Contact[],
  ids: readonly Id[],
  given: { automationId: Id; others: boolean; start: Instant; remembers: boolean }
) {
  const { automationId, others, start, remembers } = given;
  if (ids.length === 0) return { identities: [], changes: [] };
  const query = { index: 'contactId', anyOf: ids };
  const companyIds = [...new Set(contacts.flatMap(({ companyId }) => companyId ?? []))];
  const [identities, tasks, memberships, ledger, vouchers, deals, companies, rotations, outbox, enrolments] =
    await Promise.all([
      reader.query('identities', query),
      reader.query('tasks', query),
      reader.query('memberships', query),
      reader.query('ledger', query),
      reader.query('vouchers', query),
      reader.query('deals', { index: 'contactIds', anyOf: ids }),
      reader.getMany('companies', companyIds),
      reader.query('rotations', {}),
      reader.query('outbox', query),
      others || remembers ? reader.query('enrolments', query) : []
    ]);
  const running = enrolments.filter((row) => others && row.automationId !== automationId && row.endedAt === undefined);
  const over = enrolments.filter((row) => remembers && row.automationId === automationId && row.enteredAt < start);
  const runningIds = new Set(running.map(({ id }) => id));
  const changes: Change[] = [
    ...tasks.map((row) => create('tasks', row.id, row)),
    ...memberships.map((row) => create('memberships', row.id, row)),
    ...ledger.map((row) => create('ledger', row.id, row)),
    ...vouchers.map((row) => create('vouchers', row.id, row)),
    ...deals.map((row) => create('deals', row.id, row)),
    ...companies.flatMap((row) => (row ? [create('companies', row.id, row)] : [])),
    ...rotations.map((row) => create('rotations', row.id, row)),
    ...running.map((row) => create('enrolments', row.id, row)),
    ...over.map((row) =>
      create('enrolments', row.id, atEnd(row, 'completed', Math.min(row.endedAt ?? row.since, start)))
    ),
    ...outbox.filter((row) => row.status === 'sent' && (row.sentAt ?? 0) < start).map(pastMessage),
    ...outbox
      .filter(({ status, enrolmentId }) => status === 'queued' && runningIds.has(enrolmentId))
      .map((row) => create('outbox', row.id, row))
  ];
  return { identities, changes };
}

/** It has its old id no more: the same step of the same journey may send again in the simulation. */
function pastMessage(row: OutboxRow): Change {
  const id = `past/${row.id}`;
  return create('outbox', id, { ...row, id });
}
