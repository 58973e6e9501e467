import { create, update, type Change } from '$lib/core/changes';
import { defaultSettings, type Graph } from '$lib/core/graph';
import type { Id, NewId } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { Automation, Version } from '$lib/core/rows/automations';
import type { Attribute } from '$lib/core/rows/contacts';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import { createContact, together } from '$lib/records/contacts';
import type { Transaction } from '$lib/storage/port';
import { NO_EFFECT, type Desk } from './desk';
import type { ExampleEmail } from './drafts';
import { automationRemoval } from './edits/automations';
import { erasure } from './erasing';

type Language = 'fr' | 'en';

/** Made-up readers: first and last name. Their addresses end in `.example`, which nobody can have. */
const PEOPLE = [
  ['Camille', 'Durand', 'Paris'], ['Théo', 'Lefèvre', 'Lyon'], ['Inès', 'Moreau', 'Nantes'], ['Hugo', 'Bernard', 'Dijon'],
  ['Zoé', 'Petit', 'Lille'], ['Naïm', 'Haddad', 'Marseille'], ['Élise', 'Fournier', 'Rennes'], ['Jules', 'Garnier', 'Bordeaux'],
  ['Maud', 'Lemoine', 'Tours'], ['Sacha', 'Colin', 'Nice'], ['Ambre', 'Gauthier', 'Dijon'], ['Louis', 'Perrin', 'Metz']
] as const; // prettier-ignore

/**
 * A made-up workspace, marked as such: readers, a list, a template and the welcome automation, active. `welcome`: its email, compiled
 * where there is a page to compile it in.
 */
export async function loadExample(desk: Desk, language: Language, welcome: ExampleEmail): Promise<void> {
  await desk.edit(async (transaction, { now, newId }) => {
    const settings = await transaction.get('settings', 'workspace');
    if (settings?.exampleLoadedAt !== undefined) return { effect: NO_EFFECT, value: undefined };
    const ids = { list: newId(), engaged: newId(), template: newId(), sender: newId() };
    await transaction.apply([
      ...(await attributeChanges(transaction, language, now)),
      create('lists', ids.list, {
        id: ids.list,
        name: m['example.list']({}, { locale: language }),
        createdAt: now,
        example: true
      }),
      create('lists', ids.engaged, {
        id: ids.engaged,
        name: m['example.list_engaged']({}, { locale: language }),
        createdAt: now,
        example: true
      }),
      create('templates', ids.template, {
        ...welcome,
        id: ids.template,
        name: m['example.template']({}, { locale: language }),
        channel: 'email',
        createdAt: now,
        updatedAt: now,
        example: true
      }),
      create('senders', ids.sender, {
        id: ids.sender,
        name: m['example.sender']({}, { locale: language }),
        email: 'lea@atelier-lea.example',
        accountId: null,
        createdAt: now,
        example: true
      }),
      ...welcomeAutomation(ids, language, now, newId),
      update('settings', 'workspace', { exampleLoadedAt: now })
    ]);
    // Half of them join the list now and set off; the others are there to be added.
    const readers = PEOPLE.map(([first, last, city], index) => {
      const email = `${plain(first)}.${plain(last)}@lecteurs.example`;
      const given = { now, newId, via: 'manual' as const };
      const { contact, changes, events } = createContact(
        { email, attributes: { FIRSTNAME: first, LASTNAME: last, CITY: city } },
        index % 2 === 0 ? [ids.list] : [],
        given
      );
      return { changes: [...changes, update('contacts', contact.id, { example: true })], events };
    });
    return { effect: together(...readers), value: undefined };
  });
}

/** Takes away all that is marked as example, and what the example's journeys have left. */
export async function removeExample(desk: Desk): Promise<void> {
  await desk.edit(async (transaction, { now }) => {
    const view = await transaction.view();
    const changes: Change[] = [];
    for (const table of ['lists', 'templates', 'senders'] as const) {
      for (const row of view[table].values()) if (row.example) changes.push({ table, id: row.id, delete: true });
    }
    for (const automation of view.automations.values()) {
      if (automation.example) changes.push(...(await automationRemoval(transaction, automation.id, desk.parts)));
    }
    const readers = (await transaction.query('contacts', {})).filter(({ example }) => example);
    const erased = await erasure(transaction, readers, now, new Set(readers.map(({ id }) => id)));
    const known = new Set(changes.flatMap(({ table, id, delete: gone }) => (gone ? `${table} ${String(id)}` : [])));
    const rest = erased.filter(({ table, id }) => !known.has(`${table} ${String(id)}`));
    return {
      effect: {
        changes: [...changes, ...rest, update('settings', 'workspace', { exampleLoadedAt: undefined })],
        events: []
      },
      value: undefined
    };
  });
}

async function attributeChanges(transaction: Transaction, language: Language, now: Instant): Promise<Change[]> {
  const { attributes } = await transaction.view();
  const wanted: Attribute[] = [
    { id: 'FIRSTNAME', name: m['example.firstname']({}, { locale: language }), kind: 'text', createdAt: now },
    { id: 'LASTNAME', name: m['example.lastname']({}, { locale: language }), kind: 'text', createdAt: now },
    { id: 'CITY', name: m['example.city']({}, { locale: language }), kind: 'text', createdAt: now },
    { id: 'STATUS', name: m['example.status']({}, { locale: language }), kind: 'text', createdAt: now }
  ];
  return wanted
    .filter(({ id }) => !attributes.has(id))
    .map((attribute) => create('attributes', attribute.id, attribute));
}

function welcomeAutomation(
  ids: { list: Id; engaged: Id; template: Id; sender: Id },
  language: Language,
  now: Instant,
  newId: NewId
): Change[] {
  const [first, second, third, fourth, fifth] = Array.from({ length: 5 }, newId) as [Id, Id, Id, Id, Id];
  const graph: Graph = {
    triggers: [{ id: newId(), unit: 'contact.added_to_list', version: 1, fields: { listIds: [ids.list] } }],
    entry: first,
    steps: [
      {
        id: first,
        unit: 'rule.delay',
        version: 1,
        fields: { duration: { amount: 1, unit: 'minutes' }, window: null },
        next: { next: second }
      },
      {
        id: second,
        unit: 'email.send',
        version: 1,
        fields: { templateId: ids.template, senderId: ids.sender, type: 'marketing', tag: '', onFailure: 'wait' },
        next: { sent: third, failed: null }
      },
      {
        id: third,
        unit: 'rule.wait_for_event',
        version: 1,
        fields: { event: 'email.opened', filters: null, limit: { amount: 3, unit: 'days' }, window: 'auto' },
        next: { yes: fourth, no: fifth }
      },
      { id: fourth, unit: 'contact.add_to_list', version: 1, fields: { listId: ids.engaged }, next: { next: null } },
      {
        id: fifth,
        unit: 'contact.update_attribute',
        version: 1,
        fields: {
          assignment: {
            attributeId: 'STATUS',
            value: { from: 'fixed', value: m['example.status_value']({}, { locale: language }) }
          }
        },
        next: { next: null }
      }
    ],
    notes: []
  };
  const settings = defaultSettings();
  const automationId = newId();
  const versionId = newId();
  const version: Version = { id: versionId, automationId, number: 1, publishedAt: now, graph, settings };
  const automation: Automation = {
    id: automationId,
    name: m['example.automation']({}, { locale: language }),
    status: 'active',
    activeVersionId: versionId,
    draft: { graph, settings },
    createdAt: now,
    updatedAt: now,
    example: true
  };
  return [create('automations', automationId, automation), create('versions', versionId, version)];
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
}
