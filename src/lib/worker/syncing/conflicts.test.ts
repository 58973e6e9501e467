import { expect, test } from 'vitest';
import { create, update } from '$lib/core/changes';
import { defaultSettings, emptyGraph, type StepNode } from '$lib/core/graph';
import type { Automation } from '$lib/core/rows/automations';
import type { Batch } from '$lib/sync/batches';
import { chooseSide, conflictsOf } from './conflicts';
import { Device } from './testing/device';

const START = Date.UTC(2027, 0, 15);

const automation: Automation = {
  id: 'a1',
  name: 'Bienvenue',
  status: 'draft',
  activeVersionId: null,
  draft: {
    graph: { ...emptyGraph(), notes: [{ id: 'n1', text: '', position: { x: 0, y: 0 } }] },
    settings: defaultSettings()
  },
  createdAt: 1,
  updatedAt: 1
};

async function noted(device: Device, ...texts: string[]): Promise<void> {
  const notes = texts.map((text, at) => ({ id: `n${at + 1}`, text, position: { x: 0, y: 0 } }));
  const { graph, settings } = automation.draft;
  await device.write(update('automations', 'a1', { draft: { settings, graph: { ...graph, notes } } }));
}

async function exchange(...devices: Device[]): Promise<void> {
  const batches = (await Promise.all(devices.map((device) => device.batch()))).filter(
    (one): one is Batch => one !== null
  );
  for (const device of devices) for (const batch of batches) if (batch.device !== device.name) await device.take(batch);
}

test('what two devices write of one part of a draft is kept from both until somebody chooses, and of other parts goes together', async () => {
  let now = START;
  const [a, b] = [new Device('a', () => now), new Device('b', () => now)];
  await a.begin();
  await b.begin();
  await a.write(create('automations', 'a1', automation));
  await exchange(a, b);
  now += 1_000;
  await noted(a, 'de A', 'autre');
  now += 1_000;
  await noted(b, 'de B');
  await exchange(a, b);
  for (const device of [a, b]) {
    expect((await device.rows('automations'))[0]?.draft.graph.notes.map(({ text }) => text)).toEqual(['de B', 'autre']);
    const [conflict, ...more] = (await conflictsOf(device.storage, 'a1')).filter(({ pointer }) =>
      pointer.endsWith('n1')
    );
    expect(more).toEqual([]);
    expect(conflict?.sides).toMatchObject([
      { device: 'a', value: { text: 'de A' } },
      { device: 'b', value: { text: 'de B' } }
    ]);
  }
  now += 1_000;
  const [{ pointer, sides } = { pointer: '', sides: [] }] = (await conflictsOf(a.storage, 'a1')).filter(({ pointer }) => pointer.endsWith('n1')); // prettier-ignore
  const side = { pointer, stamp: sides[0]?.stamp ?? '' };
  expect(await chooseSide(a.storage, 'a1', side, now)).toEqual({ ok: true, value: undefined });
  expect(await chooseSide(a.storage, 'a1', side, now)).toMatchObject({ ok: false });
  await exchange(a, b);
  for (const device of [a, b]) {
    expect((await device.rows('automations'))[0]?.draft.graph.notes.map(({ text }) => text)).toEqual(['de A', 'autre']);
    expect((await conflictsOf(device.storage, 'a1')).map((one) => one.pointer)).not.toContain(pointer);
  }
  expect(await a.shown()).toEqual(await b.shown());
});

test('nothing is asked of what the app writes for itself, of the order of steps, or of where they lie on the canvas', async () => {
  let now = START;
  const [a, b] = [new Device('a', () => now), new Device('b', () => now)];
  await a.begin();
  await b.begin();
  const step = (id: string, x: number): StepNode => ({
    id,
    unit: 'rule.delay',
    version: 1,
    fields: {},
    next: { next: null },
    position: { x, y: 0 }
  });
  const { settings, graph } = automation.draft;
  const moved = (x: number, ids: readonly string[]) => ({
    settings,
    graph: { ...graph, steps: ids.map((id) => step(id, x)) }
  });
  await a.write(create('automations', 'a1', { ...automation, draft: moved(0, ['s1', 's2']) }));
  await exchange(a, b);
  now += 1_000;
  await a.write(update('automations', 'a1', { draft: moved(10, ['s2', 's1']), updatedAt: now }));
  now += 1_000;
  await b.write(update('automations', 'a1', { draft: moved(20, ['s1', 's2', 's3']), updatedAt: now }));
  await exchange(a, b);
  for (const device of [a, b]) {
    expect(await conflictsOf(device.storage, 'a1')).toEqual([]);
    const [row] = await device.rows('automations');
    expect(row?.updatedAt).toBe(now);
    expect(row?.draft.graph.steps.map(({ id, position }) => [id, position?.x])).toEqual([['s1', 20], ['s2', 20], ['s3', 20]]); // prettier-ignore
  }
});
