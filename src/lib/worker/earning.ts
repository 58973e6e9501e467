import type { Effect } from '$lib/core/definitions';
import type { Given } from '$lib/core/ids';
import { joinNeeds } from '$lib/core/related';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { membershipId, type Membership } from '$lib/core/rows/loyalty';
import type { WorkspaceView } from '$lib/core/tables';
import { filterTime } from '$lib/filters/time';
import { together } from '$lib/records/contacts';
import { earn, earnedId, earningNeeds, rulesFor } from '$lib/records/loyalty';
import type { Transaction } from '$lib/storage/port';
import { loadRelated } from './related';

/**
 * What these events earn their contacts in the loyalty programmes, in their order. An event that has earned by a rule already (its
 * ledger row is there) earns nothing more.
 */
export async function earned(
  transaction: Transaction,
  events: readonly EventRow[],
  contacts: ReadonlyMap<string, Contact | undefined>,
  view: WorkspaceView,
  given: Given
): Promise<Effect> {
  const programs = [...view.programs.values()];
  const time = filterTime(view, given.now);
  const owners = [...new Set(events.map(({ contactId }) => contactId ?? ''))].flatMap((id) => contacts.get(id) ?? []);
  const shown = owners.filter(({ hiddenAt, mergedInto }) => hiddenAt === undefined && mergedInto === undefined);
  const types = [...new Set(events.map(({ type }) => type))];
  const [found, related, done] = await Promise.all([
    transaction.getMany(
      'memberships',
      shown.flatMap(({ id }) => programs.map((program) => membershipId(program.id, id)))
    ),
    loadRelated(transaction, shown, joinNeeds(...types.map((type) => earningNeeds(programs, type, time)))),
    earnedAlready(transaction, events, programs)
  ]);
  const byId = new Map(shown.map((contact) => [contact.id, contact]));
  const memberships = new Map<string, Membership>(found.flatMap((one) => (one ? [[one.id, one] as const] : [])));
  const effects = events.map((event): Effect => {
    const contact = byId.get(event.contactId ?? '');
    if (!contact || done.has(event.id)) return { changes: [], events: [] };
    const own = [...memberships.values()].filter(({ contactId }) => contactId === contact.id);
    const timeZone = time.timeZone;
    const effect = earn(event, contact, programs, own, related(contact.id), { ...given, timeZone, filters: time });
    for (const membership of effect.memberships) memberships.set(membership.id, membership);
    return effect;
  });
  return together(...effects);
}

async function earnedAlready(
  transaction: Transaction,
  events: readonly EventRow[],
  programs: Parameters<typeof rulesFor>[0]
): Promise<ReadonlySet<string>> {
  const ids = events.flatMap((event) => rulesFor(programs, event.type).map(({ rule }) => earnedId(event, rule)));
  const rows = await transaction.getMany('ledger', ids);
  return new Set(rows.flatMap((row) => row?.eventId ?? []));
}
