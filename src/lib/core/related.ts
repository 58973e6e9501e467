import type { Instant } from './instants';
import type { Identity } from './rows/contacts';
import type { Company, Deal, Rotation, Task } from './rows/crm';
import type { EventRow, Rollup } from './rows/events';
import type { OutboxRow } from './rows/messages';
import type { LedgerRow, Membership, Voucher } from './rows/loyalty';

/**
 * What belongs to a contact beyond its own row, as far as it is loaded: whoever looks at a part has to ask for it first, in `Needs`.
 * Lists are in the order of creation, oldest first.
 */
export interface Related {
  /** null: it has none */
  readonly company?: Company | null;
  readonly deals?: readonly Deal[];
  readonly tasks?: readonly Task[];
  readonly memberships?: readonly Membership[];
  readonly vouchers?: readonly Voucher[];
  /** What is left of what was earned: ledger rows with something left. */
  readonly lots?: readonly LedgerRow[];
  readonly identities?: readonly Identity[];
  /** by type of event */
  readonly rollups?: ReadonlyMap<string, Rollup>;
  /** the last event of each type that was asked for; null: there is none */
  readonly lastEvents?: ReadonlyMap<string, EventRow | null>;
  /** events that occurred at or after `since`, oldest first */
  readonly events?: { readonly since: Instant; readonly rows: readonly EventRow[] };
  /** of the whole workspace, by id */
  readonly rotations?: ReadonlyMap<string, Rotation>;
  /** messages that were asked for by id, those on their way as such; null: it is not there */
  readonly outbox?: ReadonlyMap<string, OutboxRow | null>;
}

export const RELATED_PARTS = [
  'company',
  'deals',
  'tasks',
  'memberships',
  'vouchers',
  'lots',
  'identities',
  'rollups'
] as const;
export type RelatedPart = (typeof RELATED_PARTS)[number];

/** What has to be loaded before a step, a trigger or a filter can be asked. */
export interface Needs {
  readonly parts?: readonly RelatedPart[];
  /** the last event of each of these types */
  readonly lastOf?: readonly string[];
  /** the contact's events that occurred at or after this instant */
  readonly since?: Instant;
  readonly rotations?: readonly string[];
  readonly outbox?: readonly string[];
}

export const NO_NEEDS: Needs = {};

export function needsNothing({ parts = [], lastOf = [], since, rotations = [], outbox = [] }: Needs): boolean {
  return parts.length + lastOf.length + rotations.length + outbox.length === 0 && since === undefined;
}

export function joinNeeds(...all: readonly Needs[]): Needs {
  const sinces = all.flatMap(({ since }) => since ?? []);
  const union = <T>(of: (needs: Needs) => readonly T[] | undefined): T[] => [
    ...new Set(all.flatMap((needs) => of(needs) ?? []))
  ];
  return {
    parts: union(({ parts }) => parts),
    lastOf: union(({ lastOf }) => lastOf),
    rotations: union(({ rotations }) => rotations),
    outbox: union(({ outbox }) => outbox),
    ...(sinces.length === 0 ? {} : { since: Math.min(...sinces) })
  };
}

/** Whether all that is needed is there. */
export function isLoaded(related: Related, needs: Needs): boolean {
  const { parts = [], lastOf = [], since, rotations = [], outbox = [] } = needs;
  return (
    parts.every((part) => related[part] !== undefined) &&
    lastOf.every((type) => related.lastEvents?.has(type) ?? false) &&
    (since === undefined || (related.events !== undefined && related.events.since <= since)) &&
    rotations.every((id) => related.rotations?.has(id) ?? false) &&
    outbox.every((id) => related.outbox?.has(id) ?? false)
  );
}
