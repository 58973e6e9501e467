import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { EventRow } from '$lib/core/rows/events';
import { openStorage } from '$lib/storage/dexie/storage';
import type { EventImportPlan } from './drafts';
import { eventEdits } from './edits/events';
import { linesOf } from './lines';
import { active, contact, START, welcomeWorkspace, World } from './testing/world';

let made = 0;
let world: World;
afterEach(() => world.close());

const plan: EventImportPlan = { unknownTypes: 'custom', unknownPeople: 'create' };

async function begin(): Promise<void> {
  world = new World(await openStorage({ name: `event-imports-${++made}` }));
  await world.put(
    ...welcomeWorkspace([]),
    create('contacts', 'c1', contact('c1', { email: 'lea@exemple.fr', phone: '+33612345678' })),
    create('identities', ['email', 'lea@exemple.fr'], { kind: 'email', value: 'lea@exemple.fr', contactId: 'c1' }),
    create('identities', ['phone', '+33612345678'], { kind: 'phone', value: '+33612345678', contactId: 'c1' }),
    ...active(
      {
        triggers: [
          {
            id: 't1',
            unit: 'order.created',
            version: 1,
            fields: {
              filters: { subject: { of: 'event', property: 'total' }, kind: 'number', operator: 'atLeast', value: 50 }
            }
          }
        ],
        entry: 's1',
        steps: [{ id: 's1', unit: 'contact.add_to_list', version: 1, fields: { listId: 'l2' }, next: { next: null } }],
        notes: []
      },
      {},
      'a2'
    )
  );
  await world.open();
}

async function take(name: string, text: string, more: Partial<EventImportPlan> = {}) {
  const taken = await eventEdits(world.desk).importFile(new File([text], name), { ...plan, ...more });
  if (!taken.ok) return taken.reason.key;
  await world.look();
  return taken.value;
}

const ofType = async (type: string): Promise<EventRow[]> =>
  (await world.all('events')).filter((event) => event.type === type);
const listed = async () => (await world.all('contacts')).filter(({ listIds }) => listIds.includes('l2'));

