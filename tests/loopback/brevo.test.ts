import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startBrevo, type Brevo } from './brevo';

const minute = 60_000;
let clock = 0;
let brevo: Brevo;

beforeEach(async () => {
  clock = Date.parse('2027-01-05T09:00:00Z');
  brevo = await startBrevo({ now: () => clock });
});
afterEach(() => brevo.close());

const message = {
  sender: { email: 'lea@example.com', name: 'Léa' },
  to: [{ email: 'ana@example.com' }],
  subject: 'Bienvenue',
  htmlContent: '<p>Bonjour</p>'
};

async function call(path: string, init: RequestInit = {}) {
  const answer = await fetch(brevo.url + path, { headers: { 'api-key': brevo.apiKey }, ...init });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}
const send = (body: unknown) => call('/v3/smtp/email', { method: 'POST', body: JSON.stringify(body) });
const events = async (query: string) => {
  const { body } = await call(`/v3/smtp/statistics/events?${query}`);
  return (body.events ?? []) as { event: string; email: string; messageId: string; date: string; link?: string }[];
};

describe('a send that is to leave later', () => {
  const batchId = '6e1a3f0c-2b1d-4c7e-9f00-0123456789ab';
  const later = () => ({ ...message, scheduledAt: new Date(clock + 60 * minute).toISOString(), batchId });
  const remove = (identifier: string) =>
    fetch(`${brevo.url}/v3/smtp/email/${encodeURIComponent(identifier)}`, {
      method: 'DELETE',
      headers: { 'api-key': brevo.apiKey }
    });

  test('is no message before its time, and one at its time', async () => {
    const { status, body } = await send(later());
    expect(status).toBe(201);
    clock += 59 * minute;
    expect(brevo.messages).toEqual([]);
    expect(brevo.scheduled).toMatchObject([{ messageId: body.messageId, batchId, isCancelled: false }]);
    clock += 2 * minute;
    expect(brevo.messages).toMatchObject([{ messageId: body.messageId, receivedAt: clock - minute }]);
    expect(brevo.messagesTo('ana@example.com')).toHaveLength(1);
  });

  test.each(['batch', 'message'])('is taken back by its %s until then, and once', async (by) => {
    const { body } = await send(later());
    const identifier = by === 'batch' ? batchId : String(body.messageId);
    expect((await remove(identifier)).status).toBe(204);
    expect((await remove(identifier)).status).toBe(404);
    clock += 61 * minute;
    expect(brevo.messages).toEqual([]);
    expect(brevo.scheduled).toMatchObject([{ isCancelled: true }]);
  });

  test('is not taken back once it has left', async () => {
    await send(later());
    clock += 60 * minute;
    expect((await remove(batchId)).status).toBe(404);
    expect(brevo.messages).toHaveLength(1);
  });

  test.each([{ scheduledAt: 'soon' }, { batchId: '6e1a3f0c-2b1d-5c7e-9f00-0123456789ab' }])(
    'is refused with %j',
    async (change) => {
      expect(await send({ ...later(), ...change })).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    }
  );
});

