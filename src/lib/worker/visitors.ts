import { create, update, type Change } from '$lib/core/changes';
import type { Given, Id } from '$lib/core/ids';
import { DAY, MINUTE, type Instant, type Milliseconds } from '$lib/core/instants';
import type { Attribute, Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { IncomingFact, TrackedPerson } from '$lib/core/sources';
import { createContact, parseEmail, updateContact, type Cause } from '$lib/records/contacts';
import { identityKey } from '$lib/records/contacts/identity';
import { toldAttributes } from '$lib/records/contacts/told-attributes';
import { rollupChanges } from '$lib/storage/rollup-changes';
import type { Reader, Transaction } from '$lib/storage/port';

/** What a visitor did before becoming known is theirs for so long, and kept no longer. */
export const REMEMBERED: Milliseconds = 30 * DAY;
/** A session: what was done in the one in which they became known, such as filling a cart, counts as done by somebody known. */
const SESSION: Milliseconds = 30 * MINUTE;

type VisitorFact = IncomingFact & { readonly person: TrackedPerson };

/** Who the visitors of some facts are. */
export interface Visitors {
  /** Undefined for a fact that is of no visitor. Null: nobody knows the visitor yet. */
  ownerOf(fact: IncomingFact): Id | null | undefined;
  /** Done in an earlier session than the one in which the visitor became known: it becomes theirs and starts nothing. */
  isPast(fact: IncomingFact): boolean;
  /** Contacts that were made, and what became known of them. */
  readonly changes: readonly Change[];
  readonly events: readonly EventRow[];
  readonly made: readonly Contact[];
  /** Visitors that became known, when and as whom. */
  readonly known: ReadonlyMap<string, Known>;
}

interface Known {
  readonly contactId: Id;
  readonly at: Instant;
}

const NOBODY: Visitors = {
  ownerOf: () => undefined,
  isPast: () => false,
  changes: [],
  events: [],
  made: [],
  known: new Map()
};

/**
 * Reads the facts in their order: from where a visitor says who they are, what they do is that contact's, and so is what nobody knew the
 * doer of. An address that nobody has makes a contact. Anyone can post what a tracker posts: of a contact that is there only attributes
 * without a value are filled in.
 */
export async function visitorsOf(reader: Reader, facts: readonly IncomingFact[], given: Given): Promise<Visitors> {
  const visits = facts.filter((fact): fact is VisitorFact => 'visitor' in fact.person);
  if (visits.length === 0) return NOBODY;
  return new Recognition(await stored(reader, visits), given).of(visits);
}

/** What is known before the facts. */
interface Stored {
  /** visitor → contact */
  readonly visitors: ReadonlyMap<string, Id>;
  /** address in lower case → contact */
  readonly addresses: ReadonlyMap<string, Id>;
  readonly contacts: ReadonlyMap<Id, Contact>;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

async function stored(reader: Reader, visits: readonly VisitorFact[]): Promise<Stored> {
  const visitorIds = [...new Set(visits.map(({ person }) => person.visitor))];
  const emails = [...new Set(visits.flatMap(({ person }) => addressOf(person) ?? []))];
  const [visitors, addresses] = await Promise.all([
    reader.getMany(
      'identities',
      visitorIds.map((value) => identityKey({ kind: 'visitor', value }))
    ),
    reader.getMany(
      'identities',
      emails.map((value) => identityKey({ kind: 'email', value }))
    )
  ]);
  const tokens = visits.flatMap(({ person }) => person.token ?? []);
  const ids = new Set([...tokens, ...addresses.flatMap((row) => row?.contactId ?? [])]);
  const contacts = await reader.getMany('contacts', [...ids]);
  return {
    visitors: new Map(visitors.flatMap((row) => (row ? [[row.value, row.contactId] as const] : []))),
    addresses: new Map(addresses.flatMap((row) => (row ? [[row.value, row.contactId] as const] : []))),
    contacts: new Map(contacts.flatMap((row) => (row ? [[row.id, row] as const] : []))),
    attributes: (await reader.view()).attributes
  };
}

function isRemembered({ occurredAt }: { occurredAt: Instant }, { at }: Pick<Known, 'at'>): boolean {
  return occurredAt >= at - REMEMBERED;
}

function addressOf({ email }: TrackedPerson): string | undefined {
  const parsed = email === undefined ? undefined : parseEmail(email);
  return parsed?.ok ? parsed.value.value : undefined;
}

class Recognition {
  private readonly current: Map<string, Id>;
  private readonly addresses: Map<string, Id>;
  private readonly contacts: Map<Id, Contact>;
  private readonly owners = new Map<IncomingFact, Id>();
  private readonly known = new Map<string, Known>();
  private readonly changes: Change[] = [];
  private readonly events: EventRow[] = [];
  private readonly made = new Map<Id, Contact>();
  private readonly cause: Cause;

  constructor(
    private readonly before: Stored,
    given: Given
  ) {
    this.current = new Map(before.visitors);
    this.addresses = new Map(before.addresses);
    this.contacts = new Map(before.contacts);
    this.cause = { ...given, via: 'api' };
  }

  of(visits: readonly VisitorFact[]): Visitors {
    for (const fact of visits) {
      const { visitor } = fact.person;
      const said = this.contactSaid(fact.person);
      if (said !== undefined && said !== this.current.get(visitor)) {
        if (!this.current.has(visitor)) this.known.set(visitor, { contactId: said, at: fact.occurredAt });
        this.current.set(visitor, said);
      }
      const owner = this.current.get(visitor);
      if (owner !== undefined) this.owners.set(fact, owner);
    }
    const knownOf = (fact: IncomingFact): Known | undefined => {
      const known =
        'visitor' in fact.person && !this.owners.has(fact) ? this.known.get(fact.person.visitor) : undefined;
      return known && isRemembered(fact, known) ? known : undefined;
    };
    return {
      ownerOf: (fact) =>
        'visitor' in fact.person ? (this.owners.get(fact) ?? knownOf(fact)?.contactId ?? null) : undefined,
      isPast: (fact) => fact.occurredAt < (knownOf(fact)?.at ?? -Infinity) - SESSION,
      changes: [...this.changes, ...this.identityChanges()],
      events: this.events,
      made: [...this.made.values()],
      known: this.known
    };
  }

  /** The contact that the visitor says to be, made where the address is new; undefined where nothing is said, or of nobody here. */
  private contactSaid(person: TrackedPerson): Id | undefined {
    const contact = this.contacts.get(person.token ?? '');
    if (contact) return contact.mergedInto ?? contact.id;
    const address = addressOf(person);
    if (address === undefined) return undefined;
    const id = this.addresses.get(address) ?? this.make(person);
    if (id !== undefined && person.attributes !== undefined) this.fillIn(id, person.attributes);
    return id;
  }

  private make({ email = '', attributes = {} }: TrackedPerson): Id | undefined {
    const parsed = parseEmail(email);
    if (!parsed.ok) return undefined;
    const { shown, value } = parsed.value;
    const effect = createContact(
      { email: shown, attributes: toldAttributes(attributes, this.before.attributes) },
      [],
      this.cause
    );
    const { contact } = effect;
    this.changes.push(...effect.changes);
    this.events.push(...effect.events);
    this.made.set(contact.id, contact);
    this.addresses.set(value, contact.id);
    return contact.id;
  }

  private fillIn(id: Id, attributes: Readonly<Record<string, unknown>>): void {
    const contact = this.contacts.get(id);
    if (!contact) return;
    const missing = Object.fromEntries(
      Object.entries(toldAttributes(attributes, this.before.attributes)).filter(
        ([key]) => contact.attributes[key] === undefined
      )
    );
    const effect = updateContact(contact, { attributes: missing }, this.cause);
    this.changes.push(...effect.changes);
    this.contacts.set(id, { ...contact, attributes: { ...contact.attributes, ...missing } });
  }

  private identityChanges(): Change[] {
    return [...this.current].flatMap(([value, contactId]): Change[] => {
      const was = this.before.visitors.get(value);
      if (was === contactId) return [];
      const key = identityKey({ kind: 'visitor', value });
      return [
        was === undefined
          ? create('identities', key, { kind: 'visitor', value, contactId })
          : update('identities', key, { contactId })
      ];
    });
  }
}

/**
 * Gives what was kept of these visitors to the contacts that they turned out to be, and counts it. Returns what is to be matched: it was
 * done in the session in which they became known. The rest starts nothing.
 */
export async function adoptPast(transaction: Transaction, known: Visitors['known']): Promise<EventRow[]> {
  const adopted: EventRow[] = [];
  for (const [visitor, { contactId, at }] of known) {
    const kept = await keptOf(transaction, visitor);
    for (const event of kept) {
      if (event.contactId !== null || !isRemembered(event, { at })) continue;
      const { unmatched: _mark, ...fact } = event;
      adopted.push({ ...fact, contactId, ...(event.occurredAt < at - SESSION ? {} : { unmatched: 1 as const }) });
    }
  }
  if (adopted.length === 0) return [];
  adopted.sort((a, b) => a.occurredAt - b.occurredAt);
  await transaction.apply([
    ...adopted.map(({ id, contactId, unmatched }) => update('events', id, { contactId, unmatched })),
    ...(await rollupChanges(transaction, adopted))
  ]);
  return adopted.filter(({ unmatched }) => unmatched === 1);
}

/** Whose visitors have ids of their own: the site, and the chat on it. */
const VISITED = ['tracker', 'crisp'] as const;

/**
 * What visitors did, whether somebody knows them or not, in batches of `limit` at most: by the keys of the facts, each batch after the
 * last key of the one before. Null at the start, and where there is no more.
 */
export async function visitsAfter(
  reader: Reader,
  after: string | null,
  limit: number
): Promise<{ visits: EventRow[]; last: string | null }> {
  const visits: EventRow[] = [];
  for (const kind of [...VISITED].sort()) {
    const prefix = `${kind}:`;
    const [from, to] = [after === null || after < prefix ? prefix : `${after}\0`, `${prefix}\uffff`];
    if (from > to) continue;
    visits.push(...(await reader.query('events', { index: 'dedupeKey', from, to, limit: limit - visits.length })));
    if (visits.length === limit) return { visits, last: visits[limit - 1]?.dedupeKey ?? null };
  }
  return { visits, last: null };
}

/** Whether a fact is of a visitor whom nobody knows. */
export function isOfVisitor({ contactId, dedupeKey = '' }: EventRow): boolean {
  return contactId === null && VISITED.some((kind) => dedupeKey.startsWith(`${kind}:`));
}

async function keptOf(reader: Reader, visitor: string): Promise<EventRow[]> {
  const found = await Promise.all(
    VISITED.map((kind) => {
      const prefix = `${kind}:${visitor}:`;
      return reader.query('events', { index: 'dedupeKey', from: prefix, to: `${prefix}\uffff` });
    })
  );
  return found.flat();
}
