import { expect, test } from 'vitest';
import { TEST_TAG } from '$lib/core/test-messages';
import type { IncomingFact } from '$lib/core/sources';
import { bounced, clicked, emailFacts, opened } from './email-events';
import { mappers } from './registry';
import type { InboxKind } from '$lib/core/inbox';

const samples = import.meta.glob<string>('./samples/*/*.json', { eager: true, query: '?raw', import: 'default' });
const AT = Date.UTC(2027, 0, 5, 9);
const told = { messageId: 'm1', email: 'camille@exemple.fr', at: AT };

function factsOf(kind: InboxKind, name: string): readonly IncomingFact[] {
  const body = samples[`./samples/${kind}/${name}.json`] ?? '';
  const result = mappers.get(kind)?.facts({ body, contentType: 'application/json', receivedAt: AT });
  if (!result?.ok) throw new Error(JSON.stringify(result));
  return result.value;
}
const ofType = (facts: readonly IncomingFact[], type: string) =>
  facts.filter((fact) => fact.type === type).map(({ properties }) => properties);

test.each([
  ['brevo', 'hard_bounce', true],
  ['brevo', 'soft_bounce', false],
  ['mailersend', 'activity.hard_bounced', true],
  ['mailersend', 'activity.soft_bounced', false],
  ['mailgun', 'permanent_fail', true],
  ['mailgun', 'temporary_fail', false],
  ['mailjet', 'bounce', true],
  ['mailjet', 'bounce.soft', false],
  ['postmark', 'Bounce', true],
  ['postmark', 'Bounce.Transient', false],
  ['scaleway', 'email_dropped', true],
  ['scaleway', 'email_deferred', false],
  ['ses', 'Bounce', true],
  ['ses', 'Bounce.notification', false]
] as const)('%s says of %s whether it is for good', (kind, name, hard) => {
  expect(factsOf(kind, name)[0]?.properties).toMatchObject({ hard });
});

test.each(['sendgrid', 'sparkpost'] as const)('%s says in one post which bounces are for good', (kind) => {
  const hard = ofType(factsOf(kind, 'events'), 'email.bounced').map((properties) => properties.hard);
  expect(hard.slice(0, 2)).toEqual([true, false]);
});

test.each([
  ['brevo', 'proxy_open'],
  ['mailgun', 'opened.bot'],
  ['sendgrid', 'events'],
  ['sparkpost', 'events']
] as const)('%s says (%s) that a machine opened', (kind, name) => {
  expect(ofType(factsOf(kind, name), 'email.opened').at(-1)).toMatchObject({ machineOpen: true });
});

test.each([...mappers.keys()].filter((kind) => Object.keys(samples).some((path) => path.includes(`/${kind}/`))))(
  'a link in an email by %s is the one that was clicked',
  (kind) => {
    const names = Object.keys(samples).flatMap((path) => path.split(`/${kind}/`)[1]?.replace('.json', '') ?? []);
    const clicks = names.flatMap((name) => ofType(factsOf(kind, name), 'email.link_clicked'));
    for (const { url } of clicks) expect(url).toBe('https://atelier.fr/stages');
  }
);

test('a first opening, which Brevo tells twice, is one; a machine’s in the same second is another', () => {
  const keys = ['opened', 'unique_opened', 'proxy_open'].map((name) => factsOf('brevo', name)[0]?.dedupeKey);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

test('a test message tells nothing; a link that is no web address is left out', () => {
  expect(emailFacts('brevo', opened(), { ...told, tags: ['accueil', TEST_TAG] })).toEqual([]);
  expect(clicked('mailto:lea@atelier.fr').properties).toEqual({ url: '' });
  expect(bounced(true, null).properties).toEqual({ hard: true, reason: '' });
});

test('a topic that asks whether its posts are wanted waits in the quarantine with the address to open', () => {
  const SubscribeURL = 'https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=1';
  const body = JSON.stringify({ Type: 'SubscriptionConfirmation', Message: 'You have chosen to subscribe', SubscribeURL }); // prettier-ignore
  for (const kind of ['ses', 'scaleway'] as const)
    expect(mappers.get(kind)?.facts({ body, contentType: 'text/plain', receivedAt: AT })).toMatchObject({
      ok: false,
      reason: { key: 'words.inbox.confirm_subscription', params: { url: SubscribeURL } }
    });
});

test('with raw delivery the message comes without its envelope', () => {
  const { Message } = JSON.parse(samples['./samples/ses/Click.json'] ?? '{}') as { Message: string };
  const result = mappers.get('ses')?.facts({ body: Message, contentType: 'text/plain', receivedAt: AT });
  expect(result).toMatchObject({ ok: true, value: [{ type: 'email.link_clicked' }] });
});