describe('a send', () => {
  test('is taken and answered with its id', async () => {
    const { status, body } = await send({ ...message, tags: ['a1'] });
    expect(status).toBe(201);
    expect(body.messageId).toMatch(/^<.+@smtp-relay\.mailin\.fr>$/);
    expect(brevo.messagesTo('ana@example.com')).toMatchObject([
      { messageId: body.messageId, subject: 'Bienvenue', sender: { name: 'Léa' }, receivedAt: clock, tags: ['a1'] }
    ]);
  });

  test.each([
    ['missing_parameter', { sender: undefined }],
    ['invalid_parameter', { sender: { email: 'lea' } }],
    ['missing_parameter', { to: [] }],
    ['invalid_parameter', { to: [{ email: 'ana@' }] }],
    ['missing_parameter', { subject: '' }],
    ['missing_parameter', { htmlContent: undefined }]
  ])('is refused with %s for %j', async (code, change) => {
    const { status, body } = await send({ ...message, ...change });
    expect([status, body.code]).toEqual([400, code]);
    expect(body.message).toEqual(expect.any(String));
    expect(brevo.messages).toEqual([]);
  });

  test('without the right key is unauthorized', async () => {
    for (const headers of [{}, { 'api-key': 'wrong' }] as Record<string, string>[]) {
      const { status, body } = await call('/v3/smtp/email', { method: 'POST', body: JSON.stringify(message), headers });
      expect([status, body.code]).toEqual([401, 'unauthorized']);
    }
  });

  test('with a key seen within 30 minutes is a duplicate, then a new one', async () => {
    const keyed = { ...message, headers: { idempotencyKey: 'b52dbf5e-81dd-4a08-b807-085c00000000' } };
    await send(keyed);
    clock += 29 * minute;
    const { status, body } = await send(keyed);
    expect([status, body.code]).toEqual([400, 'duplicate_parameter']);
    expect(brevo.messages).toHaveLength(1);
    clock += minute;
    expect((await send(keyed)).status).toBe(201);
    expect(brevo.messages).toHaveLength(2);
  });

  test('of several versions answers with as many ids', async () => {
    const { body } = await send({
      ...message,
      headers: { 'X-All': 'all' },
      messageVersions: [
        { to: [{ email: 'a@example.com' }] },
        { to: [{ email: 'b@example.com' }], subject: 'Autre', headers: { 'X-Own': 'own' } }
      ]
    });
    expect(body.messageIds).toHaveLength(2);
    expect(brevo.messages.map(({ subject }) => subject)).toEqual(['Bienvenue', 'Autre']);
    expect(brevo.messages.map(({ headers }) => headers)).toEqual([
      { 'X-All': 'all' },
      { 'X-All': 'all', 'X-Own': 'own' }
    ]);
  });

  test('from a page is allowed by CORS', async () => {
    const preflight = await fetch(`${brevo.url}/v3/smtp/email`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('api-key');
    expect((await send(message)).headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('what goes wrong', () => {
  test('an answer that is lost after the message was taken', async () => {
    brevo.fail({ kind: 'drop answer' });
    await expect(send(message)).rejects.toThrow();
    expect(brevo.messages).toHaveLength(1);
  });

  test('a request that is lost', async () => {
    brevo.fail({ kind: 'drop request' });
    await expect(send(message)).rejects.toThrow();
    expect(brevo.messages).toHaveLength(0);
  });

  test('too many requests, then a server error, then all is well', async () => {
    brevo.fail({ kind: 'rate limit', resetSeconds: 7 }, { kind: 'server error' });
    const limited = await send(message);
    expect([limited.status, limited.headers.get('x-sib-ratelimit-reset')]).toEqual([429, '7']);
    expect((await send(message)).status).toBe(500);
    expect((await send(message)).status).toBe(201);
    expect(brevo.messages).toHaveLength(1);
  });

  test('a slow answer', async () => {
    brevo.fail({ kind: 'slow', milliseconds: 80 });
    const start = performance.now();
    expect((await send(message)).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(70);
  });
});

describe('the statistics', () => {
  test('tell what became of a message, the latest first', async () => {
    const { body } = await send(message);
    const messageId = String(body.messageId);
    brevo.mark(messageId, 'opened', { at: clock + minute });
    brevo.mark(messageId, 'clicks', { at: clock + 2 * minute, link: 'https://example.com/' });
    clock += 5 * minute;
    const names = (await events('')).map(({ event }) => event);
    expect(names.slice(0, 2)).toEqual(['clicks', 'opened']);
    expect(names.slice(2).sort()).toEqual(['delivered', 'requests']);
    expect(await events(`event=clicks&messageId=${encodeURIComponent(messageId)}`)).toMatchObject([
      { email: 'ana@example.com', messageId, link: 'https://example.com/', date: '2027-01-05T09:02:00.000Z' }
    ]);
  });

  test('come in pages, either way round', async () => {
    for (let n = 0; n < 5; n++) {
      await send({ ...message, to: [{ email: `${n}@example.com` }] });
      clock += 1000;
    }
    const page = await events('event=requests&sort=asc&limit=2&offset=2');
    expect(page.map(({ email }) => email)).toEqual(['2@example.com', '3@example.com']);
    expect((await events('event=requests&sort=desc&limit=1'))[0]?.email).toBe('4@example.com');
  });

  test('are of whole days, both included, at most 90', async () => {
    await send(message);
    expect(await events('event=requests&startDate=2027-01-05&endDate=2027-01-05')).toHaveLength(1);
    expect(await events('event=requests&startDate=2027-01-06&endDate=2027-01-07')).toHaveLength(0);
    expect((await call('/v3/smtp/statistics/events?startDate=2027-01-05')).status).toBe(400);
    expect((await call('/v3/smtp/statistics/events?startDate=2026-01-05&endDate=2027-01-05')).status).toBe(400);
    clock += 31 * 24 * 60 * minute;
    expect(await events('event=requests')).toHaveLength(0);
  });

  test('leave the list out when there is nothing', async () => {
    expect((await call('/v3/smtp/statistics/events')).body).toEqual({});
  });
});

test('the account can be read, which tries a key', async () => {
  expect((await call('/v3/account')).body).toMatchObject({ email: 'lea@example.com' });
});

test('a thousand sends, fifty at once, are all kept', async () => {
  for (let n = 0; n < 1000; n += 50) await Promise.all(Array.from({ length: 50 }, () => send(message)));
  expect(brevo.messages).toHaveLength(1000);
});
