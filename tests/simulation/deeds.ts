import { catalogue } from '$lib/catalogue/registry';
import { DAY, HOUR, MINUTE } from '$lib/core/instants';
import type { Edits } from './edits';
import { plan, type Plan } from './graphs';
import { eventFile } from './files';
import type { Random } from './random';
import type { Simulation } from './simulation';
import { someTrigger } from './units';

/** Something that a person does in a tab. Null: there is nothing to do it with. */
interface Doing {
  readonly label: string;
  readonly work: (edits: Edits) => Promise<unknown>;
}

type Deed = (world: World) => Doing | null;

/** What people know when they do something: the rows on the screen, and the automations that they have made. */
export interface World {
  readonly simulation: Simulation;
  readonly random: Random;
  readonly plans: Map<string, Plan>;
}

/** How often of all. Events come first: without them nothing moves. */
const DEEDS: readonly (readonly [weight: number, deed: Deed])[] = [
  [30, triggering],
  [8, onAList],
  [3, offAList],
  [6, anyEvent],
  [5, react],
  [4, importedEvents],
  [3, submitted],
  [2, newContact],
  [2, changedContact],
  [2, deletedContacts],
  [1, restored],
  [2, joined],
  [3, points],
  [2, voucher],
  [2, deal],
  [2, taskDone],
  [3, republished],
  [3, pausedOrResumed],
  [1, automationRemoved],
  [1, listRemoved],
  [1, undone],
  [2, exited],
  [5, outboxWord],
  [2, resumedAccount],
  [2, addedByHand],
  [1, replayed]
];

const removals: WeakMap<Simulation, string[]> = new WeakMap();

export function someDeed(world: World): Doing | null {
  const total = DEEDS.reduce((sum, [weight]) => sum + weight, 0);
  let left = world.random.next() * total;
  const found = DEEDS.find(([weight]) => (left -= weight) < 0);
  return found ? found[1](world) : null;
}

/** Makes an automation and publishes it: as often as it takes until one has no problems. */
export function made(world: World, name: string, number: number | null): Doing {
  const { random, plans } = world;
  return {
    label: `publishes ${name}`,
    work: async (edits) => {
      const id = await edits.automations.create(name);
      for (let left = 6; left > 0; left--) {
        const draft = plan(random, [...plans.keys()][0] ?? id, number);
        await edits.automations.saveDraft(id, { graph: draft.graph, settings: draft.settings });
        const published = await edits.automations.publish(id, { existing: random.chance(0.15) });
        if (!published.ok) continue;
        plans.set(id, draft);
        return;
      }
    }
  };
}

