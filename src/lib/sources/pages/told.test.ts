import { expect, test } from 'vitest';
import * as v from 'valibot';
import { EVENT_TYPES } from '$lib/core/events';
import { MINUTE } from '$lib/core/instants';
import { PAGES_DELIVER, toldByPage } from './told';

const AT = Date.UTC(2027, 0, 5, 12);
const told = (post: unknown, receivedAt = AT) => toldByPage({ body: JSON.stringify(post), receivedAt });

test('an unsubscription is told of by our own ids, and is as its event has to be', () => {
  const result = told({ page: 'unsubscribe', contactId: 'c1', outboxId: 'o/s/0' });
  if (!result.ok) throw new Error(result.reason.key);
  const [fact] = result.value.facts;
  expect(fact).toMatchObject({
    type: 'email.unsubscribed',
    occurredAt: AT,
    person: { contactId: 'c1', outboxId: 'o/s/0' }
  });
  expect(PAGES_DELIVER).toContain(fact?.type);
  const { messageId: _, ...properties } = fact?.properties ?? {};
  expect(v.safeParse(EVENT_TYPES.get('email.unsubscribed')!.schema, { ...properties, messageId: 'm' }).success).toBe(
    true
  );
});

test('read again it is the same; later it is another', () => {
  const keyAt = (at: number) => {
    const result = told({ page: 'unsubscribe', contactId: 'c1', outboxId: 'o' }, at);
    return result.ok ? result.value.facts[0]?.dedupeKey : undefined;
  };
  expect(keyAt(AT)).toBe(keyAt(AT));
  expect(keyAt(AT + MINUTE)).not.toBe(keyAt(AT));
});

test('a form that was filled in is handed on as it is', () => {
  const post = { page: 'form', formId: 'f1', values: { email: 'lea@exemple.fr', topics: ['a', 'b'] }, consent: true };
  expect(told(post)).toMatchObject({ ok: true, value: { facts: [], handedIn: post } });
});

test.each(['', '[]', '{}', 'null', '{"page":"unsubscribe"}', '{"page":"other","contactId":"c","outboxId":"o"}'])(
  'what no page tells (%s) is failed with a reason',
  (body) => {
    expect(toldByPage({ body, receivedAt: AT })).toMatchObject({
      ok: false,
      reason: { key: expect.stringMatching(/^words\.inbox\./) as string }
    });
  }
);
