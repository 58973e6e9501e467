import { describe, expect, test } from 'vitest';
import type { ProviderDefinition, SendResult } from '$lib/core/definitions';
import type { Fetch } from '$lib/core/fetch';
import { initialValues } from '$lib/core/fields';
import type { OutboundRequest } from '$lib/core/rows/messages';
import { providers } from './registry';

const SECRET = 'xkeysib-very-secret';
const NOW = Date.UTC(2027, 0, 5, 8);

interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const email: OutboundRequest = {
  channel: 'email',
  kind: 'marketing',
  senderId: 'e1',
  from: { name: 'Léa', email: 'lea@atelier.fr' },
  to: { name: 'Camille', email: 'camille@exemple.fr' },
  subject: 'Bienvenue',
  templateId: 'm1',
  emailName: 'Bienvenue',
  tag: 'accueil',
  html: '<p>Bonjour</p>',
  text: 'Bonjour',
  headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr>' }
};
const webhook: OutboundRequest = {
  channel: 'webhook',
  method: 'POST',
  url: 'https://exemple.fr/hook',
  headers: { 'x-api-key': SECRET },
  body: '{"a":1}'
};

const sms: OutboundRequest = {
  channel: 'sms',
  kind: 'promotional',
  senderId: 'p1',
  from: 'Atelier',
  to: '+33612345678',
  smsName: 'Soldes',
  tag: 'soldes',
  text: 'Soldes ! STOP'
};
const push: OutboundRequest = {
  channel: 'push',
  to: ['d1', 'd2'],
  platforms: ['ios', 'web'],
  pushName: 'Soldes',
  title: 'Soldes',
  body: 'Dès demain',
  url: 'https://atelier.fr/soldes',
  imageUrl: 'https://atelier.fr/soldes.png'
};
const wallet: OutboundRequest = {
  channel: 'wallet',
  operation: 'move_and_notify',
  passes: ['sn-1'],
  campaignId: 'ete',
  text: 'Bonjour'
};

/** What each adapter is sent, and how its provider says yes. A gap is listed with its reason. */
const adapters: Record<
  string,
  { request: OutboundRequest; accepted: Reply; messageId: string | null; isLocal?: true }
> = {
  'email.brevo': {
    request: email,
    accepted: { status: 201, body: { messageId: '<m1@brevo>' } },
    messageId: '<m1@brevo>'
  },
  sandbox: { request: email, accepted: { status: 200 }, messageId: '<k1@sandbox.ricochet>', isLocal: true },
  'sandbox.push': { request: push, accepted: { status: 200 }, messageId: '<k1@sandbox.ricochet>', isLocal: true },
  'sandbox.sms': { request: sms, accepted: { status: 200 }, messageId: '<k1@sandbox.ricochet>', isLocal: true },
  'sandbox.wallet': { request: wallet, accepted: { status: 200 }, messageId: '<k1@sandbox.ricochet>', isLocal: true },
  'sms.brevo': {
    request: sms,
    accepted: { status: 201, body: { reference: 'r1', messageId: 1511882900176220, smsCount: 1 } },
    messageId: '1511882900176220'
  },
  'sms.twilio': {
    request: sms,
    accepted: { status: 201, body: { sid: 'SM1', status: 'queued', error_code: null } },
    messageId: 'SM1'
  },
  'push.onesignal': {
    request: push,
    accepted: { status: 200, body: { id: 'n1', external_id: null } },
    messageId: 'n1'
  },
  'push.wonderpush': {
    request: push,
    accepted: { status: 202, body: { success: true, notificationId: 'w1' } },
    messageId: 'w1'
  },
  'wallet.http': { request: wallet, accepted: { status: 200, body: { id: 7 } }, messageId: '7' },
  'webhook.http': { request: webhook, accepted: { status: 200, body: { plan: 'or' } }, messageId: null }
};

test('every adapter is tried', () => {
  expect([...providers.keys()]).toEqual(Object.keys(adapters).sort());
});