describe('a file of events', () => {
  test('rows of a spreadsheet start the automation that waits for them', async () => {
    await begin();
    const report = await take(
      'commandes.csv',
      [
        'type;email;occurredAt;dedupeKey;properties.orderId;properties.total;properties.items',
        'order.created;LEA@exemple.fr;2027-01-05 08:30;o-1;o-1;"1 059,90 €";"[{""name"":""Savon"",""price"":""12,50""}]"',
        'order.created;marc@exemple.fr;2027-01-04;o-2;o-2;49.90;',
        'order.created;lea@exemple.fr;;o-1;o-1;60;',
        'order.created;pas une adresse;;o-4;o-4;60;',
        'order.created;lea@exemple.fr;hier;o-5;o-5;60;',
        'order.created;lea@exemple.fr;;o-6;;60;'
      ].join('\n')
    );
    expect(report).toMatchObject({ lines: 6, recorded: 2, duplicates: 1, created: 1, refusedCount: 3 });
    expect(report).toMatchObject({
      refused: [
        { line: 5, reason: { key: 'words.contact.not_an_email' } },
        { line: 6, reason: { key: 'words.event.not_an_instant' } },
        { line: 7, reason: { key: 'words.event.invalid' } }
      ]
    });
    expect((await ofType('order.created'))[0]).toMatchObject({
      contactId: 'c1',
      source: 'import',
      dedupeKey: 'o-1',
      occurredAt: START - 30 * 60_000,
      properties: {
        total: { minor: 105_990, currency: 'EUR' },
        items: [{ name: 'Savon', price: { minor: 1_250, currency: 'EUR' } }]
      }
    });
    expect((await listed()).map(({ id }) => id)).toEqual(['c1']);
    expect((await world.all('contacts')).map(({ email }) => email).sort()).toEqual([
      'lea@exemple.fr',
      'marc@exemple.fr'
    ]);
  });

  test('JSON lines; the same file again changes nothing', async () => {
    await begin();
    const lines = [
      { type: 'order.created', phone: '06 12 34 56 78', dedupeKey: 'k1', properties: { orderId: 'o1', total: 80 } },
      { type: 'email.unsubscribed', contactId: 'c1', dedupeKey: 'k2', properties: { messageId: 'm' } },
      { type: 'sms.unsubscribed', email: 'new@exemple.fr', dedupeKey: 'k3', properties: { messageId: 'm' } },
      { type: 'course.finished', email: 'lea@exemple.fr', dedupeKey: 'k4', properties: { grade: 14 } }
    ].map((line) => JSON.stringify(line));
    const text = `${lines.join('\n')}\nnot json\n[1]\n`;
    expect(await take('faits.jsonl', text)).toMatchObject({ lines: 6, recorded: 4, created: 1, refusedCount: 2 });
    expect(await take('faits.jsonl', text)).toMatchObject({ recorded: 0, duplicates: 4, created: 0 });
    const contacts = await world.all('contacts');
    expect(contacts.find(({ id }) => id === 'c1')).toMatchObject({ listIds: ['l2'], blocklist: { campaigns: true } });
    expect(contacts.find(({ email }) => email === 'new@exemple.fr')).toMatchObject({ blocklist: { sms: true } });
    expect(await ofType('custom.event')).toMatchObject([{ properties: { name: 'course.finished', grade: 14 } }]);
  });

  test('unknown types and people, as the user wants it', async () => {
    await begin();
    const text = [
      '{"type":"course.finished","email":"lea@exemple.fr"}',
      '{"type":"page.visited","email":"x@exemple.fr","properties":{"url":"https://a.fr"}}',
      '{"type":"page.visited","properties":{"url":"https://a.fr"}}'
    ].join('\n');
    expect(await take('a.jsonl', text, { unknownTypes: 'refuse', unknownPeople: 'refuse' })).toMatchObject({
      recorded: 0,
      refused: [
        { reason: { key: 'words.event.unknown_type' } },
        { reason: { key: 'words.event.unknown_person' } },
        { reason: { key: 'words.event.unknown_person' } }
      ]
    });
    expect(await take('a.jsonl', text, { unknownPeople: 'unmatched' })).toMatchObject({ recorded: 3, created: 0 });
    expect((await ofType('page.visited')).map(({ contactId }) => contactId)).toEqual([null, null]);
    expect(await take('a.jsonl', text, { unknownPeople: 'create' })).toMatchObject({
      recorded: 2,
      created: 1,
      refused: [{ line: 3, reason: { key: 'words.event.no_person' } }]
    });
  });

  test('what is no file of events is refused in words, and a line of five megabytes alone', async () => {
    await begin();
    expect(await take('vide.csv', '')).toBe('words.import.empty_file');
    expect(await take('contacts.csv', 'email,name\na@b.fr,Léa')).toBe('words.event.no_type_column');
    const long = `{"type":"page.visited","properties":{"title":"${'x'.repeat(5_000_000)}"}}`;
    const good = '{"type":"order.created","email":"lea@exemple.fr","properties":{"orderId":"o"}}';
    expect(await take('long.jsonl', `${good}\n${long}\n${good}`)).toMatchObject({
      recorded: 2,
      refused: [{ line: 2, reason: { key: 'words.event.line_too_long' } }]
    });
  });
});

test('an event that is replayed happens again, and starts what waits for it once more; one of nobody does not', async () => {
  await begin();
  await take('a.jsonl', '{"type":"order.created","email":"lea@exemple.fr","dedupeKey":"k","properties":{"orderId":"o","total":20}}'); // prettier-ignore
  const [first] = await ofType('order.created');
  expect(await eventEdits(world.desk).replay([first!.id, 'gone'])).toBe(1);
  await world.look();
  const [, again] = await ofType('order.created');
  expect(again).toMatchObject({ contactId: 'c1', replayOf: first!.id, occurredAt: world.now, source: 'app' });
  expect(again).not.toHaveProperty('dedupeKey');
});

test('lines come back whole, wherever the pieces are cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ maxLength: 40 })), async (lines) => {
      const clean = lines.map((line) => line.replace(/\s/g, ''));
      const found: string[] = [];
      for await (const some of linesOf(new Blob([clean.join('\r\n')])))
        found.push(...some.flatMap((line) => ('text' in line ? line.text : [])));
      expect(found).toEqual(clean.filter((line) => line !== ''));
    })
  );
});
