import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Contact, ImportBlock, ImportRow } from '$lib/core/rows/contacts';
import { namedBy, type OutboundRequest, type OutboxRow } from '$lib/core/rows/messages';
import type { PersonalData } from '$lib/records/contacts/personal-data';
import { linesAbout, mentions } from '$lib/records/contacts/traces';
import type { Reader } from '$lib/storage/port';
import { personalRows } from './personal-rows';
import { sharedRows } from './traces';

/** Null where there is no such contact. */
export async function personalData(reader: Reader, contactId: Id, now: Instant): Promise<PersonalData | null> {
  const contact = await reader.get('contacts', contactId);
  if (!contact) return null;
  const merged = await reader.query('contacts', { index: 'mergedInto', equals: contactId });
  const contacts = [contact, ...merged];
  const ids = new Set(contacts.map(({ id }) => id));
  const personal = await personalRows(reader, [...ids]);
  const each = contacts.map(({ id }) => personal(id));
  const all = <T>(rowsOf: (one: (typeof each)[number]) => readonly T[]): T[] => each.flatMap((one) => [...rowsOf(one)]);
  const deals = all((one) => one.deals);
  const outbox = all(({ rows }) => rows.outbox);
  const outboxIds = new Set(outbox.map(({ id }) => id));
  const reactions = await reader.getMany('reactions', all(({ reactionIds }) => reactionIds)); // prettier-ignore
  const shared = await sharedRows(reader, contacts, deals, outboxIds);
  const tasks = new Map([...all(({ rows }) => rows.tasks), ...shared.dealTasks].map((task) => [task.id, task]));
  return {
    format: 'ricochet-person',
    version: 1,
    exportedAt: new Date(now).toISOString(),
    contactId,
    tables: {
      contacts,
      identities: all(({ rows }) => rows.identities),
      events: [...all(({ rows }) => rows.events), ...shared.events],
      enrolments: all(({ rows }) => rows.enrolments),
      journal: all(({ rows }) => rows.journal),
      outbox: [...new Map([...outbox, ...shared.asking].map((row) => [row.id, row])).values()].map(withoutKeys),
      reactions: reactions.flatMap((row) => row ?? []),
      tasks: [...tasks.values()].filter(({ contactId: of }) => of === undefined || ids.has(of)),
      deals: shared.deals.map((deal) => ({ ...deal, contactIds: deal.contactIds.filter((id) => ids.has(id)) })),
      memberships: all(({ rows }) => rows.memberships),
      ledger: all(({ rows }) => rows.ledger),
      vouchers: all(({ rows }) => rows.vouchers),
      rollups: all(({ rows }) => rows.rollups),
      checkMembers: all(({ rows }) => rows.checkMembers),
      imports: shared.imports.map((row) => withoutOthers(row, contacts)),
      quarantine: shared.quarantine,
      optIns: shared.optIns,
      importBlocks: shared.importBlocks.map((block) => ofThese(block, ids)),
      intents: shared.intents.map((intent) => ({ ...intent, ...namedBy(intent, (id) => outboxIds.has(id)) }))
    }
  };
}

/** Headers and the address's query may hold keys: they are how we call, not who is called about. */
function withoutKeys(row: OutboxRow): OutboxRow {
  if (row.request.channel !== 'webhook') return row;
  const { method, url, body } = row.request;
  const address = /^(https?:\/\/)(?:[^/?#@]*@)?([^?#]*)/i.exec(url);
  const request: OutboundRequest = {
    channel: 'webhook',
    method,
    url: address ? `${address[1]}${address[2]}` : '',
    headers: {},
    ...(body === undefined ? {} : { body })
  };
  return { ...row, request };
}

function withoutOthers(row: ImportRow, contacts: readonly Contact[]): ImportRow {
  return { ...row, rejected: linesAbout(row, mentions(contacts)) };
}

function ofThese(block: ImportBlock, ids: ReadonlySet<Id>): ImportBlock {
  const of = (members: readonly Id[]): Id[] => members.filter((id) => ids.has(id));
  return { ...block, created: of(block.created), listed: of(block.listed) };
}
