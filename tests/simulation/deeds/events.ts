import { catalogue } from '$lib/catalogue/registry';
import { EVENT_TYPES } from '$lib/core/events';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Enrolment } from '$lib/core/rows/automations';
import { eventFile } from '../files';
import type { Random } from '../random';
import type { Simulation } from '../simulation';
import { answerProperties, someTrigger } from '../units';
import { someContact, type Doing, type World } from './deed';

/** An event by which one of the automations is entered, or one of its steps waits for. */
export function triggering({ simulation, random, plans }: World): Doing | null {
  const made = [...plans];
  const contactId = someContact(simulation, random);
  if (made.length === 0 || contactId === null) return null;
  const [automationId, { triggers }] = random.pick(made);
  const { definition, properties } = random.pick(triggers);
  if (definition.id === 'contact.added_manually')
    return { label: 'by hand', work: (edits) => edits.contacts.addToAutomation({ ids: [contactId] }, automationId) };
  return {
    label: `event ${definition.event.type}`,
    work: (edits) =>
      edits.events.record({ type: definition.event.type, contactId, properties, ...someTime(simulation, random) })
  };
}

export function anyEvent({ simulation, random }: World): Doing | null {
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const { definition, properties } = someTrigger(random);
  return {
    label: `event ${definition.event.type}`,
    work: (edits) =>
      edits.events.record({ type: definition.event.type, contactId, properties, ...someTime(simulation, random) })
  };
}

/** What a journey waits for happens, now or as is learnt only now. */
export function awaited({ simulation, random }: World): Doing | null {
  const waiting = waitingForEvents(simulation);
  if (waiting.length === 0) return null;
  const enrolment = random.pick(waiting);
  const fact = { ...answerTo(enrolment), contactId: enrolment.contactId, ...someTime(simulation, random) };
  return { label: `event ${fact.type} for ${enrolment.id}`, work: (edits) => edits.events.record(fact) };
}

type WaitingForEvent = Enrolment & { wait: Extract<NonNullable<Enrolment['wait']>, { for: 'event' }> };

export function waitingForEvents({ mirror }: Simulation): WaitingForEvent[] {
  return mirror.all('enrolments').filter((one): one is WaitingForEvent => one.wait?.for === 'event');
}

/** An event that is what the journey waits for: of the message that it has sent, where it waits for an answer to that. */
export function answerTo({ wait }: WaitingForEvent): { type: string; properties: Record<string, unknown> } {
  const property = EVENT_TYPES.get(wait.event)?.messageProperty;
  const message =
    property !== undefined && wait.messageIds?.[0] !== undefined ? { [property]: wait.messageIds[0] } : {};
  return { type: wait.event, properties: { ...answerProperties(wait.event), ...message } };
}

/** Mostly now; some facts are told late, and out of order. */
function someTime(simulation: Simulation, random: Random): { occurredAt?: number } {
  return random.chance(0.7) ? {} : { occurredAt: simulation.now - random.pick([MINUTE, HOUR, 2 * DAY]) };
}

/** A reader of the Sandbox's mailbox. */
export function react({ simulation, random }: World): Doing | null {
  const sent = simulation.mirror
    .all('outbox')
    .filter(({ status, accountId }) => status === 'sent' && accountId === null);
  if (sent.length === 0) return null;
  const { id } = random.pick(sent);
  const kind = random.pick(['opened', 'opened', 'clicked', 'unsubscribed', 'bounced'] as const);
  return { label: `reader: ${kind}`, work: (edits) => edits.mailbox.react(id, kind, 'https://atelier.fr/offre') };
}

export function importedEvents({ simulation, random }: World): Doing {
  const file = eventFile(simulation, random);
  const unknownPeople = random.pick(['create', 'unmatched', 'refuse'] as const);
  const plan = { unknownTypes: 'custom' as const, unknownPeople };
  return { label: 'imports events', work: (edits) => edits.events.importFile(file, plan) };
}

export function submitted({ simulation, random }: World): Doing {
  const known = simulation.mirror.get('contacts', someContact(simulation, random) ?? '')?.email;
  const email = random.chance(0.5) && known !== undefined ? known : `inscrite${random.between(0, 3)}@exemple.fr`;
  return {
    label: 'submits a form',
    work: (edits) => edits.forms.submit('f1', { values: { email }, consent: true })
  };
}

export function addedByHand({ simulation, random, plans }: World): Doing | null {
  const contactId = someContact(simulation, random);
  const [automationId] = random.some([...plans.keys()], 1);
  if (contactId === null || automationId === undefined) return null;
  return { label: 'by hand', work: (edits) => edits.contacts.addToAutomation({ ids: [contactId] }, automationId) };
}

export function replayed({ simulation, random }: World): Doing | null {
  const events = simulation.mirror.all('events').filter(({ type }) => catalogue.triggers.has(type));
  if (events.length === 0) return null;
  const { id } = random.pick(events);
  return { label: `replays ${id}`, work: (edits) => edits.events.replay([id]) };
}
