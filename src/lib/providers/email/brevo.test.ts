import { describe, expect, test } from 'vitest';
import { describeAhead, LEAVES } from '../ahead-contract';
import { describeBatches, sendTogether, toEach } from '../batch-contract';
import { describeLookUp, describeProvider, email, jsonOf, lookUp, NOW, providerOf, SECRET, send, tried, type Reply } from '../contract'; // prettier-ignore

const brevo = providerOf('email.brevo');
const accepted: Reply = { status: 201, body: { messageId: '<m1@brevo>' } };
const unknownAddress = {
  code: 'unauthorized',
  message:
    'We have detected you are using an unrecognised IP address 192.0.2.7. If you performed this action make sure to add the new IP address in this link: https://app.brevo.com/security/authorised_ips'
};
/** Of version 4, as Brevo wants it, and a function of the key. */
const BATCH = 'd108ae34-7f7f-447a-b5fc-6f60c16922bc';
const plan = (type: string, credits: number) => ({ type, creditsType: 'sendLimit', credits });
const saying = (message: string) => ({ code: 'invalid_parameter', message });

describeProvider('email.brevo', {
  request: email,
  accepted,
  messageId: '<m1@brevo>',
  refusals: [
    {
      answer: { status: 400, body: saying('sender is not valid') },
      scope: 'account',
      kind: 'sender_refused',
      says: 'sender is not valid'
    },
    { answer: { status: 401, body: unknownAddress }, scope: 'account', kind: 'brevo_address_refused' },
    {
      answer: { status: 401, body: { code: 'unauthorized', message: 'Key not found' } },
      scope: 'account',
      kind: 'key_refused'
    },
    {
      answer: { status: 402, body: saying('not enough credits') },
      scope: 'account',
      kind: 'quota_used_up',
      says: 'not enough credits'
    },
    { answer: { status: 400, body: saying('email is not valid in to') }, scope: 'recipient', says: 'email is not valid in to' } // prettier-ignore
  ],
  delays: [{ answer: { status: 429, headers: { 'x-sib-ratelimit-reset': '3' } }, after: 3_000 }],
  works: { status: 200, body: { email: 'lea@atelier.fr' } },
  troubles: [
    { answers: [{ status: 401, body: { code: 'unauthorized', message: 'Key not found' } }], says: 'key_refused' },
    { answers: [{ status: 401, body: unknownAddress }], says: 'brevo_address_refused' },
    {
      answers: [{ status: 200, body: { email: 'lea@atelier.fr', plan: [plan('free', 0), plan('sms', 9)] } }],
      says: 'no_credit'
    },
    {
      answers: [
        { status: 200, body: { email: 'lea@atelier.fr', plan: [plan('free', 300)] } },
        { status: 200, body: { senders: [{ email: 'lea@atelier.fr', active: false }] } }
      ],
      says: 'no_sender'
    }
  ]
});

describeAhead('email.brevo', {
  request: email,
  accepted: { status: 202, body: { messageId: '<m1@brevo>' } },
  scheduledIn: (call) => {
    const { scheduledAt, batchId } = jsonOf(call) as { scheduledAt?: string; batchId?: string };
    return scheduledAt === undefined ? undefined : [scheduledAt, batchId];
  },
  scheduled: [new Date(LEAVES).toISOString(), BATCH],
  cancel: { method: 'DELETE', url: `https://api.brevo.com/v3/smtp/email/${BATCH}`, answer: { status: 204, body: '' } },
  late: [{ status: 404, body: { code: 'document_not_found', message: 'Email not found' } }]
});

