import type { AutomationSettings, Graph } from '$lib/core/graph';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Enrolment, JournalBlock } from '$lib/core/rows/automations';
import type { OutboxRow } from '$lib/core/rows/messages';
import type { Deed, ScriptLine, Simulation, SimulationProgress } from '$lib/core/simulation';
import { words, type Words } from '$lib/core/words';
import { journalOf } from '$lib/engine/journal';
import { knownName } from '$lib/records/contacts/known-name';
import { MemoryStorage } from '$lib/storage/memory';
import type { Reader } from '$lib/storage/port';
import type { Right } from '../lease';
import { givenBy, type Parts } from '../parts';
import { Runner } from '../runner';
import { turn } from '../turn';
import { Agenda, type Planned } from './agenda';
import type { Copied } from './copy';
import { carriedOut } from './deeds';
import { Script, type Milestone } from './script';
import { VirtualClock, virtualParts } from './virtual';
import { Watcher } from './watcher';

/** How long the worker is kept from other work, in ms. */
const CHUNK = 25;

/** Nobody else runs the engine on a copy. */
const ALONE: Right = {
  isHeld: true,
  isSure: true,
  check: () => Promise.resolve(),
  confirm: () => Promise.resolve(),
  lost: () => undefined
};

/** So many looks at so many instants are a simulation that got out of hand. */
const MOST_LOOKS = 300_000;

export interface RunRequest {
  readonly automationId: Id;
  readonly graph: Graph;
  readonly settings: AutomationSettings;
  readonly copied: Copied;
  readonly start: Instant;
  readonly end: Instant;
  readonly seed: number;
  readonly script: readonly ScriptLine[];
  /** What is done whatever happens: how contacts enter, or what they did in the past. */
  readonly planned: readonly Planned[];
  /** Told of each milestone, and may plan more: a backtest answers messages as they were answered. */
  readonly onMilestone?: (milestone: Milestone, plan: (deed: Planned) => void) => void;
}

/** What the simulation is given of the real world: how long it takes, a pause for other work, and whether to go on. */
export interface Control {
  readonly clock: () => number;
  readonly pause: () => Promise<void>;
  readonly isCancelled: () => boolean;
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
}

export interface Ran {
  readonly simulation: Simulation;
  /** The messages with their content. */
  readonly messages: ReadonlyMap<Id, OutboxRow>;
}

/** Plays it from beginning to end with the engine itself, on a workspace in memory. Null where it was cancelled. */
export async function run(
  request: RunRequest,
  real: Pick<Parts, 'catalogue' | 'providers' | 'render' | 'pageTexts' | 'confirmationTexts'>,
  control: Control
): Promise<Ran | null> {
  const begun = control.clock();
  const { start, end, seed, script: lines, copied } = request;
  const clock = new VirtualClock(start);
  const watcher = new Watcher(request.automationId, real.catalogue, request.graph);
  const storage = new MemoryStorage({ capture: (changes) => watcher.note(changes) });
  const parts = virtualParts(real, storage, clock);
  await storage.commit(copied.changes);
  const runner = new Runner(parts, ALONE);
  const agenda = new Agenda();
  const settings = (await storage.read((reader) => reader.view())).settings.get('workspace');
  const script = new Script(lines, agenda, { seed, end, timeZone: settings?.timeZone ?? 'UTC' });
  for (const deed of request.planned) if (deed.at <= end) agenda.plan(deed);
  script.begin(copied.contacts, start);
  watcher.reset();
  const deeds: Deed[] = [];
  let cut: Words | null = null;
  let pausedAt = begun;

  await runner.begin();
  for (let looks = 0; ; looks++) {
    for (const milestone of await watcher.milestones(storage, clock.now)) {
      script.reached(milestone);
      request.onMilestone?.(milestone, (deed) => deed.at <= end && agenda.plan(deed));
    }
    const due = await runner.nextDue();
    const next = Math.max(Math.min(agenda.nextAt, due), agenda.nextAt <= clock.now ? clock.now : clock.now + 1);
    if (next > end) break;
    if (looks >= MOST_LOOKS) {
      cut = words('words.simulator.too_much');
      break;
    }
    if (control.clock() - pausedAt > CHUNK) {
      control.onProgress?.({ at: clock.now, start, end });
      await control.pause();
      if (control.isCancelled()) return null;
      pausedAt = control.clock();
    }
    clock.set(next);
    const now = agenda.takeDue(clock.now);
    if (now.length > 0) deeds.push(...(await carryOut(now, parts, storage)));
    await runner.look();
  }
  const ended = await storage.read((reader) => outcomeOf(reader, request.automationId, copied));
  storage.close();
  return {
    messages: new Map(ended.messages.map((row) => [row.id, row])),
    simulation: {
      graph: request.graph,
      settings: request.settings,
      seed,
      start,
      end: cut === null ? end : clock.now,
      contacts: copied.contacts.map((contact) => ({ id: contact.id, name: knownName(contact) })),
      journeys: ended.journeys,
      deeds,
      messages: ended.messages.map(shownMessage),
      cut,
      took: control.clock() - begun,
      rows: watcher.rows
    }
  };
}

