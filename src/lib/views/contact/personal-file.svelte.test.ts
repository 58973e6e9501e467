import { describe, expect, test } from 'vitest';
import type { PersonalData } from '$lib/records/contacts/personal-data';
import { PERSONAL_TABLES, VIEW_TABLES, type WorkspaceView } from '$lib/core/tables';
import { personalFile } from './personal-file';

const ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
const view = Object.fromEntries(VIEW_TABLES.map((table) => [table, new Map()])) as unknown as WorkspaceView;

const none = Object.fromEntries(PERSONAL_TABLES.map((table) => [table, []])) as unknown as PersonalData['tables'];
const data: PersonalData = {
  format: 'ricochet-person',
  version: 1,
  exportedAt: '2027-01-05T08:00:00.000Z',
  contactId: 'c1',
  tables: {
    ...none,
    contacts: [
      {
        id: 'c1',
        email: ATTACK,
        attributes: { FIRSTNAME: `Zoé ${ATTACK}`, [ATTACK]: ATTACK },
        listIds: [],
        listedAt: {},
        createdAt: 1,
        updatedAt: 1
      }
    ],
    events: [
      {
        id: 'e1',
        type: ATTACK,
        contactId: 'c1',
        occurredAt: 1,
        receivedAt: 1,
        properties: { [ATTACK]: ATTACK },
        source: 'app'
      }
    ],
    enrolments: [
      {
        id: 'n1',
        automationId: 'a1',
        versionId: 'v1',
        contactId: 'c1',
        status: 'exited',
        stepId: null,
        visits: {},
        enteredAt: 1,
        since: 1,
        event: { id: 'e1', type: ATTACK, occurredAt: 1, properties: {} },
        sends: [],
        seed: 1,
        seq: 0,
        moves: 0,
        entries: [{ at: 1, kind: 'exited', stepId: null, words: { key: ATTACK } }]
      }
    ],
    outbox: [
      {
        id: 'o1',
        status: 'sent',
        dueAt: 1,
        createdAt: 1,
        contactId: 'c1',
        automationId: 'a1',
        enrolmentId: 'n1',
        stepId: 's1',
        visit: 1,
        accountId: null,
        attempts: 1,
        request: {
          channel: 'sms',
          kind: 'transactional',
          senderId: 'x',
          from: 'A',
          to: ATTACK,
          smsName: ATTACK,
          text: ATTACK
        }
      }
    ],
    deals: [
      {
        id: 'd', name: ATTACK, pipelineId: 'p', stageId: ATTACK, stagedAt: 1, contactIds: ['c1'], attributes: {},
        notes: [{ id: 'n', text: ATTACK, at: 1 }], createdAt: 1, updatedAt: 1
      } // prettier-ignore
    ]
  }
};

describe('the file of what is held of a person', () => {
  const { name, html } = personalFile(data, view);
  const page = new DOMParser().parseFromString(html, 'text/html');

  test('shows what people have typed as text: nothing of it is run, or loaded', () => {
    expect(page.querySelectorAll('script, img, iframe, [onerror]')).toHaveLength(0);
    expect(page.body.textContent).toContain(ATTACK);
    expect(page.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
    expect(name).not.toMatch(/[<>"/\\]/);
  });

  test('has all of it as JSON inside', () => {
    const link = page.querySelector('a[download]')?.getAttribute('href') ?? '';
    const bytes = Uint8Array.from(atob(link.split(',')[1] ?? ''), (character) => character.charCodeAt(0));
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(data);
  });
});