describe.each([...providers.values()].map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  const { request, accepted, messageId, isLocal } = adapters[id]!;

  test('an accepted call', async () => {
    const { result, calls } = await send(provider, request, [accepted]);
    expect(result).toMatchObject({ status: 'accepted', ...(messageId === null ? {} : { messageId }) });
    expect(calls).toHaveLength(isLocal ? 0 : 1);
  });

  test('the same key gives the same call', async () => {
    const [first, second] = [await send(provider, request, [accepted]), await send(provider, request, [accepted])];
    expect(first.calls).toEqual(second.calls);
  });

  // The Sandbox has no outside that could fail.
  test('a lost or broken answer is unknown, never not sent', async () => {
    if (isLocal) {
      expect((await send(provider, request, ['lost'])).result.status).toBe('accepted');
      return;
    }
    expect((await send(provider, request, ['lost'])).result.status).toBe('unknown');
    expect((await send(provider, request, [{ status: 500, body: 'oops' }])).result.status).toBe('unknown');
    expect((await send(provider, request, [{ status: 502, body: '<html>' }])).result.status).toBe('unknown');
  });

  test('too fast: tried again when the provider says', async () => {
    if (isLocal) {
      expect(provider.idempotencyWindow).toBe(Infinity);
      return;
    }
    const { result } = await send(provider, request, [{ status: 429, headers: { 'retry-after': '7' } }]);
    expect(result).toMatchObject({ status: 'retry', after: 7_000 });
  });

  test('a refusal is for good and says why; no answer repeats a secret', async () => {
    if (isLocal) {
      expect(provider.keepsContent).toBe(true);
      return;
    }
    for (const status of [400, 401, 403, 404, 413, 422]) {
      const { result } = await send(provider, request, [{ status, body: { code: 'x', message: 'no such thing' } }]);
      expect(result.status).toBe('rejected');
      expect(JSON.stringify(result)).not.toContain(SECRET);
    }
  });
});

describe('Brevo', () => {
  const brevo = providers.get('email.brevo')!;

  test('the request is as documented', async () => {
    const { calls } = await send(brevo, email, [adapters['email.brevo']!.accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.brevo.com/v3/smtp/email',
      init: { method: 'POST', headers: { 'api-key': SECRET } }
    });
    expect(JSON.parse(calls[0]!.init!.body!)).toEqual({
      sender: { name: 'Léa', email: 'lea@atelier.fr' },
      to: [{ name: 'Camille', email: 'camille@exemple.fr' }],
      subject: 'Bienvenue',
      htmlContent: '<p>Bonjour</p>',
      textContent: 'Bonjour',
      tags: ['accueil'],
      headers: {
        'List-Unsubscribe': '<mailto:lea@atelier.fr>',
        idempotencyKey: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/) as string
      }
    });
  });

  test('a key used again was taken before: its message is looked up', async () => {
    const duplicate = {
      status: 400,
      body: { code: 'duplicate_parameter', message: 'idempotencyKey is already in use' }
    };
    const report = {
      status: 200,
      body: {
        events: [
          { subject: 'Autre', messageId: '<x>' },
          { subject: 'Bienvenue', messageId: '<m9>' }
        ]
      }
    };
    expect((await send(brevo, email, [duplicate, report])).result).toEqual({ status: 'accepted', messageId: '<m9>' });
    expect((await send(brevo, email, [duplicate, { status: 200, body: {} }])).result).toEqual({ status: 'accepted' });
  });

  test('a bad sender or an empty account concerns the account, a bad address this message', async () => {
    const scopeOf = async (status: number, message: string) =>
      (
        (await send(brevo, email, [{ status, body: { code: 'invalid_parameter', message } }])).result as {
          scope: string;
        }
      ).scope;
    expect(await scopeOf(400, 'sender is not valid')).toBe('account');
    expect(await scopeOf(402, 'not enough credits')).toBe('account');
    expect(await scopeOf(400, 'email is not valid in to')).toBe('recipient');
  });

  test('the test button says what is wrong', async () => {
    const tried = async (reply: Reply | 'lost') =>
      brevo.test({ fields: fieldsOf(brevo), fetch: fetchOf([reply]).fetch });
    expect(await tried({ status: 200, body: { email: 'lea@atelier.fr' } })).toMatchObject({
      ok: true,
      value: { key: 'words.provider.works' }
    });
    expect(await tried({ status: 401 })).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.brevo_key_refused' }
    });
    expect(await tried({ status: 200, body: '<html>' })).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.not_the_api' }
    });
    expect(await tried('lost')).toMatchObject({
      ok: false,
      reason: { key: 'words.provider.no_answer', params: { host: 'api.brevo.com' } }
    });
  });
});

