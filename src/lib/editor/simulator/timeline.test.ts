import { expect, test } from 'vitest';
import type { JournalEntry } from '$lib/core/rows/automations';
import type { Simulation } from '$lib/core/simulation';
import { defaultSettings } from '$lib/core/graph';
import { setLocale } from '$lib/i18n';
import { sampleGraph } from '../testing/editors';
import { timelineOf } from './timeline';

await setLocale('fr');

const entry = (at: number, kind: JournalEntry['kind'], stepId: string | null, branch?: string): JournalEntry => ({
  at,
  kind,
  stepId,
  ...(branch === undefined ? {} : { branch })
});

test('a timeline has what somebody does before what comes of it, messages in their place, and no line that says nothing', () => {
  const graph = sampleGraph('email.send', 'rule.wait_for_event');
  const simulation: Simulation = {
    graph,
    settings: defaultSettings(),
    seed: 1,
    start: 0,
    end: 100,
    contacts: [{ id: 'c1', name: 'Léa' }],
    journeys: [
      {
        id: 'j1',
        contactId: 'c1',
        status: 'completed',
        stepId: null,
        enteredAt: 0,
        enteredBy: 'contact.added_to_list',
        entries: [
          entry(0, 'entered', null),
          entry(0, 'queued', 's1'),
          entry(5, 'moved', 's1', 'sent'),
          entry(5, 'waits', 's2'),
          entry(9, 'woke', 's2'),
          entry(9, 'moved', 's2', 'yes'),
          entry(9, 'completed', 's2')
        ]
      }
    ],
    deeds: [
      { contactId: 'c1', at: 0, type: 'contact.added_to_list', properties: {}, lineId: null },
      { contactId: 'c1', at: 9, type: 'email.opened', properties: {}, lineId: 'l1' },
      { contactId: 'c2', at: 9, type: 'email.opened', properties: {}, lineId: 'l1' }
    ],
    messages: [
      {
        id: 'm1',
        contactId: 'c1',
        automationId: 'a1',
        journeyId: 'j1',
        stepId: 's1',
        channel: 'email',
        title: 'Bienvenue',
        status: 'sent',
        at: 5
      }
    ],
    cut: null,
    took: 1,
    rows: 1
  };
  expect(timelineOf(simulation, 'c1', graph).map(({ at, title, branch = '' }) => [at, title, branch])).toEqual([
    [0, 'Contact ajouté à une liste', ''],
    [0, 'Entre dans l’automatisation', ''],
    [5, 'Bienvenue', ''],
    [5, 'Attendre qu’un événement se produise\u00a0: attend', ''],
    [9, 'Email ouvert', ''],
    [9, 'Attendre qu’un événement se produise', 'Oui'],
    [9, 'Arrive au bout', '']
  ]);
});