describe('Brevo', () => {
  test('the request is as documented', async () => {
    const { calls } = await send(brevo, email, [accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.brevo.com/v3/smtp/email',
      init: { method: 'POST', headers: { 'api-key': SECRET } }
    });
    expect(jsonOf(calls[0]!)).toEqual({
      sender: { name: 'Léa', email: 'lea@atelier.fr' },
      to: [{ name: 'Camille Noël', email: 'camille@exemple.fr' }],
      subject: 'Bienvenue à l’été 🎉',
      htmlContent: '<p>Bonjour 🎉</p>',
      textContent: 'Bonjour 🎉',
      tags: ['été'],
      headers: {
        'List-Unsubscribe': '<mailto:lea@atelier.fr>',
        idempotencyKey: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/) as string
      }
    });
  });

  test('an answer address is a field of its own, and a name that is not there is left out', async () => {
    const request = {
      ...email,
      from: { name: '', email: 'lea@atelier.fr' },
      headers: { 'Reply-To': 'sav@atelier.fr' }
    };
    const { calls } = await send(brevo, request, [accepted]);
    expect(jsonOf(calls[0]!)).toMatchObject({
      sender: { email: 'lea@atelier.fr' },
      replyTo: { email: 'sav@atelier.fr' }
    });
    expect(jsonOf(calls[0]!)).not.toHaveProperty(['headers', 'Reply-To']);
    expect(jsonOf(calls[0]!)).not.toHaveProperty('sender.name');
  });

  test('a key used again was taken before: its message is looked up', async () => {
    const duplicate = {
      status: 400,
      body: { code: 'duplicate_parameter', message: 'idempotencyKey is already in use' }
    };
    const events = [
      { subject: 'Autre', messageId: '<x>' },
      { subject: email.subject, messageId: '<m9>' }
    ];
    const { result } = await send(brevo, email, [duplicate, { status: 200, body: { events } }]);
    expect(result).toEqual({ status: 'accepted', messageId: '<m9>' });
    expect((await send(brevo, email, [duplicate, { status: 200, body: {} }])).result).toEqual({ status: 'accepted' });
  });

  test('the test button says what is wrong', async () => {
    expect(await tried(brevo, [{ status: 200, body: { email: 'lea@atelier.fr' } }])).toMatchObject({
      ok: true,
      value: { key: 'words.provider.works' }
    });
    expect(await tried(brevo, [{ status: 401 }])).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.brevo_key_refused' }
    });
    expect(await tried(brevo, [{ status: 200, body: '<html>' }])).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.not_the_api' }
    });
    const isActive = { status: 200, body: { senders: [{ email: 'lea@atelier.fr', active: true }] } };
    expect(await tried(brevo, [{ status: 200, body: { email: 'lea@atelier.fr' } }, isActive])).toMatchObject({
      ok: true
    });
    expect(await tried(brevo, [{ status: 401, body: unknownAddress }])).toMatchObject({
      reason: { params: { address: '192.0.2.7' } }
    });
    expect(await tried(brevo, ['lost'])).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.no_answer', params: { host: 'api.brevo.com' } }
    });
  });
});

describeBatches('email.brevo', {
  request: email,
  accepted: (ids) => ({ status: 201, body: { messageIds: ids } }),
  refusals: [
    { answer: { status: 400, body: { code: 'invalid_parameter', message: 'email is not valid' } }, scope: 'recipient' },
    { answer: { status: 400, body: { code: 'invalid_parameter', message: 'sender is not valid' } }, scope: 'account' },
    { answer: { status: 402, body: { code: 'not_enough_credits', message: 'no credits' } }, scope: 'account' }
  ]
});