describe('Brevo SMS', () => {
  const brevo = providers.get('sms.brevo')!;

  test('a promotional text leaves as marketing, with the code that Brevo replaces', async () => {
    const { calls } = await send(brevo, sms, [adapters['sms.brevo']!.accepted]);
    expect(calls[0]).toMatchObject({
      url: 'https://api.brevo.com/v3/transactionalSMS/send',
      init: { method: 'POST', headers: { 'api-key': SECRET } }
    });
    expect(JSON.parse(calls[0]!.init!.body!)).toEqual({
      sender: 'Atelier',
      recipient: '+33612345678',
      content: 'Soldes ! STOP\n[STOP CODE]',
      type: 'marketing',
      unicodeEnabled: true,
      tag: 'soldes'
    });
  });

  test('a wrong key, no credits and a bad sender concern the account, a bad number this message', async () => {
    const scopes = [
      [401, 'Key not found'],
      [402, 'Not enough credits'],
      [400, 'Invalid sender name'],
      [400, 'Invalid telephone number for the recipient']
    ] as const;
    const found = scopes.map(
      async ([status, message]) => (await send(brevo, sms, [{ status, body: { message } }])).result
    );
    expect((await Promise.all(found)).map((result) => (result as { scope: string }).scope)).toEqual([
      'account',
      'account',
      'account',
      'recipient'
    ]);
  });

  test('an answer without an id is not taken for a yes', async () => {
    expect((await send(brevo, sms, [{ status: 201, body: {} }])).result.status).toBe('unknown');
  });
});

describe('Twilio', () => {
  const twilio = providers.get('sms.twilio')!;

  test('the request is form-encoded, with basic authorization', async () => {
    const { calls } = await send(twilio, sms, [adapters['sms.twilio']!.accepted], { accountSid: 'AC1' });
    expect(calls[0]).toMatchObject({
      url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
      init: { headers: { authorization: `Basic ${btoa(`AC1:${SECRET}`)}` } }
    });
    expect(Object.fromEntries(new URLSearchParams(calls[0]!.init!.body))).toEqual({
      To: '+33612345678',
      From: 'Atelier',
      Body: 'Soldes ! STOP'
    });
    const service = await send(twilio, { ...sms, from: 'MG9' }, [{ status: 201, body: { sid: 'x' } }]);
    expect(new URLSearchParams(service.calls[0]!.init!.body).get('MessagingServiceSid')).toBe('MG9');
  });

  test('a created message that failed was not sent', async () => {
    const failed = { status: 201, body: { sid: 'SM1', status: 'failed', error_message: 'Unreachable' } };
    expect((await send(twilio, sms, [failed])).result).toMatchObject({ status: 'rejected', scope: 'recipient' });
  });

  test.each([
    [401, 20003, 'account'],
    [400, 21606, 'account'],
    [400, 21211, 'recipient'],
    [400, 21610, 'recipient']
  ])('%d %d concerns the %s', async (status, code, scope) => {
    const { result } = await send(twilio, sms, [{ status, body: { code, message: 'no' } }]);
    expect(result).toMatchObject({ status: 'rejected', scope });
  });
});

