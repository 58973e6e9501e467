import { afterEach, describe, expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { create } from '$lib/core/changes';
import { HOUR } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import { checkGraph } from '$lib/engine/check';
import type { Locale } from '$lib/i18n';
import { decisionKey, type AutomationsFile } from '$lib/records/exchange';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import { readyFile, textsIn } from '$lib/views/gallery/ready-file';
import french from '$lib/i18n/messages/fr/gallery.json';
import { automationEdits } from '$lib/worker/edits/automations';
import { eventEdits } from '$lib/worker/edits/events';
import { mailboxEdits } from '$lib/worker/edits/mailbox';
import { Removals } from '$lib/worker/removals';
import { Simulator } from '$lib/worker/simulator/simulator';
import { attributes, contact, sender, settings, START, World } from '$lib/worker/testing/world';
import { GALLERY, SENDER, SMS_SENDER } from '.';
import { SCENARIOS, type Act, type Scenario } from './testing/scenarios';

const SITE = 'https://shop.example';
const LANGUAGES: readonly Locale[] = ['fr', 'en'];
const every = GALLERY.flatMap((ready) => LANGUAGES.map((language) => [ready.id, language, ready] as const));

let worlds: World[] = [];
afterEach(() => {
  for (const world of worlds) world.close();
  worlds = [];
});

/** A workspace with two senders, in which the engine runs; French ones on Dexie. */
async function opened(name: string, language: Locale): Promise<World> {
  const world = new World(language === 'fr' ? await openStorage({ name }) : new MemoryStorage());
  worlds.push(world);
  await world.put(
    create('settings', 'workspace', { ...settings, language }),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('senders', 'e1', sender()),
    create('smsSenders', 's1', { id: 's1', name: 'Atelier', accountId: null, createdAt: START })
  );
  await world.open();
  return world;
}

/** Placed as the gallery places it. Returns what the file's ids are called here. */
async function placed(world: World, file: AutomationsFile) {
  const automations = automationEdits(world.desk, new Removals(world.desk));
  const made = await automations.place(file, {
    [decisionKey('senders', SENDER)]: { does: 'use', id: 'e1' },
    [decisionKey('smsSenders', SMS_SENDER)]: { does: 'use', id: 's1' }
  });
  if (!made.ok) throw new Error(JSON.stringify(made.reason));
  const [id = ''] = made.value.automationIds;
  const view = await world.storage.read((reader) => reader.view());
  const draft = view.automations.get(id)!.draft;
  const byName = (rows: Iterable<{ id: string; name: string }>, name: string) =>
    [...rows].find((row) => row.name === name)?.id ?? '';
  const ids = new Map<string, string>();
  for (const { id: fileId, name } of file.lists) ids.set(fileId, byName(view.lists.values(), name));
  for (const { id: fileId, name } of [...file.templates, ...file.smsTemplates])
    ids.set(fileId, byName([...view.templates.values(), ...view.smsTemplates.values()], name));
  for (const pipeline of file.pipelines) {
    ids.set(pipeline.id, byName(view.pipelines.values(), pipeline.name));
    const stages = view.pipelines.get(ids.get(pipeline.id) ?? '')?.stages ?? [];
    for (const { id: fileId, name } of pipeline.stages) ids.set(`stage ${fileId}`, byName(stages, name));
  }
  for (const program of file.programs) {
    ids.set(program.id, byName(view.programs.values(), program.name));
    const tiers = view.programs.get(ids.get(program.id) ?? '')?.tiers ?? [];
    for (const { id: fileId, name } of program.tiers) ids.set(`tier ${fileId}`, byName(tiers, name));
  }
  return { automations, id, view, draft, ids };
}

describe.each(every)('%s in %s', (id, language, ready) => {
  test('is complete: no problem but the sender, which only the user can choose', async () => {
    const world = await opened(`gallery-check-${id}`, language);
    const file = await readyFile(ready, { language, site: SITE });
    const { draft, view, id: automationId } = await placed(world, file);
    expect(checkGraph(draft.graph, draft.settings, { catalogue, view, automationId })).toEqual([]);
    const texts = file.templates.flatMap(({ name, subject, preheader, html }) => [name, subject, preheader, html]);
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
    for (const { html } of file.templates) {
      expect(html).toContain('<body');
      expect(html).not.toMatch(/undefined|\[object|<script/);
    }
    // Without a sender, that is all that is missing.
    const automations = automationEdits(world.desk, new Removals(world.desk));
    await world.put({ table: 'senders', id: 'e1', delete: true }, { table: 'smsSenders', id: 's1', delete: true });
    const alone = await automations.place(file, {});
    const later = await world.storage.read((reader) => reader.view());
    const made = later.automations.get(alone.ok ? (alone.value.automationIds[0] ?? '') : '')!;
    const problems = checkGraph(made.draft.graph, made.draft.settings, {
      catalogue,
      view: later,
      automationId: made.id
    });
    expect(new Set(problems.map(({ field }) => field))).toEqual(new Set(['senderId']));
  });

  test('can be simulated: contacts go through it and get rendered messages', async () => {
    const world = await opened(`gallery-simulated-${id}`, language);
    const { draft, id: automationId } = await placed(world, await readyFile(ready, { language, site: SITE }));
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve));
    const simulator = new Simulator(world.parts, { clock: () => performance.now(), pause }).api;
    const result = await simulator.run({
      automationId,
      runs: 'draft',
      people: { of: 'invented', count: 10 },
      entry: { by: 'hand', over: null },
      script: [],
      start: START,
      days: 120,
      seed: 1,
      others: false
    });
    if (!result.ok) throw new Error(JSON.stringify(result.reason));
    const { journeys, messages } = result.value.simulation;
    expect(draft.graph.steps.length).toBeGreaterThan(2);
    expect(journeys).toHaveLength(10);
    expect(journeys.filter(({ status }) => status !== 'completed')).toEqual([]);
    // Entered by hand, nobody has reached a tier.
    if (id !== 'loyalty') expect(messages.length).toBeGreaterThanOrEqual(10);
  });

  test('runs to the end of each of its branches', async () => {
    const world = await opened(`gallery-run-${id}`, language);
    const file = await readyFile(ready, { language, site: SITE });
    const { automations, id: automationId, ids } = await placed(world, file);
    const scenarios = SCENARIOS[id] ?? [];
    await world.put(...scenarios.map((scenario, at) => create('contacts', `c${at}`, contactOf(scenario, at))));
    expect(await automations.publish(automationId)).toEqual({ ok: true, value: { versionNumber: 1 } });
    await live(world, scenarios, ids);
    const outbox = await world.outbox();
    const tasks = await world.all('tasks');
    const templates = new Map([...ids].map(([fileId, here]) => [here, fileId]));
    for (const [at, { name, gets, ends, has = {} }] of scenarios.entries()) {
      const contactId = `c${at}`;
      const got = outbox
        .filter((row) => row.contactId === contactId)
        .sort((one, other) => one.createdAt - other.createdAt);
      expect([name, got.map((row) => templates.get(templateOf(file, row.request, ids)))]).toEqual([name, gets]);
      expect(got.filter(({ status }) => status !== 'sent')).toEqual([]);
      expect([name, (await world.enrolment(contactId)).status]).toEqual([name, ends]);
      for (const { request } of got) {
        const said =
          request.channel === 'email'
            ? `${request.subject} ${request.html} ${request.text}`
            : request.channel === 'sms'
              ? (request.text ?? '')
              : '';
        expect(said).not.toMatch(/\{\{|\{%|undefined|NaN|\[object/);
        expect(said).toContain(
          contactOf(scenarios[at]!, at).attributes.FIRSTNAME ?? (language === 'fr' ? 'à vous' : 'there')
        );
      }
      const after = (await world.all('contacts')).find((row) => row.id === contactId)!;
      for (const [key, value] of Object.entries(has.attributes ?? {}))
        expect([name, after.attributes[key]]).toEqual([name, value]);
      if (has.lists) expect([name, after.listIds]).toEqual([name, has.lists.map((list) => ids.get(list))]);
      if (has.tasks)
        expect([name, tasks.filter((task) => task.contactId === contactId).map(({ title }) => title)]).toEqual([
          name,
          has.tasks.map((key) => textsIn(language)(`${id}.${key}`))
        ]);
    }
  });
});

test('every text of the gallery is used', () => {
  const used = new Set<string>();
  for (const { id, file } of GALLERY) {
    for (const key of ['name', 'about', 'detail', 'needs']) used.add(`${id}.${key}`);
    file((key) => {
      used.add(key);
      return key;
    }, SITE);
  }
  expect(keysOf(french.gallery.ready).filter((key) => !used.has(key))).toEqual([]);
});

function keysOf(messages: object, within = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? keysOf(value, `${within}${key}.`) : [`${within}${key}`]
  );
}

function contactOf({ contact: given = {} }: Scenario, at: number): Contact {
  // One of them has no first name: something stands in for it.
  const named: Contact['attributes'] = at === 0 ? {} : { FIRSTNAME: `Prénom${at}` };
  const { attributes: more = {}, ...rest } = given;
  return { ...contact(`c${at}`), ...rest, attributes: { ...named, ...more } };
}

function templateOf(
  file: AutomationsFile,
  request: { channel: string } & Partial<{ templateId: string; smsName: string }>,
  ids: ReadonlyMap<string, string>
): string {
  if (request.channel === 'email') return request.templateId ?? '';
  const sms = file.smsTemplates.find(({ name }) => name === request.smsName);
  return ids.get(sms?.id ?? '') ?? '';
}

/** Plays what everybody does, in the order of its time, and then lets two months pass. */
async function live(world: World, scenarios: readonly Scenario[], ids: ReadonlyMap<string, string>): Promise<void> {
  const events = eventEdits(world.desk);
  const mailbox = mailboxEdits(world.desk);
  const acts = scenarios
    .flatMap(({ acts: own = [] }, at) => own.map((act) => ({ contactId: `c${at}`, act })))
    .sort((one, other) => one.act.at - other.act.at);
  const passTo = async (hours: number) => {
    const until = START + hours * HOUR;
    while (world.now < until) await world.pass(Math.min(12 * HOUR, until - world.now));
  };
  for (const { contactId, act } of acts) {
    await passTo(act.at);
    const done =
      'event' in act
        ? await events.record({ type: act.event, contactId, properties: here(act, ids) })
        : await react(contactId, act);
    expect([act, done]).toMatchObject([act, { ok: true }]);
    await world.look();
  }
  await passTo(60 * 24);

  async function react(contactId: string, act: Extract<Act, { does: string }>) {
    const sent = (await world.outbox()).filter((row) => row.contactId === contactId && row.status === 'sent');
    const last = sent.sort((one, other) => one.createdAt - other.createdAt).at(-1);
    return mailbox.react(last?.id ?? '', act.does, act.url);
  }
}

/** Properties with our ids for what the file refers to. */
function here({ properties = {} }: Extract<Act, { event: string }>, ids: ReadonlyMap<string, string>) {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      if (typeof value !== 'string') return [key, value];
      const kind = key.endsWith('StageId') ? 'stage ' : key.endsWith('TierId') ? 'tier ' : '';
      return [key, ids.get(`${kind}${value}`) ?? value];
    })
  );
}
