import { create, type Change } from '$lib/core/changes';
import type { FilterTree } from '$lib/core/filter-tree';
import type { AutomationSettings, Graph, StepNode, TriggerNode } from '$lib/core/graph';
import { DAY, HOUR, MINUTE, type Instant } from '$lib/core/instants';
import type { Contact } from '$lib/core/rows/contacts';
import type { EventRow } from '$lib/core/rows/events';
import { addToList } from '$lib/records/contacts/membership';
import {
  active,
  attributes,
  contact,
  list,
  sender,
  settings,
  START,
  template,
  welcomeGraph
} from '$lib/worker/testing/world';
import type { Happening, Past } from './history';

/* What `npm run golden` records. A past that has its file is not changed any more: a new one is added. */

let ids = 0;
const newId = () => `golden-${String(++ids).padStart(6, '0')}`;

function workspace(contacts: readonly Contact[], ...more: Change[]): Change[] {
  return [
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute)),
    create('attributes', 'SCORE', { id: 'SCORE', name: 'Points', kind: 'number', createdAt: START }),
    create('attributes', 'BORN', { id: 'BORN', name: 'Naissance', kind: 'date', createdAt: START }),
    ...['l1', 'l2', 'l3'].map((id) => create('lists', id, list(id))),
    create('templates', 'm1', template),
    create('senders', 'e1', sender()),
    ...contacts.map((row) => create('contacts', row.id, row)),
    ...more
  ];
}

function automation(
  id: string,
  trigger: Omit<TriggerNode, 'id' | 'version'>,
  steps: readonly StepNode[],
  more: Partial<AutomationSettings> = {}
): Change[] {
  const graph: Graph = {
    triggers: [{ id: 't1', version: 1, ...trigger }],
    entry: steps[0]?.id ?? null,
    steps: [...steps],
    notes: []
  };
  return active(graph, more, id);
}

const step = (id: string, unit: string, fields: StepNode['fields'], next: StepNode['next'], version = 1): StepNode => ({
  id,
  unit,
  version,
  fields,
  next
});
const delay = (id: string, amount: number, unit: string, next: string | null, window: unknown = null): StepNode =>
  step(id, 'rule.delay', { duration: { amount, unit }, window }, { next });
const email = (id: string, next: string | null, more: StepNode['fields'] = {}): StepNode =>
  step(id, 'email.send', { templateId: 'm1', senderId: 'e1', type: 'marketing', tag: '', onFailure: 'branch', ...more }, { sent: next, failed: null }); // prettier-ignore
const onto = (id: string, listId: string, next: string | null = null): StepNode =>
  step(id, 'contact.add_to_list', { listId }, { next });
const add = (id: string, amount: number, next: string | null): StepNode =>
  step(id, 'contact.update_attribute', { assignment: { attributeId: 'SCORE', value: { from: 'add', amount } } }, { next }); // prettier-ignore

const called = (name: string): Omit<TriggerNode, 'id' | 'version'> => ({ unit: 'custom.event', fields: { name } });
const named = (name: string): FilterTree => ({ subject: { of: 'event', property: 'name' }, kind: 'text', operator: 'is', value: name }); // prettier-ignore

/** A custom event; `occurredAt` before `at` where it is learnt late. */
function event(at: Instant, contactId: string, properties: EventRow['properties'], occurredAt = at): Happening {
  const id = newId();
  return {
    at,
    changes: [],
    events: [
      { id, type: 'custom.event', contactId, occurredAt, receivedAt: at, properties, source: 'app', dedupeKey: id }
    ]
  };
}

function joins(at: Instant, row: Contact, listId: string): Happening {
  return { at, ...addToList(row, listId, { now: at, newId, via: 'manual' }) };
}

function opens(at: Instant, outboxId: string): Happening {
  const id = newId();
  return { at, changes: [create('reactions', id, { id, outboxId, kind: 'opened', at })], events: [] };
}

const people = ['c1', 'c2', 'c3', 'c4'].map((id) => contact(id));
const [c1, c2, c3] = people as [Contact, Contact, Contact];

