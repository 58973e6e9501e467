import { afterEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Graph, StepNode } from '$lib/core/graph';
import { HOUR } from '$lib/core/instants';
import { openStorage } from '$lib/storage/dexie/storage';
import { contactEdits } from './edits/contacts';
import { eventEdits } from './edits/events';
import { mailboxEdits } from './edits/mailbox';
import { active, contact, welcomeWorkspace, World } from './testing/world';

let made = 0;
let world: World;
afterEach(() => world.close());

/* The rows that no other file of journeys follows from their cause to their effect. */

const step = (id: string, unit: string, fields: StepNode['fields'], next: StepNode['next']): StepNode => ({
  id,
  unit,
  version: 1,
  fields,
  next
});
const onto = (listId: string, id = 's9'): StepNode => step(id, 'contact.add_to_list', { listId }, { next: null });

async function begin(unit: string, fields: StepNode['fields'], ...steps: StepNode[]): Promise<void> {
  world = new World(await openStorage({ name: `catalogue-${++made}` }));
  const graph: Graph = {
    triggers: [{ id: 't1', unit, version: 1, fields }],
    entry: steps[0]?.id ?? null,
    steps,
    notes: []
  };
  await world.put(
    ...welcomeWorkspace([]),
    create('contacts', 'c1', contact('c1', { listIds: ['l1'], listedAt: { l1: 1 } })),
    create('contacts', 'c2', contact('c2', { attributes: { FIRSTNAME: 'Zoé' } })),
    ...active(graph, {}, 'a2')
  );
  await world.open();
}

async function record(properties: Record<string, unknown>, contactId = 'c1'): Promise<void> {
  const recorded = await eventEdits(world.desk).record({ type: 'custom.event', contactId, properties });
  expect(recorded).toMatchObject({ ok: true });
  await world.look();
}

async function lists(): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries((await world.all('contacts')).map(({ id, listIds }) => [id, listIds]));
}

const nobody = () => Promise.resolve([]);

test('contact.added_manually: those chosen on the contacts page enter, and only there', async () => {
  await begin('contact.added_manually', {}, onto('l2'));
  const edits = contactEdits(world.desk, (choice) => Promise.resolve('ids' in choice ? choice.ids : []), nobody);
  expect(await edits.addToAutomation({ ids: ['c2'] }, 'a2')).toBe(1);
  await edits.addToAutomation({ ids: ['c1'] }, 'another');
  await world.look();
  expect(await lists()).toEqual({ c1: ['l1'], c2: ['l2'] });
});

test('custom.event: the event of that name whose properties meet the filters', async () => {
  const grade = { subject: { of: 'event', property: 'grade' }, kind: 'number', operator: 'atLeast', value: 12 };
  await begin('custom.event', { name: 'course.finished', filters: grade }, onto('l2'));
  await record({ name: 'course.finished', grade: 9 });
  await record({ name: 'course.started', grade: 14 });
  expect((await lists()).c1).toEqual(['l1']);
  await record({ name: 'course.finished', grade: 14 });
  expect((await lists()).c1).toEqual(['l1', 'l2']);
});

test('contact.remove_from_list: off the list, which is a fact of its own', async () => {
  await begin(
    'custom.event',
    { name: 'x' },
    step('s1', 'contact.remove_from_list', { listId: 'l1' }, { next: 's9' }),
    onto('l2')
  );
  await record({ name: 'x' });
  expect((await lists()).c1).toEqual(['l2']);
  expect((await world.all('events')).map(({ type }) => type)).toContain('contact.removed_from_list');
});

test('rule.split and automation.go_to_step: down the branch that is met, and back to a step ahead', async () => {
  const isZoe = { subject: { of: 'attribute', attributeId: 'FIRSTNAME' }, kind: 'text', operator: 'is', value: 'Zoé' };
  await begin(
    'custom.event',
    { name: 'x' },
    step('s1', 'rule.split', { branches: [{ id: 'zoe', name: 'Zoé', filters: isZoe }] }, { zoe: 's2', default: 's3' }),
    step('s2', 'automation.go_to_step', { stepId: 's9' }, {}),
    step('s3', 'rule.delay', { duration: { amount: 1, unit: 'hours' }, window: null }, { next: 's9' }),
    onto('l2')
  );
  await record({ name: 'x' }, 'c1');
  await record({ name: 'x' }, 'c2');
  expect(await lists()).toEqual({ c1: ['l1'], c2: ['l2'] });
  await world.pass(HOUR);
  expect((await lists()).c1).toEqual(['l1', 'l2']);
  expect(
    (await world.journal('c2')).map(({ stepId, branch }) => [stepId, branch]).filter(([, branch]) => branch)
  ).toContainEqual(['s1', 'zoe']);
});

test.each([
  ['email.link_clicked', 'clicked'],
  ['email.unsubscribed', 'unsubscribed']
] as const)('%s: what the reader of the mailbox does with an email that was sent', async (type, reaction) => {
  await begin(type, {}, onto('l2'));
  const email = { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch' };
  const graph: Graph = {
    triggers: [{ id: 't1', unit: 'custom.event', version: 1, fields: { name: 'x' } }],
    entry: 's1',
    steps: [step('s1', 'email.send', email, { sent: null, failed: null })],
    notes: []
  };
  await world.put(...active(graph, {}, 'a3'));
  await record({ name: 'x' });
  const [sent] = await world.outbox();
  expect(sent).toMatchObject({ status: 'sent' });
  const reacted = await mailboxEdits(world.desk).react(sent!.id, reaction, 'https://exemple.fr/');
  expect(reacted).toMatchObject({ ok: true });
  await world.pass(HOUR);
  expect((await lists()).c1).toContain('l2');
  const blocklist = (await world.all('contacts')).find(({ id }) => id === 'c1')?.blocklist;
  expect(blocklist?.campaigns ?? false).toBe(type === 'email.unsubscribed');
});
