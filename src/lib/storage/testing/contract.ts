import { create, remove, update, type Change } from '$lib/core/changes';
import type { TableName } from '$lib/core/tables';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conflict, type Capture, type Query, type Storage, type Transaction } from '../port';
import { contactRow, enrolmentRow, eventRow, journalRow, listRow, outboxRow } from './rows';

/** What every storage must do. `open` makes an empty one. */
export function describeStorage(name: string, open: (capture?: Capture) => Promise<Storage>): void {
  describe(`${name}: the storage contract`, () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = await open();
    });
    afterEach(() => storage.close());

    const read = <T extends TableName>(table: T, id: string | (string | number)[]) =>
      storage.read((reader) => reader.get(table, id));
    const ids = (table: 'contacts' | 'events' | 'enrolments' | 'outbox' | 'lists', query: Query) =>
      storage.read(async (reader) => (await reader.query(table, query)).map((row) => row.id));
    const count = (table: TableName, query?: Query) => storage.read((reader) => reader.count(table, query));

    describe('changes', () => {
      it('creates, sets, sets by a dotted path, and takes away by undefined', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'a@b.fr' }))]);
        await storage.commit([update('contacts', 'c1', { 'attributes.CITY': 'Lyon', phone: '+33612345678' })]);
        expect(await read('contacts', 'c1')).toEqual(
          contactRow({ id: 'c1', email: 'a@b.fr', phone: '+33612345678', attributes: { CITY: 'Lyon' } })
        );
        await storage.commit([update('contacts', 'c1', { 'attributes.CITY': undefined, phone: undefined })]);
        const row = await read('contacts', 'c1');
        expect(row).toEqual(contactRow({ id: 'c1', email: 'a@b.fr' }));
        expect(row && 'phone' in row).toBe(false);
      });

      it('treats arrays as sets', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', listIds: ['l1'] }))]);
        await storage.commit([{ table: 'contacts', id: 'c1', addToSet: { listIds: ['l1', 'l2', 'l3'] } }]);
        await storage.commit([{ table: 'contacts', id: 'c1', removeFromSet: { listIds: ['l1', 'l9'] } }]);
        expect((await read('contacts', 'c1'))?.listIds).toEqual(['l2', 'l3']);
      });

      it('merges the changes of one row in their order, within one call and over several', async () => {
        await storage.transact(async (transaction) => {
          await transaction.apply([
            create('contacts', 'c1', contactRow({ id: 'c1' })),
            update('contacts', 'c1', { email: 'a@b.fr' })
          ]);
          await transaction.apply([update('contacts', 'c1', { phone: '+33600000000' })]);
          await transaction.apply([remove('contacts', 'c1'), create('contacts', 'c1', contactRow({ id: 'c1' }))]);
          await transaction.apply([update('contacts', 'c1', { externalId: 'x' })]);
        });
        expect(await read('contacts', 'c1')).toEqual(contactRow({ id: 'c1', externalId: 'x' }));
      });

      it('makes nothing of a change to a row that is not there', async () => {
        await storage.commit([update('contacts', 'c9', { email: 'a@b.fr' }), remove('contacts', 'c8')]);
        expect(await count('contacts')).toBe(0);
      });

      it('deletes, by compound keys too', async () => {
        await storage.commit([
          create('journal', ['n1', 0], journalRow({ enrolmentId: 'n1', seq: 0 })),
          create('journal', ['n1', 1], journalRow({ enrolmentId: 'n1', seq: 1 }))
        ]);
        await storage.commit([remove('journal', ['n1', 0])]);
        expect(await count('journal')).toBe(1);
        expect(await read('journal', ['n1', 1])).toEqual(journalRow({ enrolmentId: 'n1', seq: 1 }));
      });

      it('creates many rows at once, which the same transaction then reads, changes and refuses to create again', async () => {
        const many = Array.from({ length: 250 }, (_, at) => `c${String(at).padStart(3, '0')}`);
        const creates = many.map((id) => create('contacts', id, contactRow({ id, listIds: ['l1'] })));
        await storage.transact(async (transaction) => {
          await transaction.apply([...creates, create('lists', 'l1', listRow({ id: 'l1' }))]);
          expect((await transaction.get('contacts', 'c007'))?.listIds).toEqual(['l1']);
          await transaction.apply([update('contacts', 'c008', { email: 'a@b.fr' })]);
        });
        expect(await count('contacts', { index: 'listIds', equals: 'l1' })).toBe(250);
        expect((await read('contacts', 'c008'))?.email).toBe('a@b.fr');
        const again = storage.commit([...creates.map((change) => ({ ...change, id: `x${String(change.id)}`, create: { ...(change.create as ReturnType<typeof contactRow>), id: `x${String(change.id)}` } })), ...creates.slice(0, 1)]); // prettier-ignore
        await expect(again).rejects.toMatchObject({ name: 'Conflict', id: 'c000' });
        expect(await count('contacts')).toBe(250);
      });

      it('replaces a row deleted and made again within one call, known or not', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'old@b.fr' }))]);
        await storage.commit([remove('contacts', 'c1'), create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        expect(await read('contacts', 'c1')).toEqual(contactRow({ id: 'c1' }));
        expect(await ids('contacts', { index: 'email' })).toEqual([]);
      });
    });

    describe('conflicts', () => {
      const conflict = async (changes: readonly Change[]) => {
        const failure: unknown = await storage.commit(changes).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Conflict);
        return failure as Conflict;
      };

      it('refuses to create what is there, and leaves no trace of the transaction', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'a@b.fr' }))]);
        const { table, id } = await conflict([
          create('lists', 'l1', listRow({ id: 'l1' })),
          create('contacts', 'c0', contactRow({ id: 'c0' })),
          create('contacts', 'c1', contactRow({ id: 'c1' }))
        ]);
        expect([table, id]).toEqual(['contacts', 'c1']);
        expect(await count('lists')).toBe(0);
        expect(await ids('contacts', {})).toEqual(['c1']);
        expect((await read('contacts', 'c1'))?.email).toBe('a@b.fr');
      });

      it('refuses what the same transaction has read or made', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        const twice = storage.transact(async (transaction) => {
          await transaction.get('contacts', 'c1');
          await transaction.apply([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        });
        await expect(twice).rejects.toBeInstanceOf(Conflict);
        await conflict([
          create('contacts', 'c2', contactRow({ id: 'c2' })),
          create('contacts', 'c2', contactRow({ id: 'c2' }))
        ]);
        expect(await count('contacts')).toBe(1);
      });

      it('stays void where the caller catches the conflict', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        const caught = storage.transact(async (transaction) => {
          await transaction.apply([create('lists', 'l1', listRow({ id: 'l1' }))]);
          await transaction.apply([create('contacts', 'c1', contactRow({ id: 'c1' }))]).catch(() => undefined);
          await expect(transaction.get('lists', 'l1')).rejects.toBeInstanceOf(Conflict);
        });
        await expect(caught).rejects.toBeInstanceOf(Conflict);
        expect(await count('lists')).toBe(0);
      });

      it('keeps dedupeKey unique, over creates and sets; rows without one do not matter', async () => {
        await storage.commit([
          create('events', 'e1', eventRow({ id: 'e1', dedupeKey: 'k1' })),
          create('events', 'e2', eventRow({ id: 'e2' })),
          create('events', 'e3', eventRow({ id: 'e3' }))
        ]);
        expect((await conflict([create('events', 'e4', eventRow({ id: 'e4', dedupeKey: 'k1' }))])).id).toBe('e4');
        await conflict([update('events', 'e2', { dedupeKey: 'k1' })]);
        await storage.commit([remove('events', 'e1'), create('events', 'e4', eventRow({ id: 'e4', dedupeKey: 'k1' }))]);
        expect(await ids('events', { index: 'dedupeKey', equals: 'k1' })).toEqual(['e4']);
      });

      it('lets an identity belong to one contact only', async () => {
        const identity = (contactId: string) =>
          create('identities', ['email', 'a@b.fr'], { kind: 'email' as const, value: 'a@b.fr', contactId });
        await storage.commit([identity('c1')]);
        expect((await conflict([identity('c2')])).id).toEqual(['email', 'a@b.fr']);
        expect((await read('identities', ['email', 'a@b.fr']))?.contactId).toBe('c1');
      });
    });

    describe('queries', () => {
      it('finds no row in an index whose property it lacks', async () => {
        await storage.commit([
          create('events', 'e1', eventRow({ id: 'e1', unmatched: 1 })),
          create('events', 'e2', eventRow({ id: 'e2' })),
          create('enrolments', 'n1', enrolmentRow({ id: 'n1', dueAt: 5 })),
          create('enrolments', 'n2', enrolmentRow({ id: 'n2' }))
        ]);
        expect(await ids('events', { index: 'unmatched', equals: 1 })).toEqual(['e1']);
        expect(await ids('enrolments', { index: 'dueAt' })).toEqual(['n1']);
        await storage.commit([
          update('events', 'e1', { unmatched: undefined }),
          update('enrolments', 'n1', { dueAt: undefined })
        ]);
        expect(await count('events', { index: 'unmatched', equals: 1 })).toBe(0);
        expect(await count('enrolments', { index: 'dueAt' })).toBe(0);
        // `null` is no key either: a step after the end.
        await storage.commit([update('enrolments', 'n1', { stepId: null })]);
        expect(await ids('enrolments', { index: '[versionId+stepId]' })).toEqual(['n2']);
      });

      it('goes by compound indexes, whole or by a range', async () => {
        await storage.commit(
          [10, 30, 20, 40].map((dueAt, at) =>
            create('outbox', `o${at}`, outboxRow({ id: `o${at}`, dueAt, status: at === 3 ? 'sent' : 'queued' }))
          )
        );
        const index = '[status+dueAt]';
        expect(await ids('outbox', { index, equals: ['queued', 20] })).toEqual(['o2']);
        expect(await ids('outbox', { index, from: ['queued', -Infinity], to: ['queued', 20] })).toEqual(['o0', 'o2']);
        expect(
          await ids('outbox', { index, from: ['queued', 0], to: ['queued', Infinity], reverse: true, limit: 2 })
        ).toEqual(['o1', 'o2']);
        expect(await count('outbox', { index, from: ['queued', 0], to: ['queued', Infinity] })).toBe(3);
      });

      it('goes by an index with an entry for each member, each row once', async () => {
        await storage.commit([
          create('contacts', 'c1', contactRow({ id: 'c1', listIds: ['l2', 'l1'] })),
          create('contacts', 'c2', contactRow({ id: 'c2', listIds: ['l2'] })),
          create('contacts', 'c3', contactRow({ id: 'c3', listIds: ['l3'] }))
        ]);
        const index = 'listIds';
        expect(await ids('contacts', { index, equals: 'l2' })).toEqual(['c1', 'c2']);
        expect(await ids('contacts', { index, anyOf: ['l2', 'l1', 'l1'] })).toEqual(['c1', 'c2']);
        expect(await count('contacts', { index, anyOf: ['l2', 'l1'] })).toBe(2);
        expect(await ids('contacts', { index, from: 'l1', to: 'l2' })).toEqual(['c1', 'c2']);
        expect(await ids('contacts', { index, from: 'l1', limit: 2 })).toEqual(['c1', 'c2']);
        expect(await count('contacts', { index })).toBe(3);
        await storage.commit([{ table: 'contacts', id: 'c1', removeFromSet: { listIds: ['l2'] } }]);
        expect(await ids('contacts', { index, equals: 'l2' })).toEqual(['c2']);
      });

      it('equals, any of, from, to, reverse and limit, in the order of the index', async () => {
        await storage.commit(
          ['d@x.fr', 'b@x.fr', 'a@x.fr', 'c@x.fr', 'b@x.fr'].map((email, at) =>
            create('contacts', `c${at}`, contactRow({ id: `c${at}`, email }))
          )
        );
        const index = 'email';
        expect(await ids('contacts', { index })).toEqual(['c2', 'c1', 'c4', 'c3', 'c0']);
        expect(await ids('contacts', { index, reverse: true })).toEqual(['c0', 'c3', 'c4', 'c1', 'c2']);
        expect(await ids('contacts', { index, equals: 'b@x.fr', reverse: true, limit: 1 })).toEqual(['c4']);
        expect(await ids('contacts', { index, anyOf: ['c@x.fr', 'a@x.fr', 'zz'] })).toEqual(['c2', 'c3']);
        expect(await ids('contacts', { index, anyOf: ['b@x.fr', 'a@x.fr'], limit: 2 })).toEqual(['c2', 'c1']);
        expect(await ids('contacts', { index, anyOf: ['b@x.fr', 'a@x.fr'], reverse: true })).toEqual([
          'c4',
          'c1',
          'c2'
        ]);
        expect(await ids('contacts', { index, from: 'b@x.fr', to: 'c@x.fr' })).toEqual(['c1', 'c4', 'c3']);
        expect(await ids('contacts', { index, from: 'z', to: 'a' })).toEqual([]);
        expect(await ids('contacts', { index, to: 'b', limit: 9 })).toEqual(['c2']);
        expect(await ids('contacts', { from: 'c3' })).toEqual(['c3', 'c4']);
        expect(await ids('contacts', { reverse: true, limit: 2 })).toEqual(['c4', 'c3']);
        expect(await ids('contacts', { limit: 0 })).toEqual([]);
        expect(await count('contacts', { index, anyOf: ['b@x.fr', 'd@x.fr'] })).toBe(3);
        expect(await count('contacts', { index, from: 'b', limit: 2 })).toBe(2);
        expect(await ids('contacts', { index, anyOf: [] })).toEqual([]);
        await expect(ids('contacts', { index: 'phone', equals: 'x' })).rejects.toThrow();
      });

      it('reads several rows in the order asked for', async () => {
        await storage.commit([
          create('lists', 'l1', listRow({ id: 'l1' })),
          create('lists', 'l2', listRow({ id: 'l2', name: 'Clients' }))
        ]);
        const rows = await storage.read((reader) => reader.getMany('lists', ['l2', 'l9', 'l1', 'l2']));
        expect(rows.map((row) => row?.id)).toEqual(['l2', undefined, 'l1', 'l2']);
      });
    });

    describe('transactions', () => {
      it('reads what it has written', async () => {
        await storage.transact(async (transaction) => {
          expect(await transaction.get('contacts', 'c1')).toBeUndefined();
          await transaction.apply([create('contacts', 'c1', contactRow({ id: 'c1', email: 'a@b.fr' }))]);
          expect((await transaction.get('contacts', 'c1'))?.email).toBe('a@b.fr');
          await transaction.apply([update('contacts', 'c1', { email: 'c@d.fr' })]);
          expect(await transaction.query('contacts', { index: 'email', equals: 'c@d.fr' })).toHaveLength(1);
          expect(await transaction.count('contacts', { index: 'email', equals: 'a@b.fr' })).toBe(0);
          await transaction.apply([remove('contacts', 'c1')]);
          expect(await transaction.getMany('contacts', ['c1'])).toEqual([undefined]);
          expect(await transaction.query('contacts', {})).toEqual([]);
        });
      });

      it('gives the same row again rather than another copy', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        await storage.transact(async (transaction) => {
          const row = await transaction.get('contacts', 'c1');
          expect((await transaction.query('contacts', {}))[0]).toBe(row);
          expect((await transaction.getMany('contacts', ['c1']))[0]).toBe(row);
        });
      });

      it('stays in its transaction over a long row of reads of what it knows already', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        const broken = storage.transact(async (transaction) => {
          for (let n = 0; n < 5_000; n++) await transaction.get('contacts', 'c1');
          await transaction.apply([create('lists', 'l1', listRow({ id: 'l1' }))]);
          for (let n = 0; n < 5_000; n++) await transaction.getMany('contacts', []);
          expect(await transaction.count('lists')).toBe(1);
          throw new RangeError('on the way');
        });
        await expect(broken).rejects.toThrow(RangeError);
        expect(await count('lists')).toBe(0);
      });

      it('leaves nothing behind when it throws', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'a@b.fr' }))]);
        const broken = storage.transact(async (transaction) => {
          await transaction.apply([
            update('contacts', 'c1', { email: 'c@d.fr' }),
            create('contacts', 'c2', contactRow({ id: 'c2', listIds: ['l1'] })),
            create('lists', 'l1', listRow({ id: 'l1' }))
          ]);
          throw new RangeError('on the way');
        });
        await expect(broken).rejects.toThrow(RangeError);
        expect(await ids('contacts', { index: 'email' })).toEqual(['c1']);
        expect((await read('contacts', 'c1'))?.email).toBe('a@b.fr');
        expect(await ids('contacts', { index: 'listIds' })).toEqual([]);
        expect(await count('lists')).toBe(0);
      });

      it('runs one at a time', async () => {
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1', attributes: { N: 0 } }))]);
        const raise = () =>
          storage.transact(async (transaction) => {
            const row = await transaction.get('contacts', 'c1');
            await transaction.count('contacts');
            await transaction.apply([update('contacts', 'c1', { 'attributes.N': Number(row?.attributes['N']) + 1 })]);
          });
        await Promise.all(Array.from({ length: 10 }, raise));
        expect((await read('contacts', 'c1'))?.attributes).toEqual({ N: 10 });
      });

      it('answers with what the work returns, and is over with it', async () => {
        let kept: Transaction | undefined;
        const answer = await storage.transact(async (transaction) => {
          kept = transaction;
          return 42;
        });
        expect(answer).toBe(42);
        await expect(kept?.apply([create('lists', 'l1', listRow({ id: 'l1' }))])).rejects.toThrow();
        expect(await count('lists')).toBe(0);
      });

      it('commits strictly where asked', async () => {
        await storage.commit([create('outbox', 'o1', outboxRow({ id: 'o1' }))]);
        await storage.transact((transaction) => transaction.apply([update('outbox', 'o1', { status: 'sending' })]), {
          durability: 'strict'
        });
        expect((await read('outbox', 'o1'))?.status).toBe('sending');
      });

      it('does not let later changes to an object given reach the row', async () => {
        const row = contactRow({ id: 'c1', listIds: ['l1'] });
        await storage.commit([create('contacts', 'c1', row)]);
        row.listIds.push('l2');
        expect((await read('contacts', 'c1'))?.listIds).toEqual(['l1']);
      });
    });

    describe('the view of the small tables', () => {
      it('is kept while they do not change, and shows the changes of its own transaction', async () => {
        await storage.commit([create('lists', 'l1', listRow({ id: 'l1' }))]);
        const first = await storage.read((reader) => reader.view());
        expect([...first.lists.keys()]).toEqual(['l1']);
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        expect(await storage.read((reader) => reader.view())).toBe(first);
        await storage.transact(async (transaction) => {
          expect(await transaction.view()).toBe(first);
          await transaction.apply([update('lists', 'l1', { name: 'Autre' })]);
          expect((await transaction.view()).lists.get('l1')?.name).toBe('Autre');
          await transaction.apply([update('lists', 'l1', { name: 'Encore' })]);
          expect((await transaction.view()).lists.get('l1')?.name).toBe('Encore');
        });
        expect((await storage.read((reader) => reader.view())).lists.get('l1')?.name).toBe('Encore');
        expect(first.lists.get('l1')?.name).toBe('Lettre');
      });

      it('goes back with a transaction that throws', async () => {
        const broken = storage.transact(async (transaction) => {
          await transaction.apply([create('lists', 'l1', listRow({ id: 'l1' }))]);
          await transaction.view();
          throw new RangeError();
        });
        await expect(broken).rejects.toThrow(RangeError);
        expect((await storage.read((reader) => reader.view())).lists.size).toBe(0);
        await storage.commit([create('lists', 'l2', listRow({ id: 'l2' }))]);
        expect([...(await storage.read((reader) => reader.view())).lists.keys()]).toEqual(['l2']);
      });

      it('raises the revision once in a transaction that changes it', async () => {
        await storage.commit([
          create('lists', 'l1', listRow({ id: 'l1' })),
          create('lists', 'l2', listRow({ id: 'l2' }))
        ]);
        expect(await read('runtime', 'revision')).toEqual({ id: 'revision', value: 1 });
        await storage.commit([create('contacts', 'c1', contactRow({ id: 'c1' }))]);
        expect(await read('runtime', 'revision')).toEqual({ id: 'revision', value: 1 });
      });
    });

    it('tells capture the changes inside the transaction, before it ends', async () => {
      const told: (readonly Change[])[] = [];
      const watched = await open(async (changes, transaction) => {
        told.push(changes);
        await transaction.apply([create('lists', `told-${told.length}`, listRow({ id: `told-${told.length}` }))]);
        if (changes.some(({ id }) => id === 'bad')) throw new RangeError('refused');
      });
      const first = create('contacts', 'c1', contactRow({ id: 'c1' }));
      const second = update('contacts', 'c1', { email: 'a@b.fr' });
      await watched.transact(async (transaction) => {
        await transaction.apply([first]);
        await transaction.apply([second]);
      });
      await watched.transact((transaction) => transaction.count('contacts'));
      expect(told).toEqual([[first, second]]);
      expect(await watched.read((reader) => reader.count('lists'))).toBe(1);
      const refused = watched.commit([create('contacts', 'bad', contactRow({ id: 'bad' }))]);
      await expect(refused).rejects.toThrow('refused');
      expect(await watched.read((reader) => reader.count('contacts'))).toBe(1);
      watched.close();
    });

    it('tells capture of each row as it was before the transaction changed it', async () => {
      const told: unknown[] = [];
      const watched = await open(async (_, __, before) => void told.push(before('contacts', 'c1')));
      await watched.commit([create('contacts', 'c1', contactRow({ id: 'c1', email: 'a@b.fr' }))]);
      await watched.transact(async (transaction) => {
        await transaction.apply([update('contacts', 'c1', { email: 'b@b.fr' })]);
        await transaction.apply([update('contacts', 'c1', { email: 'c@b.fr' })]);
      });
      expect(told).toEqual([undefined, contactRow({ id: 'c1', email: 'a@b.fr' })]);
      watched.close();
    });

    it('gives a table in batches, in the order of the primary key', async () => {
      await storage.commit(
        Array.from({ length: 7 }, (_, seq) =>
          create('journal', ['n1', seq], journalRow({ enrolmentId: 'n1', seq }))
        ).reverse()
      );
      const batches: number[][] = [];
      for await (const batch of storage.batches('journal', 3)) batches.push(batch.map(({ seq }) => seq));
      expect(batches).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
      for await (const batch of storage.batches('contacts', 3)) expect(batch).toBe('none');
    });
  });
}
