import { expect, test } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import type { CalendarDuration, Graph, StepNode } from '$lib/core/graph';
import type { WorkspaceView } from '$lib/core/tables';
import { providers } from '$lib/providers/registry';
import { goingAhead } from './going-ahead';

const NOW = Date.UTC(2027, 0, 5, 8);

const step = (id: string, unit: string, fields: StepNode['fields'], next: StepNode['next']): StepNode => ({ id, unit, version: 1, fields, next }); // prettier-ignore
/** A delay, a message, and another message right after that one. */
const graph = (
  duration: CalendarDuration = { amount: 2, unit: 'hours' },
  fields: StepNode['fields'] = { senderId: 'e1' },
  unit = 'email.send'
): Graph => ({
  triggers: [],
  entry: 's1',
  steps: [
    step('s1', 'rule.delay', { duration, window: null }, { next: 's2' }),
    step('s2', unit, fields, { sent: 's3' }),
    step('s3', 'email.send', { senderId: 'e1' }, {})
  ],
  notes: []
});
const view = (provider: string | null, smsName = 'Atelier') => {
  const accountId = provider === null ? null : 'a1';
  return {
    senders: new Map([['e1', { email: 'lea@atelier.fr', accountId }]]),
    smsSenders: new Map([['p1', { name: smsName, accountId }]]),
    accounts: new Map([['a1', { provider, name: 'Mon compte' }]]),
    settings: new Map([['workspace', { timeZone: 'Europe/Paris' }]])
  } as unknown as WorkspaceView;
};
const asked = (of: Graph, at: WorkspaceView) =>
  goingAhead(of, at, { catalogue, providers }, NOW).map(({ stepId, goes, says }) => [stepId, goes, says.key]);

test('a message right after a delay goes ahead where its account holds it and gives it back; others are not named', () => {
  for (const provider of ['email.brevo', 'email.resend'])
    expect(asked(graph(), view(provider))).toEqual([['s2', true, 'words.ahead.goes']]);
  expect(asked({ ...graph(), steps: graph().steps.slice(1) }, view('email.brevo'))).toEqual([]);
});

test('elsewhere the reason is said', () => {
  const key = (of: Graph, at: WorkspaceView) => asked(of, at).map(([, goes, said]) => [goes, said]);
  expect(key(graph(), view(null))).toEqual([[false, 'words.ahead.sandbox']]);
  expect(key(graph(), view('email.postmark'))).toEqual([[false, 'words.ahead.cannot']]);
  expect(key(graph({ amount: 2, unit: 'hours' }, { senderId: null }), view('email.brevo'))).toEqual([[false, 'words.ahead.no_sender']]); // prettier-ignore
  expect(key(graph({ amount: 5, unit: 'minutes' }), view('email.brevo'))).toEqual([[false, 'words.ahead.too_short']]);
  expect(key(graph({ amount: 4, unit: 'days' }), view('email.brevo'))).toEqual([[false, 'words.ahead.too_long']]);
  expect(key(graph({ amount: 4, unit: 'days' }), view('email.resend'))).toEqual([[true, 'words.ahead.goes']]);
});

test('an SMS by Twilio goes ahead from a messaging service alone', () => {
  const sms = graph({ amount: 1, unit: 'days' }, { senderId: 'p1' }, 'sms.send');
  expect(asked(sms, view('sms.twilio'))).toEqual([['s2', false, 'words.ahead.not_from']]);
  expect(asked(sms, view('sms.twilio', `MG${'0'.repeat(32)}`))).toEqual([['s2', true, 'words.ahead.goes']]);
  expect(asked(sms, view('sms.telnyx'))).toEqual([['s2', true, 'words.ahead.goes']]);
  expect(asked(sms, view('sms.vonage'))).toEqual([['s2', false, 'words.ahead.cannot']]);
});

test('limits are said in the largest unit that does not round them up', () => {
  const said = (amount: number, unit: CalendarDuration['unit'], provider: string) =>
    goingAhead(graph({ amount, unit }), view(provider), { catalogue, providers }, NOW)[0]?.says.params;
  expect(said(9, 'days', 'email.brevo')).toEqual({
    account: 'Mon compte',
    most: { key: 'words.duration.hours', params: { count: 71 } }
  });
  expect(said(3, 'months', 'email.resend')).toMatchObject({ most: { key: 'words.duration.days' } });
  expect(said(1, 'minutes', 'email.brevo')).toMatchObject({
    least: { key: 'words.duration.minutes', params: { count: 15 } }
  });
});