describe('looking up a call whose answer was lost', () => {
  const asked = async (id: string, request: OutboundRequest, replies: (Reply | 'lost')[]) => {
    const provider = providers.get(id)!;
    const { fetch, calls } = fetchOf(replies);
    const fields = { ...fieldsOf(provider), accountSid: 'AC1' };
    const found = await provider.lookUp!({ fields, request, key: 'k1', since: NOW, now: NOW + 600_000, fetch });
    return { found, calls };
  };
  const brevoList = (...emails: object[]) => ({ status: 200, body: { transactionalEmails: emails } });
  const sameTime = new Date(NOW + 2_000).toISOString();

  test('Brevo: by reader and day; what has another subject or was before is another message', async () => {
    const { found, calls } = await asked('email.brevo', email, [
      brevoList(
        { subject: 'Bienvenue', messageId: '<new>', date: sameTime },
        { subject: 'Autre', messageId: '<other>', date: sameTime },
        { subject: 'Bienvenue', messageId: '<old>', date: new Date(NOW - 86_400_000).toISOString() }
      )
    ]);
    expect(found).toEqual({ messageIds: ['<new>'] });
    const url = new URL(calls[0]!.url);
    expect([url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      '/v3/smtp/emails',
      { email: 'camille@exemple.fr', startDate: '2027-01-05', endDate: '2027-01-05', sort: 'desc', limit: '100' }
    ]);
  });

  test('Twilio: by number; a message that failed was not sent', async () => {
    const { found, calls } = await asked('sms.twilio', sms, [
      {
        status: 200,
        body: {
          messages: [
            { sid: 'SM2', body: 'Soldes ! STOP', status: 'undelivered', date_created: new Date(NOW).toUTCString() },
            { sid: 'SM1', body: 'Soldes ! STOP', status: 'sent', date_created: new Date(NOW).toUTCString() },
            { sid: 'SM0', body: 'Autre', status: 'sent', date_created: new Date(NOW).toUTCString() }
          ]
        }
      }
    ]);
    expect(found).toEqual({ messageIds: ['SM1'] });
    const url = new URL(calls[0]!.url);
    expect(url.pathname).toBe('/2010-04-01/Accounts/AC1/Messages.json');
    expect(Object.fromEntries(url.searchParams)).toEqual({ To: '+33612345678', 'DateSent>': '2027-01-05', PageSize: '100' }); // prettier-ignore
  });

  test.each(['email.brevo', 'sms.twilio'])(
    '%s: nothing found, and no answer, are told apart; no secret is said',
    async (id) => {
      const request = id === 'sms.twilio' ? sms : email;
      expect((await asked(id, request, [{ status: 200, body: {} }])).found).toEqual({ messageIds: [] });
      for (const reply of [
        'lost',
        { status: 401, body: { message: 'no' } },
        { status: 500, body: '<html>' }
      ] as const) {
        const { found } = await asked(id, request, [reply]);
        expect(found).toMatchObject({ reason: { key: expect.stringMatching(/^words\.provider/) as string } });
        expect(JSON.stringify(found)).not.toContain(SECRET);
      }
    }
  );

  test('the Sandbox knows its own', async () => {
    expect((await asked('sandbox', email, [])).found).toEqual({ messageIds: ['<k1@sandbox.ricochet>'] });
  });
});

test('Retry-After is seconds, or a date', async () => {
  const after = async (header: string) => {
    const { result } = await send(providers.get('sms.twilio')!, sms, [{ status: 503, headers: { 'retry-after': header } }]); // prettier-ignore
    return result;
  };
  expect(await after('120')).toMatchObject({ status: 'retry', after: 120_000 });
  expect(await after('Tue, 05 Jan 2027 09:00:00 GMT')).toMatchObject({ after: null, at: NOW + 3_600_000 });
  expect(await after('soon')).toMatchObject({ after: null });
});

describe('OneSignal', () => {
  const onesignal = providers.get('push.onesignal')!;

  test('the request is as documented', async () => {
    const { calls } = await send(onesignal, push, [adapters['push.onesignal']!.accepted], { appId: 'app' });
    expect(calls[0]).toMatchObject({
      url: 'https://api.onesignal.com/notifications?c=push',
      init: { headers: { authorization: `Key ${SECRET}` } }
    });
    expect(JSON.parse(calls[0]!.init!.body!)).toMatchObject({
      app_id: 'app',
      include_subscription_ids: ['d1', 'd2'],
      isIos: true,
      isAnyWeb: true,
      headings: { en: 'Soldes' },
      contents: { en: 'Dès demain' },
      url: 'https://atelier.fr/soldes',
      idempotency_key: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-3/) as string
    });
  });

  test('200 with an empty id was not sent, and says why', async () => {
    const nobody = { status: 200, body: { id: '', errors: ['All included players are not subscribed'] } };
    expect((await send(onesignal, push, [nobody])).result).toMatchObject({
      status: 'rejected',
      scope: 'recipient',
      reason: { params: { text: 'All included players are not subscribed' } }
    });
  });
});

describe('WonderPush', () => {
  const wonderpush = providers.get('push.wonderpush')!;

  test('a campaign of the provider needs no content of ours', async () => {
    const own = await send(wonderpush, push, [adapters['push.wonderpush']!.accepted]);
    const form = Object.fromEntries(new URLSearchParams(own.calls[0]!.init!.body));
    expect(form).toMatchObject({ accessToken: SECRET, targetInstallationIds: 'd1,d2', filterPlatforms: 'iOS,Web' });
    expect(JSON.parse(form.notification!)).toMatchObject({
      alert: { title: 'Soldes', text: 'Dès demain', targetUrl: 'https://atelier.fr/soldes' }
    });
    const theirs = await send(wonderpush, { ...push, campaignId: 'k1' }, [{ status: 202 }]);
    const campaign = new URLSearchParams(theirs.calls[0]!.init!.body);
    expect([campaign.get('campaignId'), campaign.has('notification')]).toEqual(['k1', false]);
  });

  test('a success that is none is a refusal', async () => {
    const hidden = { status: 200, body: { error: { code: '12', message: 'No installation' } } };
    expect((await send(wonderpush, push, [hidden])).result).toMatchObject({ status: 'rejected', scope: 'recipient' });
  });
});

