import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AutomationSettings, Graph, StepNode } from '$lib/core/graph';
import { DAY, HOUR } from '$lib/core/instants';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { ScriptLine, SimulationRequest } from '$lib/core/simulation';
import { MemoryStorage } from '$lib/storage/memory';
import { eventEdits } from '../edits/events';
import { active, START, welcomeGraph, welcomeWorkspace, World } from '../testing/world';
import { email, simulated, welcome } from './testing/simulated';

const hours = fc.integer({ min: 1, max: 40 });
const branchOf = (name: string, value: string) => ({
  id: name,
  name,
  filters: { subject: { of: 'attribute', attributeId: 'STATUS' }, kind: 'text', operator: 'is', value }
});

type Made = Pick<StepNode, 'unit' | 'version' | 'fields'> & { readonly branches: readonly string[] };
const madeStep: fc.Arbitrary<Made> = fc.oneof(
  hours.map((amount): Made => ({
    unit: 'rule.delay',
    version: 1,
    fields: { duration: { amount, unit: 'hours' }, window: null },
    branches: ['next']
  })),
  fc.constant<Made>({ unit: 'email.send', version: 1, fields: email, branches: ['sent', 'failed'] }),
  fc
    .record({ amount: hours, event: fc.constantFrom('email.opened', 'email.link_clicked', 'custom.event') })
    .map(({ amount, event }): Made => ({
      unit: 'rule.wait_for_event',
      version: 2,
      fields: {
        event,
        settings: event === 'custom.event' ? { name: 'achat' } : {},
        limit: { amount, unit: 'hours' },
        window: 'auto'
      },
      branches: ['yes', 'no']
    })),
  fc.constantFrom('tiède', 'chaud').map((value): Made => ({
    unit: 'contact.update_attribute',
    version: 1,
    fields: { assignment: { attributeId: 'STATUS', value: { from: 'fixed', value } } },
    branches: ['next']
  })),
  fc.constant<Made>({ unit: 'contact.add_to_list', version: 1, fields: { listId: 'l2' }, branches: ['next'] }),
  fc.constant<Made>({
    unit: 'rule.split',
    version: 1,
    fields: { branches: [branchOf('a', 'tiède'), branchOf('b', 'chaud')] },
    branches: ['a', 'b', 'default']
  })
);

/** Each branch leads on to a later step or to the end: what is made last on first branches reaches all. */
const madeGraph: fc.Arbitrary<Graph> = fc.array(madeStep, { minLength: 2, maxLength: 8 }).chain((made) =>
  fc.array(fc.nat(99), { minLength: made.length * 3, maxLength: made.length * 3 }).map((lots): Graph => {
    const steps = made.map(({ branches, ...step }, at): StepNode => {
      const leads = branches.map((branch, which): [string, string | null] => {
        const lot = lots[at * 3 + which] ?? 0;
        const target = which === 0 ? at + 1 : at + 1 + (lot % 3);
        return [branch, target < made.length ? `s${target}` : null];
      });
      return { id: `s${at}`, ...step, next: Object.fromEntries(leads) };
    });
    return { triggers: welcomeGraph.triggers, entry: 's0', steps, notes: [] };
  })
);

const madeSettings: fc.Arbitrary<Partial<AutomationSettings>> = fc.record({
  exit: fc.constantFrom([], [{ event: 'custom.event', filters: null }]),
  sendWindow: fc.constantFrom(null, { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }),
  frequencyCap: fc.constantFrom(null, { count: 1, days: 2 })
});

const madeLine = (steps: number): fc.Arbitrary<Omit<ScriptLine, 'id'>> =>
  fc.record({
    who: fc.integer({ min: 20, max: 100 }).map((percent) => ({ of: 'share' as const, percent })),
    does: fc.constantFrom(
      { type: 'email.opened', properties: {} },
      { type: 'email.link_clicked', properties: { url: 'https://exemple.fr' } },
      { type: 'email.unsubscribed', properties: {} },
      { type: 'custom.event', properties: { name: 'achat' } }
    ),
    when: fc.record({
      from: fc.constant('step' as const),
      stepId: fc.nat(steps - 1).map((at) => `s${at}`),
      after: hours.map((amount) => ({ amount, unit: 'hours' as const })),
      spread: fc.constant(null)
    })
  });

const cases = madeGraph.chain((graph) =>
  fc.record({
    graph: fc.constant(graph),
    settings: madeSettings,
    script: fc
      .array(madeLine(graph.steps.length), { maxLength: 5 })
      .map((lines) => lines.map((line, at): ScriptLine => ({ id: `line${at}`, ...line }))),
    seed: fc.nat(1_000)
  })
);

const withoutEvents = (entries: readonly JournalEntry[]) => entries.map(({ eventId: _id, ...entry }) => entry);
const PEOPLE = ['c1', 'c2', 'c3'];
const LASTS = 12;

test('what is simulated is what the engine then does, entry by entry and message by message', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ graph, settings: own, script, seed }) => {
      const world = new World(new MemoryStorage());
      await world.put(...welcomeWorkspace(PEOPLE), ...active(graph, own, 'a2'));
      await world.put({ table: 'automations', id: 'a1', set: { status: 'archived' } });
      const people = { of: 'chosen', ids: PEOPLE } as const;
      const entry = { ...welcome.entry, over: null } as SimulationRequest['entry'];
      const foretold = await simulated(world, { automationId: 'a2', people, entry, script, seed, days: LASTS });

      await world.open();
      await world.addToList(PEOPLE, 'l1');
      const { record } = eventEdits(world.desk);
      const ahead = foretold.deeds.filter(({ lineId }) => lineId !== null);
      for (let at = START + HOUR; at <= START + LASTS * DAY; at += HOUR) {
        world.now = at;
        for (const deed of ahead.filter((one) => one.at === at)) {
          const text = JSON.stringify(deed.properties).replaceAll('@simulated>', '@sandbox.ricochet>');
          const properties = JSON.parse(text) as Record<string, unknown>;
          const { type, contactId } = deed;
          expect(await record({ type, contactId, properties })).toMatchObject({
            ok: true
          });
        }
        await world.look();
      }
      for (const { contactId, entries, status, stepId } of foretold.journeys) {
        expect(withoutEvents(await world.journal(contactId))).toEqual(withoutEvents(entries));
        expect(await world.enrolment(contactId)).toMatchObject({ status, stepId });
      }
      const sent = (await world.outbox()).map((row) => [row.id, row.status, row.sentAt]).sort();
      const would = foretold.messages
        .map(({ id, status, at }) => [id, status, status === 'sent' ? at : undefined])
        .sort();
      expect(would).toEqual(sent);
      world.close();
    }),
    { numRuns: 40 }
  );
});
