import { afterEach, describe, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { HOUR } from '$lib/core/instants';
import type { InboxKind } from '$lib/core/inbox';
import type { Account } from '$lib/core/rows/messages';
import { email, providerOf, send, type Reply } from '$lib/providers/contract';
import { mappers } from '$lib/sources/mappers/registry';
import { START, welcomeWorkspace, World } from './testing/world';

const samples = import.meta.glob<string>('../sources/mappers/samples/*/*.json', {
  eager: true,
  query: '?raw',
  import: 'default'
});
const sample = (kind: string, name: string) => samples[`../sources/mappers/samples/${kind}/${name}.json`] ?? '';
const ses = { accessKeyId: 'AKIDEXAMPLE' };
const mailgun = { domain: 'mg.atelier.fr' };
const mailjet = { apiKey: 'public' };
const scaleway = { projectId: 'p1' };
const postmarkId = '883953f4-6105-42a2-a16a-77a8eac79483';

/** What each provider answers the message with whose delivery its sample tells. */
const ANSWERS: { kind: InboxKind; name: string; answer: Reply; settings?: Record<string, unknown> }[] = [
  { kind: 'brevo', name: 'delivered', answer: { status: 201, body: { messageId: '<202701050800.12345@smtp-relay.mailin.fr>' } } }, // prettier-ignore
  { kind: 'mailersend', name: 'activity.delivered', answer: { status: 202, body: '', headers: { 'x-message-id': '5e42957d51f1d94a1070a733' } } }, // prettier-ignore
  { kind: 'mailersend', name: 'activity.hard_bounced', answer: { status: 202, body: '', headers: { 'x-message-id': '5e42957d51f1d94a1070a733' } } }, // prettier-ignore
  { kind: 'mailgun', name: 'delivered', answer: { status: 200, body: { id: '<20270105080000.1@mg.atelier.fr>' } }, settings: mailgun }, // prettier-ignore
  { kind: 'mailjet', name: 'sent', answer: { status: 200, body: '{"Messages":[{"Status":"success","To":[{"MessageID":576460767153471009}]}]}' }, settings: mailjet }, // prettier-ignore
  { kind: 'postmark', name: 'Delivery', answer: { status: 200, body: { ErrorCode: 0, MessageID: postmarkId } } },
  { kind: 'scaleway', name: 'email_delivered', answer: { status: 200, body: { emails: [{ id: 'a9c8e7f6' }] } }, settings: scaleway }, // prettier-ignore
  { kind: 'sendgrid', name: 'events', answer: { status: 202, body: '', headers: { 'x-message-id': '14c5d75ce93.dfd.64b469' } } }, // prettier-ignore
  { kind: 'ses', name: 'Delivery', answer: { status: 200, body: { MessageId: '010201-a1' } }, settings: ses },
  { kind: 'sparkpost', name: 'events', answer: { status: 200, body: { results: { total_accepted_recipients: 1, id: '11668787484950529' } } } } // prettier-ignore
];

test.each(ANSWERS)(
  '$kind answers a message with the id by which it later tells of it ($name)',
  async ({ kind, name, answer, settings = {} }) => {
    const { result } = await send(providerOf(`email.${kind}`), email, [answer], settings);
    const body = sample(kind, name);
    const told = mappers.get(kind)?.facts({ body, contentType: 'application/json', receivedAt: START });
    if (result.status !== 'accepted' || !told?.ok) throw new Error(JSON.stringify([result, told]));
    expect(told.value.length).toBeGreaterThan(0);
    for (const { person } of told.value) expect(person).toMatchObject({ messageId: result.messageId });
  }
);

describe('what a service posts about an email that this app sent', () => {
  let world: World;
  /** What Brevo's report says. */
  let report: unknown[] = [];
  afterEach(() => {
    report = [];
    world.close();
  });

  /** The welcome email is sent; then these are posted about it. */
  async function posted(...bodies: string[]) {
    world = new World();
    const account: Account = {
      id: 'r1',
      provider: 'relay',
      name: 'Relais',
      fields: { url: 'https://relay.example', secret: 'key' },
      createdAt: START
    };
    await world.put(...welcomeWorkspace(['c1'], 'acc1'), create('accounts', 'r1', account));
    let items: unknown[] = [];
    world.answer = (url) => {
      if (url.includes('/smtp/email')) {
        items = bodies.map((body, index) => ({
          seq: index + 1,
          sourceId: 's'.repeat(22),
          kind: 'brevo',
          receivedAt: world.now,
          contentType: 'application/json',
          body
        }));
        return Promise.resolve({ status: 201, body: { messageId: '<m1@x>' } });
      }
      if (url.includes('/inbox?after=0')) return Promise.resolve({ status: 200, body: { items, more: false } });
      if (url.includes('/inbox')) return Promise.resolve({ status: 200, body: { items: [], more: false } });
      return Promise.resolve({ status: 200, body: { events: report } });
    };
    await world.open();
    await world.addToList(['c1'], 'l1');
    await world.pass(HOUR);
    await world.pass(HOUR);
    return (await world.all('contacts'))[0];
  }

  const told = (event: string, messageId = '<m1@x>') =>
    JSON.stringify({ event, email: 'c1@exemple.fr', 'message-id': messageId, ts_event: START / 1_000, reason: 'x' });

  test.each(['hard_bounce', 'spam', 'unsubscribed'])('%s: the reader is on the blocklist', async (event) => {
    expect((await posted(told(event)))?.blocklist).toMatchObject({ campaigns: true });
  });

  test('a soft bounce and an opening change nothing about the reader', async () => {
    expect((await posted(told('soft_bounce'), told('opened')))?.blocklist).toBeUndefined();
    expect((await world.all('events')).filter(({ source }) => source.startsWith('relay.')).length).toBe(2);
  });

  test('an opening that is posted and reported too counts once', async () => {
    const date = new Date(START).toISOString();
    report = [{ event: 'opened', email: 'c1@exemple.fr', date, messageId: '<m1@x>' }];
    await posted(told('opened'));
    expect((await world.all('events')).filter(({ type }) => type === 'email.opened')).toHaveLength(1);
    expect(world.calls.some(({ url }) => url.includes('/statistics/events'))).toBe(true);
  });

  test('what is told of a message that this app did not send concerns nobody', async () => {
    expect((await posted(told('hard_bounce', '<other@x>')))?.blocklist).toBeUndefined();
  });
});