/** An event by which one of the automations is entered, or one of its steps waits for. */
function triggering({ simulation, random, plans }: World): Doing | null {
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

function anyEvent({ simulation, random }: World): Doing | null {
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const { definition, properties } = someTrigger(random);
  return {
    label: `event ${definition.event.type}`,
    work: (edits) =>
      edits.events.record({ type: definition.event.type, contactId, properties, ...someTime(simulation, random) })
  };
}

/** Mostly now; some facts are told late, and out of order. */
function someTime(simulation: Simulation, random: Random): { occurredAt?: number } {
  return random.chance(0.7) ? {} : { occurredAt: simulation.now - random.pick([MINUTE, HOUR, 2 * DAY]) };
}

function onAList({ simulation, random }: World): Doing {
  const ids = random.some(contactIds(simulation), random.between(1, 3));
  const listId = random.pick(['l1', 'l2', 'l3']);
  return { label: `onto ${listId}`, work: (edits) => edits.contacts.addToList({ ids }, listId) };
}

function offAList({ simulation, random }: World): Doing {
  const ids = random.some(contactIds(simulation), random.between(1, 3));
  const listId = random.pick(['l1', 'l2']);
  return { label: `off ${listId}`, work: (edits) => edits.contacts.removeFromList({ ids }, listId) };
}

/** A reader of the Sandbox's mailbox. */
function react({ simulation, random }: World): Doing | null {
  const sent = simulation.mirror
    .all('outbox')
    .filter(({ status, accountId }) => status === 'sent' && accountId === null);
  if (sent.length === 0) return null;
  const { id } = random.pick(sent);
  const kind = random.pick(['opened', 'opened', 'clicked', 'unsubscribed', 'bounced'] as const);
  return { label: `reader: ${kind}`, work: (edits) => edits.mailbox.react(id, kind, 'https://atelier.fr/offre') };
}

function importedEvents({ simulation, random }: World): Doing {
  const file = eventFile(simulation, random);
  const unknownPeople = random.pick(['create', 'unmatched', 'refuse'] as const);
  const plan = { unknownTypes: 'custom' as const, unknownPeople };
  return { label: 'imports events', work: (edits) => edits.events.importFile(file, plan) };
}

function submitted({ simulation, random }: World): Doing {
  const known = simulation.mirror.get('contacts', someContact(simulation, random) ?? '')?.email;
  const email = random.chance(0.5) && known !== undefined ? known : `inscrite${random.between(0, 3)}@exemple.fr`;
  return {
    label: 'submits a form',
    work: (edits) => edits.forms.submit('f1', { values: { email }, consent: true })
  };
}

function newContact({ random }: World): Doing {
  const number = random.between(100, 105);
  return {
    label: 'a new contact',
    work: (edits) =>
      edits.contacts.save({
        email: `nouvelle${number}@exemple.fr`,
        attributes: { FIRSTNAME: `Nouvelle ${number}` },
        listIds: ['l1']
      })
  };
}

function changedContact({ simulation, random }: World): Doing | null {
  const id = someContact(simulation, random);
  if (id === null) return null;
  return {
    label: 'a contact moves',
    work: (edits) => edits.contacts.save({ id, attributes: { CITY: random.pick(['Lyon', 'Nantes']) } })
  };
}

function deletedContacts({ simulation, random }: World): Doing | null {
  const ids = contactIds(simulation);
  if (ids.length < 3) return null;
  const some = random.some(ids, 1);
  return { label: 'a contact is deleted', work: (edits) => edits.contacts.remove({ ids: some }) };
}

function restored({ simulation }: World): Doing | null {
  const hidden = simulation.mirror.all('contacts').filter(({ hiddenAt = 0 }) => hiddenAt > 0);
  if (hidden.length === 0) return null;
  return { label: 'contacts come back', work: (edits) => edits.contacts.restore(hidden.map(({ id }) => id)) };
}

function joined({ simulation, random }: World): Doing | null {
  const contactId = someContact(simulation, random);
  return contactId === null ? null : { label: 'joins', work: (edits) => edits.loyalty.join('p1', contactId) };
}

function points({ simulation, random }: World): Doing | null {
  const members = simulation.mirror.all('memberships');
  if (members.length === 0) return null;
  const membershipId = random.pick(members).id;
  if (random.chance(0.15))
    return { label: 'revokes a membership', work: (edits) => edits.loyalty.revoke(membershipId, 'user') };
  const movement = {
    membershipId,
    type: random.pick(['earned', 'redeemed'] as const),
    balanceId: 'b1',
    points: random.pick([10, 60, 150]),
    reason: ''
  };
  return { label: `${movement.type} points`, work: (edits) => edits.loyalty.move(movement) };
}

function voucher({ simulation, random }: World): Doing | null {
  const open = simulation.mirror.all('vouchers').filter(({ dueAt }) => dueAt !== undefined);
  if (open.length > 0 && random.chance(0.5)) {
    const { id, code } = random.pick(open);
    return random.chance(0.5)
      ? { label: 'redeems a voucher', work: (edits) => edits.loyalty.redeemVoucher(code) }
      : { label: 'revokes a voucher', work: (edits) => edits.loyalty.revokeVoucher(id) };
  }
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const draft = {
    programId: 'p1',
    contactId,
    code: '',
    label: 'Cadeau',
    worth: null,
    expiresAt: simulation.now + random.pick([HOUR, 2 * DAY])
  };
  return { label: 'a voucher', work: (edits) => edits.loyalty.createVoucher(draft) };
}

function deal({ simulation, random }: World): Doing | null {
  const deals = simulation.mirror.all('deals');
  if (deals.length > 0 && random.chance(0.5)) {
    const { id } = random.pick(deals);
    return { label: 'moves a deal', work: (edits) => edits.deals.move(id, random.pick(['new', 'won', 'signed'])) };
  }
  const contactId = someContact(simulation, random);
  if (contactId === null) return null;
  const draft = {
    ...{ name: 'Affaire', stageId: 'new', amount: { minor: 120_000, currency: 'EUR' }, ownerId: null, companyId: null },
    ...{ contactIds: [contactId], expectedCloseOn: null, attributes: {} }
  };
  return { label: 'a deal', work: (edits) => edits.deals.save(draft) };
}

function taskDone({ simulation, random }: World): Doing | null {
  const open = simulation.mirror.all('tasks').filter(({ completedAt }) => completedAt === undefined);
  if (open.length === 0) return null;
  const { id } = random.pick(open);
  return { label: 'completes a task', work: (edits) => edits.tasks.complete(id) };
}

/** A new version over running journeys: another graph, or the same with other settings. */
function republished({ random, plans }: World): Doing | null {
  const made = [...plans];
  if (made.length === 0) return null;
  const [id, before] = random.pick(made);
  return {
    label: `publishes ${id} again`,
    work: async (edits) => {
      const draft = random.chance(0.5) ? plan(random, [...plans.keys()].find((other) => other !== id) ?? id) : before;
      await edits.automations.saveDraft(id, { graph: draft.graph, settings: draft.settings });
      const published = await edits.automations.publish(id, { existing: random.chance(0.2) });
      if (published.ok) plans.set(id, draft);
    }
  };
}

function pausedOrResumed({ simulation, random }: World): Doing | null {
  const automations = simulation.mirror.all('automations');
  if (automations.length === 0) return null;
  const { id, status } = random.pick(automations);
  if (status !== 'active') return { label: `resumes ${id}`, work: (edits) => edits.automations.resume(id) };
  return random.chance(0.8)
    ? { label: `pauses ${id}`, work: (edits) => edits.automations.pause(id) }
    : { label: `archives ${id}`, work: (edits) => edits.automations.archive(id) };
}

function automationRemoved({ simulation, random, plans }: World): Doing | null {
  const idle = simulation.mirror.all('automations').filter(({ status }) => status !== 'active');
  if (idle.length === 0 || plans.size < 2) return null;
  const { id } = random.pick(idle);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.automations.remove(id).then((removed) => remember(simulation, removed))
  };
}

