import { create, update, type Change } from '$lib/core/changes';
import type { WorkspaceSettings } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { LIMIT_PERIODS } from '$lib/core/rows/messages';
import { DAY, MINUTE } from '$lib/core/instants';
import { identityKey } from '$lib/records/contacts/identity';
import { HOSTS } from './outside/outside';
import type { Random } from './random';
import { START } from './simulation';

const CREATED = START - 400 * DAY;
const base = (id: string) => ({ id, name: id, createdAt: CREATED });

/** An id that occurs in no other text, so that what is left of an erased contact can be found anywhere. */
export function contactId(number: number): string {
  return `contact~${number}~`;
}

export const ACCOUNTS = ['email', 'sms', 'twilio', 'push', 'wallet'] as const;

/**
 * A small workspace. The ids of its rows are those that the units' own examples name, so that each example is a valid setting here.
 * Whether messages go to the Sandbox or to a provider, chance decides.
 */
export function workspace(random: Random): Change[] {
  const contacts = Array.from({ length: random.between(3, 8) }, (_, number) => contact(number, random));
  return [
    create('settings', 'workspace', settings(random)),
    ...accounts(random),
    ...small(random),
    ...contacts.flatMap((row) => [
      create('contacts', row.id, row),
      ...identitiesOf(row).map((identity) => create('identities', identityKey(identity), identity))
    ])
  ];
}

export const TIME_ZONES = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC'] as const;

function settings(random: Random): WorkspaceSettings {
  const days = [1, 2, 3, 4, 5, 6, 7];
  return {
    id: 'workspace',
    name: 'Atelier',
    language: 'fr',
    timeZone: random.pick(TIME_ZONES),
    country: 'FR',
    sendWindow: random.chance(0.15)
      ? { days, from: random.pick(['09:00', '22:00']), to: random.pick(['18:00', '06:00']) }
      : null,
    frequencyCap: random.chance(0.15) ? { count: random.between(1, 2), days: random.between(1, 3) } : null,
    sourceAllowance: random.pick([30 * MINUTE, DAY]),
    createdAt: CREATED
  };
}

function accounts(random: Random): Change[] {
  const account = (id: (typeof ACCOUNTS)[number], provider: string, fields: Record<string, unknown>): Change => {
    const limit = random.chance(0.15) ? { calls: random.between(1, 3), per: random.pick(LIMIT_PERIODS) } : undefined;
    return create('accounts', id, { id, provider, name: id, fields, createdAt: CREATED, ...(limit ? { limit } : {}) });
  };
  return [
    account('email', 'email.brevo', { apiKey: 'k1', baseUrl: HOSTS.brevo }),
    account('sms', 'sms.brevo', { apiKey: 'k2', baseUrl: HOSTS.brevo }),
    account('twilio', 'sms.twilio', { accountSid: 'AC1', authToken: 'k3', baseUrl: HOSTS.twilio }),
    account('push', 'push.onesignal', { appId: 'app', apiKey: 'k4', baseUrl: HOSTS.onesignal }),
    account('wallet', 'wallet.http', { address: HOSTS.wallet, apiKey: null }),
    ...(random.chance(0.5) ? [update('accounts', 'sms', { fallbackId: 'twilio' })] : [])
  ];
}

