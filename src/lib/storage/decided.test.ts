import { create } from '$lib/core/changes';
import { EVENT_TYPES } from '$lib/core/events';
import { CONTACT_TABLES, PRIMARY_KEYS, TABLE_NAMES, type TableName } from '$lib/core/tables';
import { FILE_TABLES, ROW_SCHEMAS } from '$lib/core/workspace-file';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { INDEXES, indexOf } from './indexes';
import { MemoryStorage } from './memory';
import { Conflict } from './port';
import { contactRow, enrolmentRow, eventRow, journalRow, outboxRow } from './testing/rows';

/** What is dear to change later, one test each; what the contract shows of these is in `testing/contract.ts`. */
describe('decided from the first schema on', () => {
  const hasIndex = (table: TableName, name: string) => INDEXES[table].some((index) => index.name === name);
  const fits = (table: keyof typeof ROW_SCHEMAS, row: unknown) => v.is(ROW_SCHEMAS[table], row);

  it('ids are made by the caller: no table numbers its rows', () => {
    for (const table of TABLE_NAMES) {
      const { name, path, unique, multi } = indexOf(table, undefined);
      expect([name.startsWith('++'), unique, multi]).toEqual([false, false, false]);
      expect(path).toEqual(PRIMARY_KEYS[table]);
    }
  });

  it('inserting an enrolment is what decides that a contact enters', async () => {
    const storage = new MemoryStorage();
    const enter = () => storage.commit([create('enrolments', 'a1 c1 once 0', enrolmentRow({ id: 'a1 c1 once 0' }))]);
    const outcomes = await Promise.allSettled([enter(), enter()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((outcomes[1] as PromiseRejectedResult).reason).toBeInstanceOf(Conflict);
  });

  it('identities say who is behind an address or a device, whatever the kind; a merged contact points to the one kept', () => {
    expect(PRIMARY_KEYS.identities).toEqual(['kind', 'value']);
    expect(hasIndex('identities', 'contactId')).toBe(true);
    for (const kind of ['email', 'phone', 'external', 'visitor', 'push', 'pass'])
      expect(fits('identities', { kind, value: 'x', contactId: 'c1' })).toBe(true);
    expect(indexOf('contacts', 'email').unique).toBe(false);
    expect(fits('contacts', contactRow({ id: 'c1', mergedInto: 'c2' }))).toBe(true);
  });

  it('events have both instants, a key that is unique where there is one, and are found by contact and time', () => {
    const { receivedAt: _, ...without } = eventRow({ id: 'e1' });
    expect(fits('events', eventRow({ id: 'e1' }))).toBe(true);
    expect(fits('events', without)).toBe(false);
    expect(fits('events', eventRow({ id: 'e2', replayOf: 'e1' }))).toBe(true);
    expect(indexOf('events', 'dedupeKey').unique).toBe(true);
    expect(hasIndex('events', '[contactId+occurredAt]') && hasIndex('events', 'type')).toBe(true);
  });

  it('when a contact was put on a list lies beside the lists', () => {
    const { listedAt: _, ...without } = contactRow({ id: 'c1', listIds: ['l1'] });
    expect(fits('contacts', without)).toBe(false);
  });

  it('facts without a trigger are event types too', () => {
    for (const type of [
      'email.sent',
      'email.delivered',
      'email.bounced',
      'contact.created',
      'contact.removed_from_list'
    ])
      expect(EVENT_TYPES.has(type)).toBe(true);
  });

  it('the journal is in blocks of one enrolment, found by enrolment and by contact', () => {
    expect(PRIMARY_KEYS.journal).toEqual(['enrolmentId', 'seq']);
    expect(hasIndex('journal', 'contactId')).toBe(true);
  });

  it('what is said to people is kept as a key with parameters, never as text', () => {
    const said = { key: 'words.x', params: { total: 39.9 } };
    const entry = (words: unknown) =>
      journalRow({ enrolmentId: 'n1', seq: 0, entries: [{ at: 1, kind: 'moved', stepId: 's1', words } as never] });
    expect([fits('journal', entry(said)), fits('journal', entry('Branch B'))]).toEqual([true, false]);
    expect(fits('outbox', { ...outboxRow({ id: 'o1' }), reason: said })).toBe(true);
    expect(fits('outbox', { ...outboxRow({ id: 'o1' }), reason: 'refused' })).toBe(false);
    expect(fits('enrolments', { ...enrolmentRow({ id: 'n1' }), reason: 'refused' })).toBe(false);
  });

  it('secrets are apart: their own table, which no file holds in clear; records hold their ids', () => {
    expect(TABLE_NAMES).toContain('secrets');
    expect(FILE_TABLES).not.toContain('secrets');
    expect(FILE_TABLES).not.toContain('runtime');
  });

  it('all that is personal can be found by the contact, to be erased', () => {
    for (const table of CONTACT_TABLES)
      expect(INDEXES[table].some(({ name }) => name === 'contactId' || name.startsWith('[contactId+'))).toBe(true);
    expect(fits('tombstones', { id: 'c1', at: 1 })).toBe(true);
    expect(Object.keys(ROW_SCHEMAS.tombstones.entries)).toEqual(['id', 'at']);
  });

  it('money is an amount in the smallest unit with its currency', async () => {
    const { moneySchema } = await import('$lib/core/money');
    expect(v.is(moneySchema, { minor: 3990, currency: 'EUR' })).toBe(true);
    expect(v.is(moneySchema, { minor: 39.9, currency: 'EUR' })).toBe(false);
    expect(v.is(moneySchema, 39.9)).toBe(false);
  });
});
