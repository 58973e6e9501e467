import { plan } from '../graphs';
import type { Doing, World } from './deed';
import { answerTo, waitingForEvents } from './events';

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

/** A new version over running journeys, which finish on theirs, go over or leave: another graph, or the same with other settings. */
export function republished({ random, plans }: World): Doing | null {
  const made = [...plans];
  if (made.length === 0) return null;
  const [id, before] = random.pick(made);
  return {
    label: `publishes ${id} again`,
    work: async (edits) => {
      const draft = random.chance(0.5) ? plan(random, [...plans.keys()].find((other) => other !== id) ?? id) : before;
      await edits.automations.saveDraft(id, { graph: draft.graph, settings: draft.settings });
      const others = random.pick(['finish', 'finish', 'next', 'out', 'end'] as const);
      const published = await edits.automations.publish(id, { existing: random.chance(0.2), others });
      if (published.ok) plans.set(id, draft);
    }
  };
}

export function pausedOrResumed({ simulation, random }: World): Doing | null {
  const automations = simulation.mirror.all('automations');
  if (automations.length === 0) return null;
  const { id, status } = random.pick(automations);
  if (status !== 'active') return { label: `resumes ${id}`, work: (edits) => edits.automations.resume(id) };
  return random.chance(0.8)
    ? { label: `pauses ${id}`, work: (edits) => edits.automations.pause(id) }
    : { label: `archives ${id}`, work: (edits) => edits.automations.archive(id) };
}

/** Paused, what a journey waits for happens, and then it goes on: it must look at what it has missed. */
export function heldWhileItHappens({ simulation, random }: World): Doing | null {
  const waiting = waitingForEvents(simulation);
  if (waiting.length === 0) return null;
  const enrolment = random.pick(waiting);
  const fact = answerTo(enrolment);
  return {
    label: `holds ${enrolment.id} while ${fact.type} happens`,
    work: async (edits) => {
      await edits.automations.pause(enrolment.automationId);
      await edits.events.record({ ...fact, contactId: enrolment.contactId });
      return edits.automations.resume(enrolment.automationId);
    }
  };
}

/** Most of them while a message of theirs still waits to be sent. */
export function exited({ simulation, random }: World): Doing | null {
  const running = simulation.mirror.all('enrolments').filter(({ endedAt }) => endedAt === undefined);
  if (running.length === 0) return null;
  const sending = running.filter(({ wait }) => wait?.for === 'outbox');
  const { id } = random.pick(sending.length > 0 && random.chance(0.7) ? sending : running);
  return { label: `ends ${id}`, work: (edits) => edits.automations.exit([id]) };
}
