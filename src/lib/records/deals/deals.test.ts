import { describe, expect, it } from 'vitest';
import { applyChange } from '$lib/core/changes';
import type { Effect } from '$lib/core/definitions';
import type { Deal, Task } from '$lib/core/rows/crm';
import type { WorkspaceView } from '$lib/core/tables';
import type { Cause } from '../contacts/cause';
import { completeTask, createTask, reopenTask, updateTask } from '../tasks';
import {
  addNote,
  createDeal,
  dealPatch,
  dealValue,
  deleteDeal,
  duplicateDeal,
  moveDeal,
  removeNote,
  updateDeal
} from '.';

const cause = (now = 1_000): Cause => {
  let last = 0;
  return { now, newId: () => `id${++last}`, via: 'manual' };
};
const told = ({ events }: Effect) => events.map(({ type, contactId }) => [type, contactId]);
const after = (deal: Deal, { changes }: Effect): Deal =>
  changes.reduce((row, change) => (change.table === 'deals' ? (applyChange(row, change) ?? row) : row), deal);

const fields = {
  name: 'Atelier',
  pipelineId: 'p1',
  stageId: 'new',
  amount: { minor: 120_000, currency: 'EUR' },
  ownerId: 'u1',
  contactIds: ['c1', 'c2', 'c1'],
  companyId: null,
  expectedCloseOn: '2027-03-01',
  attributes: { BUDGET: 3, CITY: null }
};
const { deal } = createDeal(fields, cause());

describe('a deal', () => {
  it('tells each linked contact once that it was created', () => {
    const effect = createDeal(fields, cause());
    expect(effect.deal).toMatchObject({ contactIds: ['c1', 'c2'], attributes: { BUDGET: 3 }, stagedAt: 1_000 });
    expect(effect.deal).not.toHaveProperty('companyId');
    expect(told(effect)).toEqual([
      ['deal.created', 'c1'],
      ['deal.created', 'c2']
    ]);
    expect(effect.events[0]?.properties).toEqual({
      dealId: effect.deal.id,
      amount: { minor: 120_000, currency: 'EUR' },
      pipelineId: 'p1',
      stageId: 'new'
    });
  });

  it('tells of a new stage whoever is linked then, and of nothing else', () => {
    const moved = moveDeal(deal, { pipelineId: 'p2', stageId: 'signed' }, cause(2_000));
    expect(told(moved)).toEqual([
      ['deal.stage_updated', 'c1'],
      ['deal.stage_updated', 'c2']
    ]);
    expect(moved.events[0]?.properties).toEqual({
      dealId: deal.id,
      amount: deal.amount,
      pipelineId: 'p2',
      fromStageId: 'new',
      toStageId: 'signed'
    });
    expect(after(deal, moved)).toMatchObject({ pipelineId: 'p2', stageId: 'signed', stagedAt: 2_000 });
    expect(updateDeal(deal, { name: 'Devis', contactIds: ['c1', 'c2', 'c3'] }, cause()).events).toEqual([]);
    expect(told(updateDeal(deal, { stageId: 'won', contactIds: ['c3'] }, cause()))).toEqual([
      ['deal.stage_updated', 'c3']
    ]);
  });

  it('changes nothing where it is so already', () => {
    const { contactIds: _, ...same } = fields;
    expect(updateDeal(deal, { ...same, contactIds: ['c2', 'c1'] }, cause())).toEqual({ changes: [], events: [] });
  });

  it('loses what may be missing', () => {
    const emptied = after(deal, updateDeal(deal, { amount: null, ownerId: null, expectedCloseOn: null }, cause()));
    expect(emptied).not.toHaveProperty('amount');
    expect(emptied).not.toHaveProperty('ownerId');
    expect(emptied).not.toHaveProperty('expectedCloseOn');
  });

  it('is duplicated with attributes, notes and linked records', () => {
    const noted = after(deal, addNote(deal, 'Appelée hier', cause()));
    const copy = duplicateDeal(noted, { name: 'Copie', pipelineId: 'p2', stageId: 'signed' }, cause(3_000));
    expect(copy.deal).toMatchObject({
      name: 'Copie',
      stageId: 'signed',
      contactIds: ['c1', 'c2'],
      attributes: { BUDGET: 3 },
      notes: [{ text: 'Appelée hier', at: 1_000 }],
      createdAt: 3_000
    });
    expect(told(copy)).toHaveLength(2);
    expect(after(noted, removeNote(noted, noted.notes[0]?.id ?? '', cause())).notes).toEqual([]);
  });

  it('takes along its own tasks, and leaves those of contacts', () => {
    const task = (id: string, contactId?: string): Task => ({
      id,
      title: id,
      typeId: 'call',
      note: '',
      dealId: deal.id,
      ...(contactId === undefined ? {} : { contactId }),
      createdAt: 0,
      updatedAt: 0
    });
    expect(deleteDeal(deal, [task('t1'), task('t2', 'c1')]).changes).toEqual([
      { table: 'deals', id: deal.id, delete: true },
      { table: 'tasks', id: 't1', delete: true },
      { table: 'tasks', id: 't2', set: { dealId: undefined } }
    ]);
  });
});

describe('what an assignment sets of a deal', () => {
  const view = {
    settings: new Map([['workspace', { country: 'CH' }]]),
    pipelines: new Map([['p2', { id: 'p2', name: 'Projets', stages: [{ id: 'signed' }] }]])
  } as unknown as WorkspaceView;

  it('counts an amount by its major unit, in its own currency or the workspace’s', () => {
    expect(dealValue(deal, 'amount')).toBe(1_200);
    expect(dealPatch(deal, 'amount', 12.5, view)).toEqual({ amount: { minor: 1_250, currency: 'EUR' } });
    const { amount: _, ...without } = deal;
    expect(dealPatch(without, 'amount', 12.5, view)).toEqual({ amount: { minor: 1_250, currency: 'CHF' } });
  });

  it('brings the pipeline with the stage', () => {
    expect(dealPatch(deal, 'stageId', 'signed', view)).toEqual({ pipelineId: 'p2', stageId: 'signed' });
  });
});

describe('a task', () => {
  const fields = {
    title: 'Rappeler',
    typeId: 'call',
    note: '',
    dueAt: 5_000,
    ownerId: null,
    contactId: 'c1',
    dealId: null
  };
  const { task } = createTask(fields, cause());

  it('tells its contact that it is done, or else those of its deal', () => {
    expect(told(completeTask(task, { contactIds: ['c2'] }, cause()))).toEqual([['task.completed', 'c1']]);
    const { contactId: _, ...ofDeal } = { ...task, dealId: 'd1' };
    const done = completeTask(ofDeal, { contactIds: ['c2', 'c3'] }, cause(9_000));
    expect(told(done)).toEqual([
      ['task.completed', 'c2'],
      ['task.completed', 'c3']
    ]);
    expect(done.events[0]?.properties).toEqual({
      taskId: task.id,
      type: 'call',
      title: 'Rappeler',
      dueAt: 5_000,
      completedAt: 9_000
    });
  });

  it('is done once, and can be reopened', () => {
    const done = { ...task, completedAt: 2_000 };
    expect(completeTask(done, undefined, cause())).toEqual({ changes: [], events: [] });
    expect(reopenTask(done, cause()).changes).toMatchObject([{ set: { completedAt: undefined } }]);
    expect(updateTask(task, { dueAt: null, title: 'Écrire' }, cause()).changes).toMatchObject([
      { set: { dueAt: undefined, title: 'Écrire' } }
    ]);
  });
});