async function carryOut(deeds: readonly Planned[], parts: Parts, storage: MemoryStorage): Promise<Deed[]> {
  return storage.transact(async (transaction) => {
    const given = givenBy(parts);
    const { effect, done } = await carriedOut(transaction, deeds, given);
    await turn(transaction, effect, { ...parts, ...given });
    return done.map(({ contactId, at, type, properties, lineId }) => ({ contactId, at, type, properties, lineId }));
  });
}

async function outcomeOf(reader: Reader, automationId: Id, copied: Copied) {
  const before = new Set(
    copied.changes.flatMap(({ table, id }) => (table === 'outbox' || table === 'enrolments' ? String(id) : []))
  );
  const blocks = new Map<string, JournalBlock[]>();
  for (const block of await reader.query('journal', {})) {
    const known = blocks.get(block.enrolmentId);
    if (known) known.push(block);
    else blocks.set(block.enrolmentId, [block]);
  }
  const enrolments = (await reader.query('enrolments', {})).filter(
    (row) => row.automationId === automationId && !before.has(row.id)
  );
  const journeys = enrolments
    .map((row) => shownJourney(row, blocks.get(row.id) ?? []))
    .sort((one, other) => one.enteredAt - other.enteredAt || (one.id < other.id ? -1 : 1));
  const messages = (await reader.query('outbox', {})).filter(({ id }) => !before.has(id));
  messages.sort((one, other) => momentOf(one) - momentOf(other) || (one.id < other.id ? -1 : 1));
  return { journeys, messages };
}

function shownJourney(enrolment: Enrolment, blocks: readonly JournalBlock[]): Simulation['journeys'][number] {
  const { id, contactId, status, stepId, enteredAt, endedAt, reason, event } = enrolment;
  return {
    id,
    contactId,
    status,
    stepId,
    enteredAt,
    enteredBy: event.type,
    entries: journalOf(enrolment, blocks),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(reason === undefined ? {} : { reason })
  };
}

function momentOf({ sentAt, lastAttemptAt, createdAt }: OutboxRow): Instant {
  return sentAt ?? lastAttemptAt ?? createdAt;
}

export function shownMessage(row: OutboxRow): Simulation['messages'][number] {
  const { id, contactId, automationId, enrolmentId, stepId, status, reason, request } = row;
  return {
    id,
    contactId,
    automationId,
    journeyId: enrolmentId,
    stepId,
    channel: request.channel,
    title: titleOf(row),
    status,
    at: momentOf(row),
    ...(reason === undefined ? {} : { reason })
  };
}

/** What names a message in a list. */
function titleOf({ request }: OutboxRow): string {
  switch (request.channel) {
    case 'email':
      return request.subject;
    case 'sms':
      return request.text ?? request.smsName;
    case 'push':
      return request.title ?? request.pushName;
    case 'wallet':
      return request.text ?? '';
    case 'webhook':
      return `${request.method} ${request.url}`;
  }
}