const atLeast = (value: number): FilterTree => ({ subject: { of: 'attribute', attributeId: 'SCORE' }, kind: 'number', operator: 'atLeast', value }); // prettier-ignore

export const PASTS: Readonly<Record<string, Past>> = {
  welcome: {
    about: 'An hour after joining the list an email; one opens it after two days, one never does, one has no address.',
    workspace: workspace([c1, c2, { ...c3, email: undefined }], ...active(welcomeGraph)),
    happenings: [
      joins(START + MINUTE, c1, 'l1'),
      joins(START + 2 * MINUTE, c2, 'l1'),
      joins(START + 3 * MINUTE, { ...c3, email: undefined }, 'l1'),
      opens(START + 2 * DAY, 'a1/c1//000000/s2/1')
    ],
    until: START + 5 * DAY
  },
  'late-news': {
    about: 'What occurred before the time limit is learnt before and after it; an event of another name wakes nobody.',
    workspace: workspace(
      people,
      ...automation('a1', called('starts'), [
        step('s1', 'rule.wait_for_event', { event: 'custom.event', settings: { name: 'pays' }, limit: { amount: 1, unit: 'days' }, window: 'step' }, { yes: 's2', no: 's3' }, 2), // prettier-ignore
        onto('s2', 'l2'),
        onto('s3', 'l3')
      ])
    ),
    happenings: [
      ...['c1', 'c2', 'c3', 'c4'].map((id) => event(START, id, { name: 'starts' })),
      event(START + HOUR, 'c1', { name: 'looks' }),
      event(START + 20 * HOUR, 'c1', { name: 'pays' }, START + 2 * HOUR),
      event(START + 20 * HOUR, 'c2', { name: 'pays' }, START - HOUR),
      event(START + 30 * HOUR, 'c3', { name: 'pays' }, START + 23 * HOUR)
    ],
    until: START + 3 * DAY
  },
  'loop-with-exit': {
    about:
      'A reminder every two days with a go-to, until an event ends the journey; re-entry after leaving, with a pause.',
    workspace: workspace(
      people,
      ...automation(
        'a1',
        called('forgets'),
        [
          email('s1', 's2', { type: 'transactional' }),
          add('s2', 1, 's3'),
          delay('s3', 2, 'days', 's4'),
          step('s4', 'automation.go_to_step', { stepId: 's1' }, {})
        ],
        {
          reentry: { mode: 'after_leaving', pause: { amount: 1, unit: 'days' } },
          exit: [{ event: 'custom.event', filters: named('remembers') }]
        }
      )
    ),
    happenings: [
      event(START, 'c1', { name: 'forgets' }),
      event(START + DAY, 'c2', { name: 'forgets' }),
      event(START + 5 * DAY, 'c1', { name: 'remembers' }),
      event(START + 5 * DAY + HOUR, 'c1', { name: 'forgets' }),
      event(START + 7 * DAY, 'c1', { name: 'forgets' })
    ],
    until: START + 10 * DAY
  },
  'orders-in-parallel': {
    about: 'One journey for each order; a change of an order restarts its journeys.',
    workspace: workspace(
      people,
      ...automation(
        'a1',
        called('orders'),
        [delay('s1', 3, 'hours', 's2'), add('s2', 10, 's3'), delay('s3', 1, 'days', 's4'), onto('s4', 'l2')],
        {
          reentry: { mode: 'parallel', keyProperty: 'order' },
          restart: [{ event: 'custom.event', filters: named('changes') }]
        }
      )
    ),
    happenings: [
      event(START, 'c1', { name: 'orders', order: 'o-1' }),
      event(START + HOUR, 'c1', { name: 'orders', order: 'o-2' }),
      event(START + HOUR, 'c1', { name: 'orders', order: 'o-1' }),
      event(START + 2 * HOUR, 'c1', { name: 'changes' }),
      event(START + 2 * HOUR, 'c2', { name: 'orders', order: 7 })
    ],
    until: START + 3 * DAY
  },
  split: {
    about: 'Down the first branch whose conditions are met, else down the last; each says why; two paths join.',
    workspace: workspace(
      [
        { ...c1, attributes: { SCORE: 39.9 } },
        { ...c2, attributes: { SCORE: 50 } },
        { ...c3, listIds: ['l2'], listedAt: { l2: START } }
      ],
      ...automation('a1', called('asks'), [
        step('s1', 'rule.split', { branches: [
          { id: 'rich', name: 'Riches', filters: atLeast(50) },
          { id: 'listed', name: 'Sur la liste', filters: { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: ['l2'] } }
        ] }, { rich: 's2', listed: 's3', default: null }), // prettier-ignore
        add('s2', 100, 's3'),
        onto('s3', 'l3')
      ])
    ),
    happenings: ['c1', 'c2', 'c3'].map((id) => event(START, id, { name: 'asks' })),
    until: START + HOUR
  },
  'window-and-cap': {
    about: 'At most one email in two days, and none at night: what is due waits for its hour, and says so.',
    workspace: workspace(
      people,
      ...automation('a1', called('reads'), [email('s1', 's2'), onto('s2', 'l2')], {
        reentry: { mode: 'after_leaving' },
        sendWindow: { days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '20:00' },
        frequencyCap: { count: 1, days: 2 }
      }),
      ...automation('a2', called('reads'), [delay('s1', 1, 'hours', 's2', { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }), onto('s2', 'l3')]) // prettier-ignore
    ),
    happenings: [
      event(START + 13 * HOUR, 'c1', { name: 'reads' }),
      event(START + 30 * HOUR, 'c1', { name: 'reads' }),
      event(START + 4 * DAY, 'c2', { name: 'reads' })
    ],
    until: START + 8 * DAY
  },
  'consent-lost': {
    about: 'Whoever unsubscribes between the step and its sending gets nothing, and the journey goes on.',
    workspace: workspace(
      people,
      ...automation('a1', called('reads'), [email('s1', 's2'), onto('s2', 'l2')], {
        sendWindow: { days: [1, 2, 3, 4, 5, 6, 7], from: '18:00', to: '19:00' }
      })
    ),
    happenings: [
      event(START, 'c1', { name: 'reads' }),
      event(START, 'c2', { name: 'reads' }),
      {
        at: START + HOUR,
        changes: [{ table: 'contacts', id: 'c1', set: { blocklist: { campaigns: true } } }],
        events: []
      }
    ],
    until: START + 2 * DAY
  },
  'nobody-to-ask': {
    about:
      'A template that is gone stops its journeys until somebody decides; others end, or go on, as their step says.',
    workspace: workspace(
      people,
      ...['wait', 'exit', 'continue', 'branch'].flatMap((onFailure, at) =>
        automation(`a${at + 1}`, called('reads'), [
          email('s1', 's2', { templateId: 'gone', onFailure }),
          onto('s2', 'l2')
        ])
      )
    ),
    happenings: [event(START, 'c1', { name: 'reads' })],
    until: START + DAY
  },
  'every-day': {
    about:
      'Those in a segment are met each day at ten, in the time of Paris over a change of the clock; birthdays once a year.',
    workspace: workspace(
      [
        { ...c1, attributes: { SCORE: 10, BORN: '1990-02-28' } },
        { ...c2, attributes: { SCORE: 10, BORN: '1992-02-29' } },
        c3
      ],
      create('segments', 'g1', { id: 'g1', name: 'Fidèles', filters: atLeast(50), createdAt: START, updatedAt: START }),
      ...automation(
        'a1',
        { unit: 'contact.in_segment', fields: { segmentId: 'g1', time: '10:00' } },
        [add('s1', 1, null)],
        {
          reentry: { mode: 'after_leaving' }
        }
      ),
      ...automation('a3', { unit: 'contact.anniversary', fields: { attributeId: 'BORN', time: '09:00' } }, [
        onto('s1', 'l2')
      ]),
      ...automation('a2', called('wins'), [add('s1', 50, null)])
    ),
    happenings: [event(START + 80 * DAY, 'c2', { name: 'wins' })],
    until: START + 86 * DAY
  }
};