function listRemoved({ simulation, random }: World): Doing {
  const id = random.pick(['l2', 'l3']);
  return {
    label: `removes ${id}`,
    work: (edits) => edits.lists.remove(id).then((removed) => remember(simulation, removed))
  };
}

function remember(simulation: Simulation, removed: { ok: true; value: string } | { ok: false }): void {
  if (removed.ok) removals.set(simulation, [...(removals.get(simulation) ?? []), removed.value]);
}

/** Of a removal in this tab; another tab, or the same one opened anew, knows nothing of it. */
function undone({ simulation }: World): Doing | null {
  const removal = removals.get(simulation)?.pop();
  return removal === undefined ? null : { label: `undoes ${removal}`, work: (edits) => edits.undo(removal) };
}

function exited({ simulation, random }: World): Doing | null {
  const running = simulation.mirror.all('enrolments').filter(({ endedAt }) => endedAt === undefined);
  if (running.length === 0) return null;
  const { id } = random.pick(running);
  return { label: `ends ${id}`, work: (edits) => edits.automations.exit([id]) };
}

/** The user's word on messages that failed, or of which nobody knows. */
function outboxWord({ simulation, random }: World): Doing | null {
  const rows = simulation.mirror
    .all('outbox')
    .filter(({ status }) => status === 'failed' || status === 'uncertain' || status === 'queued');
  if (rows.length === 0) return null;
  const { id } = random.pick(rows);
  const word = random.pick(['retry', 'cancel', 'confirmSent'] as const);
  return { label: `${word} ${id}`, work: (edits) => edits.outbox[word]([id]) };
}

function resumedAccount({ simulation, random }: World): Doing | null {
  const paused = simulation.mirror.all('accounts').filter((account) => account.paused !== undefined);
  if (paused.length === 0) return null;
  const { id } = random.pick(paused);
  return { label: `resumes the account ${id}`, work: (edits) => edits.accounts.resume(id) };
}

function addedByHand({ simulation, random, plans }: World): Doing | null {
  const contactId = someContact(simulation, random);
  const [automationId] = random.some([...plans.keys()], 1);
  if (contactId === null || automationId === undefined) return null;
  return { label: 'by hand', work: (edits) => edits.contacts.addToAutomation({ ids: [contactId] }, automationId) };
}

function replayed({ simulation, random }: World): Doing | null {
  const events = simulation.mirror.all('events').filter(({ type }) => catalogue.triggers.has(type));
  if (events.length === 0) return null;
  const { id } = random.pick(events);
  return { label: `replays ${id}`, work: (edits) => edits.events.replay([id]) };
}

function contactIds(simulation: Simulation): string[] {
  return simulation.mirror.all('contacts').flatMap(({ id, hiddenAt }) => (hiddenAt === undefined ? [id] : []));
}

function someContact(simulation: Simulation, random: Random): string | null {
  const ids = contactIds(simulation);
  return ids.length === 0 ? null : random.pick(ids);
}