function small(random: Random): Change[] {
  const choices = ['a', 'b'].map((id) => ({ id, name: id.toUpperCase() }));
  const stage = (id: string) => ({ id, name: id, outcome: id === 'won' ? ('won' as const) : ('open' as const) });
  const message = { createdAt: CREATED, updatedAt: CREATED };
  const inLyon = {
    subject: { of: 'attribute', attributeId: 'CITY' },
    kind: 'text',
    operator: 'is',
    value: 'Lyon'
  } as const;
  return [
    ...['l1', 'l2', 'l3'].map((id) => create('lists', id, base(id))),
    ...['CITY', 'FIRSTNAME'].map((id) => create('attributes', id, { ...base(id), kind: 'text' })),
    ...['POINTS', 'COUNTER'].map((id) => create('attributes', id, { ...base(id), kind: 'number' })),
    create('attributes', 'SEEN', { ...base('SEEN'), kind: 'date' }),
    create('attributes', 'TOPICS', { ...base('TOPICS'), kind: 'choices', options: choices }),
    create('companyAttributes', 'SIZE', { ...base('SIZE'), kind: 'number' }),
    create('dealAttributes', 'BUDGET', { ...base('BUDGET'), kind: 'number' }),
    ...['u1', 'u2'].map((id) => create('users', id, base(id))),
    create('pipelines', 'p1', { ...base('p1'), stages: ['new', 'won'].map(stage) }),
    create('pipelines', 'p2', { ...base('p2'), stages: [stage('signed')] }),
    ...['call', 'todo'].map((id) => create('taskTypes', id, base(id))),
    create('companies', 'co1', { ...base('co1'), attributes: { SIZE: 3 }, updatedAt: CREATED }),
    create('companies', 'co2', { ...base('co2'), attributes: {}, updatedAt: CREATED }),
    create('segments', 'g1', { ...base('g1'), ...message, filters: inLyon }),
    create('templates', 'm1', {
      ...base('m1'),
      ...message,
      name: 'Bienvenue',
      channel: 'email',
      subject: 'Bonjour {{ contact.FIRSTNAME }}',
      preheader: '',
      source: { editor: 'html' },
      html: '<p>Bonjour {{ contact.FIRSTNAME | default: "vous" }}</p>'
    }),
    create('smsTemplates', 'x1', { ...base('x1'), ...message, text: 'Bonjour {{ contact.FIRSTNAME }}' }),
    create('pushTemplates', 'n1', {
      ...base('n1'),
      ...message,
      title: 'Rappel',
      body: 'Bonjour',
      url: '',
      imageUrl: ''
    }),
    create('senders', 'e1', { ...base('e1'), email: 'lea@atelier.fr', accountId: random.chance(0.6) ? 'email' : null }),
    create('smsSenders', 'p1', { ...base('p1'), accountId: random.pick([null, 'sms', 'twilio']) }),
    create('forms', 'f1', {
      ...base('f1'),
      ...message,
      type: 'sign_up',
      title: '',
      intro: '',
      fields: [{ id: 'email', asks: { for: 'email' }, label: '', help: '', required: true }],
      listIds: ['l3'],
      consent: '',
      button: '',
      thanks: ''
    }),
    create('programs', 'p1', {
      ...base('p1'),
      balances: [{ ...base('b1'), minimum: 0, maximum: 200, expiry: { amount: 7, unit: 'days' } }],
      tierBalanceId: 'b1',
      tiers: [
        { id: 't0', name: 'Bronze', threshold: 0 },
        { id: 't1', name: 'Or', threshold: 100 }
      ],
      rules: [
        {
          id: 'r1',
          name: 'Commande',
          event: 'order.created',
          filters: null,
          balanceId: 'b1',
          earns: { by: 'fixed', points: 60 }
        }
      ],
      joinsByEarning: true
    })
  ];
}

function contact(number: number, random: Random): Contact {
  const id = contactId(number);
  return {
    id,
    email: `adresse~${number}~@exemple.fr`,
    phone: `+336000000${String(number).padStart(2, '0')}`,
    attributes: {
      FIRSTNAME: `Prénom ${number}`,
      CITY: random.pick(['Lyon', 'Nantes']),
      SEEN: random.pick(['2020-01-06', '1990-01-09'])
    },
    listIds: [],
    listedAt: {},
    ...(random.chance(0.3) ? { companyId: 'co1' } : {}),
    ...(random.chance(0.2) ? { timeZone: random.pick(TIME_ZONES) } : {}),
    createdAt: CREATED,
    updatedAt: CREATED
  };
}

function identitiesOf({ id, email = '', phone = '' }: Contact) {
  return [
    { kind: 'email' as const, value: email, contactId: id },
    { kind: 'phone' as const, value: phone, contactId: id },
    { kind: 'push' as const, value: `push of ${id}`, contactId: id },
    { kind: 'pass' as const, value: `pass of ${id}`, contactId: id }
  ];
}
