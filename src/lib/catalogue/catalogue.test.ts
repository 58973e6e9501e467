import { describe, expect, test } from 'vitest';
import { branchesOf, type StepDefinition, type StepExample, type TriggerDefinition } from '$lib/core/definitions';
import { initialValues, valuesSchema } from '$lib/core/fields';
import { defaultSettings, type Graph } from '$lib/core/graph';
import type { Automation, Enrolment, Version } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import { advance } from '$lib/engine/advance';
import { newEnrolment } from '$lib/engine/enrolments';
import { admits } from '$lib/engine/match';
import { createRender } from '$lib/messages/render';
import * as v from 'valibot';
import { catalogue } from './registry';

/** 5 January 2027, 9:00 in Paris. */
const NOW = Date.UTC(2027, 0, 5, 8);

const stage = (id: string) => ({ id, name: id, outcome: 'open' });

const rows: Partial<Record<(typeof VIEW_TABLES)[number], { id: string }[]>> = {
  settings: [
    {
      id: 'workspace',
      ...{
        name: 'Atelier',
        language: 'fr',
        timeZone: 'Europe/Paris',
        country: 'FR',
        sendWindow: null,
        frequencyCap: null
      }
    }
  ],
  segments: [
    {
      id: 'g1',
      ...{ name: 'Lyon', filters: { op: 'all', of: [] }, createdAt: 0, updatedAt: 0 }
    }
  ],
  automations: ['a7', 'a8'].map((id) => ({ id, name: id, status: id === 'a7' ? 'active' : 'draft' })),
  lists: ['l1', 'l2'].map((id) => ({ id, name: `Liste ${id}`, createdAt: 0 })),
  attributes: [
    ...['CITY', 'FIRSTNAME'].map((id) => ({ id, name: id, kind: 'text', createdAt: 0 })),
    { id: 'POINTS', ...{ name: 'POINTS', kind: 'number', createdAt: 0 } },
    { id: 'SEEN', ...{ name: 'SEEN', kind: 'date', createdAt: 0 } },
    {
      id: 'TOPICS',
      ...{
        name: 'TOPICS',
        kind: 'choices',
        options: [
          { id: 'a', name: 'A' },
          { id: 'b', name: 'B' }
        ],
        createdAt: 0
      }
    }
  ],
  companyAttributes: [{ id: 'SIZE', ...{ name: 'SIZE', kind: 'number', createdAt: 0 } }],
  dealAttributes: [{ id: 'BUDGET', ...{ name: 'BUDGET', kind: 'number', createdAt: 0 } }],
  users: ['u1', 'u2'].map((id) => ({ id, name: id, createdAt: 0 })),
  pipelines: [
    { id: 'p1', ...{ name: 'Ventes', stages: ['new', 'won'].map(stage), createdAt: 0 } },
    { id: 'p2', ...{ name: 'Projets', stages: [stage('signed')], createdAt: 0 } }
  ],
  taskTypes: ['call', 'todo'].map((id) => ({ id, name: id, createdAt: 0 })),
  templates: [
    {
      id: 'm1',
      ...{
        name: 'Bienvenue',
        channel: 'email',
        subject: 'Bonjour',
        preheader: '',
        source: { editor: 'html' },
        html: '<p>Bonjour</p>',
        createdAt: 0,
        updatedAt: 0
      }
    }
  ],
  smsTemplates: [
    { id: 'x1', ...{ name: 'Rappel', text: 'Bonjour {{ contact.FIRSTNAME }}', createdAt: 0, updatedAt: 0 } }
  ],
  pushTemplates: [
    {
      id: 'n1',
      ...{ name: 'Rappel', title: 'Rappel', body: 'Bonjour', url: '', imageUrl: '', createdAt: 0, updatedAt: 0 }
    }
  ],
  smsSenders: [{ id: 'p1', ...{ name: 'Atelier', accountId: null, createdAt: 0 } }],
  senders: [{ id: 'e1', ...{ name: 'Léa', email: 'lea@atelier.fr', accountId: null, createdAt: 0 } }]
};
const view = Object.fromEntries(
  VIEW_TABLES.map((table) => [table, new Map((rows[table] ?? []).map((row) => [row.id, row]))])
) as unknown as WorkspaceView;

