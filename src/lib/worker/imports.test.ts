import { create, remove, update } from '$lib/core/changes';
import type { ImportRow } from '$lib/core/rows/contacts';
import type { Tables } from '$lib/core/tables';
import { createContact } from '$lib/records/contacts/create';
import { createDeal } from '$lib/records/deals';
import { openStorage } from '$lib/storage/dexie/storage';
import { MemoryStorage } from '$lib/storage/memory';
import type { Storage } from '$lib/storage/port';
import { listRow, settingsRow } from '$lib/storage/testing/rows';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportPlan } from './drafts';
import { LostLease } from './lease';
import {
  cancelImport,
  leaveToRunner,
  previewImport,
  resumeImport,
  runImport,
  undoImport,
  type Accept
} from './imports';

const plan = (more: Partial<ImportPlan> = {}): ImportPlan => ({
  listId: 'l1',
  mapping: { mail: 'email', prénom: 'attribute:FIRSTNAME', tel: 'phone' },
  duplicates: 'update',
  ...more
});
const fileOf = (...lines: string[]) => new File([['mail,prénom,tel', ...lines].join('\n')], 'contacts.csv');

let databases = 0;
describe.each<[string, () => Promise<Storage>]>([
  ['memory', async () => new MemoryStorage()],
  ['Dexie', () => openStorage({ name: `imports-${++databases}` })]
])('an import (%s)', (_, open) => {
  let storage: Storage;
  let clock: number;
  let ids: number;
  beforeEach(async () => {
    clock = 1_000;
    ids = 0;
    storage = await open();
    await storage.commit([
      create('settings', 'workspace', settingsRow()),
      create('lists', 'l1', listRow({ id: 'l1' })),
      create('attributes', 'FIRSTNAME', { id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: 1 })
    ]);
  });
  afterEach(() => storage.close());

  const ports = (accept?: Accept) => ({
    storage,
    now: () => ++clock,
    newId: () => `id${String(++ids).padStart(6, '0')}`,
    batch: 3,
    ...(accept === undefined ? {} : { accept })
  });
  const all = <T extends 'contacts' | 'identities' | 'events' | 'imports' | 'importBlocks' | 'deals' | 'tombstones'>(
    table: T
  ) => storage.read((reader) => reader.query(table, {}));
  const run = async (file: File, more: Partial<ImportPlan> = {}): Promise<ImportRow> => {
    const result = await runImport(ports(), file, plan(more));
    if (!result.ok) throw new Error(result.reason.key);
    return result.value;
  };
  const emails = async () => (await all('contacts')).map(({ email }) => email);
  const people = (count: number, from = 0) =>
    Array.from({ length: count }, (_unused, at) => `p${from + at}@x.fr,P${from + at},`);

  it('shows the file and suggests what its columns are', async () => {
    const preview = await previewImport(storage, fileOf('lea@x.fr,Léa,0612345678'));
    expect(preview).toEqual({
      ok: true,
      value: {
        fileName: 'contacts.csv',
        format: 'values',
        delimiter: ',',
        headers: ['mail', 'prénom', 'tel'],
        rows: [['lea@x.fr', 'Léa', '0612345678']],
        suggested: { mail: 'email', prénom: 'attribute:FIRSTNAME', tel: 'phone' }
      }
    });
  });

  it('into a list that was deleted meanwhile makes the contacts all the same, on no list', async () => {
    await storage.commit([remove('lists', 'l1')]);
    await run(fileOf('lea@x.fr,Léa,', ...people(5)));
    expect((await all('contacts')).map(({ listIds }) => listIds)).toEqual(Array.from({ length: 6 }, () => []));
    expect((await all('events')).filter(({ type }) => type === 'contact.added_to_list')).toEqual([]);
  });

  it('makes contacts with identities, membership and events that wait for the runner', async () => {
    const row = await run(fileOf('Lea@x.fr,Léa,06 12 34 56 78', 'max@x.fr,,', ...people(5)));
    expect(row).toMatchObject({ status: 'done', rowsDone: 7, created: 7, updated: 0, skipped: 0, rejectedCount: 0 });
    const contacts = await all('contacts');
    expect(contacts[0]).toMatchObject({
      email: 'Lea@x.fr',
      phone: '+33612345678',
      attributes: { FIRSTNAME: 'Léa' },
      listIds: ['l1']
    });
    expect(await all('identities')).toHaveLength(8);
    const events = await all('events');
    expect(events).toHaveLength(14);
    expect(events.every(({ unmatched, source }) => unmatched === 1 && source === 'import')).toBe(true);
    const added = events.find(
      ({ type, contactId }) => type === 'contact.added_to_list' && contactId === contacts[0]?.id
    );
    expect(added?.properties).toEqual({ listId: 'l1', via: 'import', moved: false });
  });

  it('keeps what it could not take, with line and reason, in words', async () => {
    const row = await run(fileOf('lea@x.fr,Léa,', 'lea@,x,', 'a@x.fr,b', 'b@x.fr,"x', 'c@x.fr,c,', ',,'));
    expect(row).toMatchObject({ created: 2, rejectedCount: 3, rowsDone: 5 });
    expect(row.rejected).toEqual([
      { line: 3, key: 'words.contact.not_an_email', params: { value: 'lea@' }, raw: 'lea@ | x | ' },
      { line: 4, key: 'words.import.too_few_fields', params: { found: 2, expected: 3 }, raw: 'a@x.fr | b' },
      { line: 5, key: 'words.import.unclosed_quote', raw: 'b@x.fr,"x' }
    ]);
  });

  it('updates who is there already, in the file or before it, or skips them', async () => {
    const before = createContact({ email: 'Lea@x.fr', attributes: { FIRSTNAME: 'L.', CITY: 'Lyon' } }, [], { now: 1, newId: () => 'c0', via: 'manual' }); // prettier-ignore
    await storage.commit(before.changes);
    const lines = ['lea@X.FR,Léa,', 'max@x.fr,Max,', 'max@x.fr,Maxime,', 'z1@x.fr,,', 'Max@x.fr,,0612345678'];
    const row = await run(fileOf(...lines));
    expect(row).toMatchObject({ created: 2, updated: 3, skipped: 0 });
    expect(
      (await all('contacts')).map(({ email, phone, attributes, listIds }) => [email, phone, attributes, listIds])
    ).toEqual([
      // prettier-ignore
      ['lea@x.fr', undefined, { FIRSTNAME: 'Léa', CITY: 'Lyon' }, ['l1']],
      ['Max@x.fr', '+33612345678', { FIRSTNAME: 'Maxime' }, ['l1']],
      ['z1@x.fr', undefined, {}, ['l1']]
    ]);
    expect((await all('identities')).map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'email lea@x.fr',
      'email max@x.fr',
      'email z1@x.fr',
      'phone +33612345678'
    ]);
    const again = await run(fileOf('lea@x.fr,Autre,', 'new@x.fr,New,'), { duplicates: 'skip' });
    expect(again).toMatchObject({ created: 1, updated: 0, skipped: 1 });
    expect((await all('contacts'))[0]?.attributes['FIRSTNAME']).toBe('Léa');
  });

  it('rejects a row that names two contacts', async () => {
    await run(fileOf('a@x.fr,,0611111111', 'b@x.fr,,0622222222'));
    const row = await run(fileOf('a@x.fr,,0622222222'));
    expect(row.rejected).toEqual([{ line: 2, key: 'words.import.two_contacts', raw: 'a@x.fr | +33622222222' }]);
  });

  it('looks again where somebody took an address while it ran', async () => {
    let batches = 0;
    const intruder = createContact({ email: 'p4@x.fr', attributes: { CITY: 'Lyon' } }, [], { now: 1, newId: () => 'c9', via: 'manual' }); // prettier-ignore
    const accept: Accept = async (transaction, effect) => {
      if (++batches === 1) await transaction.apply(intruder.changes);
      await leaveToRunner(transaction, effect);
    };
    const result = await runImport(ports(accept), fileOf(...people(12)), plan());
    expect(result).toMatchObject({ ok: true, value: { created: 11, updated: 1, rowsDone: 12, status: 'done' } });
    expect(new Set(await emails()).size).toBe(12);
    const merged = (await all('contacts')).find(({ id }) => id === 'c9');
    expect(merged?.attributes).toEqual({ CITY: 'Lyon', FIRSTNAME: 'P4' });
    expect(await all('events')).toHaveLength(11 + 12);
  });

  it('resumes after the last whole batch, wherever it was interrupted, and does nothing twice', async () => {
    const lines = [...people(4), 'bad', ...people(9, 4), 'p2@x.fr,Again,'];
    for (const crashAt of [1, 2, 3, 4, 5]) {
      const fresh = await open();
      storage = fresh;
      await storage.commit([
        create('settings', 'workspace', settingsRow()),
        create('lists', 'l1', listRow({ id: 'l1' }))
      ]);
      let batches = 0;
      const accept: Accept = async (transaction, effect) => {
        if (++batches === crashAt) throw new RangeError('the worker died');
        await leaveToRunner(transaction, effect);
      };
      await expect(runImport(ports(accept), fileOf(...lines), plan())).rejects.toThrow('the worker died');
      const [row] = await all('imports');
      expect(row).toMatchObject({ status: 'running', rowsDone: (crashAt - 1) * 3 });
      const resumed = await resumeImport(ports(), row?.id ?? '', fileOf(...lines));
      expect(resumed).toMatchObject({
        ok: true,
        value: { status: 'done', rowsDone: 15, created: 13, updated: 1, rejectedCount: 1 }
      });
      expect(new Set(await emails()).size).toBe(13);
      expect(await all('contacts')).toHaveLength(13);
      expect(await all('events')).toHaveLength(26);
      fresh.close();
    }
  });

  it('goes on where another tab has taken over the engine: each row once', async () => {
    let batches = 0;
    const accept: Accept = async (transaction, effect) => {
      if (++batches === 2) throw new LostLease();
      await leaveToRunner(transaction, effect);
    };
    expect(await runImport(ports(accept), fileOf(...people(8)), plan())).toMatchObject({
      ok: true,
      value: { status: 'done', created: 8, skipped: 0, updated: 0 }
    });
    expect(new Set(await emails()).size).toBe(8);
  });

  it('does not resume with another file, nor what has ended', async () => {
    const row = await run(fileOf(...people(2)));
    expect(await resumeImport(ports(), row.id, fileOf(...people(2)))).toMatchObject({ ok: false });
    await storage.commit([update('imports', row.id, { status: 'running' })]);
    const other = new File(['autre\nx'], 'contacts.csv');
    expect(await resumeImport(ports(), row.id, other)).toMatchObject({
      ok: false,
      reason: { key: 'words.import.another_file', params: { fileName: 'contacts.csv' } }
    });
  });

  it('stops where it is cancelled; what is imported stays', async () => {
    let batches = 0;
    const accept: Accept = async (transaction, effect) => {
      await leaveToRunner(transaction, effect);
      const [row] = await transaction.query('imports', {});
      if (++batches === 2) await transaction.apply([update('imports', row?.id ?? '', { status: 'cancelled' })]);
    };
    const result = await runImport(ports(accept), fileOf(...people(12)), plan());
    expect(result).toMatchObject({ ok: true, value: { status: 'cancelled', rowsDone: 6, created: 6 } });
    expect(await all('contacts')).toHaveLength(6);
    const cancelled = await storage.read((reader) => reader.query('imports', {}));
    await cancelImport(ports(), cancelled[0]?.id ?? '');
  });

  it('is undone: erases whom it made and nobody changed, takes off the list whom it put there', async () => {
    const before = ['old1', 'old2'].map((id) => createContact({ email: `${id}@x.fr`, attributes: {} }, id === 'old2' ? ['l1'] : [], { now: 1, newId: () => id, via: 'manual' })); // prettier-ignore
    await storage.commit(before.flatMap(({ changes }) => changes.filter(({ table }) => table !== 'events')));
    const row = await run(fileOf('old1@x.fr,Léa,', 'old2@x.fr,,', ...people(6)));
    const touched = (await all('contacts')).find(({ email }) => email === 'p3@x.fr');
    await storage.commit([update('contacts', touched?.id ?? '', { 'attributes.CITY': 'Lyon', updatedAt: clock + 50 })]);
    clock += 100;

    expect(await undoImport(ports(), row.id)).toEqual({ ok: true, value: 7 });
    const left = await all('contacts');
    expect(left.map(({ email, listIds }) => [email, listIds]).sort()).toEqual([
      ['old1@x.fr', []],
      ['old2@x.fr', ['l1']],
      ['p3@x.fr', []]
    ]);
    expect(left.find(({ id }) => id === 'old1')?.attributes).toEqual({ FIRSTNAME: 'Léa' });
    expect(await all('identities')).toHaveLength(3);
    expect(await all('tombstones')).toHaveLength(5);
    expect(await all('importBlocks')).toEqual([]);
    const erased = new Set((await all('tombstones')).map(({ id }) => id));
    expect((await all('events')).filter(({ contactId }) => erased.has(contactId ?? ''))).toEqual([]);
    const removed = (await all('events')).filter(({ type }) => type === 'contact.removed_from_list');
    expect(removed.map(({ contactId }) => contactId).sort()).toEqual([touched?.id, 'old1'].sort());
    expect(await undoImport(ports(), row.id)).toMatchObject({ ok: false });
    // Whoever was erased may be imported again.
    expect(await run(fileOf(...people(6)))).toMatchObject({ created: 5, updated: 1 });
  });

  it('is undone without the deals that somebody has made since: these lose the contact alone', async () => {
    const row = await run(fileOf(...people(2)));
    const [first] = await all('contacts');
    const { deal, changes } = createDeal(
      {
        name: 'Atelier',
        pipelineId: 'p1',
        stageId: 's1',
        amount: null,
        ownerId: null,
        contactIds: [first?.id ?? ''],
        companyId: null,
        expectedCloseOn: null,
        attributes: {}
      },
      { now: 2, newId: () => 'd1', via: 'manual' }
    );
    await storage.commit(changes);
    await undoImport(ports(), row.id);
    expect(await all('contacts')).toEqual([]);
    expect(await all('deals')).toEqual([{ ...deal, contactIds: [] }]);
  });

  it('is refused where no column says who somebody is', async () => {
    const result = await runImport(ports(), fileOf('x,y,z'), plan({ mapping: { prénom: 'attribute:FIRSTNAME' } }));
    expect(result).toMatchObject({ ok: false, reason: { key: 'words.import.nothing_to_know_by' } });
    expect(await all('imports')).toEqual([] satisfies Tables['imports'][]);
  });
});