describe('several emails in one call', () => {
  const requests = toEach(email, 'Camille', 'Noé');

  test('as Brevo wants them: versions with what is their own, under one key', async () => {
    const { calls } = await sendTogether('email.brevo', requests, {
      status: 201,
      body: { messageIds: ['<1>', '<2>'] }
    });
    expect(calls[0]!.url).toBe('https://api.brevo.com/v3/smtp/email');
    expect(jsonOf(calls[0]!)).toEqual({
      sender: { email: 'lea@atelier.fr', name: 'Léa' },
      subject: email.subject,
      htmlContent: '<p>Camille</p>',
      tags: ['été'],
      headers: { ...email.headers, idempotencyKey: expect.stringMatching(/^[\da-f-]{36}$/) as string },
      messageVersions: ['Camille', 'Noé'].map((name) => ({
        to: [{ email: `${name.toLowerCase()}@exemple.fr`, name }],
        subject: email.subject,
        htmlContent: `<p>${name}</p>`,
        textContent: name
      }))
    });
  });

  test('no reader gets a header of another', async () => {
    const own = requests.map((request) => ({
      ...request,
      headers: { 'X-All': 'all', 'List-Unsubscribe': `<https://relais.fr/u/${request.text}>` }
    }));
    const { calls } = await sendTogether('email.brevo', own, { status: 201, body: { messageIds: ['<1>', '<2>'] } });
    expect((jsonOf(calls[0]!) as { headers: object }).headers).toEqual({
      'X-All': 'all',
      idempotencyKey: expect.any(String) as string
    });
  });

  test('are of one sender and one tag, and have the same headers', () => {
    const groupOf = (more: Partial<typeof email>) => brevo.batches?.groupOf({ ...email, ...more }, false);
    expect(brevo.batches?.groupOf(email, true)).toBeNull();
    expect(groupOf({ headers: { 'Reply-To': 'moi@atelier.fr' } })).not.toBe(groupOf({}));
    expect(groupOf({ subject: 'Autre' })).toBe(groupOf({}));
    expect(groupOf({ tag: 'autre' })).not.toBe(groupOf({}));
    expect(groupOf({ from: { name: 'Léa', email: 'autre@atelier.fr' } })).not.toBe(groupOf({}));
  });

  test('a key that was used says that all were taken: their ids are looked up, each once', async () => {
    const duplicate = {
      status: 400,
      body: { code: 'duplicate_parameter', message: 'idempotencyKey is already in use' }
    };
    const of = (name: string, messageId: string) => ({
      email: `${name}@exemple.fr`,
      subject: email.subject,
      messageId
    });
    const events = [of('Noé', '<n>'), { ...of('camille', '<x>'), subject: 'Autre' }, of('camille', '<c>')];
    const twice = [...requests, requests[0]!];
    const { result, calls } = await sendTogether('email.brevo', twice, duplicate, { status: 200, body: { events } });
    expect(result).toEqual([
      { status: 'accepted', messageId: '<c>' },
      { status: 'accepted', messageId: '<n>' },
      { status: 'accepted' }
    ]);
    expect(Object.fromEntries(new URL(calls[1]!.url).searchParams)).toEqual({
      event: 'requests',
      days: '1',
      sort: 'desc',
      limit: '2500',
      offset: '0'
    });
  });

  test('and further back in the report, where much was sent since', async () => {
    const duplicate = {
      status: 400,
      body: { code: 'duplicate_parameter', message: 'idempotencyKey is already in use' }
    };
    const others = Array.from({ length: 2_500 }, (_, n) => ({ email: `o${n}@exemple.fr`, subject: email.subject, messageId: `<o${n}>` })); // prettier-ignore
    const pages = [others, [{ email: 'noé@exemple.fr', subject: email.subject, messageId: '<n>' }]];
    const replies = pages.map((events) => ({ status: 200, body: { events } }));
    const { result, calls } = await sendTogether('email.brevo', requests, duplicate, ...replies);
    expect(result).toEqual([{ status: 'accepted' }, { status: 'accepted', messageId: '<n>' }]);
    expect(calls.slice(1).map(({ url }) => new URL(url).searchParams.get('offset'))).toEqual(['0', '2500']);
  });
});

describe('looking up a call whose answer was lost', () => {
  describeLookUp('email.brevo', email);

  test('by reader and day; what has another subject or was before is another message', async () => {
    const { subject } = email;
    const sameTime = new Date(NOW + 2_000).toISOString();
    const transactionalEmails = [
      { subject, messageId: '<new>', date: sameTime },
      { subject: 'Autre', messageId: '<other>', date: sameTime },
      { subject, messageId: '<old>', date: new Date(NOW - 86_400_000).toISOString() }
    ];
    const { found, calls } = await lookUp(brevo, email, [{ status: 200, body: { transactionalEmails } }]);
    expect(found).toEqual({ messageIds: ['<new>'] });
    const url = new URL(calls[0]!.url);
    expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      '/v3/smtp/emails',
      { email: 'camille@exemple.fr', startDate: '2027-01-05', endDate: '2027-01-05', sort: 'desc', limit: '100' }
    ]);
  });
});