describe('a pass service', () => {
  const http = providers.get('wallet.http')!;

  test('is sent what the adapter documents', async () => {
    const { calls } = await send(http, wallet, [{ status: 204 }], { address: 'https://passes.atelier.fr/api' });
    expect(calls[0]).toMatchObject({
      url: 'https://passes.atelier.fr/api',
      init: { headers: { authorization: `Bearer ${SECRET}`, 'idempotency-key': 'k1' } }
    });
    expect(JSON.parse(calls[0]!.init!.body!)).toEqual({
      operation: 'move_and_notify',
      passes: ['sn-1'],
      campaignId: 'ete',
      text: 'Bonjour'
    });
  });

  test('a 2xx with success false is a refusal', async () => {
    const { result } = await send(http, wallet, [{ status: 200, body: { success: false, message: 'no such pass' } }]);
    expect(result).toMatchObject({ status: 'rejected', reason: { params: { text: 'no such pass' } } });
  });
});

describe.each(['sms.brevo', 'sms.twilio', 'push.onesignal', 'push.wonderpush', 'wallet.http'])(
  'the test button of %s',
  (id) => {
    test('says whether the key works', async () => {
      const provider = providers.get(id)!;
      const tried = (reply: Reply | 'lost') =>
        provider.test({ fields: fieldsOf(provider), fetch: fetchOf([reply]).fetch });
      const body = { email: 'lea@atelier.fr', friendly_name: 'Atelier', notifications: [], data: [] };
      expect(await tried({ status: 200, body })).toMatchObject({ ok: true });
      expect(await tried({ status: 401, body: {} })).toMatchObject({ ok: false });
      expect(await tried({ status: 500, body: 'oops' })).toMatchObject({ ok: false });
      expect(await tried('lost')).toMatchObject({ ok: false, reason: { key: 'words.provider.no_answer' } });
    });
  }
);

describe('a webhook', () => {
  test('is signed as documented, over the timestamp and the body', async () => {
    const hook = providers.get('webhook.http')!;
    const { calls } = await send(hook, webhook, [{ status: 204 }]);
    const headers = calls[0]!.init!.headers!;
    const encoder = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', encoder.encode(SECRET), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify'
    ]);
    const signature = Uint8Array.from(headers['ricochet-signature']!.slice(3).match(/../g)!, (hex) =>
      parseInt(hex, 16)
    );
    expect(headers['ricochet-timestamp']).toBe(String(NOW / 1_000));
    expect(await crypto.subtle.verify('HMAC', key, signature, encoder.encode(`${NOW / 1_000}.{"a":1}`))).toBe(true);
    expect(headers['idempotency-key']).toBe('k1');
  });
});

function fieldsOf(provider: ProviderDefinition): Record<string, unknown> {
  const secrets = Object.entries(provider.fields).filter(([, { control }]) => control.kind === 'secret');
  return { ...initialValues(provider.fields), ...Object.fromEntries(secrets.map(([name]) => [name, SECRET])) };
}

function fetchOf(replies: (Reply | 'lost')[]) {
  const calls: { url: string; init: Parameters<Fetch>[1] }[] = [];
  const ahead = [...replies];
  const fetch: Fetch = (url, init) => {
    calls.push({ url, init });
    const reply = ahead.shift() ?? 'lost';
    if (reply === 'lost') return Promise.reject(new TypeError(`failed to fetch ${url} with ${SECRET}`));
    const { status, body = '', headers = {} } = reply;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve({
      ok: status < 300,
      status,
      headers: { get: (name) => headers[name] ?? null },
      text: () => Promise.resolve(text)
    });
  };
  return { fetch, calls };
}

async function send(
  provider: ProviderDefinition,
  request: OutboundRequest,
  replies: (Reply | 'lost')[],
  settings: Record<string, unknown> = {}
): Promise<{ result: SendResult; calls: ReturnType<typeof fetchOf>['calls'] }> {
  const { fetch, calls } = fetchOf(replies);
  const result = await provider.send({
    fields: { ...fieldsOf(provider), ...settings },
    request,
    key: 'k1',
    fetch,
    now: NOW
  });
  return { result, calls };
}
