import { EVENT_TYPES } from '$lib/core/events';
import type { Id } from '$lib/core/ids';
import { DAY, type Instant, type Milliseconds } from '$lib/core/instants';
import { failed, ok, type Result } from '$lib/core/result';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import type { OutboxRow } from '$lib/core/rows/messages';
import { MOST_PEOPLE, type Backtest } from '$lib/core/simulation';
import { words } from '$lib/core/words';
import { journalOf } from '$lib/engine/journal';
import type { Reader } from '$lib/storage/port';
import type { Parts } from '../parts';
import type { Planned } from './agenda';
import { copied } from './copy';
import { run, type Control, type Ran } from './run';
import type { Subject } from './subject';

/** How far back a backtest goes at most. */
const FURTHEST = 5 * 365 * DAY;

/** An answer to a message of this automation, and how long after that message had left. */
interface Answer {
  readonly event: EventRow;
  readonly after: Milliseconds;
}

/**
 * Real events since some days ago, each at its own time, through the draft or the version in force. The contacts are as they are
 * now: what they were then is not kept. What the automation itself caused then is left out, and answers to its messages come as long
 * after the message would have left as they came after the real one.
 */
export async function backtest(
  { automation, graph, settings }: Subject,
  days: number | null,
  parts: Parts,
  control: Control
): Promise<Result<(Omit<Backtest, 'simulation'> & { ran: Ran }) | null>> {
  const { storage, catalogue } = parts;
  const now = parts.now();
  const earliest = now - (days === null ? FURTHEST : days * DAY);
  const definitions = graph.triggers.flatMap(({ unit }) => catalogue.triggers.get(unit) ?? []);
  const heard = [...new Set(definitions.filter(({ daily }) => !daily).map(({ event }) => event.type))];
  const who = await storage.read((reader) =>
    peopleSince(
      reader,
      heard,
      earliest,
      definitions.some(({ daily }) => daily)
    )
  );
  if (who.contacts.length === 0) return failed(words('words.simulator.no_past'));
  const start = days === null ? who.first : earliest;
  const { contacts } = who;
  const found = await storage.read(async (reader) => ({
    copy: await copied(reader, { automation, graph, settings, contacts, start, others: false, remembers: true }),
    real: await reallyDone(reader, automation.id, contacts, start)
  }));
  const { planned, answers, unsent } = partedEvents(found.copy.later, found.real, automation.id);
  let answered = 0;
  const ran = await run(
    {
      automationId: automation.id,
      graph,
      settings,
      copied: found.copy,
      start,
      end: now,
      seed: 0,
      script: [],
      planned,
      onMilestone: ({ stepId, contactId, at, message }, plan) => {
        if (message === undefined) return;
        const key = `${contactId} ${stepId ?? ''}`;
        for (const { event, after } of answers.get(key) ?? []) {
          answered++;
          const { type, properties } = withoutMessage(event);
          plan({ contactId, at: at + after, type, properties, lineId: null, message });
        }
        // A second visit of the step is another message, which nobody has answered yet.
        answers.delete(key);
      }
    },
    parts,
    control
  );
  if (ran === null) return ok(null);
  const all = [...answers.values()].reduce((sum, list) => sum + list.length, 0) + answered;
  return ok({
    ran,
    really: { entered: found.real.entered, sent: found.real.sent },
    events: planned.length + answered,
    unanswered: all - answered + unsent,
    leftOut: who.leftOut
  });
}

/** Those whose events the triggers hear, the last ones first where they are too many; all of them for a daily check. */
async function peopleSince(reader: Reader, heard: readonly string[], since: Instant, hasDaily: boolean) {
  const events = (await reader.query('events', { index: 'type', anyOf: heard })).filter(
    ({ occurredAt, contactId }) => occurredAt >= since && contactId !== null
  );
  const ids = new Set(
    events.sort((one, other) => other.occurredAt - one.occurredAt).map(({ contactId }) => contactId ?? '')
  );
  if (hasDaily) for (const { id } of await reader.query('contacts', { limit: 2 * MOST_PEOPLE })) ids.add(id);
  const found = await reader.getMany('contacts', [...ids].slice(0, MOST_PEOPLE));
  const contacts = found.filter(
    (contact): contact is Contact =>
      contact !== undefined && contact.hiddenAt === undefined && contact.mergedInto === undefined
  );
  return {
    contacts,
    leftOut: Math.max(0, ids.size - MOST_PEOPLE),
    first: events.at(-1)?.occurredAt ?? since
  };
}

/** What this automation really did with these contacts since then: how many came in, what was sent, and when each of its steps was taken. */
async function reallyDone(reader: Reader, automationId: Id, contacts: readonly Contact[], since: Instant) {
  const query = { index: 'contactId', anyOf: contacts.map(({ id }) => id) };
  const [enrolments, blocks, outbox] = [
    (await reader.query('enrolments', query)).filter((row) => row.automationId === automationId),
    await reader.query('journal', query),
    (await reader.query('outbox', query)).filter((row) => row.automationId === automationId)
  ];
  const moves = new Set<string>();
  for (const enrolment of enrolments) {
    const own = blocks.filter(({ enrolmentId }) => enrolmentId === enrolment.id);
    for (const { at } of journalOf(enrolment, own)) moves.add(`${enrolment.contactId} ${at}`);
  }
  const sent: Record<Id, number> = {};
  for (const { status, sentAt = 0, stepId } of outbox)
    if (status === 'sent' && sentAt >= since) sent[stepId] = (sent[stepId] ?? 0) + 1;
  return {
    moves,
    sent,
    entered: enrolments.filter(({ enteredAt }) => enteredAt >= since).length,
    messages: new Map(outbox.flatMap((row) => (row.messageId === undefined ? [] : [[row.messageId, row] as const])))
  };
}

/** The past parted: what is done again as it was, answers that wait for their message, answers to what left before. */
function partedEvents(
  events: readonly EventRow[],
  { moves, messages }: { moves: ReadonlySet<string>; messages: ReadonlyMap<string, OutboxRow> },
  automationId: Id
): { planned: Planned[]; answers: Map<string, Answer[]>; unsent: number } {
  const planned: Planned[] = [];
  const answers = new Map<string, Answer[]>();
  let unsent = 0;
  for (const event of events) {
    const { id, contactId, occurredAt, type, properties, source } = event;
    // Its own doing: the draft will do its own.
    if (contactId === null || (source === 'automation' && moves.has(`${contactId} ${occurredAt}`))) continue;
    // Written by daily checks, which are made again.
    if (typeof properties.checkedAt === 'number' && properties.automationId === automationId) continue;
    const message = messages.get(messageIdOf(event) ?? '');
    if (message === undefined) {
      planned.push({ contactId, at: occurredAt, type, properties, lineId: null, eventId: id });
    } else if (message.sentAt === undefined) unsent++;
    else {
      const key = `${contactId} ${message.stepId}`;
      answers.set(key, [...(answers.get(key) ?? []), { event, after: Math.max(0, occurredAt - message.sentAt) }]);
    }
  }
  return { planned, answers, unsent };
}

function messageIdOf({ type, properties }: EventRow): string | null {
  const property = EVENT_TYPES.get(type)?.messageProperty;
  const value = property === undefined ? null : properties[property];
  return typeof value === 'string' ? value : null;
}

/** The answer, with another message to be filled in. */
function withoutMessage({ type, properties }: EventRow): Pick<EventRow, 'type' | 'properties'> {
  const property = EVENT_TYPES.get(type)?.messageProperty ?? '';
  const { [property]: _message, emailName: _email, smsName: _sms, ...rest } = properties;
  return { type, properties: rest };
}
