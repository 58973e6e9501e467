import type { Condition, FilterTree, Subject } from '$lib/core/filter-tree';
import { DAY } from '$lib/core/instants';
import type { Related } from '$lib/core/related';
import type { Contact } from '$lib/core/rows/contacts';
import type { Company, Deal, Task } from '$lib/core/rows/crm';
import type { Membership, Voucher } from '$lib/core/rows/loyalty';
import { compileFilter, type EventProperties, type FilterTime } from './compile';

/** Reads what a condition looks at. Throws where a part of `related` is not loaded that `needsOf` asks for: a bug. */
export type ReadSubject = (contact: Contact, event: EventProperties, related?: Related) => unknown;

/** How the value that a condition looks at is found. */
export function readerOf({ subject, value }: Pick<Condition, 'subject' | 'value'>, time: FilterTime): ReadSubject {
  switch (subject.of) {
    case 'contact':
      return contactField(subject.field);
    case 'attribute':
      return (contact) => contact.attributes[subject.attributeId];
    case 'lists':
      return (contact) => contact.listIds;
    case 'event':
      return (_, event) => event?.[subject.property];
    case 'segments':
      return segmentsReader(segmentIdsOf(value, time), time);
    case 'company':
      return (_, __, related) => companyValue(part(related?.company, 'company'), subject.attributeId);
    case 'programs':
      return (_, __, related) => active(part(related?.memberships, 'memberships')).map(({ programId }) => programId);
    case 'tiers':
      return (_, __, related) =>
        active(part(related?.memberships, 'memberships')).flatMap(({ tierId }) => tierId ?? []);
    case 'balance':
      return (_, __, related) => balanceOf(part(related?.memberships, 'memberships'), subject.balanceId);
    case 'count':
      return countReader(subject, time);
    case 'last':
      return (_, __, related) => lastValue(subject, related);
  }
}

function part<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`a filter looks at ${name}, which is not loaded`);
  return value;
}

function contactField(field: Extract<Subject, { of: 'contact' }>['field']): ReadSubject {
  if (field === 'blocklisted') return (contact) => contact.blocklist?.campaigns === true;
  if (field === 'smsBlocklisted') return (contact) => contact.blocklist?.sms === true;
  return (contact) => contact[field];
}

/** The segments that a condition names; where it names none ('is known'), all. */
export function segmentIdsOf(value: Condition['value'], { segments }: FilterTime): string[] {
  return Array.isArray(value) ? value.map(String) : [...(segments ?? new Map<string, never>()).keys()];
}

/** What a segment's own filters are asked with: a segment within itself holds nobody. */
export function withoutSegment(time: FilterTime, id: string): FilterTime {
  const segments = new Map(time.segments);
  segments.delete(id);
  return { ...time, segments };
}

/** Ids of those of the segments that the contact is in. */
function segmentsReader(ids: readonly string[], time: FilterTime): ReadSubject {
  const asked = ids.flatMap((id) => {
    const segment = time.segments?.get(id);
    return segment ? [{ id, holds: compileFilter(segment.filters, withoutSegment(time, id)) }] : [];
  });
  return (contact, _, related) => asked.filter(({ holds }) => holds(contact, null, related)).map(({ id }) => id);
}

function companyValue(company: Company | null, attributeId: string | null): unknown {
  return attributeId === null ? company?.name : company?.attributes[attributeId];
}

function active(memberships: readonly Membership[]): readonly Membership[] {
  return memberships.filter(({ revokedAt }) => revokedAt === undefined);
}

function balanceOf(memberships: readonly Membership[], balanceId: string): number | undefined {
  return active(memberships).find(({ balances }) => balanceId in balances)?.balances[balanceId];
}

function lastValue({ event, property }: Extract<Subject, { of: 'last' }>, related: Related | undefined): unknown {
  const rollup = part(related?.rollups, 'rollups').get(event);
  if (property === null || rollup === undefined) return rollup?.lastAt;
  return part(related?.lastEvents, 'lastEvents').get(event)?.properties[property];
}

type Count = Extract<Subject, { of: 'count' }>;

/** Whether the roll-up of an event says enough: how often in all. */
export function isCountedByRollup({ what, where, days }: Count): boolean {
  return what === 'events' && (where ?? null) === null && (days ?? null) === null;
}

/** From when on rows are counted, in ms. */
export function countedSince({ days }: Count, now: number): number {
  return days === null || days === undefined ? 0 : now - days * DAY;
}

function countReader(subject: Count, time: FilterTime): ReadSubject {
  const { what, event: type = '' } = subject;
  if (isCountedByRollup(subject)) return (_, __, related) => part(related?.rollups, 'rollups').get(type)?.count ?? 0;
  const meets = compileFilter(subject.where ?? null, time);
  const since = countedSince(subject, time.now);
  return (contact, _, related) => {
    let count = 0;
    for (const { at, properties } of rowsOf(what, type, related))
      if (at >= since && meets(contact, properties, related)) count++;
    return count;
  };
}

interface Countable {
  readonly at: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

function rowsOf(what: Count['what'], type: string, related: Related | undefined): Countable[] {
  switch (what) {
    case 'events': {
      // What was never done need not be loaded to be counted.
      if (related?.rollups !== undefined && !related.rollups.has(type)) return [];
      return part(related?.events, 'events')
        .rows.filter((row) => row.type === type)
        .map(({ occurredAt, properties }) => ({ at: occurredAt, properties }));
    }
    case 'deals':
      return part(related?.deals, 'deals').map((deal) => ({ at: deal.createdAt, properties: dealProperties(deal) }));
    case 'tasks':
      return part(related?.tasks, 'tasks').map((task) => ({ at: task.createdAt, properties: taskProperties(task) }));
    case 'vouchers':
      return part(related?.vouchers, 'vouchers').map((voucher) => ({
        at: voucher.createdAt,
        properties: voucherProperties(voucher)
      }));
  }
}

/** A deal as conditions look at it: its custom attributes beside its own properties. */
export function dealProperties({ attributes, notes: _notes, ...deal }: Deal): Record<string, unknown> {
  return { ...attributes, ...deal };
}

export function taskProperties(task: Task): Record<string, unknown> {
  return { ...task, completed: task.completedAt !== undefined };
}

export const VOUCHER_STATES = ['open', 'redeemed', 'expired', 'revoked'] as const;

export function voucherProperties(voucher: Voucher): Record<string, unknown> {
  const { redeemedAt, expiredAt, revokedAt } = voucher;
  const state: (typeof VOUCHER_STATES)[number] =
    revokedAt !== undefined
      ? 'revoked'
      : redeemedAt !== undefined
        ? 'redeemed'
        : expiredAt !== undefined
          ? 'expired'
          : 'open';
  return { ...voucher, state };
}

/** Trees within a condition's subject. */
export function innerTree(subject: Subject): FilterTree | null {
  return subject.of === 'count' ? (subject.where ?? null) : null;
}
