import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Attribute, Contact } from '$lib/core/rows/contacts';
import { suggestMapping } from '$lib/records/contacts/import/mapping';
import { rowReader } from '$lib/records/contacts/import/row-reader';
import { guarded, unguarded } from '$lib/records/contacts/spreadsheet';
import { MemoryStorage } from '$lib/storage/memory';
import { exportContacts } from './contact-export';
import { openCsv } from './csv';
import type { ContactExport } from './drafts';

const attributes: Attribute[] = [
  { id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: 1 },
  { id: 'NOTE', name: 'Note', kind: 'text', createdAt: 1 },
  { id: 'POINTS', name: 'Points', kind: 'number', createdAt: 1 },
  { id: 'BORN', name: 'Né le', kind: 'date', createdAt: 1 },
  { id: 'VIP', name: 'VIP', kind: 'yesNo', createdAt: 1 },
  { id: 'SIZE', name: 'Taille', kind: 'choice', options: [{ id: 's', name: '=Petite' }], createdAt: 1 },
  {
    id: 'TOPICS',
    name: 'Sujets',
    kind: 'choices',
    options: [
      { id: 'a', name: 'Art, et plus' },
      { id: 'b', name: 'Bois' }
    ],
    createdAt: 1
  }
];

const options: ContactExport = {
  columns: [
    { column: 'email', header: 'Email' },
    { column: 'phone', header: 'Téléphone' },
    { column: 'externalId', header: 'Identifiant externe' },
    ...attributes.map(({ id, name }) => ({ column: `attribute:${id}` as const, header: name })),
    { column: 'lists', header: 'Listes' }
  ],
  delimiter: ';',
  mark: true,
  yes: 'Oui',
  no: 'Non'
};

async function storageWith(...contacts: readonly Contact[]): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await storage.commit([
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('lists', 'l1', { id: 'l1', name: 'Lettre; du jeudi', createdAt: 1 }),
    ...contacts.map((contact) => create('contacts', contact.id, contact))
  ]);
  return storage;
}

const contactOf = (id: string, more: Partial<Contact>): Contact => ({
  id,
  attributes: {},
  listIds: [],
  listedAt: {},
  createdAt: 1,
  updatedAt: 1,
  ...more
});

/** Text as a form leaves it: without space around it. */
const text = fc
  .string({
    unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ';', ',', '\n', '\t', 'é', 'a', '1', ' '),
    maxLength: 12
  })
  .map((value) => value.trim())
  .filter((value) => value !== '');
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const person = fc.record({
  phone: some(fc.constant('+33612345678')),
  attributes: fc.record({
    FIRSTNAME: some(text),
    NOTE: some(text),
    POINTS: some(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((n) => n + 0)),
    BORN: some(fc.constant('1990-04-15')),
    VIP: some(fc.boolean()),
    SIZE: some(fc.constant('s')),
    TOPICS: some(fc.constantFrom(['a'], ['b'], ['a', 'b']))
  })
});

const clean = (values: object): Record<string, never> => JSON.parse(JSON.stringify(values)) as Record<string, never>;

describe('contacts as a file', () => {
  test('come back as they were, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 5 }), async (people) => {
        const contacts = people.map((one, at) =>
          contactOf(`c${at}`, { email: `c${at}@x.fr`, ...(clean(one) as object), listIds: ['l1'] })
        );
        const storage = await storageWith(...contacts);
        const ids = contacts.map(({ id }) => id);
        const made = await exportContacts(storage, ids, options);
        if (!made.ok) throw new Error('refused');
        const opened = await openCsv(made.value);
        if (!opened.ok) throw new Error('cannot be opened');
        const { headers, records } = opened.value;
        expect(headers).toEqual(options.columns.map(({ header }) => header));
        const mapping = suggestMapping(headers, attributes);
        const byId = new Map(attributes.map((attribute) => [attribute.id, attribute]));
        const read = rowReader({ headers, mapping, attributes: byId, country: 'FR' });
        const back = [];
        for await (const batch of records)
          for (const record of batch) back.push('fields' in record ? read(record.fields) : record);
        expect(back).toEqual(
          contacts.map(({ email, phone, attributes: values }) => ({
            ok: true,
            value: clean({ email, phone, attributes: values })
          }))
        );
      }),
      { numRuns: 300 }
    );
  });

  test('no field of it begins like a formula; plain numbers and phone numbers stay themselves', async () => {
    const storage = await storageWith(
      contactOf('c1', {
        email: 'a@x.fr',
        phone: '+33612345678',
        attributes: { FIRSTNAME: '=HYPERLINK("https://x.example")', NOTE: '-1+1', POINTS: -12.5, SIZE: 's' },
        listIds: ['l1']
      })
    );
    const made = await exportContacts(storage, ['c1'], { ...options, mark: false });
    const lines = made.ok ? (await made.value.text()).split('\r\n') : [];
    expect(lines[1]).toBe(
      `a@x.fr;+33612345678;;"'=HYPERLINK(""https://x.example"")";'-1+1;-12.5;;;'=Petite;;"Lettre; du jeudi"`
    );
  });

  test('are written in batches, tell how far they are, and stop when asked to', async () => {
    const contacts = Array.from({ length: 2_500 }, (_, at) => contactOf(`c${at}`, { email: `c${at}@x.fr` }));
    const storage = await storageWith(...contacts);
    const ids = contacts.map(({ id }) => id);
    const told: number[] = [];
    const stopped = await exportContacts(storage, ids, options, ({ done }) => told.push(done) < 2);
    expect(stopped).toMatchObject({ ok: false, reason: { key: 'words.export.stopped' } });
    expect(told).toEqual([0, 1_000]);
    const whole = await exportContacts(storage, ids, options);
    expect(whole.ok && (await whole.value.text()).trimEnd().split('\r\n')).toHaveLength(2_501);
  });

  test('leaves out who is being deleted', async () => {
    const storage = await storageWith(
      contactOf('c1', { email: 'a@x.fr', hiddenAt: 5 }),
      contactOf('c2', { email: 'b@x.fr' })
    );
    const made = await exportContacts(storage, ['c1', 'c2', 'gone'], options);
    expect(made.ok && (await made.value.text())).not.toContain('a@x.fr');
  });
});

test('guarding is taken back exactly', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '1', '@', 'a') }), (value) => {
      expect(unguarded(guarded(value))).toBe(value);
    })
  );
});