const contact = (more: Partial<Contact> = {}): Contact => ({
  id: 'c1',
  email: 'a@b.fr',
  attributes: {},
  listIds: [],
  listedAt: {},
  createdAt: NOW,
  updatedAt: NOW,
  ...more
});
const event = (type: string, properties: EventRow['properties']): EventRow => ({
  id: 'ev',
  type,
  contactId: 'c1',
  occurredAt: NOW,
  receivedAt: NOW,
  properties,
  source: 'app'
});
const automation: Automation = {
  id: 'a1',
  name: 'a1',
  status: 'active',
  activeVersionId: 'v1',
  draft: { graph: { triggers: [], entry: null, steps: [], notes: [] }, settings: defaultSettings() },
  createdAt: NOW,
  updatedAt: NOW
};

const triggers = [...catalogue.triggers.values()];
const steps = [...catalogue.steps.values()];

describe.each(triggers.map((trigger) => [trigger.id, trigger] as const))(
  'trigger %s',
  (_, definition: TriggerDefinition) => {
    test('has an example that enters and one that does not', () => {
      expect(new Set(definition.examples.map(({ enters }) => enters))).toEqual(
        definition.examples.length === 1 ? new Set([true]) : new Set([true, false])
      );
    });

    test.each(definition.examples.map((example) => [JSON.stringify(example), example] as const))(
      '%s',
      (__, { fields, properties, enters }) => {
        const trigger = {
          id: 't1',
          unit: definition.id,
          version: definition.version,
          fields: { ...initialValues(definition.fields), ...fields }
        };
        const version: Version = {
          id: 'v1',
          automationId: 'a1',
          number: 1,
          publishedAt: NOW,
          graph: { triggers: [trigger], entry: null, steps: [], notes: [] },
          settings: defaultSettings()
        };
        expect(
          admits(
            { automation, version, trigger, definition },
            event(definition.event.type, properties),
            contact(),
            {},
            view,
            NOW
          )
        ).toBe(enters);
      }
    );
  }
);

describe.each(steps.map((step) => [step.id, step] as const))('step %s', (_, definition: StepDefinition) => {
  test.each(
    (definition.examples as readonly StepExample<never>[]).map((example) => [JSON.stringify(example), example] as const)
  )('%s', (__, example) => {
    const fields = { ...initialValues(definition.fields), ...(example.fields as Record<string, unknown>) };
    expect(v.is(valuesSchema(definition.fields), fields)).toBe(true);
    const next = Object.fromEntries(branchesOf(definition, fields).map((branch) => [branch, null]));
    const graph: Graph = {
      triggers: [],
      entry: 's1',
      steps: [{ id: 's1', unit: definition.id, version: 1, fields, next }],
      notes: []
    };
    const version: Version = {
      id: 'v1',
      automationId: 'a1',
      number: 1,
      publishedAt: NOW,
      graph,
      settings: defaultSettings()
    };
    const start = contact(example.contact);
    const entered = newEnrolment(
      'a1/c1//000000',
      version,
      start,
      { ...event('custom.event', {}), ...(example.event as Partial<EventRow>) },
      { now: NOW, lap: 0 }
    );
    const whole = { ...view, versions: new Map([['v1', version]]) };
    let ids = 0;
    const advanced = advance(
      entered,
      { by: 'entry' },
      {
        catalogue,
        view: whole,
        render: createRender({ unsubscribe: () => 'x', stop: () => 'STOP' }),
        now: NOW,
        newId: () => `n${++ids}`,
        contact: start,
        related: { events: { since: -Infinity, rows: [] }, ...example.related }
      }
    );
    if ('needs' in advanced) throw new Error(`the example lacks ${JSON.stringify(advanced.needs)}`);
    if ('leadsTo' in definition) return expect(definition.leadsTo(fields)).toBe(example.branch);
    expect(leftBy(advanced.enrolment, advanced.entries)).toBe(example.branch);
    if (example.changes) expect(new Set(advanced.changes.map(({ table }) => table))).toEqual(new Set(example.changes));
    if (example.causes) expect(advanced.events.map(({ type }) => type)).toEqual(example.causes);
    if (example.becomes) expect(advanced.contact).toMatchObject(example.becomes);
    if (example.becomes?.attributes) expect(advanced.contact.attributes).toEqual(example.becomes.attributes);
  });
});

function leftBy(
  enrolment: Enrolment,
  entries: readonly { kind: string; branch?: string | undefined }[]
): string | null {
  if (enrolment.status === 'waiting') return null;
  return entries.find(({ kind }) => kind === 'moved')?.branch ?? null;
}
